from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, repr=False)
class Face:
    """What is known of one face. `to_dict()` has the keys of a face in the program's JSON Lines."""

    track: int
    """The same number for the same face through a video, from 1."""
    box: tuple[float, float, float, float]
    """x, y, width, height in pixels, before it is turned about its center by roll_deg."""
    roll_deg: float
    """How far the head is tilted, degrees clockwise; 0: upright."""
    label: str | None
    """None: unsure."""
    confidence: float
    """The label's probability, or the likeliest class's when unsure."""
    probabilities: dict[str, float]
    """Of each class, together 1; in a video smoothed over time."""
    neutral: bool = False
    """Shifted by how the face looks at rest: see Detector.learn_neutral."""

    def to_dict(self) -> dict[str, Any]:
        """A copy made of what JSON knows."""
        return {
            "track": self.track,
            "box": list(self.box),
            "roll_deg": self.roll_deg,
            "label": self.label,
            "confidence": self.confidence,
            "probabilities": dict(self.probabilities),
            "neutral": self.neutral,
        }

    def __repr__(self) -> str:
        box = ", ".join(f"{side:.1f}" for side in self.box)
        return (
            f"Face(track={self.track}, label={self.label!r}, confidence={self.confidence:.3f}, "
            f"box=({box}), roll_deg={self.roll_deg:.1f})"
        )

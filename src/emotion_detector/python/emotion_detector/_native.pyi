from os import PathLike
from typing import Sequence

import numpy as np
from numpy.typing import NDArray

from ._face import Face

__version__: str

class Error(RuntimeError):
    """What the user can mend: a card, settings or weights that are missing or damaged. One line."""

class Detector:
    """Finds faces and says what they show, in pictures (faces) and through a video (follow).

    Pictures are uint8 arrays of shape (height, width, 3), in the order blue, green, red, or (height, width), gray. They
    are read where they are: rows may lie apart, as in a part of a larger picture, but within a row pixel follows pixel.
    Whatever else raises ValueError, or TypeError where it is no array. Threads that share a detector take turns.
    """

    def __init__(
        self,
        model: str | PathLike[str] | None = None,
        settings: str | PathLike[str] | None = None,
    ) -> None:
        """Reads a model card and settings; None: those that came with the library. Raises Error."""

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes that the model tells apart; not all need be shown as a label."""

    def faces(self, bgr: NDArray[np.uint8]) -> list[Face]:
        """The faces of a picture by itself."""

    def follow(self, frame: NDArray[np.uint8], time_s: float) -> list[Face]:
        """The faces of a video's next frame, time_s seconds after its start; ValueError if time runs backwards."""

    def score(
        self, bgr: NDArray[np.uint8], box: Sequence[float], roll_deg: float = 0.0
    ) -> dict[str, float]:
        """The probability of each class for a face found by other means.

        The box (x, y, width, height) is tight from the brows to the chin; ValueError if it is empty or lies outside.
        """

    def learn_neutral(self, duration_s: float = 3.0) -> None:
        """From the next frame that is followed on, for so many seconds, gathers how each face looks at rest.

        What stands out in that beyond other people's neutral faces is taken off its later probabilities, as long as it
        keeps its track. Raises Error if the model's card does not say what neutral faces are like.
        """

    def forget_neutral(self) -> None:
        """Takes that back."""

    def start_over(self) -> None:
        """Forgets the faces followed: the next frame begins another video."""

"""Finds faces in pictures and videos and says whether they show happy or fear."""

from ._face import Face
from ._native import Detector, Error, __version__

__all__ = ["Detector", "Error", "Face", "__version__"]

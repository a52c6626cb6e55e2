"""Documents that people hand in, made fit to be kept: told apart by content, written anew in a child process with limits."""

from examsite.uploads.reading import made_safe, made_safe_picture
from examsite.uploads.values import LIMITS, Limits, Picture, SafeFile

__all__ = ["LIMITS", "Limits", "Picture", "SafeFile", "made_safe", "made_safe_picture"]

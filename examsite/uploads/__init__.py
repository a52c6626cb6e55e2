"""Documents that people hand in, made fit to be kept: told apart by content, written anew in a child process with limits."""

from examsite.uploads.reading import made_safe
from examsite.uploads.values import LIMITS, Limits, SafeFile

__all__ = ["LIMITS", "Limits", "SafeFile", "made_safe"]

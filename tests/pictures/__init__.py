"""The pictures of the README, taken from the demonstration as it is now."""

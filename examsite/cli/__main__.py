"""`python -m examsite.cli` is the same as `examsite`."""

from examsite.cli import main

main()

"""What the process that planted sites are forked from does once: build the app."""

from tests.faults.planted.serve import whole_app

whole_app()

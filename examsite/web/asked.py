"""What the address of a list asks for: which page of it, and by which column it is sorted."""

from collections.abc import Container

from flask import request

from examsite.sorting import Order

MOST_DIGITS = 9


def counted(text: str) -> int:
    """A count in an address, for the `type` of an argument; ValueError for what is none, or higher than anything of ours is counted."""
    if not (text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS):
        raise ValueError(text)
    return int(text)


def asked_page() -> int:
    """The page that the address names; the first where it names none."""
    return request.args.get("page", 1, counted)


def asked_order(known: Container[str], usual: str = "") -> Order:
    """By which of these columns the address asks to sort; the list's own order where it names none of them."""
    return Order.of(request.args.get("sort", ""), known, usual)

"""Servers with one bug each. A checker that does not catch every one of them proves nothing about the server without them.

`serve.py` takes the product's own app and then spoils it: the product has no switch for this, and no file of it knows.
"""

"""Check a receipt: open to anybody who holds the code."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from examsite.access import public
from examsite.rounds.queries.receipts import receipt_by_code
from examsite.rounds.routes import blueprint
from examsite.web.context import db


@blueprint.get("/receipt")
@public
def check_receipt() -> ResponseReturnValue:
    """Say whether a receipt with this code exists, and for what; nothing personal."""
    typed = request.args.get("code", "").strip()[:60]
    found = receipt_by_code(db(), typed) if typed else None
    return render_template("rounds/check_receipt.html", typed=typed, found=found), 404 if typed and found is None else 200

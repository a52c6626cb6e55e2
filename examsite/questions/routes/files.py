"""Take questions in from a file: upload, dry run, decision; and the template to fill in."""

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from examsite.access import staff
from examsite.accounts.current import me
from examsite.questions.formats.xlsx import question_template
from examsite.questions.forms import TakeForm, UploadForm, difficulties
from examsite.questions.intake import Source
from examsite.questions.operations import importing as operations
from examsite.questions.queries import files as queries
from examsite.questions.routes import bank_choices, bank_with, blueprint, on_board
from examsite.vietnamese import tidy
from examsite.web.context import db, now
from examsite.web.forms import saved, typed, with_choices
from examsite.web.language import reading
from examsite.wording import say

TEMPLATE_NOTES = tuple(f"questions.template_note_{number}" for number in range(1, 7))
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.route("/campaigns/<campaign_id>/questions/import", methods=["GET", "POST"])
@staff("question")
def upload(campaign_id: str) -> ResponseReturnValue:
    """Choose a file; nothing is taken before its dry run was looked at."""
    role = on_board(campaign_id)
    form = UploadForm()
    with_choices(form.bank, bank_choices(role))
    with_choices(form.difficulty, difficulties())
    if form.validate_on_submit():
        with form.refusals():
            sent = request.files["file"]
            source = Source(
                bank_with(role, form.bank.data), tidy(sent.filename or ""), sent.read(), tidy(typed(form.topic)), form.difficulty.data
            )
            _let_go_and_read(source)
            file = operations.upload(db(), on_board(campaign_id), source, now())
            return saved(url_for("questions.dry_run", campaign_id=campaign_id, file_id=file.public_id), "questions.file_read")
    return render_template("questions/upload.html", role=role, form=form), form.status


@blueprint.route("/campaigns/<campaign_id>/questions/import/<file_id>", methods=["GET", "POST"])
@staff("question")
def dry_run(campaign_id: str, file_id: str) -> ResponseReturnValue:
    """What would be taken, what cannot and why; then all, the good ones, or nothing, if it still comes to what was shown."""
    role = on_board(campaign_id)
    file = queries.file_of(db(), role.campaign, me(), file_id)
    source = queries.source_of(role.campaign, file)
    form = TakeForm()
    if form.validate_on_submit():
        with form.refusals():
            _let_go_and_read(source)
            intake = operations.take_file(
                db(), on_board(campaign_id), file, source, leave_faulty=form.how.data == "good", shown=typed(form.digest), now=now()
            )
            return saved(url_for("questions.items", campaign_id=campaign_id), "questions.taken", count=len(intake.ready))
    intake = queries.dry_run(db(), role.campaign, source)
    return render_template(
        "questions/dry_run.html", role=role, form=form, file=file, source=source, bank=source.bank, intake=intake
    ), form.status


@blueprint.post("/campaigns/<campaign_id>/questions/import/<file_id>/drop")
@staff("question")
def drop(campaign_id: str, file_id: str) -> ResponseReturnValue:
    """Decide against a file."""
    role = on_board(campaign_id)
    file = queries.file_of(db(), role.campaign, me(), file_id)
    operations.drop_file(db(), role, file, now())
    return saved(url_for("questions.upload", campaign_id=campaign_id), "questions.file_dropped")


@blueprint.get("/campaigns/<campaign_id>/questions/template.xlsx")
@staff("question")
def template(campaign_id: str) -> ResponseReturnValue:
    """The file to fill in, with headers and notes in the reader's language."""
    on_board(campaign_id)
    content = question_template(reading(), [say(note) for note in TEMPLATE_NOTES])
    return Response(content, mimetype=XLSX, headers={"Content-Disposition": 'attachment; filename="questions.xlsx"'})


def _let_go_and_read(source: Source) -> int:
    """Nothing is written yet, but on SQLite a writing request holds the one lock; reading a file must not keep an exam waiting.

    Return how many items it holds; an empty file is left to its own refusal.
    """
    db().commit()
    return len(source.items.looked_at) if source.data else 0

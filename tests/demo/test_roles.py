"""Who may open what: the routes are listed, and the same address answers 200 to the right roles and 403 or 404 to every other."""

import pytest
from flask.testing import FlaskClient

from tests.demo.conftest import PEOPLE, VISITORS, World, kinds_of

STAFF = {person for person in PEOPLE if "candidate" not in person}
SEATED = STAFF - {"administrator", "outsider"}
EVERYBODY = {*PEOPLE, "public"}
HR = {"officer", "hr"}
COUNCIL = {"chair", "council"}
READERS = {*HR, *COUNCIL, "supervisor"}
QUESTIONS = {"question head", "question"}

ALLOWED = {
    "accounts.activate": EVERYBODY,
    "accounts.change_password": set(PEOPLE),
    "accounts.invite": {"administrator"},
    "accounts.staff_import": {"administrator"},
    "accounts.staff_template": {"administrator"},
    "accounts.sign_in": EVERYBODY,
    "accounts.staff_list": {"administrator"},
    "campaigns.application": READERS,
    "campaigns.applications": READERS,
    "campaigns.numbers": HR,
    "campaigns.classifications_import": HR,
    "campaigns.classifications_template": HR,
    "campaigns.appoint": {*HR, "chair"},
    "campaigns.boards_import": {*HR, "chair"},
    "campaigns.boards_template": {*HR, "chair"},
    "campaigns.boards": READERS,
    "campaigns.campaign_list": STAFF,
    "campaigns.correct_person": HR,
    "campaigns.end_seat": {*HR, "chair"},
    "campaigns.new_campaign": {"officer"},
    "campaigns.new_document": HR,
    "campaigns.new_unit": {"officer"},
    "campaigns.position": SEATED,
    "campaigns.positions": SEATED,
    "campaigns.compare_rule_sets": EVERYBODY,
    "campaigns.compare_rules": EVERYBODY,
    "campaigns.rule_block": EVERYBODY,
    "campaigns.rule_set": EVERYBODY,
    "campaigns.rule_sets": EVERYBODY,
    "campaigns.rules": EVERYBODY,
    "campaigns.rules_file": EVERYBODY,
    "campaigns.unit": {"officer"},
    "campaigns.units_import": {"officer"},
    "campaigns.units_template": {"officer"},
    "campaigns.units_workbook": {"officer"},
    "campaigns.positions_workbook": HR,
    "campaigns.units": STAFF,
    "campaigns.withdraw_own": {"candidate", "another candidate"},
    "demo.enter_as": EVERYBODY,
    "desk.campaign_stages": SEATED,
    "desk.front": EVERYBODY,
    "desk.home": set(PEOPLE),
    "desk.house_log": {"administrator"},
    "desk.log": {"chair", "supervisor"},
    "desk.my_data": {"candidate", "another candidate"},
    "desk.site_state": {"administrator"},
    "desk.public_campaign": EVERYBODY,
    "grading.absence": {"panel head"},
    "grading.candidate_presence": HR,
    "grading.change_panel": HR,
    "grading.codes": {*READERS, "code head", "code"},
    "grading.declaration": {"chair"},
    "grading.discrepancies": {"panel head"},
    "grading.hand_over": HR,
    "grading.interview": {"panel head"},
    "grading.lots": {*HR, "supervisor"},
    "grading.new_panel": HR,
    "grading.panel": {*HR, "supervisor"},
    "grading.panels": {*READERS, "code head", "code", "panel head", "panel"},
    "grading.presence": {"panel head"},
    "grading.reopen_sheet": {"panel head"},
    "grading.room": {"panel head", "panel"},
    "grading.sheet": {"panel head", "panel"},
    "grading.sheet_version": {"panel head", "panel"},
    "grading.step_back": {"panel head", "panel"},
    "holidays.holiday": {"officer", "administrator"},
    "holidays.holidays": STAFF,
    "holidays.new_holiday": {"officer", "administrator"},
    "notices.mail": {"administrator"},
    "notices.notices": set(PEOPLE),
    "questions.all_figures": {*QUESTIONS, "supervisor"},
    "questions.edit": QUESTIONS,
    "questions.edit_blueprint": {*QUESTIONS, "supervisor"},
    "questions.item": QUESTIONS,
    "questions.export": QUESTIONS,
    "questions.items": QUESTIONS,
    "questions.new_item": QUESTIONS,
    "questions.review": QUESTIONS,
    "questions.template": QUESTIONS,
    "questions.upload": QUESTIONS,
    "documents.blank_sheets": {*HR, "chair", "panel head", "panel"},
    "documents.blank_sheets_file": {*HR, "chair", "panel head", "panel"},
    "documents.document": READERS,
    "documents.documents": {*READERS, "invigilator", "code head", "code", "panel head", "panel"},
    "documents.protocol": {*READERS, "code head", "code", "panel head"},
    "results.appeals": READERS,
    "results.draft": READERS,
    "results.lists": READERS,
    "results.new_appeal": HR,
    "results.preview": READERS,
    "results.public_list": EVERYBODY,
    "results.public_list_file": EVERYBODY,
    "rounds.accommodate": HR,
    "rounds.allocation": {*READERS, "invigilator"},
    "rounds.cards": {*HR, "invigilator"},
    "rounds.check_in": {"invigilator"},
    "rounds.check_receipt": EVERYBODY,
    "rounds.door_list": {*READERS, "invigilator"},
    "rounds.draw": EVERYBODY,
    "rounds.draw_file": EVERYBODY,
    "rounds.edit_exam_room": {"officer"},
    "rounds.exam_rooms": STAFF,
    "rounds.give_time": {"chair", "invigilator"},
    "rounds.incidents": {*READERS, "invigilator"},
    "rounds.live": {*READERS, "invigilator"},
    "rounds.minutes": {*READERS, "invigilator"},
    "rounds.my_card": {"candidate", "another candidate"},
    "rounds.new_exam_room": {"officer"},
    "rounds.new_session": HR,
    "rounds.outages": {*READERS, *QUESTIONS, "invigilator"},
    "rounds.pause": {"chair", "invigilator"},
    "rounds.receipt": {"candidate"},
    "rounds.record_incident": {"invigilator"},
    "rounds.record_needs": HR,
    "rounds.report_violation": {"invigilator"},
    "rounds.sealing": {*READERS, *QUESTIONS, "invigilator"},
    "rounds.rooms_import": {"officer"},
    "rounds.rooms_template": {"officer"},
    "rounds.rooms_workbook": {"officer"},
    "rounds.seat_draw": EVERYBODY,
    "rounds.seat_draw_file": EVERYBODY,
    "rounds.seats_file": {*READERS, "invigilator"},
    "rounds.session": {*READERS, *QUESTIONS, "invigilator"},
    "rounds.sessions": {*READERS, *QUESTIONS, "invigilator"},
    "rounds.signature_list": {*READERS, "invigilator"},
    "rounds.time": {*READERS, *QUESTIONS, "invigilator"},
    "rounds.undo_check_in": {"invigilator"},
    "rounds.violations": {*READERS, "invigilator"},
    "rounds.void": {*HR, "chair", "invigilator"},
    "rounds.waiting_room": {"candidate", "another candidate"},
}
"""Read by eye: for each page, who may open the one that the crawl found first."""

ELSEWHERE = {
    "campaigns.close_position": "tests/campaigns/test_life.py: only before the ranking",
    "campaigns.document": "tests/campaigns/test_dossiers.py: no application of the demonstration has a document",
    "campaigns.move_application": "tests/campaigns/test_life.py: only while applications are judged",
    "campaigns.own_document": "tests/campaigns/test_dossiers.py: no application of the demonstration has a document",
    "campaigns.replace_document": "tests/campaigns/test_dossiers.py: no application of the demonstration has a document",
    "rounds.postpone_session": "tests/rounds/test_postpone.py: only before the start",
    "bootstrap.static": "a file of a package",
    "campaigns.second_application": "tests/campaigns/test_second_application.py: only while a file waits",
    "campaigns.applications_upload": "tests/campaigns/test_import_page.py: only while applications are received",
    "campaigns.correct_application": "tests/campaigns/test_screen_application.py: only while applications are received",
    "campaigns.applications_import": "tests/campaigns/test_import_page.py: only while applications are received",
    "campaigns.applications_errors": "tests/campaigns/test_import_page.py: only while applications are received",
    "campaigns.applications_template": "tests/campaigns/test_import_page.py: only while applications are received",
    "campaigns.classifications_upload": "tests/campaigns/test_import_years.py: only while a file waits",
    "campaigns.classifications_errors": "tests/campaigns/test_import_years.py: only while a file waits",
    "campaigns.new_application": "tests/campaigns/test_import_page.py: only while applications are received",
    "campaigns.add_rule_step": "tests/campaigns/test_change_rules.py: only in a draft",
    "campaigns.change_rules": "tests/campaigns/test_change_rules.py: only in a draft",
    "campaigns.remove_rule_step": "tests/campaigns/test_change_rules.py: only in a draft",
    "campaigns.edit_campaign": "tests/campaigns/test_create_campaign.py: only in a draft",
    "campaigns.edit_position": "tests/campaigns/test_positions.py: only in a draft",
    "accounts.staff_errors": "tests/campaigns/test_import_boards.py: only while a file waits",
    "accounts.staff_upload": "tests/campaigns/test_import_boards.py: only while a file waits",
    "campaigns.boards_errors": "tests/campaigns/test_import_boards.py: only while a file waits",
    "campaigns.boards_upload": "tests/campaigns/test_import_boards.py: only while a file waits",
    "campaigns.positions_errors": "tests/campaigns/test_import_positions.py: only while a file waits",
    "campaigns.positions_upload": "tests/campaigns/test_import_positions.py: only while a file waits",
    "campaigns.units_errors": "tests/campaigns/test_import_units.py: only while a file waits",
    "campaigns.units_upload": "tests/campaigns/test_import_units.py: only while a file waits",
    "campaigns.positions_import": "tests/campaigns/test_import_positions.py: only in a draft",
    "campaigns.positions_template": "tests/campaigns/test_import_positions.py: only in a draft",
    "campaigns.new_position": "tests/campaigns/test_positions.py: only in a draft",
    "grading.decision": "tests/grading/test_spread_decision.py: only while a spread waits for its decision",
    "grading.move": "tests/grading/test_panels.py: only before the lots",
    "grading.reopen_panel": "tests/grading/test_close_panel.py: only while a panel is closed",
    "grading.withdraw_opening": "tests/grading/test_open_codes.py: only while the opening waits",
    "questions.dry_run": "tests/questions/test_import_gift.py: only its uploader's",
    "questions.send_back": "tests/questions/test_review_item.py: only while a version waits",
    "questions.image": "tests/questions/test_images.py: no item of the demonstration has a picture",
    "results.appeal": "tests/results/test_appeals.py: the demonstration has no appeal",
    "results.tie": "tests/results/test_manual_tie.py: the demonstration has no open tie",
    "rounds.add_candidates": "tests/rounds/test_sessions.py: only before sealing",
    "rounds.edit_session": "tests/rounds/test_sessions.py: only before sealing",
    "rounds.evidence": "tests/rounds/test_evidence_pages.py: nothing comes late in the demonstration",
    "rounds.evidence_piece": "tests/rounds/test_evidence_pages.py: nothing comes late in the demonstration",
    "rounds.practice_answers": "tests/rounds/test_practice.py: asked by the page alone",
    "rounds.practice_receipt": "tests/rounds/test_practice.py: only after practising",
    "rounds.practice_review": "tests/rounds/test_practice.py: only while practising",
    "rounds.practice_room": "tests/rounds/test_practice.py: linked until one's own session starts",
    "rounds.exam_answers": "tests/rounds/test_start.py: only one's own sitting",
    "rounds.exam_history": "tests/rounds/test_history.py: only one's own sitting",
    "rounds.exam_room": "tests/rounds/test_start.py: only one's own sitting",
    "rounds.exam_state": "tests/rounds/test_rooms.py: asked by the page alone",
    "rounds.device_standing": "tests/rounds/test_devices.py: only one's own sitting",
    "rounds.grant_outage": "tests/rounds/test_time_pages.py: the server was never away in the demonstration",
    "rounds.incident": "tests/rounds/test_incidents.py: the sessions that are found first have none",
    "rounds.move_seat": "tests/rounds/test_seat_pages.py: only before candidates are checked in",
    "rounds.rooms_errors": "tests/rounds/test_import_rooms.py: only while a file waits",
    "rounds.rooms_upload": "tests/rounds/test_import_rooms.py: only while a file waits",
    "rounds.session_rooms": "tests/rounds/test_seat_pages.py: only before sealing",
    "rounds.live_rows": "tests/rounds/test_live_room.py: asked by the page alone",
    "watch.figures": "tests/web/test_watching.py: this machine and the holder of the token",
    "watch.live": "public, linked from nowhere",
    "watch.ready": "public, linked from nowhere",
    "rounds.violation": "tests/rounds/test_violations.py: nobody breaks a rule in the demonstration",
    "rounds.release": "tests/rounds/test_devices.py: linked from the live room alone",
    "rounds.item_image": "tests/rounds/test_item_kinds.py: no item of the demonstration has a picture",
    "rounds.review": "tests/rounds/test_submit.py: only one's own sitting",
    "rounds.unseal": "tests/rounds/test_sealing.py: only before the start",
    "rounds.withdraw_sealing": "tests/rounds/test_sealing.py: only while sealing waits",
    "plain_static": "our own files",
    "static": "our own files",
}
"""Pages that the demonstration leads to from nowhere, and what tests their roles instead."""


WHO = [*(person for person in PEOPLE if person in VISITORS), "public"]
DOUBLES = [pytest.param(person, marks=pytest.mark.once) for person in PEOPLE if person not in VISITORS]
"""Who reads the same pages as their head or their colleague; which database lies below was seen by then."""


@pytest.fixture(scope="module")
def found(world: World) -> dict[str, str]:
    """Each kind of page that anybody reaches by links, with the address that the first of them found."""
    pages_of = world.pages_of_all(WHO)
    reached = [kinds_of(pages_of[person], person) for person in WHO]
    return {endpoint: page.address for pages in reversed(reached) for endpoint, page in pages.items()}


def test_every_page_is_on_one_of_the_lists(world: World, found: dict[str, str]) -> None:
    pages = {rule.endpoint for rule in world.app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert pages == set(ALLOWED) | set(ELSEWHERE)
    assert set(ALLOWED) <= set(found)


@pytest.mark.once  # who may is decided by what was loaded; that every page loads on either database is seen by the crawl
@pytest.mark.parametrize("person", [*WHO, *DOUBLES])
def test_the_right_roles_get_the_page_and_no_other_does(world: World, found: dict[str, str], person: str) -> None:
    """The same address with the same object: what a person reached by links was answered already, all else is asked for now."""
    answered = {page.address: page.status for page in world.pages_of(person)}
    wrong = []
    for endpoint, allowed in ALLOWED.items():
        status = answered.get(found[endpoint]) or _status(world.clients[person], found[endpoint])
        if status not in ({200} if person in allowed else {303, 403, 404}):
            wrong.append(f"{person} got {status} from {found[endpoint]}")
    assert not wrong


def _status(client: FlaskClient, address: str) -> int:
    answer = client.get(address)
    answer.close()
    return answer.status_code

"""Publishing: HR signs a draft, somebody of the council signs it after a fresh computation."""

from typing import Any

from sqlalchemy import select

from examsite.accounts.models import Account
from examsite.audit.models import LogEntry
from examsite.audit.queries import head_of
from examsite.notices.models import Notice
from examsite.results.models import Publication
from examsite.results.operations.drafts import make_draft
from examsite.results.operations.publishing import put_forward, take_back
from examsite.results.queries import current, publications
from examsite.results.queries.putting_forward import waiting_publication
from examsite.rules import canonical
from tests.factories import PASSWORD
from tests.results.ground import Ground, refused


def test_what_was_drafted_is_frozen_with_its_signatures_digest_and_log_head(ground: Ground) -> None:
    ground.ranked(("001", "70"), ("002", "60"))
    publication = ground.published("provisional")
    content: Any = publication.content
    assert publication.digest == canonical.digest(content)
    assert publication.log_head == head_of(ground.session, ground.campaign.chain)
    assert (publication.drafted_by_id, publication.published_by_id, publication.draft.state) == (ground.hr.id, ground.chair.id, "published")
    assert (content["draft"], content["appeals_until"]) == (1, "2026-11-24")
    assert content["rules"] == ground.campaign.rules_hash
    assert [signature["board"] for signature in content["signatures"].values()] == ["hr", "council"]
    kinds = ground.session.scalars(select(LogEntry.kind).order_by(LogEntry.id)).all()
    assert [kind for kind in kinds if kind.startswith("results:")] == [
        "results:draft:computed",
        "results:publication:proposed",
        "results:publication:signed",
        "results:publication:published",
    ]


def test_current_and_all_publications(ground: Ground) -> None:
    ground.candidate("001")
    publication = ground.published("eligible")
    assert current(ground.session, ground.campaign, "eligible") is publication
    assert current(ground.session, ground.campaign, "round1") is None
    assert publications(ground.session, ground.campaign) == [publication]


def test_taking_back_needs_a_reason_and_lets_it_be_put_forward_again(ground: Ground) -> None:
    ground.candidate("001")
    draft = ground.draft("eligible")
    role = ground.role(ground.hr)
    put_forward(ground.session, draft, "", role, ground.now)
    with refused("reason_missing"):
        take_back(ground.session, draft, "", role, ground.now)
    take_back(ground.session, draft, "One more look.", role, ground.now)
    assert waiting_publication(ground.session, draft) is None
    assert put_forward(ground.session, draft, "", role, ground.now).state == "open"


def test_computing_again_takes_back_what_waited_over_the_old_draft(ground: Ground) -> None:
    ground.candidate("001")
    first = ground.draft("eligible")
    put_forward(ground.session, first, "", ground.role(ground.hr), ground.now)
    ground.candidate("002")
    ground.draft("eligible")
    assert waiting_publication(ground.session, first) is None


def test_who_signed_first_is_told_when_a_colleague_computes_it_again_and_nobody_is_asked_to_sign_it_any_more(
    ground: Ground, browse: Any
) -> None:
    ground.candidate("001")
    put_forward(ground.session, ground.draft("eligible"), "", ground.role(ground.hr), ground.now)

    def notices(account: Account) -> list[tuple[str, bool]]:
        rows = ground.session.scalars(select(Notice).where(Notice.account_id == account.id).order_by(Notice.id)).all()
        return [(row.code, row.read_at is not None) for row in rows]

    assert notices(ground.council) == [("signature_waits", False)]
    ground.candidate("002")
    make_draft(ground.session, "eligible", ground.role(ground.hr_second), ground.now)
    ground.session.expire_all()
    assert ("act_withdrawn", False) in notices(ground.hr)
    assert notices(ground.council) == [("signature_waits", True)]
    ground.session.commit()
    assert "Lý do: đã có dự thảo mới thay thế." in browse(ground.hr).get("/notices").text


def test_on_the_pages_from_the_list_to_the_public(ground: Ground, browse: Any) -> None:
    ground.ranked(("001", "70"), ("002", "60"))
    ground.campaign.stage = "round2_held"
    ground.session.commit()
    officer, chair, anybody = browse(ground.hr), browse(ground.chair), browse()
    base = f"/campaigns/{ground.campaign.public_id}"
    address = officer.post(f"{base}/lists/provisional/drafts").location
    page = officer.get(address).text
    assert "Dự thảo số" in page
    assert f'href="/campaigns/{ground.campaign.public_id}/rules#round2.pass_mark"' in page
    assert "Ký và công bố" not in chair.get(address).text
    assert officer.post(f"{address}/put-forward").status_code == 303
    waiting = chair.get(address).text
    assert "Ký và công bố" in waiting
    assert "Ký và công bố" not in officer.get(address).text
    digest = waiting.split('name="digest" value="')[1][:64]
    without = chair.post(f"{address}/publish", {"digest": digest, "password": ""})
    assert without.status_code == 422
    assert ground.session.scalars(select(Publication)).all() == []
    published = chair.post(f"{address}/publish", {"digest": digest, "password": PASSWORD})
    assert published.status_code == 303
    assert anybody.get(published.location).status_code == 200
    assert "Danh sách đã công bố số 1" in officer.get(f"{base}/lists").text


def test_a_button_pressed_twice_keeps_one_draft(ground: Ground, browse: Any) -> None:
    ground.candidate("001")
    ground.session.commit()
    officer = browse(ground.hr)
    address = f"/campaigns/{ground.campaign.public_id}/lists/eligible/drafts"
    assert officer.post(address).location == officer.post(address).location


def test_the_preview_shows_what_the_public_will_see(ground: Ground, browse: Any) -> None:
    ground.ranked(("001", "70"))
    draft = ground.draft("provisional")
    ground.session.commit()
    page = browse(ground.hr).get(f"/campaigns/{ground.campaign.public_id}/drafts/{draft.public_id}/preview").text
    assert "Hạng 1 với tổng điểm 70,0; trong chỉ tiêu 1 người." in page
    assert "Trình bày chương trình hành động" not in page

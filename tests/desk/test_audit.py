"""The page Audit: blind, one at a time, and what can be done once the answer is stored."""

import re

import pytest

from belowline.comments.models import Comment
from belowline.moderation.models import Audit

HELD = "What a wombat of a harbour bridge this is."


@pytest.fixture
def audit(certified, post):
    return Audit.objects.get(decision=post("A quiet remark about <b>bold</b> bridges.").decision)


@pytest.fixture
def answer(as_moderator):
    def call(audit, outcome="publish", rule="", client=as_moderator):
        return client.post(f"/desk/audit/{audit.pk}/answer/", {"outcome": outcome, "rule": rule}, follow=True)

    return call


def text_of(answer):
    return answer.content.decode()


# --- who comes in


@pytest.mark.parametrize("path", ["/desk/audit/", "/desk/audit/{}/answer/", "/desk/audit/{}/follow/"])
def test_strangers_sign_in_first(stranger, audit, path):
    address = path.format(audit.pk)
    got = stranger.get(address) if address == "/desk/audit/" else stranger.post(address, {"outcome": "publish"})

    assert got.status_code == 302
    assert got["Location"].startswith("/accounts/login/?next=/desk/audit/")


def test_readers_are_refused(as_reader, audit, answer):
    assert as_reader.get("/desk/audit/").status_code == 403
    assert answer(audit, client=as_reader).status_code == 403
    assert as_reader.post(f"/desk/audit/{audit.pk}/follow/").status_code == 403
    audit.refresh_from_db()
    assert audit.reviewed_at is None


@pytest.mark.parametrize("path", ["answer", "follow"])
def test_answers_are_posted(as_moderator, audit, path):
    assert as_moderator.get(f"/desk/audit/{audit.pk}/{path}/").status_code == 405
    assert as_moderator.post(f"/desk/audit/999999/{path}/", {"outcome": "publish"}).status_code == 404


# --- what is shown


def test_nothing_waits(as_moderator, site):
    assert "Nothing waits to be audited." in text_of(as_moderator.get("/desk/audit/"))


def test_text_story_and_parent(as_moderator, certified, post, other_reader):
    parent = post("What the bridge costs is no secret.", author=other_reader).comment
    post("That is what they tell us.", parent=parent)
    Audit.objects.filter(decision__comment=parent).delete()
    shown = text_of(as_moderator.get("/desk/audit/"))

    assert "That is what they tell us." in shown
    assert "What the bridge costs is no secret." in shown
    assert "Harbour bridge closed for repairs" in shown
    assert "Its tolls pay for new cables" in shown
    assert "I would publish it" in shown


def test_what_was_written_is_text(as_moderator, audit):
    assert "A quiet remark about &lt;b&gt;bold&lt;/b&gt; bridges." in text_of(as_moderator.get("/desk/audit/"))


@pytest.mark.parametrize("text", ["A quiet remark.", HELD], ids=["published", "rejected"])
def test_it_is_blind(as_moderator, certified, post, text, reader):
    """Nothing tells what the machine did, what it measured, who wrote it, or where it stands now."""
    posted = post(text)
    shown = text_of(as_moderator.get("/desk/audit/"))
    main = shown[shown.index("<main") :]

    assert text in main
    for hint in (
        reader.display_name,
        "/discussion/",
        "<mark",
        "badge",
        "<meter",
        "is_met",
        "Signals",
        posted.decision.get_outcome_display() + "ed",
        str(posted.decision.model),
        "is not published here",
        "/comments/",
    ):
        assert hint not in main, hint


def test_the_page_of_a_published_and_of_a_rejected_one_differ_in_the_text_alone(as_moderator, certified, post):
    pages = []
    for text in ("A quiet remark.", HELD):
        audit = Audit.objects.get(decision=post(text).decision)
        shown = text_of(as_moderator.get("/desk/audit/"))
        shown = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", shown[shown.index("<main") :])
        pages.append(shown.replace(text, "TEXT").replace(f"/audit/{audit.pk}/", "/audit/N/"))
        audit.delete()

    assert pages[0] == pages[1]


def test_two_moderators_see_two(as_moderator, sign_in, account, certified, post):
    first, second = (post(f"Remark number {number}.").comment.text_source for number in range(2))
    night = sign_in(account("Night Desk", "moderator"))

    assert first in text_of(as_moderator.get("/desk/audit/"))
    assert second in text_of(night.get("/desk/audit/"))
    third = text_of(sign_in(account("Third Desk", "moderator")).get("/desk/audit/"))
    assert "Nothing here is yours to answer" in third


def test_it_is_not_kept_by_browsers(as_moderator, audit):
    assert "no-store" in as_moderator.get("/desk/audit/")["Cache-Control"]


# --- answering


def test_an_answer_leads_to_the_next(as_moderator, audit, post, answer):
    post("The next remark.")
    shown = text_of(answer(audit))

    assert "Your answer is stored." in shown
    assert "The next remark." in shown
    audit.refresh_from_db()
    assert audit.outcome == "publish"


@pytest.mark.parametrize(
    ("outcome", "rule", "said"),
    [("", "", "Choose to publish or to reject."), ("reject", "", "Choose the rule"), ("reject", "x", "no rule")],
)
def test_what_is_missing_is_said(audit, answer, outcome, rule, said):
    shown = text_of(answer(audit, outcome, rule))

    assert said in shown
    audit.refresh_from_db()
    assert audit.reviewed_at is None


def test_a_conflict_is_said_and_nothing_overwritten(audit, answer, sign_in, account):
    answer(audit, "reject", "links", client=sign_in(account("Night Desk", "moderator")))
    shown = text_of(answer(audit))

    assert "Their answer stands." in shown
    audit.refresh_from_db()
    assert audit.outcome == "reject"


# --- what follows


def test_nothing_is_offered_where_both_agree(audit, answer):
    assert "The machine had" not in text_of(answer(audit))


def test_removing_what_one_would_reject(as_moderator, audit, answer, moderator):
    shown = text_of(answer(audit, "reject", "links"))
    assert "The machine had published it" in shown
    assert Comment.objects.get().status == "published"

    done = text_of(as_moderator.post(f"/desk/audit/{audit.pk}/follow/", follow=True))

    assert "Removed: the comment by Marjorie Tench." in done
    decision = Comment.objects.get().decisions.last()
    assert (decision.outcome, decision.moderator, decision.first_reason["rule"]) == ("remove", moderator, "links")


def test_publishing_what_one_would_publish(as_moderator, certified, post, answer):
    audit = Audit.objects.get(decision=post(HELD).decision)
    assert "The machine had rejected it" in text_of(answer(audit))

    assert "Published: the comment by Marjorie Tench." in text_of(
        as_moderator.post(f"/desk/audit/{audit.pk}/follow/", follow=True)
    )
    assert Comment.objects.get().status == "published"


def test_what_was_not_done_at_once_can_be_done_later(as_moderator, audit, answer):
    answer(audit, "reject", "links")
    shown = text_of(as_moderator.get("/desk/audit/"))

    assert "The machine had published it" not in shown
    assert "Earlier answers of yours" in shown
    assert f"/desk/audit/{audit.pk}/follow/" in shown


def test_twice_is_said(as_moderator, audit, answer):
    answer(audit, "reject", "links")
    as_moderator.post(f"/desk/audit/{audit.pk}/follow/")

    assert "not published any more" in text_of(as_moderator.post(f"/desk/audit/{audit.pk}/follow/", follow=True))


def test_only_ones_own_answers_are_followed(audit, answer, sign_in, account, as_moderator):
    assert as_moderator.post(f"/desk/audit/{audit.pk}/follow/").status_code == 404
    answer(audit, "reject", "links")
    night = sign_in(account("Night Desk", "moderator"))

    assert night.post(f"/desk/audit/{audit.pk}/follow/").status_code == 404
    assert Comment.objects.get().status == "published"


@pytest.mark.parametrize("query", ["?answered=", "?answered=x", f"?answered={'9' * 5000}"])
def test_nonsense_in_the_address(as_moderator, audit, query):
    assert as_moderator.get(f"/desk/audit/{query}").status_code == 200

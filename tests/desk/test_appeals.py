"""The desk's appeals: the oldest first, with all that helps; settled by who did not decide first."""

import html
import re

import pytest
from django.db import OperationalError

from belowline.comments.models import Comment
from belowline.desk import appeals as module
from belowline.moderation.actions.submit_appeal import submit_appeal
from belowline.moderation.models import Appeal, Decision


@pytest.fixture
def page(as_other_moderator):
    def call(query="", client=as_other_moderator):
        answer = client.get(f"/desk/appeals/{query}")
        assert answer.status_code == 200
        return html.unescape(answer.content.decode())

    return call


@pytest.fixture
def send(as_other_moderator):
    def call(appeal, state="overturn", reason="It is about an animal.", client=as_other_moderator):
        return client.post(f"/desk/appeals/{appeal.pk}/decide/", {"state": state, "reason": reason})

    return call


# --- who


def test_strangers_sign_in_first(stranger, appeal, send):
    for answer in (stranger.get("/desk/appeals/"), send(appeal, client=stranger)):
        assert answer["Location"].startswith("/accounts/login/?next=/desk/")
    assert Appeal.objects.get().state == "open"


@pytest.mark.parametrize("who", ["as_reader", "as_other_reader"])
def test_readers_are_refused(request, who, appeal, send):
    client = request.getfixturevalue(who)

    assert client.get("/desk/appeals/").status_code == 403
    assert send(appeal, client=client).status_code == 403
    assert Appeal.objects.get().state == "open"


def test_deciding_by_reading(as_other_moderator, appeal):
    assert as_other_moderator.get(f"/desk/appeals/{appeal.pk}/decide/").status_code == 405
    assert as_other_moderator.post("/desk/appeals/").status_code == 405


# --- what is shown


def test_nothing_waits(page, site):
    assert "Nobody contests a decision." in page()


def test_the_appeal_with_all_that_helps(page, appeal, rejected):
    shown = page()

    assert 'Appeals <span class="quiet">1</span>' in shown
    assert '<mark title="Words that we do not publish">wombat</mark>' in shown
    assert "Rejected by <strong>Gazette Desk</strong>" in shown
    assert "For readers: Words that we do not publish." in shown
    assert "Leave the animal out." in shown
    assert "A wombat is an animal." in shown
    assert "0 published, 1 refused" in shown
    assert 'value="overturn"' in shown
    assert 'value="uphold"' in shown


def test_a_machines_decision(page, post, site, activate, reader):
    activate(site, reject=0.9)
    submit_appeal(comment=post("What a wombat.").comment, author=reader)
    shown = page()

    assert "Rejected by machine" in shown
    assert "“wombat” is not published here." in shown
    assert "they contest it without a word" in shown


def test_a_removal_and_the_comment_that_was_answered(page, post, other_reader, reader, moderator):
    from belowline.moderation.actions.remove_comment import remove_comment

    parent = post("A quiet remark.", author=other_reader).comment
    answer = post("An answer about the tolls.", parent=parent).comment
    remove_comment(comment=answer, moderator=moderator, rule="links", source="notice")
    submit_appeal(comment=answer, author=reader)
    shown = page()

    assert "Removed by <strong>Gazette Desk</strong>" in shown
    assert ", after a notice of illegal content." in shown
    assert "In reply to Ken Stubbs:" in shown
    assert "A quiet remark." in shown


def test_the_second_version_is_shown_too(page, appeal, rejected, post):
    post("An animal of a bridge.", resubmits=rejected)

    assert "second version meanwhile (published): “An animal of a bridge.”" in page()


def test_who_may_not_decide_sees_why(page, appeal, as_moderator, other_moderator):
    shown = page(client=as_moderator)

    assert "You took the decision that is contested: another moderator decides." in shown
    assert 'name="reason"' not in shown


def test_who_is_alone_is_told_so(appeal, as_moderator):
    shown = as_moderator.get("/desk/appeals/").content.decode()

    assert "There is no other moderator" in shown
    assert 'name="reason"' in shown


def test_the_longest_wait_first_and_any_on_demand(page, appeal, post, decide, reader):
    later = post("Another wombat of the bridge.").comment
    decide(later, "reject", rule="links")
    second = submit_appeal(comment=later, author=reader, text_source="No link in it.")

    assert "A wombat is an animal." in page()
    assert "No link in it." in page(f"?appeal={second.pk}")
    assert re.findall(r'href="\?appeal=(\d+)"', page()) == [str(appeal.pk), str(second.pk)]


@pytest.mark.parametrize("value", ["", "x", "0", "999", "9" * 30])
def test_numbers_that_are_none(page, appeal, value):
    assert "A wombat is an animal." in page(f"?appeal={value}")


def test_nothing_that_people_wrote_is_taken_for_html(as_other_moderator, rejected, reader):
    submit_appeal(comment=rejected, author=reader, text_source="<script>alert(1)</script>")
    Decision.objects.filter(comment=rejected).update(note_to_author="<script>alert(2)</script>")
    Comment.objects.filter(pk=rejected.pk).update(text_source="<script>alert(3)</script>")

    assert "<script>alert" not in as_other_moderator.get("/desk/appeals/").content.decode()


def test_few_queries_however_many(as_other_moderator, post, decide, reader, django_assert_max_num_queries):
    for number in range(12):
        comment = post(f"Wombat number {number} of the bridge.").comment
        decide(comment, "reject", rule="banned_word")
        submit_appeal(comment=comment, author=reader)

    with django_assert_max_num_queries(23):  # six of them for what the navigation says, and as many to claim one
        as_other_moderator.get("/desk/appeals/")


# --- deciding


@pytest.mark.parametrize(
    ("state", "outcome", "status", "said"),
    [
        ("overturn", "overturned", "published", "Published: Marjorie Tench will be told"),
        ("uphold", "upheld", "rejected", "The decision stands: Marjorie Tench will be told"),
    ],
)
def test_deciding(send, page, appeal, rejected, state, outcome, status, said):  # noqa: PLR0917
    answer = send(appeal, state, "First line.\r\nSecond\x00 line.")

    assert (answer.status_code, answer["Location"]) == (302, "/desk/appeals/")
    settled = Appeal.objects.get()
    assert (settled.state, settled.reason) == (outcome, "First line.\nSecond line.")
    assert Comment.objects.get(pk=rejected.pk).status == status
    assert said in page()


@pytest.mark.parametrize(
    ("state", "reason", "said"),
    [
        ("", "It is an animal.", "Choose to uphold or to overturn."),
        ("open", "It is an animal.", "Choose to uphold or to overturn."),
        ("uphold", " ", "Write the reason; the author reads it."),
        ("overturn", "x" * 2001, "at most 2,000 fit"),
    ],
)
def test_what_is_missing_is_said_and_the_reason_stays(send, appeal, state, reason, said):
    answer = send(appeal, state, reason)
    shown = answer.content.decode()

    assert answer.status_code == 422
    assert said in shown
    assert f"{reason}</textarea>" in shown
    assert Appeal.objects.get().state == "open"


def test_who_decided_first(send, appeal, as_moderator, other_moderator):
    answer = send(appeal, client=as_moderator)

    assert answer.status_code == 422
    assert "You took the decision that is contested" in answer.content.decode()
    assert Appeal.objects.get().state == "open"


def test_somebody_was_faster(send, appeal, settle, account):
    settle(appeal, "upheld", by=account("Third Desk", "moderator"))
    answer = send(appeal)

    assert answer.status_code == 422
    assert "This appeal waits no longer." in answer.content.decode()
    assert Appeal.objects.get().state == "upheld"


def test_a_reason_never_moves_to_another_appeal(send, appeal, settle, account, post, decide, reader):  # noqa: PLR0917
    """Somebody was faster, and the page goes on to the next one."""
    settle(appeal, "upheld", by=account("Third Desk", "moderator"))
    other = post("Another wombat of the bridge.").comment
    decide(other, "reject", rule="links")
    submit_appeal(comment=other, author=reader, text_source="No link in it.")
    shown = send(appeal, reason="About the first one.").content.decode()

    assert "No link in it." in shown
    assert "About the first one." not in shown


def test_there_is_no_such_appeal(as_other_moderator, site):
    assert as_other_moderator.post("/desk/appeals/999/decide/", {"state": "uphold", "reason": "x"}).status_code == 404


def test_when_the_database_fails(send, appeal, monkeypatch):
    def fail(**_):
        raise OperationalError("disk full")

    monkeypatch.setattr(module, "decide_appeal", fail)
    answer = send(appeal)

    assert answer.status_code == 503
    assert "Nothing was changed" in answer.content.decode()


# --- on the held queue


def test_a_note_to_the_author(as_moderator, held):
    as_moderator.post(
        f"/desk/comments/{held.pk}/decide/",
        {"outcome": "reject", "rule": "banned_word", "note_to_author": " Leave\x00 it out. "},
    )

    assert Decision.objects.latest("pk").note_to_author == "Leave it out."


def test_a_note_has_an_end(as_moderator, held):
    fields = {"outcome": "reject", "rule": "links", "note_to_author": "x" * 2001}
    answer = as_moderator.post(f"/desk/comments/{held.pk}/decide/", fields)

    assert Comment.objects.get(pk=held.pk).status == "held"
    assert "at most 2,000 fit" in answer.content.decode()


def test_a_second_version_with_what_was_rejected_before(as_moderator, rejected, post):
    post("A wombat all the same.", resubmits=rejected)
    shown = html.unescape(as_moderator.get("/desk/").content.decode())

    assert "A second version: the first was rejected (Words that we do not publish)" in shown
    assert rejected.text_source in shown
    assert "Rejected by a person. Note to the author: “Leave the animal out.”" in shown


def test_a_first_version_has_none(as_moderator, held):
    assert "A second version" not in as_moderator.get("/desk/").content.decode()


def test_what_is_contested_is_not_offered_for_undoing(as_moderator, appeal):
    assert 'id="latest"' not in as_moderator.get("/desk/").content.decode()


def test_what_settled_an_appeal_is_not_offered_for_undoing(as_other_moderator, appeal, settle):
    settle(appeal)

    assert 'id="latest"' not in as_other_moderator.get("/desk/").content.decode()

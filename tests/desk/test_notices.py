"""The desk's page of notices: what waits, the comment beside it, accept or decline; for moderators alone."""

import pytest

from belowline.comments.models import Comment
from belowline.moderation.actions.decide_appeal import decide_appeal
from belowline.moderation.actions.remove_comment import remove_comment
from belowline.moderation.actions.submit_appeal import submit_appeal
from belowline.moderation.actions.undo_decision import undo_decision
from belowline.moderation.models import Notice

QUIET = "A quiet remark about the harbour bridge and its tolls."


@pytest.fixture
def page(as_moderator):
    def call(query=""):
        answer = as_moderator.get(f"/desk/notices/{query}")
        assert answer.status_code == 200
        return answer.content.decode()

    return call


@pytest.fixture
def settle(as_moderator):
    def call(notice, outcome="accept", client=as_moderator, **fields):
        fields = {"rule": "links", "reason": "It is a threat."} | fields
        return client.post(f"/desk/notices/{notice.pk}/decide/", {"outcome": outcome} | fields)

    return call


def state_of(notice):
    return Notice.objects.values_list("state", "comment__status").get(pk=notice.pk)


# --- who comes in


def test_strangers_sign_in_first(stranger, give_notice, settle):
    notice = give_notice()

    assert stranger.get("/desk/notices/")["Location"].startswith("/accounts/login/?next=/desk/notices/")
    assert settle(notice, client=stranger).status_code == 302
    assert state_of(notice) == ("open", "published")


def test_readers_are_refused(as_reader, give_notice, settle):
    notice = give_notice()

    assert as_reader.get("/desk/notices/").status_code == 403
    assert settle(notice, client=as_reader).status_code == 403
    assert state_of(notice) == ("open", "published")


def test_looking_decides_nothing(as_moderator, give_notice):
    notice = give_notice()

    assert as_moderator.get(f"/desk/notices/{notice.pk}/decide/").status_code == 405
    assert state_of(notice) == ("open", "published")


# --- what is shown


def test_nothing_waits(page, site):
    assert "No notice of illegal content waits." in page()


def test_a_notice_with_all_that_helps(page, give_notice, story, published):
    give_notice(legal_ground="section 241")
    shown = page()

    assert "Threats, or a call for violence" in shown
    assert "The last sentence threatens the ferryman by name." in shown
    assert "section 241" in shown
    assert "a person who gave a name" in shown
    assert QUIET in shown
    assert f'href="/discussion/{story.pk}/#c-{published.pk}"' in shown
    assert 'Notices <span class="count">1</span>' in shown
    assert "1 published, 0 refused" in shown
    assert 'title="For moderators: Links."' in shown


def test_one_without_a_name(page, give_notice):
    give_notice(category="CHILD_SEXUAL_ABUSE", name="", email="")
    shown = page()

    assert "somebody who gave no name" in shown
    assert "serious crime" in shown


def test_the_oldest_first_and_any_on_demand(page, give_notice, post):
    first, second = give_notice(), give_notice(comment=post("Another quiet remark.").comment)

    assert f"/desk/notices/{first.pk}/decide/" in page()
    assert f"/desk/notices/{second.pk}/decide/" in page(f"?notice={second.pk}")
    for nonsense in ("?notice=", "?notice=x", "?notice=999999", f"?notice={'9' * 5000}"):
        assert f"/desk/notices/{first.pk}/decide/" in page(nonsense)


def test_beyond_the_list_on_demand(page, give_notice, monkeypatch):
    from belowline.desk import one_at_a_time

    monkeypatch.setattr(one_at_a_time, "LENGTH", 1)
    give_notice()
    last = give_notice(email="bo@notifier.example")

    assert f"/desk/notices/{last.pk}/decide/" in page(f"?notice={last.pk}")


def test_others_about_the_same_comment_are_counted(page, give_notice):
    give_notice()
    give_notice(email="bo@notifier.example")

    assert "1 other notice about this comment waits." in page()


def test_what_was_written_is_text(page, as_moderator, give_notice):
    Comment.objects.update(text_source="<script>alert(1)</script>")
    give_notice(explanation="<script>alert(2)</script> is what they say.", name="<i>Ada</i>", legal_ground="<u>241</u>")
    shown = page() + as_moderator.post(f"/desk/notices/{Notice.objects.get().pk}/sender/").content.decode()

    assert "&lt;i&gt;Ada" in shown
    for unsafe in ("<script>alert", "<i>Ada", "<u>241"):
        assert unsafe not in shown


def test_a_comment_that_is_gone_needs_no_rule(page, give_notice, published, moderator):
    give_notice()
    remove_comment(comment=published, moderator=moderator, rule="links")
    shown = page()

    assert "Removed by a moderator" in shown
    assert 'name="rule"' not in shown
    assert "it is gone already" in shown


def test_few_queries_however_many_wait(as_moderator, give_notice, post, account, django_assert_max_num_queries):
    for number in range(10):
        give_notice(comment=post(f"Quiet remark number {number}.", author=account(f"Reader {number}")).comment)

    as_moderator.get("/desk/notices/")
    with django_assert_max_num_queries(16):  # six of them for what the navigation says
        as_moderator.get("/desk/notices/")


# --- deciding


def test_accepting(page, give_notice, settle):
    notice = give_notice()
    answer = settle(notice, legal_ground="section 241", note_to_author="Please do not.")

    assert (answer.status_code, answer["Location"]) == (302, "/desk/notices/")
    assert state_of(notice) == ("accepted", "removed")
    decision = Notice.objects.get().result
    assert (decision.note_to_author, decision.first_reason["legal_ground"]) == ("Please do not.", "section 241")
    assert "Accepted: the comment was removed. Under Held you can take that back." in page()


def test_declining(page, give_notice, settle):
    notice = give_notice()
    settle(notice, "decline", rule="")

    assert state_of(notice) == ("declined", "published")
    assert "Declined: the comment stays." in page()


def test_gone_already(page, give_notice, settle, published, moderator):
    notice = give_notice()
    remove_comment(comment=published, moderator=moderator, rule="links")
    settle(notice, rule="")

    assert state_of(notice) == ("accepted", "removed")
    assert "Accepted: the comment was gone already." in page()


@pytest.mark.parametrize(
    ("outcome", "fields", "words"),
    [
        ("accept", {"rule": ""}, "Choose the rule that the comment breaks."),
        ("accept", {"reason": " "}, "Write the reason"),
        ("decline", {"reason": ""}, "Write the reason"),
        ("", {}, "Choose to accept or to decline."),
        ("nonsense", {}, "Choose to accept or to decline."),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(give_notice, settle, outcome, fields, words):
    notice = give_notice()
    typed = {"legal_ground": "section 9", "note_to_author": "A word.", "rule": "shouting"} | fields
    answer = settle(notice, outcome, **typed)
    shown = answer.content.decode()

    assert answer.status_code == 422
    assert words in shown
    assert 'value="section 9"' in shown
    assert 'value="A word."' in shown
    assert ("It is a threat.</textarea>" in shown) is ("reason" not in fields)
    assert ('value="shouting" checked' in shown) is ("rule" not in fields)
    assert state_of(notice) == ("open", "published")


def test_somebody_was_faster(give_notice, settle, page, post):
    """What was typed about this notice is not put under the next one."""
    notice = give_notice()
    following = give_notice(comment=post("Another quiet remark.").comment)
    settle(notice)
    answer = settle(notice, "decline", reason="About the first one.")

    assert (answer.status_code, answer["Location"]) == (302, "/desk/notices/")
    shown = page()
    assert "Somebody has decided about this notice meanwhile." in shown
    assert f"/desk/notices/{following.pk}/decide/" in shown
    assert "About the first one." not in shown
    assert state_of(notice) == ("accepted", "removed")


def test_the_next_one_comes_up(page, give_notice, settle, post):
    first, second = give_notice(), give_notice(comment=post("Another quiet remark.").comment)
    settle(first)

    assert f"/desk/notices/{second.pk}/decide/" in page()


def test_taken_back_it_waits_again(page, give_notice, settle, moderator):
    notice = give_notice()
    settle(notice)
    undo_decision(decision=Notice.objects.get().result, moderator=moderator)

    assert "This notice was accepted, and the removal was taken back. It needs another decision." in page()


def test_after_a_successful_appeal_it_waits_again(page, give_notice, settle, reader, account):
    notice = give_notice()
    settle(notice)
    appeal = submit_appeal(comment=Notice.objects.get().comment, author=reader)
    decide_appeal(appeal=appeal, moderator=account("Second", role="moderator"), state="overturned", reason="A joke.")

    assert "appeal against the removal was successful. It needs another decision." in page()


def test_the_desk_takes_it_back(as_moderator, give_notice, settle, page):
    notice = give_notice()
    settle(notice)
    as_moderator.post(f"/desk/decisions/{Notice.objects.get().result.pk}/undo/")

    assert state_of(notice) == ("accepted", "published")
    assert "Taken back: the comment is published again." in page()


def test_a_notice_that_is_not_there(as_moderator, site):
    assert as_moderator.post("/desk/notices/999/decide/", {"outcome": "accept"}).status_code == 404

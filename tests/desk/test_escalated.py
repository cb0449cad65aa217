"""The desk's page of escalations: what waits for whom, to answer, to decide, to withdraw; and the answers."""

import pytest

from belowline.comments.models import Comment
from belowline.moderation.actions.answer_escalation import answer_escalation
from belowline.moderation.escalation_models import Escalation


@pytest.fixture
def settle():
    def call(client, row, outcome="answer", **fields):
        return client.post(f"/desk/escalated/{row.pk}/settle/", {"outcome": outcome} | fields)

    return call


def shown(client, query=""):
    answer = client.get(f"/desk/escalated/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def state():
    return Escalation.objects.values_list("state", "comment__status").get()


@pytest.mark.parametrize(("who", "status"), [("stranger", 302), ("as_reader", 403)])
def test_moderators_alone(request, escalated, settle, who, status):
    row, client = escalated(), request.getfixturevalue(who)

    assert client.get("/desk/escalated/").status_code == status
    assert settle(client, row, answer="No.").status_code == status
    assert state() == ("open", "held")


def test_looking_decides_nothing(as_admin, escalated):
    assert as_admin.get(f"/desk/escalated/{escalated().pk}/settle/").status_code == 405
    assert state() == ("open", "held")


def test_nothing_waits(as_moderator, site):
    assert "Nothing waits for an answer." in shown(as_moderator)


def test_whoever_may_answer_sees_the_note_the_comment_and_the_forms(escalated, as_admin, held):
    row = escalated(note="Is <b>this</b> about a living person?")
    page = shown(as_admin)

    assert 'Escalated <span class="count">1</span>' in page
    assert "Escalated by Gazette Desk" in page
    assert page.count("Is &lt;b&gt;this&lt;/b&gt; about a living person?") == 2
    assert '<mark title="Words that we do not publish">wombat</mark>' in page
    assert f'action="/desk/escalated/{row.pk}/settle/"' in page
    for outcome in ("answer", "publish", "reject", "withdraw"):
        assert f'value="{outcome}"' in page
    assert 'value="remove"' not in page


def test_whoever_asked_can_withdraw_and_not_answer(escalated, as_moderator):
    escalated()
    page = shown(as_moderator)

    assert "You escalated it" in page
    assert "You asked this yourself" in page
    assert 'value="answer"' not in page
    assert "Withdraw it" in page


def test_another_moderator_sees_who_answers(escalated, as_other_moderator):
    escalated()
    page = shown(as_other_moderator)

    assert "Somebody senior answers this." in page
    assert 'name="outcome"' not in page


def test_a_question_is_seen_by_the_two_alone(escalated, other_moderator, as_moderator, as_other_moderator, as_admin):
    escalated(other_moderator)

    assert "Gazette Desk asks you" in shown(as_other_moderator)
    assert "You asked Night Desk" in shown(as_moderator)
    assert "Nothing waits for an answer." in shown(as_admin)


def test_the_one_asked_for(escalated, post, as_admin):
    escalated()
    second = escalated(comment=post("Another wombat of a bridge.").comment)

    assert f'action="/desk/escalated/{second.pk}/settle/"' in shown(as_admin, f"?escalation={second.pk}")
    assert "/settle/" in shown(as_admin, "?escalation=" + "9" * 30)


def test_answered_and_read(escalated, settle, as_admin, as_moderator, held):
    answer = settle(as_admin, escalated(), answer="No: it is about a ferry.")

    assert answer["Location"] == "/desk/escalated/"
    assert state() == ("answered", "held")
    assert "Answered, and the comment waits where it did before: the comment by Marjorie Tench." in shown(as_admin)
    page = shown(as_moderator)
    assert "Answers to what you asked" in page
    assert "No: it is about a ferry." in page
    assert f'href="/desk/?comment={held.pk}"' in page


@pytest.mark.parametrize(
    ("outcome", "fields", "status", "said"),
    [
        ("publish", {}, "published", "Published: the comment by Marjorie Tench."),
        ("reject", {"rule": "banned_word"}, "rejected", "Rejected: the comment by Marjorie Tench."),
    ],
)
def test_decided_here(escalated, settle, as_admin, as_moderator, outcome, fields, status, said):  # noqa: PLR0917
    settle(as_admin, escalated(), outcome, **fields)

    assert state() == ("decided", status)
    assert said in shown(as_admin)
    assert "Decided: " in shown(as_moderator)


def test_a_published_one_is_removed_here(escalated, settle, as_admin, published):
    row = escalated(comment=published)
    assert 'value="publish"' not in shown(as_admin)
    settle(as_admin, row, "remove", rule="links", note_to_author="Mind the link.")

    assert state() == ("decided", "removed")
    assert published.decisions.order_by("-id").first().note_to_author == "Mind the link."


def test_withdrawn(escalated, settle, as_moderator):
    settle(as_moderator, escalated(), "withdraw")

    assert state() == ("withdrawn", "held")
    assert "Withdrawn: the comment by" in shown(as_moderator)


@pytest.mark.parametrize(
    ("outcome", "fields", "said"),
    [
        ("answer", {"answer": " "}, "Write the answer."),
        ("answer", {"answer": "n" * 2_001}, "2,001 characters"),
        ("reject", {"rule": ""}, "Choose the rule"),
        ("reject", {"rule": "links", "last_seen": "999999"}, "Somebody has decided"),
        ("perhaps", {}, "Choose to answer"),
    ],
    ids=["no answer", "long answer", "no rule", "changed", "no outcome"],
)
def test_what_is_missing_comes_back_with_what_was_typed(escalated, settle, as_admin, outcome, fields, said):  # noqa: PLR0917
    answer = settle(as_admin, escalated(), outcome, **{"answer": "Kept.", "note_to_author": "Kept, too."} | fields)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert "Kept, too." in page
    assert fields.get("answer", "Kept.") in page
    assert state() == ("open", "held")


@pytest.mark.parametrize("outcome", ["answer", "withdraw"])
def test_only_whoever_is_asked(escalated, settle, as_other_moderator, outcome):
    assert settle(as_other_moderator, escalated(), outcome, answer="No.").status_code == 403
    assert state() == ("open", "held")


def test_somebody_was_faster(escalated, settle, as_admin, admin):
    row = escalated()
    answer_escalation(escalation=row, by=admin, answer="No.")
    answer = settle(as_admin, row, answer="Yes.")

    assert answer["Location"] == "/desk/escalated/"
    assert "This has ended meanwhile (answered). Nothing was changed." in shown(as_admin)
    assert Escalation.objects.get().answer == "No."


def test_the_author_deleted_it_meanwhile(escalated, settle, as_admin):
    row = escalated()
    Comment.objects.update(status="deleted")
    settle(as_admin, row, "publish")

    assert state() == ("open", "deleted")
    assert "Nothing was changed." in shown(as_admin)


def test_there_is_no_such_escalation(as_admin, site):
    assert as_admin.post("/desk/escalated/999/settle/", {"outcome": "answer"}).status_code == 404
    assert as_admin.post(f"/desk/escalated/{'9' * 40}/settle/").status_code == 404


def test_what_was_asked_before_is_told(escalated, as_admin, admin, other_moderator, as_other_moderator):
    answer_escalation(escalation=escalated(), by=admin, answer="No: it is about a ferry.")
    escalated(other_moderator, note="And in your view?")

    page = shown(as_other_moderator)
    assert "Asked before" in page
    assert "No: it is about a ferry." in page


def test_a_moderator_of_another_site_sees_nothing_of_it(escalated, sign_in, local, other_site, settle):
    row, client = escalated(), sign_in(local(other_site, "senior"))

    assert "Nothing waits for an answer." in shown(client, f"?escalation={row.pk}")
    for outcome in ("answer", "publish", "withdraw"):
        assert settle(client, row, outcome, answer="No.").status_code == 403
    assert state() == ("open", "held")

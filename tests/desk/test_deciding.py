"""What a card's form does: publish, pick, reject, hold, remove, restore, undo; with a script and without."""

import re

import pytest

from belowline.comments.models import Comment, Pick
from belowline.moderation.models import Decision

HELD = "What a wombat of a harbour bridge this is."


@pytest.fixture
def page(as_moderator):
    def call(query=""):
        answer = as_moderator.get(f"/desk/{query}")
        assert answer.status_code == 200
        return answer.content.decode()

    return call


@pytest.fixture
def decide_on(as_moderator):
    """Send the desk's form for a comment."""

    def call(comment, outcome="publish", client=as_moderator, **fields):
        newest = comment.decisions.order_by("-id")[0].pk
        return client.post(f"/desk/comments/{comment.pk}/decide/", {"outcome": outcome, "last_seen": newest} | fields)

    return call


def messages_of(client):
    page = client.get("/desk/").content.decode()
    return re.findall(r'<div class="notice [^"]+" role="status"><p>(.*?)</p>', page)


def status_of(comment):
    return Comment.objects.values_list("status", flat=True).get(pk=comment.pk)


# --- deciding


def test_publishing(decide_on, held, as_moderator, stranger, story):
    answer = decide_on(held)

    assert (answer.status_code, answer["Location"]) == (302, "/desk/")
    assert status_of(held) == "published"
    assert messages_of(as_moderator) == ["Published: the comment by Marjorie Tench."]
    assert HELD in stranger.get(f"/discussion/{story.pk}/").content.decode()


def test_rejecting_with_a_rule(decide_on, held, as_moderator, as_reader):
    decide_on(held, "reject", rule="links")

    assert status_of(held) == "rejected"
    assert messages_of(as_moderator) == ["Rejected: the comment by Marjorie Tench."]
    assert "For readers: Links." in as_reader.get("/me/").content.decode()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"outcome": "reject"}, "Choose the rule"),
        ({"outcome": "reject", "rule": "x"}, "There is no rule “x”"),
        ({"outcome": "reject:x"}, "There is no rule “x”"),
        ({"outcome": ""}, "Choose what to do"),
        ({"outcome": "nonsense"}, "Choose what to do"),
        ({"outcome": "hold"}, "not published any more"),
        ({"outcome": "remove:links"}, "not published any more"),
        ({"outcome": "reject:links", "excerpt": "the tolls"}, "do not stand in the comment"),
        ({"outcome": "publish", "note_to_author": "x" * 2_001}, "at most 2,000 fit"),
    ],
)
def test_a_form_that_says_too_little_comes_back_as_it_was(decide_on, held, fields, sentence):
    answer = decide_on(held, **{"note_to_author": "Leave the <animal> out."} | fields)
    shown = answer.content.decode()

    assert answer.status_code in {409, 422}
    assert sentence in shown
    assert fields.get("note_to_author", "Leave the &lt;animal&gt; out.") in shown
    assert fields.get("excerpt", "") in shown
    assert status_of(held) == "held"


def test_one_button_names_the_rule(decide_on, held):
    decide_on(held, "reject:links")

    assert held.decisions.latest("pk").first_reason["rule"] == "links"


@pytest.mark.parametrize(
    ("fields", "passage"),
    [
        ({}, "wombat"),
        ({"excerpt": "of a harbour"}, "of a harbour"),
        ({"excerpt": "  bridge \r\n", "excerpt_start": "28"}, "bridge"),
        ({"excerpt": "a", "excerpt_start": "17"}, "a"),
        ({"excerpt": "a", "excerpt_start": "9999"}, "a"),
    ],
)
def test_the_excerpt_can_be_another_one(decide_on, held, fields, passage):
    decide_on(held, "reject:banned_word", **fields)
    reason = held.decisions.latest("pk").first_reason

    assert held.text_source[reason["start"] : reason["end"]] == passage


@pytest.mark.parametrize(
    ("following", "location"),
    [("7", "/desk/?comment=7"), ("", "/desk/"), ("x", "/desk/"), ("//evil.example", "/desk/")],
)
def test_then_the_next_one(decide_on, held, following, location):
    assert decide_on(held, next=following)["Location"] == location


def test_somebody_was_faster(decide_on, held, decide, account):
    seen = held.decisions.get().pk
    decide(held, by=account("Night Desk", "moderator"))
    answer = decide_on(held, "reject", rule="links", note_to_author="So it is.", last_seen=seen)
    shown = answer.content.decode()

    assert answer.status_code == 409
    assert "decided about this comment meanwhile" in shown
    assert "So it is." in shown
    assert "Night Desk" in shown or "published" in shown
    assert status_of(held) == "published"


def test_who_saw_it_held_does_not_publish_what_a_colleague_rejected(decide_on, held, decide, account):
    seen = held.decisions.get().pk
    decide(held, "reject", rule="links", by=account("Night Desk", "moderator"))
    answers = [decide_on(held, outcome, last_seen=seen) for outcome in ("publish", "pick", "restore")]

    assert [answer.status_code for answer in answers] == [409, 409, 409]
    assert status_of(held) == "rejected"


def test_somebody_else_is_looking_at_it(decide_on, held, as_other_moderator):
    assert HELD in as_other_moderator.get("/desk/").content.decode()
    answer = decide_on(held)
    shown = answer.content.decode()

    assert answer.status_code == 409
    assert "Night Desk is looking at this comment now." in shown
    assert 'value="publish"' not in shown
    assert status_of(held) == "held"


def test_a_page_that_has_grown_old(as_moderator, held, decide, moderator):
    from belowline.moderation.actions.undo_decision import undo_decision

    seen = held.decisions.get().pk
    undo_decision(decision=decide(held), moderator=moderator)
    answer = as_moderator.post(f"/desk/comments/{held.pk}/decide/", {"outcome": "publish", "last_seen": seen})

    assert status_of(held) == "held"
    assert "meanwhile" in answer.content.decode()


def test_what_is_typed_about_a_published_comment(decide_on, published, as_moderator):
    for outcome, status in (("hold", "held"), ("publish", "published"), ("remove:links", "removed")):
        answer = decide_on(published, outcome, stays="yes")
        assert (answer.status_code, answer["Location"]) == (302, f"/desk/comments/{published.pk}/")
        assert status_of(published) == status
    shown = as_moderator.get(f"/desk/comments/{published.pk}/").content.decode()
    assert 'value="restore"' in shown
    decide_on(published, "restore")

    assert status_of(published) == "published"


def test_publish_and_pick(decide_on, held, published, moderator):
    decide_on(held, "pick")
    decide_on(published, "pick")

    assert (status_of(held), held.pick.picked_by) == ("published", moderator)
    assert published.pick.picked_by == moderator
    assert published.decisions.count() == 1


def test_undoing_takes_the_pick_back(decide_on, held, as_moderator):
    decide_on(held, "pick")
    as_moderator.post(f"/desk/decisions/{held.decisions.latest('pk').pk}/undo/")

    assert status_of(held) == "held"
    assert not Pick.objects.exists()


def test_ones_own_comment_is_not_picked_and_not_published_either(decide_on, post, moderator):
    own = post("A wombat of mine.", author=moderator).comment
    answer = decide_on(own, "pick")

    assert answer.status_code == 422
    assert "your own comment" in answer.content.decode()
    assert status_of(own) == "held"


# --- with a script


@pytest.fixture
def ask(as_moderator):
    """Send a form as the page's script does."""

    def call(path, **fields):
        return as_moderator.post(path, fields, headers={"Accept": "application/json"})

    return call


def test_the_script_is_told_what_was_done(ask, held, post):
    post("Another wombat.")
    answer = ask(f"/desk/comments/{held.pk}/decide/", outcome="publish").json()

    decision = held.decisions.latest("pk")
    assert answer == {
        "said": "Published: the comment by Marjorie Tench.",
        "undo": f"/desk/decisions/{decision.pk}/undo/",
        "waiting": 1,
    }
    assert ask(answer["undo"]).json() == {
        "said": "Taken back: the comment waits again.",
        "comment": held.pk,
        "waits": True,
        "waiting": 2,
    }
    again = ask(answer["undo"])
    assert (again.status_code, again.json()["comment"]) == (409, held.pk)


def test_a_pick_alone_cannot_be_undone_by_the_toast(ask, published):
    assert ask(f"/desk/comments/{published.pk}/decide/", outcome="pick").json()["undo"] == ""


@pytest.mark.parametrize(("outcome", "status"), [("reject", 422), ("hold", 409), ("nonsense", 422)])
def test_the_script_is_told_what_was_not(ask, held, outcome, status):
    answer = ask(f"/desk/comments/{held.pk}/decide/", outcome=outcome)

    assert answer.status_code == status
    assert answer.json()["comment"] == held.pk
    assert answer.json()["said"]


def test_the_count_is_that_of_the_view(ask, held, post):
    post("A wombat under another rule: LOUD.")
    answer = ask(f"/desk/comments/{held.pk}/decide/?queue=new&rule=links", outcome="publish")

    assert answer.json()["waiting"] == 0


@pytest.mark.parametrize("seen", ["x", "-1", "9" * 5000, "٣"])
def test_a_page_that_has_seen_nonsense(as_moderator, held, seen):
    answer = as_moderator.post(f"/desk/comments/{held.pk}/decide/", {"outcome": "publish", "last_seen": seen})

    assert answer.status_code == 302


@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_deciding_is_sent(as_moderator, held, method):
    assert getattr(as_moderator, method)(f"/desk/comments/{held.pk}/decide/").status_code == 405
    assert status_of(held) == "held"


def test_there_is_no_such_comment(as_moderator, site):
    assert as_moderator.post("/desk/comments/999/decide/", {"outcome": "publish"}).status_code == 404
    assert as_moderator.post("/desk/decisions/999/undo/").status_code == 404


# --- undoing


def test_undoing(decide_on, held, as_moderator, page, stranger, story):  # noqa: PLR0917
    decide_on(held)
    assert "Undo" in page()
    decision = Decision.objects.get(maker="person")
    answer = as_moderator.post(f"/desk/decisions/{decision.pk}/undo/")

    assert answer["Location"] == f"/desk/?comment={held.pk}"
    assert messages_of(as_moderator) == ["Taken back: the comment waits again."]
    assert status_of(held) == "held"
    assert HELD not in stranger.get(f"/discussion/{story.pk}/").content.decode()


def test_undoing_twice(decide_on, held, as_moderator):
    decide_on(held)
    decision = Decision.objects.get(maker="person")
    as_moderator.post(f"/desk/decisions/{decision.pk}/undo/")
    as_moderator.post(f"/desk/decisions/{decision.pk}/undo/")

    assert "can no longer be undone" in " ".join(messages_of(as_moderator))
    assert Decision.objects.filter(undoes__isnull=False).count() == 1


def test_only_what_can_be_undone_is_offered(page, decide, held, moderator):
    from belowline.moderation.actions.undo_decision import undo_decision

    decision = decide(held)
    assert f'action="/desk/decisions/{decision.pk}/undo/"' in page()
    undo_decision(decision=decision, moderator=moderator)
    assert "data-undo" not in page()


def test_what_the_author_deleted_is_not_offered(page, decide, held, reader):
    from belowline.comments.actions.delete_comment import delete_comment

    decide(held)
    delete_comment(comment=held, by=reader)

    assert "data-undo" not in page()


def test_earlier_decisions_are_offered_too(page, post, decide):
    decisions = [decide(post(f"Wombat number {number} of the bridge.").comment) for number in range(3)]
    shown = page()

    assert "Earlier decisions of yours" in shown
    for decision in decisions:
        assert f'action="/desk/decisions/{decision.pk}/undo/"' in shown

"""The desk: what waits, with everything that helps to decide; publish, reject, undo; for moderators alone."""

import re

import pytest

from belowline.comments.models import Comment
from belowline.moderation.models import Decision
from belowline.stories.models import Story

QUIET = "A quiet remark about the harbour bridge and its tolls."
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


# --- who comes in


@pytest.mark.parametrize("path", ["/desk/", "/desk/comments/{}/decide/", "/desk/decisions/{}/undo/"])
def test_strangers_sign_in_first(stranger, held, path):
    address = path.format(held.pk)
    answer = stranger.get(address) if address == "/desk/" else stranger.post(address, {"outcome": "publish"})

    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/?next=/desk/")
    assert status_of(held) == "held"


@pytest.mark.parametrize("who", ["as_reader", "as_other_reader"])
def test_readers_are_refused(request, held, decide_on, who):
    client = request.getfixturevalue(who)
    decision = held.decisions.get()

    assert client.get("/desk/").status_code == 403
    assert decide_on(held, client=client).status_code == 403
    assert client.post(f"/desk/decisions/{decision.pk}/undo/").status_code == 403
    assert status_of(held) == "held"
    assert HELD not in client.get("/desk/").content.decode()


def test_a_moderator_whose_role_has_ended(as_moderator, moderator, held, decide_on):
    moderator.role = "reader"
    moderator.save()

    assert as_moderator.get("/desk/").status_code == 403
    assert decide_on(held).status_code == 403


def test_an_administrator_comes_in(sign_in, account, held):
    assert HELD in sign_in(account("Chief", "admin")).get("/desk/").content.decode()


def test_the_way_to_the_desk_is_shown_to_moderators_alone(as_moderator, as_reader, site):
    assert 'href="/desk/"' in as_moderator.get("/faq/").content.decode()
    assert 'href="/desk/"' not in as_reader.get("/faq/").content.decode()


# --- what is shown


def test_nothing_waits(page, site, published):
    assert "Nothing waits. Well done." in page()


def test_the_comment_with_all_that_helps(page, held, story):
    shown = page()

    assert 'Held <span class="quiet">1</span>' in shown
    assert '<mark title="Words that we do not publish">wombat</mark>' in shown
    assert "“wombat” is not published here." in shown
    assert f'href="/discussion/{story.pk}/"' in shown
    assert "Harbour bridge closed for repairs" in shown
    assert "0 published, 0 refused" in shown
    assert "All signals" in shown
    for name in ("banned word", "shouting", "toxicity", "off topic", "personal data"):
        assert f'<th scope="row">{name}</th>' in shown
    assert "For moderators: Links." in shown
    assert "Policy small@" in shown


def test_the_comment_that_is_answered_is_shown(page, post, other_reader):
    parent = post(QUIET, author=other_reader).comment
    post("No, you wombat.", parent=parent)
    shown = page()

    assert "In reply to Ken Stubbs:" in shown
    assert QUIET in shown


def test_the_longest_wait_first_and_any_on_demand(page, post):
    first = post("First wombat of the bridge.").comment
    second = post("Second wombat of the bridge.").comment

    def current(query=""):
        return re.search(r'action="/desk/comments/(\d+)/decide/"', page(query))[1]

    assert current() == str(first.pk)
    assert current(f"?comment={second.pk}") == str(second.pk)
    for nonsense in ("?comment=", "?comment=x", "?comment=999999", f"?comment={'9' * 5000}", "?comment=-1"):
        assert current(nonsense) == str(first.pk)


def test_a_comment_beyond_the_list_is_shown_on_demand(page, post, monkeypatch):
    """After undoing, the comment itself is what a moderator wants to see, however many wait before it."""
    from belowline.desk import views

    monkeypatch.setattr(views, "QUEUE_LENGTH", 3)
    comments = [post(f"Wombat number {number} of the bridge.").comment for number in range(6)]
    shown = page(f"?comment={comments[5].pk}")

    assert f'action="/desk/comments/{comments[5].pk}/decide/"' in shown
    assert 'Held <span class="quiet">6</span>' in shown


def test_next_and_previous(page, post):
    first, second, third = (post(f"Wombat number {number} of the bridge.").comment for number in range(3))

    def around(comment):
        shown = page(f"?comment={comment.pk}")
        found = re.search(r'data-previous="([^"]*)" data-following="([^"]*)"', shown)
        return [part.removeprefix("?comment=") for part in found.groups()]

    assert around(first) == ["", str(second.pk)]
    assert around(second) == [str(first.pk), str(third.pk)]
    assert around(third) == [str(second.pk), str(first.pk)]


def test_only_one_waits(page, held):
    shown = page()

    assert 'data-previous="" data-following=""' in shown
    assert 'name="next"' not in shown


def test_what_was_written_is_text(page, post, reader):
    reader.display_name = "<i>Marjorie</i>"
    reader.save()
    Story.objects.update(title="<b>Bridge</b>")
    post("<script>alert(1)</script> wombat <mark>x</mark>")
    shown = page()

    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt; " in shown
    assert "<i>Marjorie</i>" not in shown
    assert "<b>Bridge</b>" not in shown


def test_what_the_engine_could_not_judge(page, post, monkeypatch):
    from belowline.moderation import engine

    def fail():
        raise RuntimeError

    monkeypatch.setattr(engine, "base_engine", fail)
    post(QUIET)
    shown = page()

    assert "Checks not available" in shown
    assert QUIET in shown


def test_few_queries_however_many_wait(as_moderator, post, account, decide, django_assert_max_num_queries):
    parent = post(QUIET).comment
    for number in range(12):
        author = account(f"Reader {number}")
        post(f"Wombat number {number} of the bridge.", author=author, parent=parent)
        decide(post(f"Another wombat, number {number}.", author=author).comment)

    as_moderator.get("/desk/")
    with django_assert_max_num_queries(20):
        as_moderator.get("/desk/")


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
        ({"outcome": ""}, "Choose to publish or to reject."),
        ({"outcome": "hold"}, "Choose to publish or to reject."),
        ({"outcome": "remove"}, "Choose to publish or to reject."),
    ],
)
def test_a_form_that_says_too_little(decide_on, held, as_moderator, fields, sentence):
    answer = decide_on(held, **fields)

    assert answer["Location"] == f"/desk/?comment={held.pk}"
    assert sentence in messages_of(as_moderator)[0]
    assert status_of(held) == "held"


@pytest.mark.parametrize(
    ("following", "location"),
    [("7", "/desk/?comment=7"), ("", "/desk/"), ("x", "/desk/"), ("//evil.example", "/desk/")],
)
def test_then_the_next_one(decide_on, held, following, location):
    assert decide_on(held, next=following)["Location"] == location


def test_somebody_was_faster(decide_on, held, decide, account, as_moderator):
    decide(held, by=account("Night Desk", "moderator"))
    answer = decide_on(held, "reject", rule="links")

    assert answer.status_code == 302
    assert "decided about this comment meanwhile" in messages_of(as_moderator)[0]
    assert status_of(held) == "published"


def test_a_page_that_has_grown_old(as_moderator, decide_on, held, decide, moderator):
    from belowline.moderation.actions.undo_decision import undo_decision

    seen = held.decisions.get().pk
    undo_decision(decision=decide(held), moderator=moderator)
    as_moderator.post(f"/desk/comments/{held.pk}/decide/", {"outcome": "publish", "last_seen": seen})

    assert status_of(held) == "held"
    assert "meanwhile" in messages_of(as_moderator)[0]


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


@pytest.mark.parametrize("verb", ["decide", "undo"])
def test_a_full_disk_changes_nothing_and_is_said(as_moderator, held, decide, monkeypatch, verb):
    from django.db import OperationalError

    from belowline.moderation.actions import record_decision
    from belowline.moderation.models import Decision as Row

    path = f"/desk/comments/{held.pk}/decide/" if verb == "decide" else f"/desk/decisions/{decide(held).pk}/undo/"
    before = list(Row.objects.values_list("pk", flat=True))

    def full(*args, **kwargs):
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(record_decision.Decision.objects, "create", full)
    answer = as_moderator.post(path, {"outcome": "publish"})

    assert answer.status_code == 503
    assert "could not be saved" in answer.content.decode()
    assert list(Row.objects.values_list("pk", flat=True)) == before

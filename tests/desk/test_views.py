"""Who comes in to the desk, and what is said where nothing could be saved."""

import pytest

from belowline.comments.models import Comment

HELD = "What a wombat of a harbour bridge this is."


@pytest.fixture
def decide_on(as_moderator):
    """Send the desk's form for a comment."""

    def call(comment, outcome="publish", client=as_moderator, **fields):
        newest = comment.decisions.order_by("-id")[0].pk
        return client.post(f"/desk/comments/{comment.pk}/decide/", {"outcome": outcome, "last_seen": newest} | fields)

    return call


def status_of(comment):
    return Comment.objects.values_list("status", flat=True).get(pk=comment.pk)


@pytest.mark.parametrize(
    "path", ["/desk/", "/desk/card/", "/desk/comments/{}/", "/desk/comments/{}/decide/", "/desk/decisions/{}/undo/"]
)
def test_strangers_sign_in_first(stranger, held, path):
    address = path.format(held.pk)
    verb = stranger.post if address.endswith(("decide/", "undo/")) else stranger.get
    answer = verb(address, {"outcome": "publish"})

    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/?next=/desk/")
    assert status_of(held) == "held"


@pytest.mark.parametrize("who", ["as_reader", "as_other_reader"])
def test_readers_are_refused(request, held, decide_on, who):
    client = request.getfixturevalue(who)
    decision = held.decisions.get()

    for path in ("/desk/", "/desk/card/", f"/desk/comments/{held.pk}/"):
        assert client.get(path).status_code == 403
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
    assert 'href="/desk/overview/"' in as_moderator.get("/faq/").content.decode()
    assert 'href="/desk/overview/"' not in as_reader.get("/faq/").content.decode()


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

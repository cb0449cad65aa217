"""The comment above: asked of Coral by its id, once, within the budget; without it the comment is judged alone."""

import json
import logging
import time

import pytest

from belowline.compat.actions.connect_coral import connect_coral
from belowline.compat.coral import parent as module
from belowline.compat.coral.parent import ParentError, understand
from belowline.compat.models import CoralConnection
from belowline.engine.submission import Parent

pytestmark = pytest.mark.django_db(transaction=True)
SECRET = "the phase's own secret"
TOKEN = "admin-token"
OFF_TOPIC = (
    "My grandmother baked sourdough bread with rye flour every Sunday, and the secret of her crust was a hot oven, "
    "patience, and a splash of vinegar in the dough."
)


@pytest.fixture
def with_parents(courier, coral, make_story):
    """The Courier's Coral may be asked; its story is known."""
    make_story(courier, "story-1", title="Harbour bridge closed", body="Cables rusted; ferries run from the fish dock.")
    connect_coral(site=courier, secret=SECRET, coral_url=coral.address, coral_token=TOKEN, budget_ms=5_000)
    return courier


def test_a_reply_that_is_on_topic_through_its_parent_alone(with_parents, coral, ask, texts):
    coral.comments["p-1"] = (f"<div>{texts['bakers']}</div>", None)

    assert ask(with_parents, texts["off"], url="").said["belowline"]["rules"] == ["off_topic"]
    assert ask(with_parents, texts["off"], url="", parent="p-1").status_code == 204


def test_or_through_the_comment_that_began_the_thread(with_parents, coral, ask, texts):
    coral.comments["p-1"] = ("<div>Quite so, and with seeds.</div>", f"<div>{texts['bakers']}</div>")

    assert ask(with_parents, texts["off"], url="", parent="p-1").status_code == 204


def test_what_coral_is_asked(with_parents, coral, ask, texts):
    coral.comments["p-1"] = (texts["bakers"], None)
    ask(with_parents, texts["off"], url="", parent="p-1")

    path, headers, body = coral.asked[0]
    assert path == "/api/graphql"
    assert headers["Authorization"] == f"Bearer {TOKEN}"
    assert headers["Content-Type"] == "application/json"
    assert json.loads(body)["variables"] == {"id": "p-1"}
    assert "comment(id: $id) { body rootParent { body } }" in json.loads(body)["query"]


def test_a_parent_is_asked_for_once(with_parents, coral, ask, texts):
    coral.comments["p-1"] = (texts["bakers"], None)
    for _ in range(3):
        assert ask(with_parents, texts["off"], url="", parent="p-1").status_code == 204

    assert len(coral.asked) == 1


def test_the_least_used_parents_are_forgotten(with_parents, coral, monkeypatch):
    monkeypatch.setattr(module, "MOST_PARENTS", 2)
    coral.comments |= {name: (name, None) for name in "abc"}
    for name in "abac":
        module.parents.begin(CoralConnection.objects.select_related("site").get(), name).result(10)

    assert [key[1] for key in module.parents._known] == ["a", "c"]


def test_no_parent_no_question(with_parents, courier, coral, ask, texts):
    ask(with_parents, texts["off"], url="")
    connect_coral(site=courier, secret=SECRET)
    ask(with_parents, texts["off"], url="", parent="p-1")

    assert coral.asked == []


WRONG = {
    "not there": lambda _: (404, "text/html", b"secret words"),
    "forbidden": lambda _: (403, "application/json", b'{"errors": [{"message": "secret words"}]}'),
    "broken": lambda _: (500, "text/html", b"secret words"),
    "redirects": lambda _: (302, "text/html", b""),
    "no JSON": lambda _: (200, "text/html", b"<html>secret words</html>"),
    "other JSON": lambda _: (200, "application/json", b'{"data": ["secret words"]}'),
    "errors": lambda _: (200, "application/json", b'{"errors": [{"message": "secret words"}], "data": null}'),
    "no comment": lambda _: (200, "application/json", b'{"data": {"comment": null}}'),
    "deleted": lambda _: (200, "application/json", b'{"data": {"comment": {"body": null}}}'),
    "too long": lambda _: (200, "application/json", b" " * 2_100_000),
    "hangs up": lambda _: None,
}


@pytest.mark.parametrize("instead", WRONG.values(), ids=WRONG)
def test_whatever_coral_answers_the_comment_is_judged(with_parents, coral, ask, caplog, instead):
    coral.instead = instead
    with caplog.at_level(logging.DEBUG):
        said = ask(with_parents, OFF_TOPIC, url="", parent="p-1").said

    assert said["belowline"]["rules"] == ["off_topic"]
    assert "no parent from Coral of courier" in caplog.text
    assert "secret words" not in caplog.text
    assert "grandmother" not in caplog.text
    assert TOKEN not in caplog.text
    assert len(coral.asked) == 1


def test_a_coral_that_is_down(courier, ask, texts, caplog, make_story):
    make_story(courier, "story-1")
    connect_coral(site=courier, secret=SECRET, coral_url="http://127.0.0.1:9", coral_token=TOKEN, budget_ms=5_000)

    assert ask(courier, texts["off"], url="", parent="p-1").said["belowline"]["rules"] == ["off_topic"]
    assert "no parent from Coral of courier" in caplog.text


def test_a_slow_coral_is_not_waited_for(with_parents, coral, ask, texts, until):
    """The parent that came too late for the first reply is there for the next one."""
    connect_coral(site=with_parents, secret=SECRET, coral_url=coral.address, coral_token=TOKEN, budget_ms=150)
    ask(with_parents, texts["off"], url="")
    reply = json.dumps({"data": {"comment": {"body": texts["bakers"]}}}).encode()
    coral.instead = lambda _: time.sleep(1) or (200, "application/json", reply)
    started = time.monotonic()

    assert ask(with_parents, texts["off"], url="", parent="p-1").status_code == 200
    assert 0.14 < time.monotonic() - started < 0.9

    until(lambda: module.parents._known)
    assert ask(with_parents, texts["off"], url="", parent="p-1").status_code == 204


def test_a_coral_that_drips(with_parents, coral, monkeypatch):
    monkeypatch.setattr(module, "TIMEOUT_SECONDS", 0.5)

    def drip(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        try:
            for _ in range(200):
                handler.wfile.write(b" ")
                handler.wfile.flush()
                time.sleep(0.05)
        except OSError:
            pass

    coral.instead = drip
    started = time.monotonic()
    assert module.parents.begin(CoralConnection.objects.select_related("site").get(), "p-1").result(10) is None
    assert time.monotonic() - started < 3


def test_story_and_parent_are_fetched_side_by_side(courier, paper, coral, ask, texts):
    """Each takes half a second: one after the other they would not both be there."""
    page = paper.pages["/bridge"]
    reply = json.dumps({"data": {"comment": {"body": texts["bakers"]}}}).encode()
    paper.respond = lambda *_: time.sleep(0.5) or page
    coral.instead = lambda _: time.sleep(0.5) or (200, "application/json", reply)
    connect_coral(site=courier, secret=SECRET, coral_url=coral.address, coral_token=TOKEN, budget_ms=5_000)
    started = time.monotonic()

    assert ask(courier, texts["off"], url=f"{paper.address}/bridge", parent="p-1").status_code == 204
    assert len(paper.asked) == len(coral.asked) == 1
    assert time.monotonic() - started < 5


def test_a_reply_of_corals_is_understood():
    reply = b'{"data": {"comment": {"body": "<p>a &amp; b</p>", "rootParent": {"body": "<div>c<br></div>"}}}}'

    assert understand(reply) == Parent(text="a & b", root_text="c")


@pytest.mark.parametrize("reply", [b"", b"\xff", b"[" * 100_000, b'{"data": {"comment": {"body": "<br>"}}}', b"1"])
def test_what_is_no_parent(reply):
    with pytest.raises(ParentError):
        understand(reply)

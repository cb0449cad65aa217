"""Every address, asked by everybody: what is answered stands in access.csv, which people have read.

    BELOWLINE_WRITE_ACCESS=1 python -m pytest tests/access

writes it anew; read the difference before you commit it. The words: `ok` (200), `sign-in` (led there), `on` (led
somewhere else), `no` (401 or 403), `none` (404), `never` (405: nobody else is asked), `wrong` (400, 409, 422), or the
number; `done` is any of them where the log of events says that something has happened. Empty: not asked: nothing there
looks at roles, or another column says it.
"""

import csv
import io
import itertools
import os
import re
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from django.db import transaction
from django.urls import URLPattern, get_resolver

from belowline.events.models import Event
from belowline.moderation.subjects import StoryMap

TABLE = Path(__file__).with_name("access.csv")
METHODS = ("get", "post")
OPERATORS = {"healthz", "readyz", "metrics"}
"""Answered before Django: tests/config/test_front.py."""
NOT_OURS = {"api:openapi-view"}
"""Reads files of another package."""
ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)")
SENT = {
    **dict.fromkeys(("reason", "text", "note", "words", "name", "title", "answer", "because"), "Some words."),
    "outcome": "reject",
    "rule": "banned_word",
    "kind": "warn",
    "state": "overturn",
    "hours": "24",
    "days": "7",
    "idempotency_key": "k",
    "category": "spam",
    "mode": "premoderated",
    "act": "lift",
    "verdict": "publish",
}
"""What every form is sent: enough for most to act, so that not the form refuses but whoever is asked for leave."""
ALL = (
    "nobody",
    "reader",
    "author",
    "auditor",
    "moderator",
    "senior",
    "editor",
    "admin",
    "moderator here",
    "moderator elsewhere",
)
ASKED = {
    ("desk", "get"): ("nobody", "reader", "auditor", "moderator", "admin", "moderator elsewhere"),
    ("desk", "post"): tuple(role for role in ALL if role not in {"author", "editor"}),
    ("stream", "get"): ("nobody", "reader", "moderator"),
    ("stream", "post"): ("nobody", "reader", "author", "auditor", "moderator", "moderator elsewhere"),
}
"""Who is asked; everywhere else: nobody, a reader, an administrator."""
WORDS = {200: "ok", 401: "no", 403: "no", 404: "none", 405: "never", 400: "wrong", 409: "wrong", 422: "wrong"}


def patterns(resolver, prefix="", space=""):
    """Yield the name and the pattern of every address."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield f"{space}{entry.name or ''}", prefix + str(entry.pattern)
        else:
            below = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from patterns(entry, prefix + str(entry.pattern), below)


def addresses(ids):
    """Return {(name, pattern): path} of every address, with its arguments filled in."""
    found = {}
    for name, pattern in patterns(get_resolver()):
        if name.rpartition(":")[2] in OPERATORS or name in NOT_OURS:
            continue

        def fill(match, name=name):
            argument = match[1] or match[2]
            return str(ids.get(f"{name}.{argument}", ids.get(argument, "x")))

        path = ARGUMENT.sub(fill, pattern)
        path = re.sub(r"\(\?:[^()]*\)\??|[$^?\\]", "", path)
        found.setdefault((name, pattern), "/" + ("$" if "discovery" in path else "") + path)
    return found


def word_of(answer):
    """Return what is kept of an answer."""
    if answer.status_code in {301, 302, 303}:
        where = answer["Location"].partition("?")[0]
        return "sign-in" if where.startswith("/accounts/login") else "on"
    return WORDS.get(answer.status_code, str(answer.status_code))


def ask(client, method, path):
    """Ask, and leave everything as it was."""
    cookies = client.cookies.output(header="", sep=";")
    with transaction.atomic():
        before = Event.objects.count()
        answer = getattr(client, method)(path, SENT if method == "post" else {})
        is_done = Event.objects.count() > before
        if getattr(answer, "streaming", False):
            answer.close()
        transaction.set_rollback(True)
    client.cookies = SimpleCookie(cookies)
    return "done" if is_done else word_of(answer)


def asked(pattern, method):
    """Who asks for an address."""
    staff_matters = "_id>" in pattern and not pattern.startswith(("api/", "me/"))
    area = "desk" if pattern.startswith("desk/") else "stream" if staff_matters else ""
    return ASKED.get((area, method), ("nobody", "reader", "admin"))


def ask_all(clients, method, pattern, path):
    """Return what everybody is answered; a method that an address does not know is asked by nobody twice."""
    first, *others = asked(pattern, method)
    words = {first: ask(clients[first], method, path)}
    if words[first] != "never":
        words |= {role: ask(clients[role], method, path) for role in others}
    return words


@pytest.fixture
def blank_pages(monkeypatch, settings):
    """Pages are not written: who may see them is decided before. And nobody is told to come back later."""
    from django.template.backends.django import Template

    monkeypatch.setattr(Template, "render", lambda *_, **__: "")
    monkeypatch.setattr("belowline.desk.stories.map_story", lambda *_: StoryMap((), ()))
    settings.ACCOUNT_RATE_LIMITS = False


@pytest.fixture
def answers(scene, browser, blank_pages):
    """[(method, pattern, {role: word})] of all that can be asked."""
    paths = addresses(scene.ids)
    clients = {role: browser(user) for role, user in scene.people.items()}
    return [
        (method.upper(), pattern, ask_all(clients, method, pattern, path))
        for (_, pattern), path in sorted(paths.items(), key=lambda entry: entry[0][1])
        for method in METHODS
    ]


def as_csv(answers):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["method", "address", *ALL])
    writer.writerows([method, pattern, *(words.get(role, "") for role in ALL)] for method, pattern, words in answers)
    return out.getvalue()


@pytest.mark.slow
@pytest.mark.on_both
def test_everybody_gets_what_the_table_says(answers):
    found = as_csv(answers)
    if os.environ.get("BELOWLINE_WRITE_ACCESS"):
        TABLE.write_text(found, "utf-8")
    kept = TABLE.read_text("utf-8").splitlines()
    changed = [line for line in found.splitlines() if line not in kept]
    gone = [line for line in kept if line not in found.splitlines()]

    assert (changed, gone) == ([], []), "who may do what is another now: read it, and write access.csv anew"


def rows():
    with TABLE.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


REFUSED = {"no", "none", "never", ""}
LEADS_ON = {"desk/policy/rehearse/"}
"""To a page of the desk, which asks then."""
OWN = {"desk/overview/filters/", "desk/overview/filters/<int:filter_id>/delete/"}
"""What everybody on the desk keeps for themselves."""


def of_desk(method=None):
    """The rows of the desk."""
    return [row for row in rows() if row["address"].startswith("desk/") and method in {None, row["method"]}]


def test_nobody_gets_into_the_desk_and_readers_neither():
    assert len(of_desk()) > 150
    for row in of_desk():
        if row["address"] in LEADS_ON and row["method"] == "GET":
            continue
        assert row["nobody"] in {"sign-in", *REFUSED}, row
        assert row["reader"] in REFUSED, row
        assert row["author"] in REFUSED, row


UNSET = "accounts/google/"
"""Answers 404 in earnest: tests/config/test_providers.py. Here nothing is set, and allauth fails."""


def test_nothing_fails_for_anybody():
    failing = [row for row in rows() if any(word.startswith("5") for word in row.values())]

    assert [row["address"] for row in failing if not row["address"].startswith(UNSET)] == []


def test_an_auditor_does_nothing_on_the_desk():
    assert [row["address"] for row in of_desk("POST") if row["auditor"] == "done"] == ["desk/overview/filters/"]


def test_a_moderator_of_another_site_does_nothing_here():
    named = [row for row in of_desk("POST") if "_id>" in row["address"]]

    assert len(named) > 30
    assert [row["address"] for row in named if row["moderator elsewhere"] == "done"] == []
    assert sum(row["moderator here"] == "done" for row in named) >= 10, "else nothing would be shown by that"


def test_who_has_a_higher_role_does_no_less():
    ladder = ("auditor", "moderator", "senior", "admin")
    fewer = [
        (row["address"], lower, higher)
        for row in of_desk("POST")
        for lower, higher in itertools.pairwise(ladder)
        if row[lower] == "done" and row[higher] != "done" and row["address"] not in OWN
    ]

    assert fewer == [("desk/notes/<int:note_id>/delete/", "moderator", "senior")], "a note is its writer's to delete"


def test_a_readers_own_things_are_their_own():
    others = [row for row in rows() if row["address"].startswith("me/") and "_id>" in row["address"]]

    assert len(others) >= 5
    assert {row[role] for row in others for role in ("reader", "admin")} <= REFUSED


def test_the_doors_of_programs_take_no_ones_browser():
    for row in rows():
        if row["address"].startswith("api/v1/") and "openapi" not in row["address"] and row["address"] != "api/v1/":
            assert set(list(row.values())[2:]) <= REFUSED, row

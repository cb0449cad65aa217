"""Template tags: marked passages, per cents, and durations in everyday words."""

from datetime import timedelta

import pytest
from django.template import engines

from belowline.comments.models import Comment
from belowline.moderation.models import Decision
from belowline.moderation.templatetags.decisions import enumerate_words, marked, met, not_checked, percent, roughly


@pytest.mark.parametrize(
    ("value", "expected"), [(None, "–"), (0.0, "0%"), (0.5, "50%"), (0.996, "100%"), (1.0, "100%"), (0.123, "12%")]
)
def test_percent(value, expected):
    assert percent(value) == expected


@pytest.mark.parametrize(
    ("wait", "expected"),
    [
        (None, "as soon as somebody is on duty"),
        (timedelta(0), "usually within 1 minute"),
        (timedelta(seconds=59), "usually within 1 minute"),
        (timedelta(minutes=2), "usually within 2 minutes"),
        (timedelta(minutes=89), "usually within 89 minutes"),
        (timedelta(minutes=90), "usually within 2 hours"),
        (timedelta(hours=5), "usually within 5 hours"),
        (timedelta(hours=35), "usually within 35 hours"),
        (timedelta(hours=36), "usually within 2 days"),
        (timedelta(days=10), "usually within 10 days"),
        (timedelta(seconds=-5), "usually within 1 minute"),
    ],
)
def test_roughly(wait, expected):
    assert roughly(wait) == expected


def test_marked():
    comment = Comment(text_source="What a wombat.")
    decision = Decision(reasons=[{"start": 7, "end": 13, "title": "Words"}])

    assert [(piece.text, piece.titles) for piece in marked(comment, decision)] == [
        ("What a ", ()),
        ("wombat", ("Words",)),
        (".", ()),
    ]
    assert [piece.text for piece in marked(comment, None)] == ["What a wombat."]


def reason(title, score, rule="links"):
    return {"rule": rule, "title": title, "score": score}


@pytest.mark.parametrize(
    ("model", "reasons", "named", "unnamed"),
    [
        ("abuse-1", [], [], []),
        ("abuse-1", [reason("A", 0.9), reason("B", 0.0)], ["A", "B"], []),
        ("abuse-1", [reason("A", 0.9), reason("B", None), reason("C", None)], ["A"], ["B", "C"]),
        ("abuse-1", [reason("Checks not available", None, "engine_failed")], ["Checks not available"], []),
        ("", [reason("A", None)], ["A"], []),
    ],
    ids=["none", "measured", "some unchecked", "the engine failed", "named by a person"],
)
def test_what_was_measured_and_what_could_not_be(model, reasons, named, unnamed):
    decision = Decision(model=model, reasons=reasons)

    assert [entry["title"] for entry in met(decision)] == named
    assert not_checked(decision) == unnamed


def test_without_a_decision_there_are_no_reasons():
    assert met(None) == not_checked(None) == []


def test_pages_escape_the_pieces():
    source = "{% load decisions %}{% for piece in comment|marked:decision %}<{{ piece.text }}>{% endfor %}"
    template = engines["django"].from_string(source)
    comment = Comment(text_source="<b>wombat</b>")
    decision = Decision(reasons=[{"start": 3, "end": 9, "title": "Words"}])

    assert template.render({"comment": comment, "decision": decision}) == "<&lt;b&gt;><wombat><&lt;/b&gt;>"


@pytest.mark.parametrize(("parts", "words"), [([], ""), (("links",), "links"), (["links", 2], "links, 2")])
def test_lists_of_words(parts, words):
    assert enumerate_words(parts) == words

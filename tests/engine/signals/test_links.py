"""Counting links, and telling them from sentences."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.engine.policy import Settings
from belowline.engine.signals.base import Prepared
from belowline.engine.signals.links import LinksSignal, find_links
from belowline.engine.submission import Submission


def measure(text, **settings):
    return LinksSignal().measure(Prepared(Submission(text=text), Settings(**settings)))["links"]


def found(text, *own):
    return [text[start:end] for start, end in find_links(text, own)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("see https://example.com/a?b=c#d.", ["https://example.com/a?b=c#d"], id="https"),
        pytest.param("HTTP://EXAMPLE.COM", ["HTTP://EXAMPLE.COM"], id="capitals"),
        pytest.param("www.lucky-wins.example now", ["www.lucky-wins.example"], id="www"),
        pytest.param("go to bbc.co.uk today", ["bbc.co.uk"], id="bare domain with two endings"),
        pytest.param("cheap-pills.xyz", ["cheap-pills.xyz"], id="new ending"),
        pytest.param("(example.com)", ["example.com"], id="in brackets"),
        pytest.param("example.com/path/to.html, yes", ["example.com/path/to.html"], id="path"),
        pytest.param("hxxp://bad.com", ["hxxp://bad.com"], id="hxxp"),
        pytest.param("http[:]//bad.com", ["http[:]//bad.com"], id="bracketed colon"),
        pytest.param("visit example dot com", ["example dot com"], id="dot in words"),
        pytest.param("visit example (dot) com", ["example (dot) com"], id="dot in brackets"),
        pytest.param("visit example[.]com", ["example[.]com"], id="bracketed dot"),
        pytest.param("visit example . com", ["example . com"], id="spaced dot"),
        pytest.param("[look](https://a.example/x) here", ["https://a.example/x"], id="markdown"),
        pytest.param("[https://a.com](https://a.com)", ["https://a.com"], id="markdown counts once"),
        pytest.param("a.com b.net", ["b.net"], id="a single article is no host"),
        pytest.param("one.com two.net three.org", ["one.com", "two.net", "three.org"], id="three"),
        pytest.param("youtu.be/abc", ["youtu.be/abc"], id="word-like ending with a path"),
        pytest.param("t.co/abc", ["t.co/abc"], id="short host"),
    ],
)
def test_links_are_found(text, expected):
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("The end.So it goes.", id="missing blank"),
        pytest.param("I saw it.It was good.", id="missing blank before it"),
        pytest.param("Node.js and e.g. this", id="dotted words"),
        pytest.param("3.14 and 2.0", id="numbers"),
        pytest.param("the dot com bubble of 2000", id="the dot com bubble"),
        pytest.param("a dot com company", id="a dot com company"),
        pytest.param("write to joe@example.com", id="e-mail address"),
        pytest.param("etc...com on", id="dots"),
        pytest.param("U.S. and U.K.", id="initials"),
        pytest.param("No links here", id="plain"),
        pytest.param("what.me worry", id="ending that is a word"),
        pytest.param("", id="empty"),
    ],
)
def test_sentences_are_no_links(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("https://gazette.example/news/1", [], id="own"),
        pytest.param("https://www.gazette.example/news/1", [], id="own with www"),
        pytest.param("sport.gazette.example", [], id="below it"),
        pytest.param("https://GAZETTE.example:8000", [], id="case and port"),
        pytest.param("https://notgazette.example", ["https://notgazette.example"], id="ends alike"),
        pytest.param("https://gazette.example.evil.com", ["https://gazette.example.evil.com"], id="begins alike"),
        pytest.param("https://evil.com/gazette.example", ["https://evil.com/gazette.example"], id="in the path"),
        pytest.param("https://gazette.example@evil.com", ["https://gazette.example@evil.com"], id="before an at sign"),
    ],
)
def test_own_domains_do_not_count(text, expected):
    assert found(text, "gazette.example") == expected


@pytest.mark.parametrize(
    ("count", "max_links", "value"),
    [(0, 2, 0.0), (1, 2, 0.25), (2, 2, 0.4), (3, 2, 0.5), (6, 2, 2 / 3), (1, 0, 0.5), (11, 10, 0.5)],
)
def test_the_score_is_half_at_one_more_than_allowed(count, max_links, value):
    text = " ".join(f"https://site{n}.com" for n in range(count)) or "none"
    assert measure(text, max_links=max_links).value == pytest.approx(value)


@pytest.mark.parametrize(("count", "evidence"), [(0, ""), (1, "1 link"), (4, "4 links")])
def test_evidence_counts(count, evidence):
    assert measure(" ".join(f"https://site{n}.com" for n in range(count)) or "none").evidence == evidence


def test_spans_mark_each_link():
    text = "Look at https://a.com, and at www.b.org!"
    spans = measure(text).spans
    assert [text[span.start : span.end] for span in spans] == ["https://a.com", "www.b.org"]
    assert {span.label for span in spans} == {"links"}


@given(st.text(max_size=120))
def test_places_are_in_order_and_within_bounds(text):
    places = find_links(text)
    assert all(0 <= start < end <= len(text) for start, end in places)
    assert places == sorted(places)


@given(st.integers(0, 30), st.integers(0, 50))
def test_more_links_never_score_less(count, max_links):
    def value(number):
        return measure("x " + " ".join(f"https://s{n}.com" for n in range(number)), max_links=max_links).value

    assert value(count) <= value(count + 1) < 1.0

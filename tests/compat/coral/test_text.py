"""Coral's HTML and plain text give the same text; what only looks like a tag stays."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.compat.coral.text import plain_text


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("Plain.", "Plain."),
        ("I <3 this & that", "I <3 this & that"),
        ("a < b and c > d", "a < b and c > d"),
        ("5 < 6 <b>bold</b>", "5 < 6 bold"),
        ("<div>one</div><div>two</div>", "one\ntwo"),
        ("one<br>two<BR/>three", "one\ntwo\nthree"),
        ("<p>a <b>b</b> <em>c</em> <s>d</s></p>", "a b c d"),
        ("<ul><li>a</li><li>b</li></ul><blockquote><div>c</div></blockquote>", "a\nb\nc"),
        ('<a href="mailto:a@b.example" target="_blank">a@b.example</a>', "a@b.example"),
        ('x <span class="coral-rte-spoiler">y</span>', "x y"),
        (
            '<a href="https://x.example/" rel="noopener noreferrer ugc" class="coral-comment-content-link">me</a>',
            "me",
        ),
        ("Fish &amp; chips &lt;3 &#39;twas &nbsp;late", "Fish & chips <3 'twas  late"),
        ("&lt;b&gt;", "<b>"),
        ("https://x.example/?a=1&copy=2", "https://x.example/?a=1&copy=2"),
        ("<div><br></div>", ""),
        ("", ""),
        # What readers would see in a plain text must be judged.
        ("You are <a complete idiot>", "You are <a complete idiot>"),
        ("<you idiot>", "<you idiot>"),
        ('<b title="you idiot">hi', '<b title="you idiot">hi'),
        ('<b class="idiot">', '<b class="idiot">'),
        ("<!-- idiot -->", "<!-- idiot -->"),
        ("<script>idiot</script>", "<script>idiot</script>"),
    ],
)
def test_the_text(body, text):
    assert plain_text(body) == text


@given(st.text())
def test_a_text_without_tags_and_entities_stays(body):
    shown = body.replace("<", "").replace("&", "")

    assert plain_text(shown).split() == shown.split()


@pytest.mark.parametrize(
    "body", ["<" * 50_000, "<a " * 20_000, "<a" + " " * 50_000, "&#" * 30_000, '<a rel="' + " " * 50_000]
)
def test_no_text_takes_long(body):
    started = time.monotonic()
    plain_text(body)
    assert time.monotonic() - started < 2

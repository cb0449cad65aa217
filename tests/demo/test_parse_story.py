"""Any text file as a story: front matter or a first line, and nothing that breaks on what people have."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from belowline.demo.seed import TITLE_CHARACTERS, parse_story


@pytest.mark.parametrize(
    ("text", "title", "body"),
    [
        ("Bridge closed\nOne.\nTwo.", "Bridge closed", "One.\n\nTwo."),
        ("Bridge closed\n\n\nOne.\n\n\n\nTwo.\n", "Bridge closed", "One.\n\nTwo."),
        ("# Bridge closed\n\nOne.", "Bridge closed", "One."),
        ("\n\n  Bridge closed  \nOne.", "Bridge closed", "One."),
        ("\ufeffBridge closed\nOne.", "Bridge closed", "One."),
        ("Bridge closed\r\nOne.\r\nTwo.\r\n", "Bridge closed", "One.\n\nTwo."),
        ("Bridge closed", "Bridge closed", ""),
        ("Bru\u0308cke\nOne.", "Brücke", "One."),
        ("Bridge closed\nOne.\nCOMMENTS\nKen: no!", "Bridge closed", "One."),
        ("Bridge closed\nOne.\nComments \nKen: no!", "Bridge closed", "One."),
        ("Bridge closed\nComments were made.\nTwo.", "Bridge closed", "Comments were made.\n\nTwo."),
        ("---\nnot front matter\nOne.", "---", "not front matter\n\nOne."),
        ("橋が閉鎖\n一。", "橋が閉鎖", "一。"),
    ],
    ids=[
        "title and paragraphs",
        "blank lines",
        "a heading",
        "blanks around",
        "a byte order mark",
        "windows",
        "title alone",
        "composed letters",
        "comments below",
        "comments in any case",
        "a sentence about comments",
        "three dashes alone",
        "another script",
    ],
)
def test_first_line_is_the_title(text, title, body):
    story = parse_story(text)

    assert (story.title, story.body) == (title, body)


def test_front_matter():
    text = (
        "---\ntitle: Bridge: closed\nSection: news\nkey: bridge\nstandfirst: Until May.\nno pair\n---\n\nOne.\nTwo.\n"
    )
    story = parse_story(text)

    assert story.title == "Bridge: closed"
    assert story.body == "One.\n\nTwo."
    assert story.fields == {
        "title": "Bridge: closed",
        "section": "news",
        "key": "bridge",
        "standfirst": "Until May.",
    }


def test_front_matter_without_a_title():
    story = parse_story("---\nsection: news\n---\nBridge closed\nOne.")

    assert (story.title, story.body, story.fields) == ("Bridge closed", "One.", {"section": "news"})


def test_a_first_line_that_is_a_paragraph():
    """Its beginning is the title, and nothing of it is lost."""
    line = "The harbour bridge " + "was closed and opened and " * 10 + "closed."
    story = parse_story(f"{line}\nTwo.")

    assert len(story.title) <= TITLE_CHARACTERS
    assert story.title.endswith("…")
    assert line.startswith(story.title[:-1])
    assert story.fields["standfirst"] == line
    assert story.body == "Two."


def test_one_endless_word():
    assert parse_story("x" * 500).title == "x" * (TITLE_CHARACTERS - 1) + "…"


@pytest.mark.parametrize(
    "text", ["", "   ", "\n\n", "\ufeff", "COMMENTS\nKen: no!", "#", "---\nsection: x\n---\n", "---\n---"]
)
def test_no_text(text):
    with pytest.raises(ValueError, match="holds no text"):
        parse_story(text)


@given(st.text(max_size=400))
@example("---\n---\n---")
@example("---\n:\n---\nx")
@example("comments")
@example("# \nx")
def test_any_text_is_a_story_or_none(text):
    try:
        story = parse_story(text)
    except ValueError:
        return

    assert 0 < len(story.title) <= TITLE_CHARACTERS
    assert story.title == story.title.strip()
    assert "\n" not in story.title
    assert all(line.strip() for line in story.body.split("\n\n") if story.body)

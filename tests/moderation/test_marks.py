"""Marked passages: whatever the reasons say, the pieces are the text again."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from belowline.moderation.marks import segments


def reason(start, end, title="A rule"):
    return {"start": start, "end": end, "title": title}


@pytest.mark.parametrize(
    ("text", "reasons", "pieces"),
    [
        ("", [], []),
        ("abc", [], [("abc", ())]),
        ("abc", [reason(0, 3)], [("abc", ("A rule",))]),
        ("abcdef", [reason(2, 4)], [("ab", ()), ("cd", ("A rule",)), ("ef", ())]),
        ("abcdef", [reason(0, 2), reason(4, 6)], [("ab", ("A rule",)), ("cd", ()), ("ef", ("A rule",))]),
        ("abcdef", [reason(0, 4, "X"), reason(2, 6, "Y")], [("ab", ("X",)), ("cd", ("X", "Y")), ("ef", ("Y",))]),
        ("abc", [reason(0, 3, "X"), reason(0, 3, "Y")], [("abc", ("X", "Y"))]),
        ("abc", [reason(0, 3, "X"), reason(0, 3, "X")], [("abc", ("X",))]),
        ("abc", [reason(None, None)], [("abc", ())]),
        ("abc", [reason(1, None)], [("abc", ())]),
        ("abc", [{"title": "no place"}], [("abc", ())]),
        ("abc", [reason(1, 99)], [("a", ()), ("bc", ("A rule",))]),
        ("abc", [reason(-5, 1)], [("a", ("A rule",)), ("bc", ())]),
        ("👍字é", [reason(1, 2)], [("👍", ()), ("字", ("A rule",)), ("é", ())]),
    ],
    ids=[
        "no text",
        "no reason",
        "the whole",
        "the middle",
        "both ends",
        "overlapping",
        "the same twice, two rules",
        "the same twice, one rule",
        "no passage",
        "half a passage",
        "no place at all",
        "beyond the end",
        "before the beginning",
        "code points, not bytes",
    ],
)
def test_pieces(text, reasons, pieces):
    assert [(piece.text, piece.titles) for piece in segments(text, reasons)] == pieces


PLACES = st.one_of(st.none(), st.integers(-10, 50))
REASONS = st.lists(st.builds(reason, PLACES, PLACES, st.sampled_from("XYZ")), max_size=6)


@given(st.text(max_size=40), REASONS)
@example("abc", [reason(50, 60), reason(2, 1)])
def test_joined_the_pieces_are_the_text(text, reasons):
    assert "".join(piece.text for piece in segments(text, reasons)) == text


@given(st.text(min_size=1, max_size=40), st.data())
def test_what_a_reason_is_about_is_marked_and_nothing_else(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    pieces = segments(text, [reason(start, end)])

    assert "".join(piece.text for piece in pieces if piece.titles) == text[start:end]

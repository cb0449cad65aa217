"""Spans in UTF-16 units: sentences in order that hold every visible character."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.compat.perspective.spans import MOST_SPANS, passages, to_utf16, utf16_length

SNIPPETS = [
    "Hello.",
    " ",
    "\n",
    "\r\n",
    "Why? ",
    "😀",
    "👩‍👩‍👧",
    "e\u0301",
    "ß",
    "日本語。",
    "\u200b",
    "Mr. X",
    "!",
    "\t",
    "\u2028",
    "🇩🇪",
    "a",
]
TEXTS = st.lists(st.sampled_from(SNIPPETS), max_size=60).map("".join) | st.text(max_size=300)


def cut(text, begin, end):
    """The part of a text between two UTF-16 units."""
    return text.encode("utf-16-le", "surrogatepass")[2 * begin : 2 * end].decode("utf-16-le", "surrogatepass")


@given(TEXTS)
def test_cutting_utf_16_gives_the_sentences(text):
    spans = passages(text)

    assert [cut(text, *units) for units in to_utf16(text, spans)] == [text[start:end] for start, end in spans]


@given(TEXTS)
def test_the_spans_hold_the_visible_text_in_order(text):
    units = to_utf16(text, passages(text))
    flat = [unit for span in units for unit in span]

    assert flat == sorted(flat)
    assert all(begin < end for begin, end in units)
    assert "".join("".join(cut(text, *span) for span in units).split()) == "".join(text.split())


@given(TEXTS)
def test_the_length_is_that_of_the_encoding(text):
    assert utf16_length(text) == len(text.encode("utf-16-le", "surrogatepass")) // 2


@pytest.mark.parametrize("sentences", [1, 99, 100, 101, 150, 5_000])
def test_no_text_has_more_spans_than_are_scored(sentences):
    text = "Go home. " * sentences
    found = passages(text)

    assert len(found) <= MOST_SPANS
    assert (found[0][0], found[-1][1]) == (0, len(text) - 1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One.", [(0, 4)]),
        ("😀", [(0, 2)]),
        ("😀 a", [(0, 4)]),
        ("  x  ", [(0, 5)]),
        ("One. Two.", [(0, 4), (5, 9)]),
        ("😀😀! Two.", [(0, 5), (6, 10)]),
        ("e\u0301te\u0301. Two.", [(0, 6), (7, 11)]),
        ("A😀\n\nB😀\r\nC", [(0, 3), (5, 8), (10, 11)]),
        ("日本。日本。", [(0, 3), (3, 6)]),
    ],
)
def test_spans_of_an_answer(call, request_of, text, expected):
    answer = call(request_of(text, spanAnnotations=True)).json()
    spans = answer["attributeScores"]["TOXICITY"]["spanScores"]

    assert [(span["begin"], span["end"]) for span in spans] == expected


@pytest.mark.parametrize("more", [{}, {"spanAnnotations": False}])
def test_without_annotations_the_whole_text_is_the_span(call, request_of, more):
    [scores] = call(request_of(" 😀 One. Two. ", **more)).json()["attributeScores"].values()

    assert scores["spanScores"] == [{"begin": 0, "end": 14, "score": scores["summaryScore"]}]


def test_each_sentence_has_a_score_of_its_own(call, request_of):
    text = "What a lovely morning. You are a stupid idiot."
    spans = call(request_of(text, spanAnnotations=True)).json()["attributeScores"]["TOXICITY"]["spanScores"]

    assert spans[0]["score"]["value"] < 0.5
    assert spans[1]["score"]["value"] > 0.9


def test_spans_below_the_threshold_are_left_out(call, request_of):
    text = "What a lovely morning. You are a stupid idiot."
    asked = {"TOXICITY": {"scoreThreshold": 0.5}}
    [scores] = (
        call(request_of(text, requestedAttributes=asked, spanAnnotations=True)).json()["attributeScores"].values()
    )

    assert [(span["begin"], span["end"]) for span in scores["spanScores"]] == [(23, 46)]

"""Partial answers: the grammar, and that a mask only ever takes away."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.compat.perspective.errors import ApiError
from belowline.compat.perspective.field_mask import apply_mask, read_mask

BODY = {"a": {"b": {"c": 1, "d": 2}, "e": [{"f": 1, "g": 2}, {"f": 3}]}, "h": [1, 2], "i": None, "j": "x"}
KEPT = {
    "a name": ("j", {"j": "x"}),
    "names": ("j,i", {"i": None, "j": "x"}),
    "white space": (" j , i ", {"i": None, "j": "x"}),
    "path": ("a/b/c", {"a": {"b": {"c": 1}}}),
    "parentheses": ("a(b(c))", {"a": {"b": {"c": 1}}}),
    "both": ("a/b(c,d),j", {"a": {"b": {"c": 1, "d": 2}}, "j": "x"}),
    "several inside": ("a(b/c,e/f)", {"a": {"b": {"c": 1}, "e": [{"f": 1}, {"f": 3}]}}),
    "list": ("a/e(g)", {"a": {"e": [{"g": 2}, {}]}}),
    "every name": ("*", BODY),
    "every name inside": ("a/*/c", {"a": {"b": {"c": 1}, "e": [{}, {}]}}),
    "joined": ("a/b/c,a/b/d", {"a": {"b": {"c": 1, "d": 2}}}),
    "part, then whole": ("a/b/c,a/b", {"a": {"b": {"c": 1, "d": 2}}}),
    "whole, then part": ("a/b,a/b/c", {"a": {"b": {"c": 1, "d": 2}}}),
    "nothing there": ("z", {}),
    "into a value": ("j/k", {"j": "x"}),
    "a version": ("TOXICITY@1", {}),
}
WRONG = [
    *("", " ", ",", "a,", ",a", "a,,b", "a/", "/a", "a//b", "a(", "a)", "a()", "(a)", "a(b", "a(b))", "a b", "a(b)c"),
    *("a;b", "a\x00", "é!", "a/(b)", "x" * 2_001, "/".join("a" * 14), "a(" * 14 + "b" + ")" * 14),
]
NAMES = st.sampled_from(["a", "b", "c", "e", "f", "h", "j", "*", "z"])
MASKS = st.recursive(
    NAMES,
    lambda inner: (
        st.builds("{}/{}".format, NAMES, inner)
        | st.builds("{}({})".format, NAMES, st.lists(inner, min_size=1, max_size=3).map(",".join))
    ),
    max_leaves=6,
)


def is_within(part, whole):
    """Whether a part has nothing that the whole has not."""
    if isinstance(whole, dict):
        return isinstance(part, dict) and all(name in whole and is_within(part[name], whole[name]) for name in part)
    if isinstance(whole, list):
        return len(part) == len(whole) and all(map(is_within, part, whole))
    return part == whole


@pytest.mark.parametrize(("text", "expected"), KEPT.values(), ids=KEPT)
def test_what_a_mask_keeps(text, expected):
    assert apply_mask(BODY, read_mask(text)) == expected


@pytest.mark.parametrize("text", WRONG)
def test_what_is_no_mask(text):
    with pytest.raises(ApiError, match="Invalid field selection") as caught:
        read_mask(text)

    assert caught.value.code == 400


def kept_by(text):
    """What a mask keeps; None where it is refused."""
    try:
        return apply_mask(BODY, read_mask(text))
    except ApiError as error:
        return None if error.code == 400 else error


@given(MASKS | st.text(alphabet="ab*/(), ", max_size=30) | st.text(max_size=50))
def test_any_text_only_takes_away_or_is_refused(text):
    found = kept_by(text)

    assert found is None or is_within(found, BODY)


@given(st.lists(st.lists(st.sampled_from("abcef"), min_size=1, max_size=4).map("/".join), min_size=1, max_size=4))
def test_paths_keep_what_each_of_them_keeps(paths):
    joined = kept_by(",".join(paths))

    assert all(is_within(kept_by(path), joined) for path in paths)


@pytest.mark.parametrize("text", ["a/b,a(b(c))", "a(b/c),a(b/d)", "a/b/d,a(b/c)"])
def test_parentheses_add_to_what_was_chosen(text):
    assert kept_by(text) == {"a": {"b": {"c": 1, "d": 2}}}


@pytest.mark.parametrize("text", ["*,a/b/c", "a/b/c,*", "a(*,b/c)"])
def test_every_name_beside_a_path(text):
    kept = apply_mask(BODY, read_mask(text))

    assert kept["a"] == BODY["a"]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("languages", {"languages": ["en"]}),
        (
            "attributeScores/TOXICITY/summaryScore/type",
            {"attributeScores": {"TOXICITY": {"summaryScore": {"type": "PROBABILITY"}}}},
        ),
        ("attributeScores(INSULT/spanScores/begin)", {"attributeScores": {"INSULT": {"spanScores": [{"begin": 0}]}}}),
    ],
)
def test_on_the_wire(call, request_of, fields, expected):
    assert call(request_of("Hello there.", "TOXICITY", "INSULT"), query={"fields": fields}).json() == expected


def test_an_error_is_answered_whole(call, request_of, message_of):
    assert message_of(call(request_of(""), query={"fields": "languages"})) == "Comment must be non-empty."
    assert message_of(call(request_of(), query={"fields": "a("})).startswith("Invalid field selection")

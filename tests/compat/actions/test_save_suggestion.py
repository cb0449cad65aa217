"""Suggestions are kept; the same client token replaces."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.compat.actions.issue_key import issue_key
from belowline.compat.actions.save_suggestion import _storable, save_suggestion
from belowline.compat.models import Suggestion

SCORES = {"TOXICITY": {"summaryScore": {"value": 1.0}}}


@pytest.fixture
def save(db):
    """Keep a suggestion of one key."""
    key = issue_key(label="tests")[0]

    def call(**fields):
        whole = {"key": key, "text": "x", "context": {}, "attribute_scores": SCORES, "languages": ["en"]} | fields
        return save_suggestion(**whole)

    return call


@pytest.mark.parametrize(("token", "count"), [("a", 1), ("", 2)])
def test_the_same_token_replaces(save, token, count):
    save(client_token=token, text="first")
    save(client_token=token, text="second")

    assert Suggestion.objects.count() == count
    assert Suggestion.objects.order_by("-pk").first().text == "second"


def test_what_is_kept_can_be_read_again(save):
    save(text="é😀", context={"entries": [{"text": "ü"}]}, community="/x", client_token="t")
    kept = Suggestion.objects.get()

    assert (kept.text, kept.context, kept.community, kept.attribute_scores) == (
        "é😀",
        {"entries": [{"text": "ü"}]},
        "/x",
        SCORES,
    )


def test_null_characters(save):
    save(text="a\x00", client_token="\x00")
    save(text="b\x00", client_token="\x00")

    assert Suggestion.objects.get().text == "b\ufffd"


@given(
    st.recursive(
        st.text() | st.integers(), lambda one: st.lists(one) | st.dictionaries(st.text("ab"), one), max_leaves=8
    )
)
def test_nothing_that_is_kept_has_a_null_character(value):
    assert "\\x00" not in repr(_storable(value)).replace("\\\\", "")

"""A story in passages: few, in order, nothing lost that is read; kept in a few kilobytes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny_encoder import HEADS, WIDTH, tiny_tokenizer, tiny_weights

from belowline.engine.models.sentences import SentenceEncoder
from belowline.engine.signals.topic_passages import (
    MOST_PASSAGES,
    MOST_PIECES,
    encode_passages,
    pack_passages,
    passages_of,
    unpack_passages,
)
from belowline.engine.submission import Story
from belowline.lab.export_encoder import build_states_graph

ENCODER = SentenceEncoder(build_states_graph(tiny_weights(), heads=HEADS), tiny_tokenizer().to_str().encode())
LINE = "The bridge is the word now."


def passages(**fields):
    return passages_of(Story(**{"title": "The bridge"} | fields), ENCODER.cut)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param({}, ("The bridge",), id="a headline alone"),
        pytest.param({"standfirst": " "}, ("The bridge",), id="an empty standfirst"),
        pytest.param({"standfirst": "It is shut"}, ("The bridge", "It is shut"), id="with standfirst"),
        pytest.param({"title": ""}, ("",), id="nothing"),
        pytest.param({"title": "", "body": LINE}, ("", LINE), id="no headline"),
        pytest.param({"body": f"{LINE}\n\n{LINE}\n"}, ("The bridge", LINE, LINE), id="paragraphs"),
        pytest.param({"body": f"Background\n{LINE}"}, ("The bridge", f"Background {LINE}"), id="a subheading"),
        pytest.param({"body": f"{LINE}\nThe end"}, ("The bridge", LINE, "The end"), id="a short last line"),
    ],
)
def test_passages(fields, expected):
    assert passages(**fields) == expected


def test_a_long_story_has_its_paragraphs_in_groups():
    lines = [f"The bridge is word number {n}." for n in range(130)]
    found = passages(standfirst="It is shut", body="\n".join(lines))
    assert len(found) == MOST_PASSAGES
    assert "\n".join(found[2:]).split("\n") == lines


def test_of_a_very_long_one_beginning_and_end_are_read():
    lines = [f"The bridge is word number {n}." for n in range(3 * MOST_PIECES)]
    text = "\n".join(passages(body="\n".join(lines)))
    assert lines[0] in text
    assert lines[-1] in text
    assert lines[len(lines) // 2] not in text


@given(st.text(max_size=400))
def test_any_body(body):
    assert 1 <= len(passages(body=body)) <= MOST_PASSAGES


def test_a_vector_for_each_passage_whatever_was_kept():
    found = passages(standfirst="It is shut", body="\n".join([LINE] * 100))
    vectors = encode_passages(found, ENCODER)
    assert vectors.shape == (MOST_PASSAGES, WIDTH)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    packed = pack_passages(vectors)
    assert len(packed) < MOST_PASSAGES * WIDTH + 200
    assert np.array_equal(unpack_passages(packed, vectors.shape), vectors)


@pytest.mark.parametrize(
    "packed",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"damaged", id="damaged"),
        pytest.param(pack_passages(np.ones((3, WIDTH), dtype=np.float32)), id="of another story"),
    ],
)
def test_what_does_not_fit_is_computed_anew(packed):
    assert unpack_passages(packed, (2, WIDTH)) is None

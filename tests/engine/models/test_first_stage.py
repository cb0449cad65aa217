"""The first stage: a logit for every label of every window, the same in any company, and damage is told."""

import numpy as np
import pytest

from belowline.engine.errors import ModelError
from belowline.engine.models.first_stage import FirstStage
from belowline.engine.models.tokens import Tokens
from belowline.engine.policy import ABUSE_SCORES

COUNT = len(ABUSE_SCORES)


@pytest.fixture(scope="module")
def first(first_file):
    return FirstStage(first_file, labels=COUNT)


@pytest.fixture(scope="module")
def windows(encoder_files):
    tokens = Tokens(encoder_files[1])
    return [tokens.windows(text)[0] for text in ("the bridge is", "you idiot", "", "un happy . the idiot bridge")]


def test_what_it_knows_raises_every_logit(first, windows):
    found = first.read(windows)
    assert found.shape == (4, COUNT)
    assert (found[[1, 3]] > 0).all()
    assert (found[[0, 2]] < -5).all()


def test_company_changes_nothing(first, windows):
    alone = np.concatenate([first.read([window]) for window in windows])
    np.testing.assert_array_equal(first.read(windows), alone)


def test_other_labels_are_refused(first_file):
    with pytest.raises(ModelError, match="first stage gives \\[8\\] values, and \\[3\\]"):
        FirstStage(first_file, labels=3)


def test_the_graph_of_an_encoder_is_refused(encoder_files):
    with pytest.raises(ModelError, match="first stage gives"):
        FirstStage(encoder_files[0], labels=COUNT)


def test_a_broken_file_is_told():
    with pytest.raises(ModelError, match="cannot be read"):
        FirstStage(b"no graph", labels=COUNT)

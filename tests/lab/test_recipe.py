"""The recipe names only what exists, and green alone is green alone."""

import pytest

from belowline.lab.datasets import LABELS, SOURCES
from belowline.lab.recipe import (
    ASKED_WEIGHTS,
    DOUBT,
    DOUBTFUL_BELOW,
    MOST_ASKED,
    ORDINARY,
    PASSAGE_WEIGHTS,
    WEIGHTS,
    all_sources,
    sources,
)

BOTH = frozenset({"green", "amber"})
GREEN = frozenset({"green"})


class TestRecipe:
    def test_every_label_has_sources_and_our_sentences(self):
        assert set(WEIGHTS) == set(LABELS)
        assert all("own" in recipe for recipe in WEIGHTS.values())

    def test_every_source_is_known(self):
        named = {name for recipe in WEIGHTS.values() for name in recipe} | {*PASSAGE_WEIGHTS, *ORDINARY, *ASKED_WEIGHTS}
        assert named - {"own"} <= set(SOURCES)

    def test_weights_are_in_range(self):
        assert all(weight > 0 for recipe in WEIGHTS.values() for weight in recipe.values())

    @pytest.mark.parametrize("label", LABELS)
    def test_green_alone_uses_green_alone(self, label):
        found = sources(label, GREEN)
        assert all(name == "own" or SOURCES[name].colour == "green" for name in found)
        assert set(found) <= set(sources(label, BOTH))

    def test_all_sources_are_in_a_fixed_order(self):
        found = all_sources(BOTH)
        assert list(found) == [name for name in SOURCES if name in found]
        assert set(all_sources(GREEN)) < set(found)

    def test_without_colours_only_our_sentences_are_left(self):
        assert all(set(sources(label, frozenset())) == {"own"} for label in LABELS)
        assert all_sources(frozenset()) == ()

    @pytest.mark.parametrize("label", LABELS)
    def test_green_alone_still_has_comments(self, label):
        assert {"wikiconv_cat", "civil_spans"} & set(sources(label, GREEN))

    def test_passages_weigh_no_more_than_their_row(self):
        assert all(0 < share <= 1 for share in PASSAGE_WEIGHTS.values())

    def test_doubt_lowers(self):
        assert 0 < DOUBT < 1
        assert 0 < DOUBTFUL_BELOW <= 0.5

    def test_ordinary_sources_teach_the_first_stage_too(self):
        assert set(ORDINARY) < set(ASKED_WEIGHTS)
        assert all(weight > 0 for weight in ASKED_WEIGHTS.values())
        assert MOST_ASKED > 0

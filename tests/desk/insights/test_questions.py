"""The questions, and what is kept of the answers."""

import pytest
from django.core.cache import cache

from belowline.desk.insights.questions import BY_NAME, INSIGHTS, answer


def test_each_has_a_name_of_its_own():
    assert len(BY_NAME) == len(INSIGHTS) == 10


@pytest.mark.parametrize("insight", INSIGHTS, ids=BY_NAME)
def test_each_answers_without_any_comment(looking, insight):
    picture = answer(insight, looking()).picture

    assert picture.says.endswith(".")
    assert all(len(row) == len(picture.table.columns) for row in picture.table.rows)


@pytest.mark.parametrize("insight", INSIGHTS, ids=BY_NAME)
def test_columns_of_files_are_words_with_underscores(looking, insight):
    keys = [column.key for column in answer(insight, looking()).picture.table.columns]

    assert len(keys) == len(set(keys))
    assert all(key.isidentifier() and key.islower() for key in keys)


def test_figures_are_kept_for_a_while(looking, published, written):
    before = answer(BY_NAME["stories"], looking())
    written()

    assert answer(BY_NAME["stories"], looking()) == before
    assert answer(BY_NAME["stories"], looking(days=7)).picture.bars[0].value == "2"
    cache.clear()
    assert answer(BY_NAME["stories"], looking()).picture.bars[0].value == "2"

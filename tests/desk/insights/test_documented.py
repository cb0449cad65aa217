"""Every file of the page Insights, and every column, stands in the reference."""

import re
from pathlib import Path

import pytest

from belowline.desk.insights.questions import BY_NAME, INSIGHTS, answer

PAGE = (Path(__file__).parents[3] / "docs/reference/insights.md").read_text("utf-8")
PARTS = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))


def test_the_pictures_stand_in_their_order():
    assert list(PARTS) == list(BY_NAME)


@pytest.mark.parametrize("insight", INSIGHTS, ids=BY_NAME)
def test_every_column_is_described(looking, insight):
    described = re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (`.*?) \|", PARTS[insight.name], re.MULTILINE)))

    assert described
    assert set(described) == {column.key for column in answer(insight, looking()).picture.table.columns}

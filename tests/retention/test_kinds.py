"""The table of what is kept: true on the page, in the settings, and complete."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from belowline.retention.kinds import KINDS, as_markdown, in_words

PAGE = (Path(__file__).parents[2] / "docs/reference/retention.md").read_text("utf-8")


def test_the_page_has_the_table():
    assert as_markdown() in PAGE, "run make retention"


def test_every_setting_belongs_to_a_kind():
    assert {f"KEEP_{kind.setting}_DAYS" for kind in KINDS if kind.setting} == {
        name for name in dir(settings) if re.fullmatch(r"KEEP_[A-Z]+_DAYS", name)
    }


def test_the_defaults_are_those_of_the_reference():
    days = {kind.key: kind.days for kind in KINDS}

    assert (days["refused"], days["decisions"], days["cases"]) == (214, 730, 730)
    assert all(kind.days > 0 for kind in KINDS if kind.setting), "nothing is kept for ever unless somebody says so"


def test_in_words(settings):
    settings.KEEP_DELETED_DAYS, settings.KEEP_TASKS_DAYS = 0, 1_000
    words = " / ".join(in_words())

    assert len(in_words()) == len(KINDS)
    assert "authors deleted, with earlier versions and what decisions quote of them: for ever" in words
    assert "errors: 1,000 days" in words
    assert "were used: until their own end" in words


@pytest.mark.parametrize("kind", KINDS, ids=[kind.key for kind in KINDS])
def test_an_empty_newsroom_has_nothing_to_erase(db, kind):
    from django.utils import timezone

    assert kind.erase(timezone.now(), 10) == 0

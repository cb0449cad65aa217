"""Every type that can be asked for is described, and can be written."""

import re
from pathlib import Path

import pytest

from belowline.notifications.webhooks import payload, sending, signing
from belowline.notifications.webhooks.types import OFFERED, TEST, TYPES

PAGE = (Path(__file__).parents[3] / "docs" / "reference" / "webhooks.md").read_text("utf-8")


def test_the_page_lists_them_all_in_their_order():
    assert re.findall(r"^\| `([a-z_]+\.[a-z_]+)` \|", PAGE, re.MULTILINE) == list(TYPES)
    assert f"`{TEST}`" in PAGE


@pytest.mark.parametrize("tag", OFFERED)
def test_each_has_somebody_who_writes_it(tag):
    assert tag.partition(":")[0] in payload.BUILDERS


def test_names_are_those_that_the_specification_advises():
    assert all(re.fullmatch(r"[a-zA-Z0-9_]+(\.[a-zA-Z0-9_]+)+", name) for name in (*TYPES, TEST))


def test_the_times_on_the_page_are_those_of_the_code():
    assert "5 seconds, 5 and 30 minutes, 2, 5, 10, 14, 20 and 24 hours" in " ".join(PAGE.split())
    assert [delay.total_seconds() for delay in sending.DELAYS] == [
        5,
        *(minutes * 60 for minutes in (5, 30)),
        *(hours * 3600 for hours in (2, 5, 10, 14, 20, 24)),
    ]
    assert (sending.DISABLED_AFTER.days, signing.BOTH_FOR.total_seconds(), sending.RUN_SECONDS) == (5, 86_400, 20)

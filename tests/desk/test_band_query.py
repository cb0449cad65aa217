"""What an address asks for is understood, and what makes no sense is as if it had not been said."""

from datetime import UTC, datetime, timedelta

import pytest

from belowline.desk.band_query import LISTED_MOST, PAGE, address_of, in_order, read_band, read_query
from belowline.engine.policy import load_policy
from belowline.moderation.bands import Band, Spread, Waiting

RULE = load_policy().rules["personal_abuse"]  # held from 0.75
MET, UNMET = Spread("personal_abuse", RULE, [0] * 101, 0, met=3), Spread("personal_abuse", RULE, [0] * 101, 0, met=0)
BEGIN = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "spread", "band"),
    [
        ({}, MET, Band(75, 100)),
        ({}, UNMET, Band(0, 100)),
        ({"from": "10", "to": "20"}, MET, Band(10, 20)),
        ({"from": "20", "to": "10"}, MET, Band(10, 20)),
        ({"from": "10"}, MET, Band(10, 100)),
        ({"to": "10"}, MET, Band(0, 10)),
        ({"from": "-5", "to": "1e3"}, MET, Band(75, 100)),
        ({"from": "500", "to": "999"}, MET, Band(100, 100)),
        ({"from": "0", "to": "0"}, MET, Band(0, 0)),
        ({"unchecked": "1", "from": "10"}, MET, Band(0, 100, is_unchecked=True)),
    ],
)
def test_the_band(said, spread, band):
    assert read_band(said, spread) == band


@pytest.mark.parametrize(
    ("said", "order", "listed"),
    [
        ({}, "high", PAGE),
        ({"order": "newest", "listed": "120"}, "newest", 120),
        ({"order": "sideways", "listed": "x"}, "high", PAGE),
        ({"listed": "1"}, "high", PAGE),
        ({"listed": "99999"}, "high", LISTED_MOST),
    ],
)
def test_order_and_length(said, order, listed):
    query = read_query(said, site="gazette", spread=MET)

    assert (query.site, query.rule, query.order, query.listed) == ("gazette", "personal_abuse", order, listed)


def test_the_address_of_what_is_shown_and_of_something_else():
    query = read_query({"from": "10", "to": "20", "section": "sport & games"}, site="gazette", spread=MET)

    assert query.address() == "?site=gazette&section=sport+%26+games&rule=personal_abuse&from=10&to=20&order=high"
    assert query.address(**{"rule": "spam", "from": "", "to": ""}) == (
        "?site=gazette&section=sport+%26+games&rule=spam&order=high"
    )
    assert "unchecked=1" in query._replace(band=Band(0, 100, is_unchecked=True)).address()


def test_a_form_leads_back_to_where_it_was():
    said = {"site": "gazette", "section": "", "rule": "spam", "from": "0", "to": "5", "seen": "1.2", "act": "publish"}

    assert address_of(said, done=7) == "?site=gazette&rule=spam&from=0&to=5&done=7"


def waiting(number, value, minutes):
    values = {} if value is None else {"insult": value}
    return Waiting(number, "", BEGIN + timedelta(minutes=minutes), values)


@pytest.mark.parametrize(
    ("order", "ids"),
    [("high", [3, 1, 4, 2]), ("low", [2, 1, 4, 3]), ("oldest", [1, 4, 2, 3]), ("newest", [3, 2, 4, 1])],
)
def test_orders(order, ids):
    found = [waiting(1, 0.5, 0), waiting(2, 0.1, 8), waiting(3, 0.9, 9), waiting(4, 0.5, 5)]

    assert [one.comment_id for one in in_order(found, "insult", order)] == ids


def test_what_has_no_score_goes_by_its_wait():
    assert [one.comment_id for one in in_order([waiting(1, None, 5), waiting(2, None, 1)], "insult", "high")] == [2, 1]

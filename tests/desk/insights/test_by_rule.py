"""Pictures rule by rule."""

import pytest

from belowline.desk.insights.by_rule import draw_holds, draw_overturned, draw_refused
from belowline.moderation.figures import Refusals
from belowline.moderation.insights.rules import RuleHolds, RuleOverturns, rate_of


def plain(text):
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_refusals_by_machine_and_by_people(looking):
    picture = draw_refused((Refusals("links", 6, 2), Refusals("", 0, 2)), looking())
    links, unnamed = picture.bars

    assert (links.label, links.value) == ("Links", "8")
    assert [(part.tone, part.start, part.size) for part in links.parts] == [("accent", 0, 75), ("wait", 75, 25)]
    assert (unnamed.label, unnamed.parts[0].size) == ("No rule named", 25)
    assert plain(picture.says) == "10 refused. Most often by “Links”: 80 %."
    assert picture.table.rows == [("Links", 6, 2, 8), ("No rule named", 0, 2, 2)]
    assert [words for _, words in picture.legend] == ["By machine", "By people"]


def test_nothing_was_refused(looking):
    picture = draw_refused((), looking())

    assert (picture.says, picture.is_drawn, picture.legend) == ("Nothing was refused in these days.", False, ())


def overturns(rule, upheld, overturned, waiting=0):
    return RuleOverturns(rule, upheld, overturned, waiting, rate_of(overturned, upheld + overturned))


def test_overturned_appeals_have_an_interval(looking):
    picture = draw_overturned([overturns("links", 15, 5, 1), overturns("shouting", 0, 0, 2)], looking())
    (bar,) = picture.bars

    assert (bar.label, plain(bar.value), bar.note) == ("Links", "25 %", "5 of 20")
    assert bar.whisker.low < bar.whisker.at == 25 < bar.whisker.high
    assert plain(bar.whisker.words).startswith("25 %, between 8.7 % and ")
    assert plain(picture.says) == "25 % of 20 settled appeals were overturned."
    assert picture.table.rows[1] == ("Shouting", 0, 0, 2, None, None, None)


@pytest.mark.parametrize(
    ("found", "says"),
    [
        pytest.param([], "No appeal was settled in these days.", id="none"),
        pytest.param([overturns("links", 0, 0, 4)], "No appeal was settled in these days.", id="all wait"),
        pytest.param([overturns("links", 2, 1)], "1 of 3 appeals were overturned: too few to say more.", id="three"),
    ],
)
def test_few_appeals(looking, found, says):
    assert draw_overturned(found, looking()).says == says


def holds(rule, published, refused):
    return RuleHolds(rule, published, refused, rate_of(refused, published + refused))


def test_what_was_held_rightly(looking):
    picture = draw_holds([holds("links", 2, 18), holds("shouting", 3, 1)], looking())

    assert plain(picture.says) == "Of 24 comments that the machine held, people refused 79 %."
    assert [(bar.label, plain(bar.value), bar.note) for bar in picture.bars] == [
        ("Links", "90 %", "18 of 20"),
        ("Shouting", "25 %", "1 of 4"),
    ]


def test_a_rule_that_holds_what_people_publish_is_named(looking):
    picture = draw_holds([holds("links", 2, 18), holds("shouting", 28, 2)], looking())

    assert picture.says.endswith("“Shouting” holds mostly what people publish: look at its threshold.")


@pytest.mark.parametrize("found", [[holds("shouting", 9, 0)], [holds("shouting", 12, 8)]], ids=["too few", "too near"])
def test_no_rule_is_named_without_evidence(looking, found):
    assert "threshold" not in draw_holds(found, looking()).says


def test_nothing_was_held(looking):
    assert draw_holds([], looking()).says.startswith("People have decided about nothing")

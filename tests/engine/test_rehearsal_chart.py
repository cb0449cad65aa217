"""The drawings: well-formed, within their frame, without colour or script, and saying what they show."""

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.engine.rehearsal import BINS, Counter, RuleFigures, RuleSide, Side, Split
from belowline.engine.rehearsal_chart import LABEL, WIDTH, outcomes_chart, scores_chart

counts = st.integers(0, 100_000)
splits = st.builds(Split, good=counts, bad=counts, unseen=counts)
shares = st.integers(0, 100).map(lambda number: number / 100)
sides = st.builds(
    RuleSide, hold=shares, reject=st.one_of(st.none(), shares), background=st.booleans(), met=splits, alone=splits
)
rules = st.builds(
    RuleFigures,
    title=st.text(max_size=20).filter(str.isprintable),
    before=st.one_of(st.none(), sides),
    after=sides,
    scores=st.lists(splits, min_size=BINS, max_size=BINS),
)


@pytest.fixture
def rehearsal(parsed):
    found = Counter(parsed, parsed).result()
    found.comments = 100
    found.before = Side(policy="a", publish=Split(good=80, bad=5, unseen=5), hold=Split(good=4, bad=6))
    found.after = Side(policy="b", publish=Split(good=60, bad=2), hold=Split(good=23, bad=10, unseen=5))
    return found


@pytest.fixture
def parsed():
    from belowline.engine.policy import load_policy

    return load_policy()


def tree(drawn):
    return ET.fromstring(drawn)  # noqa: S314 - our own drawing


def shapes(drawn, name="rect"):
    return [node for node in tree(drawn).iter() if node.tag.rpartition("}")[2] == name]


def texts(drawn):
    return [node.text for node in shapes(drawn, "text")]


def test_each_outcome_has_two_bars_with_their_numbers(rehearsal):
    drawn = outcomes_chart(rehearsal)

    assert texts(drawn) == [
        *("Published", "now", "90", "new", "62"),
        *("Held", "now", "10", "new", "38"),
        *("Rejected", "now", "0", "new", "0"),
    ]


def test_lengths_are_in_proportion(rehearsal):
    bars = [(one.get("class"), float(one.get("width"))) for one in shapes(outcomes_chart(rehearsal))]

    room = bars[0][1] / 80
    assert [name for name, _ in bars[:5]] == ["good", "bad", "unseen", "good", "bad"]
    assert bars[1][1] == pytest.approx(5 * room, abs=0.1)
    assert bars[3][1] == pytest.approx(60 * room, abs=0.1)


def test_a_single_comment_among_many_is_still_seen(rehearsal):
    rehearsal.after.reject = Split(bad=1)
    rehearsal.after.publish = Split(good=1_000_000)

    assert all(float(one.get("width")) >= 1 for one in shapes(outcomes_chart(rehearsal)))


def test_nothing_counted_is_drawn_without_bars(parsed):
    drawn = outcomes_chart(Counter(parsed, parsed).result())

    assert shapes(drawn) == []
    assert "0" in texts(drawn)


def test_the_picture_says_what_it_shows(rehearsal):
    label = tree(outcomes_chart(rehearsal)).get("aria-label")

    assert "Published: now 90, new 62; Held: now 10, new 38" in label


def rule(before=0.6, after=0.4, *, rejects=(None, None), **bins):
    scores = [Split() for _ in range(BINS)]
    for place, split in bins.items():
        scores[int(place[1:])] = split
    sides = [
        RuleSide(hold=hold, reject=reject, background=False)
        for hold, reject in zip((before, after), rejects, strict=True)
    ]
    return RuleFigures(title="Rude & loud", before=sides[0], after=sides[1], scores=scores)


def test_good_stands_above_the_axis_and_bad_below():
    drawn = scores_chart(rule(b3=Split(good=4, bad=1, unseen=5)))
    (axis,) = (
        float(one.get("d").split()[1].split("H")[0]) for one in shapes(drawn, "path") if one.get("class") == "line"
    )

    found = {one.get("class"): one for one in shapes(drawn)}
    assert float(found["good"].get("y")) + float(found["good"].get("height")) == pytest.approx(axis, abs=0.2)
    assert float(found["unseen"].get("y")) < float(found["good"].get("y"))
    assert float(found["bad"].get("y")) == axis
    assert all(3 * WIDTH / BINS <= float(one.get("x")) <= 4 * WIDTH / BINS for one in found.values())


def test_both_thresholds_are_marked_where_they_lie():
    drawn = scores_chart(rule(0.6, 0.4))

    marks = {one.get("class"): float(one.get("d")[1:].split()[0]) for one in shapes(drawn, "path")}
    assert marks["old"] == pytest.approx(0.6 * WIDTH, abs=0.1)
    assert marks["new"] == pytest.approx(0.4 * WIDTH, abs=0.1)
    assert {"now 0.6", "new 0.4"} <= set(texts(drawn))


@pytest.mark.parametrize(
    ("rejects", "words"),
    [
        ((None, 0.9), ["reject new 0.9"]),
        ((0.8, 0.9), ["reject now 0.8", "reject new 0.9"]),
        ((0.8, None), ["reject now 0.8"]),
        ((0.8, 0.8), ["reject new 0.8"]),
        ((None, None), []),
    ],
)
def test_rejecting_is_marked_too(rejects, words):
    drawn = scores_chart(rule(rejects=rejects))

    assert [text for text in texts(drawn) if text.startswith("reject")] == words


def test_a_threshold_that_stays_is_marked_once():
    drawn = scores_chart(rule(0.6, 0.6))

    assert [one.get("class") for one in shapes(drawn, "path")] == ["line", "new"]


def test_labels_of_two_marks_stand_apart():
    drawn = scores_chart(rule(0.6, 0.55))

    anchors = {text.text: text.get("class") for text in shapes(drawn, "text")}
    assert anchors["now 0.6"].startswith("start")
    assert anchors["new 0.55"].startswith("end")


def test_what_people_wrote_is_escaped():
    drawn = scores_chart(rule())

    assert "Rude &amp; loud" in drawn
    assert "Rude & loud" in tree(drawn).get("aria-label")


def test_a_rule_that_is_gone_or_was_not_counted_is_not_drawn():
    side = RuleSide(hold=0.5, reject=None, background=False)

    assert scores_chart(RuleFigures(title="Gone", before=side)) == ""
    assert scores_chart(RuleFigures(title="Same", before=side, after=side)) == ""


@given(rules)
def test_everything_lies_within_the_frame(figures):
    drawn = scores_chart(figures)

    frame = [float(one) for one in tree(drawn).get("viewBox").split()]
    for one in shapes(drawn):
        x, y, width, height = (float(one.get(key)) for key in ("x", "y", "width", "height"))
        assert 0 <= x <= x + width <= frame[2]
        assert 0 <= y <= y + height <= frame[3]
    for text in shapes(drawn, "text"):
        assert 0 <= float(text.get("y")) <= frame[3]


@given(splits, splits, splits)
def test_bars_and_numbers_have_room(one, two, three):
    from belowline.engine.policy import load_policy

    found = Counter(load_policy(), load_policy()).result()
    found.before, found.after = Side(policy="a", publish=one, hold=two), Side(policy="b", publish=three)

    for bar in shapes(outcomes_chart(found)):
        assert float(bar.get("x")) > LABEL
        assert float(bar.get("x")) + float(bar.get("width")) <= WIDTH - 40


def test_pages_with_a_strict_policy_may_show_it(rehearsal):
    drawn = outcomes_chart(rehearsal) + scores_chart(rule())

    assert not re.search(r"style=|<style|<script|fill=|href", drawn)

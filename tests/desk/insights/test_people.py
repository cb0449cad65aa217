"""The picture of agreement, and who sees whose."""

import pytest

from belowline.desk.insights.people import Both, draw_agreement
from belowline.moderation.insights.agreement import Answers

PUBLISH, LINKS, SHOUTING = ("publish", ""), ("refuse", "links"), ("refuse", "shouting")


@pytest.fixture
def answers(moderator, other_moderator):
    """Twelve questions that two moderators answered."""
    people = (moderator.pk, other_moderator.pk)
    pairs = [(PUBLISH, PUBLISH)] * 6 + [(LINKS, LINKS)] * 3 + [(LINKS, SHOUTING)] * 2 + [(LINKS, PUBLISH)]
    return [Answers(first, second, people) for first, second in pairs]


def test_people_and_machine(looking, answers, moderator):
    machine = [Answers(PUBLISH, PUBLISH, (None, moderator.pk))] * 5
    picture = draw_agreement(Both(answers, machine), looking())
    by_label = {bar.label: bar for bar in picture.bars}

    outcome, rule = by_label["Moderators: publish or refuse"], by_label["Moderators: also by which rule"]
    assert outcome.note == "12 answered twice, 92\N{NO-BREAK SPACE}% the same"
    assert outcome.value == "0.83"
    assert float(rule.value) < 0.83
    assert outcome.whisker.low < outcome.whisker.at < outcome.whisker.high
    always = by_label["Moderators and machine: publish or refuse"]
    assert (always.value, always.whisker) == ("–", None)
    assert always.note.endswith("one and the same answer always")
    assert picture.says.replace("\N{NO-BREAK SPACE}", " ").startswith(
        "Of 12 comments that two moderators decided, they agree on 92 %: almost perfect agreement (kappa 0.83, "
    )


def test_moderators_see_themselves(looking, answers):
    labels = [bar.label for bar in draw_agreement(Both(answers, []), looking()).bars]

    assert "You and the others" in labels
    assert not any("Night Desk" in label for label in labels)


def test_administrators_see_everybody(looking, answers, admin):
    labels = [bar.label for bar in draw_agreement(Both(answers, []), looking(viewer=admin)).bars]

    assert {"Gazette Desk and the others", "Night Desk and the others"} <= set(labels)
    assert "You and the others" not in labels


@pytest.mark.parametrize(
    ("pairs", "says"),
    [
        ([], "Nobody has given a second opinion in these days: the page Audit asks for them."),
        (
            [(PUBLISH, PUBLISH)] * 3,
            "Of 3 comments that two moderators decided, both said the same of each, and always the same.",
        ),
    ],
    ids=["none", "one answer"],
)
def test_too_little_to_say(looking, moderator, other_moderator, pairs, says):
    people = (moderator.pk, other_moderator.pk)
    found = [Answers(*pair, people) for pair in pairs]

    assert draw_agreement(Both(found, []), looking()).says == says


def test_the_figures_name_their_kind(looking, answers):
    table = draw_agreement(Both(answers, []), looking()).table

    assert [column.key for column in table.columns] == ["between", "pairs", "agreed_share", "kappa", "low", "high"]
    assert table.rows[0][1:3] == (12, pytest.approx(11 / 12))
    assert table.rows[2][1:] == (0, None, None, None, None)

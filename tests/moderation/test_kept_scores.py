"""The scores that a decision kept, and why some are unchecked."""

from belowline.moderation.kept_scores import causes_of, values_of

KEPT = {
    "insult": {"value": 0.7, "cause": "", "spans": []},
    "spam": {"value": 0.0},
    "off_topic": {"value": None, "cause": "no_story"},
    "threat": {"value": None},
}


def test_values():
    assert values_of(KEPT) == {"insult": 0.7, "spam": 0.0, "off_topic": None, "threat": None}


def test_causes_of_what_is_unchecked():
    assert causes_of(KEPT) == {"off_topic": "no_story", "threat": ""}


def test_as_the_engine_keeps_them(held):
    scores = held.decisions.get().scores

    assert values_of(scores)["banned_word"] == 1.0
    assert set(causes_of(scores)) == {name for name, value in values_of(scores).items() if value is None}
    assert all(causes_of(scores).values())

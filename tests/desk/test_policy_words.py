"""The rules of a policy in words."""

import pytest

from belowline.desk.policy_words import rule_rows, rule_words
from belowline.engine.policy import Rule, load_policy


def rule(**changes):
    words = dict.fromkeys(("title", "for_readers", "for_moderators", "explanation"), "W")
    return Rule(**({"score": "identity_attack", "hold": 0.65, **words} | changes))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "A person decides from 0.65 of “identity attack” on."),
        ({"hold": 0.0}, "A person decides from 0 of “identity attack” on."),
        (
            {"reject": 0.9},
            "A person decides from 0.65 of “identity attack” on; from 0.9 on, the machine rejects.",
        ),
        ({"reject": 0.65}, "The machine rejects from 0.65 of “identity attack” on."),
        ({"background": True, "reject": 0.9}, "Counted from 0.65 of “identity attack” on; decides nothing."),
        (
            {"unchecked": "ignore"},
            "A person decides from 0.65 of “identity attack” on. Ignored where the score could not be computed.",
        ),
    ],
    ids=["holds", "holds all", "both", "rejects", "background", "ignored"],
)
def test_what_a_rule_does(changes, words):
    assert rule_words(rule(**changes)) == words


def test_every_rule_of_the_shipped_policy_has_its_row():
    rows = rule_rows(load_policy())

    assert [row.code for row in rows] == list(load_policy().rules)
    assert all(row.words.startswith("A person decides") for row in rows)
    assert {row.where for row in rows} == {""}


def test_sections_are_named():
    from msgspec.structs import replace

    policy = load_policy()
    changed = replace(policy, rules={"hate": rule(sections=("sport", "news"))})

    assert rule_rows(changed)[0].where == "sport, news"

"""The rules of a policy in words."""

import pytest

from belowline.desk.policy_words import rule_rows, rule_words
from belowline.engine.policy import Rule, load_policy

HELD = "A person decides from 0.65 of “identity attack” on."
LISTED = "Listed for the corrections desk from 0.65 of “identity attack”"


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
        (
            {"ignore_unchecked": ("no_story", "language_unsupported")},
            f"{HELD} Ignored where the score could not be computed for: no story, language unsupported.",
        ),
        (
            {"hold_in": {"sport": 0.9, "": 0.5}},
            "A person decides from 0.65 of “identity attack” on. Elsewhere: in sport from 0.9, in no section from 0.5.",
        ),
        (
            {"desk": "newsroom"},
            "A person decides from 0.65 of “identity attack” on. It goes to the newsroom desk.",
        ),
        (
            {"desk": "corrections", "background": True, "hold_in": {"sport": 0.9}},
            f"{LISTED} on; decides nothing. Elsewhere: in sport from 0.9.",
        ),
    ],
    ids=[
        *("holds", "holds all", "both", "rejects", "background", "ignored"),
        *("causes", "sections", "desk", "listed"),
    ],
)
def test_what_a_rule_does(changes, words):
    assert rule_words(rule(**changes)) == words


def test_every_rule_of_the_shipped_policy_has_its_row():
    rows = rule_rows(load_policy())

    assert [row.code for row in rows] == list(load_policy().rules)
    said = {row.code: row.words for row in rows}
    assert said.pop("correction").startswith("Listed for the corrections desk from 0.7")
    assert said.pop("insubstantial").startswith("Counted from 0.8")
    assert all(words.startswith("A person decides") for words in said.values())
    assert "newsroom desk" in said["about_moderation"]
    assert {row.where for row in rows} == {""}


def test_sections_are_named():
    from msgspec.structs import replace

    policy = load_policy()
    changed = replace(policy, rules={"hate": rule(sections=("sport", "news"))})

    assert rule_rows(changed)[0].where == "sport, news"

"""What differs between two policies, in words."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.engine.policy import Rule, default_policy_text, load_policy, parse_policy
from belowline.engine.policy_changes import MAX_TERMS, PolicyChange, acts, policy_changes
from belowline.engine.statement_terms import StatementTerms

TEXT = """[policy]
name = "Gazette"
sentence = "Be kind."

[settings]
banned_words = ["rat", "toad"]
max_links = 2

[rules.rude]
title = "Rude"
score = "insult"
hold = 0.6
reject = 0.95
for_readers = "No."
for_moderators = "Weigh."
explanation = "“{excerpt}”!"
"""
ADVERT = """
[rules.advert]
title = "Advert"
score = "spam"
hold = 0.5
for_readers = "No."
for_moderators = "Weigh."
explanation = "A."
"""


def changes(*replaced, start=TEXT, add=""):
    after = start
    for old, new in replaced:
        assert old in after
        after = after.replace(old, new)
    return policy_changes(parse_policy(start), parse_policy(after + add))


def rude(what, before, after):
    return PolicyChange("Rude", "rude", what, before, after)


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [
        ("hold = 0.6", "hold = 0.75", rude("held from", "0.6", "0.75")),
        ("reject = 0.95", "reject = 0.9", rude("rejected from", "0.95", "0.9")),
        ("reject = 0.95\n", "", rude("rejected from", "0.95", "never")),
        ('"insult"', '"toxicity"', rude("score", "insult", "toxicity")),
        ("hold = 0.6", 'sections = ["news", "sport"]\nhold = 0.6', rude("sections", "all", "news, sport")),
        ("hold = 0.6", "background = true\nhold = 0.6", rude("works", "acts", "in the background")),
        ("hold = 0.6", 'unchecked = "ignore"\nhold = 0.6', rude("when unchecked", "held", "ignored")),
        ('for_readers = "No."', 'for_readers = "Never."', rude("words for readers", "No.", "Never.")),
        ('"Weigh."', '"Think."', rude("words for moderators", "Weigh.", "Think.")),
        ("“{excerpt}”!", "“{excerpt}”.", rude("sentence for authors", "“{excerpt}”!", "“{excerpt}”.")),
        (
            "hold = 0.6",
            'hold = 0.6\nhold_in = { sport = 0.7, "" = 0.5 }',
            rude("held from in sections", "", "no section 0.5, sport 0.7"),
        ),
        (
            "hold = 0.6",
            'ignore_unchecked = ["no_story", "language_unsupported"]\nhold = 0.6',
            rude("when unchecked", "held", "held, but for no_story, language_unsupported"),
        ),
        ("hold = 0.6", 'desk = "newsroom"\nhold = 0.6', rude("desk", "moderators", "newsroom")),
        (
            "hold = 0.6",
            'statement = { category = "VIOLENCE", illegal = true, legal_ground = "Section 1" }\nhold = 0.6',
            rude("statement of reasons", "OTHER_VIOLATION_TC, OTHER", "VIOLENCE, OTHER, illegal, Section 1"),
        ),
        ("max_links = 2", "max_links = 5", PolicyChange("Settings", "", "max links", "2", "5")),
        ('"rat", "toad"', '"toad", "newt"', PolicyChange("Settings", "", "banned words", "rat", "newt")),
        ('"rat", "toad"', '"rat", "toad", "newt"', PolicyChange("Settings", "", "banned words", "", "newt")),
        ('"rat", "toad"', '"toad", "rat"', PolicyChange("Settings", "", "banned words", "rat, toad", "toad, rat")),
        ("max_links", "nudge = false\nmax_links", PolicyChange("Settings", "", "nudge", "yes", "no")),
        ('"Gazette"', '"Courier"', PolicyChange("The policy", "", "name", "Gazette", "Courier")),
        ("kind.", "brief.", PolicyChange("The policy", "", "sentence under every article", "Be kind.", "Be brief.")),
    ],
    ids=[
        *("hold", "reject", "no reject", "score", "sections", "background", "unchecked", "readers", "moderators"),
        *(
            "authors",
            "hold_in",
            "causes",
            "desk",
            "statement",
            "number",
            "words",
            "one more word",
            "order",
            "switch",
            "name",
            "sentence",
        ),
    ],
)
def test_one_thing_that_differs(old, new, change):
    assert changes((old, new)) == [change]


def test_the_title_is_the_new_one():
    assert changes(('"Rude"', '"Insults"')) == [PolicyChange("Insults", "rude", "title", "Rude", "Insults")]


def test_rules_that_come_and_go():
    assert changes(add=ADVERT) == [PolicyChange("Advert", "advert", "new rule", "", "held from 0.5 of spam")]
    assert changes((ADVERT, ""), start=TEXT + ADVERT) == [
        PolicyChange("Advert", "advert", "rule taken out", "held from 0.5 of spam", "")
    ]


@pytest.mark.parametrize(
    ("old", "new"), [("hold = 0.6", "hold = 0.60"), ("hold = 0.6", "hold = 0.6 # agreed"), ("\n\n", "\n\n\n")]
)
def test_layout_and_remarks_change_nothing(old, new):
    assert changes((old, new)) == []


def test_rules_come_first_then_settings_then_the_whole():
    found = changes(("kind.", "brief."), ("max_links = 2", "max_links = 5"), ("hold = 0.6", "hold = 0.7"), add=ADVERT)

    assert [one.place for one in found] == ["Rude", "Advert", "Settings", "The policy"]


def test_long_lists_are_cut_and_counted():
    words = ", ".join(f'"word{number}"' for number in range(100))

    (found,) = changes(('"rat", "toad"', words))

    assert found.after.startswith("word0, word1")
    assert found.after.endswith(f"and {100 - MAX_TERMS} more")


def test_what_a_rule_does_in_a_few_words():
    rules = parse_policy(TEXT + ADVERT.replace("hold = 0.5", "hold = 0.5\nbackground = true")).rules

    assert acts(rules["rude"]) == "held from 0.6, rejected from 0.95 of insult"
    assert acts(rules["advert"]) == "held from 0.5 of spam, in the background"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (rude("held from", "0.6", "0.75"), "rude: held from 0.6 → 0.75"),
        (PolicyChange("Settings", "", "banned words", "", "newt"), "Settings: banned words (nothing) → newt"),
        (PolicyChange("Settings", "", "banned words", "rat", ""), "Settings: banned words rat → (nothing)"),
    ],
)
def test_in_one_line(change, words):
    assert change.words == words


def test_the_shipped_policy_does_not_differ_from_itself():
    assert policy_changes(load_policy(), load_policy()) == []


@pytest.mark.parametrize("field", [field.name for field in msgspec.structs.fields(Rule)])
def test_no_part_of_a_rule_changes_without_a_word(field):
    """Also one that is added to the policy later."""
    old = load_policy()
    other = {
        "hold": 0.1,
        "hold_in": {"sport": 0.7},
        "reject": 0.9,
        "sections": ("sport",),
        "ignore_unchecked": ("no_story",),
        "background": True,
        "statement": StatementTerms(category="VIOLENCE"),
    }.get(field, "else")
    spam = msgspec.structs.replace(old.rules["spam"], **{field: other})

    assert len(policy_changes(old, msgspec.structs.replace(old, rules=old.rules | {"spam": spam}))) == 1


@given(st.sampled_from(sorted(load_policy().rules)), st.integers(0, 100))
def test_any_new_number_is_said(code, hundredths):
    before = load_policy()
    rule = before.rules[code]
    after = default_policy_text().replace(
        f'[rules.{code}]\ntitle = "{rule.title}"\nscore = "{rule.score}"\nhold = {rule.hold:g}\n',
        f'[rules.{code}]\ntitle = "{rule.title}"\nscore = "{rule.score}"\nhold = {hundredths / 100}\n',
    )

    found = policy_changes(before, parse_policy(after))

    expected = [] if hundredths / 100 == rule.hold else [(code, "held from", f"{hundredths / 100:g}")]
    assert [(one.code, one.what, one.after) for one in found] == expected

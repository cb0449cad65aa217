"""The facts that answers are made of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.engine.policy import Settings
from belowline.moderation.actions.activate_policy import activate_policy
from belowline.moderation.faq.facts import gather, links_allowed, rule_facts


@pytest.mark.parametrize(
    ("max_links", "hold", "allowed"),
    [(2, 0.5, 2), (0, 0.5, 0), (2, 0.0, -1), (2, 1.0, None), (2, 0.7, 6), (2, 0.25, 0), (2, 0.2, 0), (50, 0.5, 50)],
)
def test_links_allowed(max_links, hold, allowed):
    assert links_allowed(max_links, hold) == allowed


@given(st.integers(0, 50), st.floats(0, 0.9999))
def test_links_allowed_is_what_the_signal_lets_through(max_links, hold):
    """The score of engine.signals.links: n / (n + max_links + 1)."""
    allowed = links_allowed(max_links, hold)
    more = allowed + 1
    assert more / (more + max_links + 1) >= hold
    assert allowed < 0 or allowed / (allowed + max_links + 1) < hold


@pytest.mark.parametrize("max_links", [0, 2, 5])
def test_the_engine_agrees(max_links):
    from belowline import Engine, Submission
    from belowline.engine.policy import load_policy

    policy = load_policy()
    rules = {"links": policy.rules["links"]}
    settings = Settings(max_links=max_links)
    policy = type(policy)(name="Links", sentence="x", rules=rules, settings=settings)
    engine = Engine.load(policy)
    allowed = links_allowed(max_links, rules["links"].hold)
    for count, outcome in ((allowed, "publish"), (allowed + 1, "hold")):
        text = "The bridge: " + " and ".join(f"https://example.org/{number}" for number in range(count))
        assert engine.judge(Submission(text=text)).outcome == outcome


def test_only_acting_rules_are_facts(site, policy_text):
    activate_policy(site=site, text=policy_text().replace('score = "links"', 'score = "links"\nbackground = true'))
    facts = gather(site)

    assert list(facts.rules) == ["banned_word", "shouting"]
    assert facts.rules_on("links") == []
    assert [rule.code for rule in facts.rules_on("shouting", "banned_word")] == ["banned_word", "shouting"]
    assert facts.active_since is not None


def test_a_rule_in_the_words_of_readers(site):
    (rule,) = [rule for rule in rule_facts(gather(site).rules.items()) if rule.code == "shouting"]

    assert rule.title == "Shouting"
    assert rule.for_readers == "For readers: Shouting."
    assert (rule.hold, rule.hold_words, rule.reject, rule.reject_words) == ("60\N{NO-BREAK SPACE}%", "", "", "")
    assert rule.is_held_unchecked is False
    assert (rule.places, rule.left_aside, rule.desk, rule.is_listed) == ((), "", "", False)


def test_sections_desks_and_causes(site, policy_text):
    keys = 'hold = 0.6\nreject = 0.7\nhold_in = { sport = 0.8, "" = 0.5 }\ndesk = "newsroom"\n'
    causes = 'ignore_unchecked = ["no_story", "language_unsupported"]'
    activate_policy(site=site, text=policy_text(unchecked="hold").replace("hold = 0.6", keys + causes))
    (rule,) = gather(site).rules_on("shouting")

    assert [tuple(place) for place in rule.places] == [
        ("sport", "80\N{NO-BREAK SPACE}%", "", "80\N{NO-BREAK SPACE}%"),
        ("articles without a section", "50\N{NO-BREAK SPACE}%", "", ""),
    ]
    assert rule.left_aside.startswith("where software does not know the article and where the comment is")
    assert rule.desk == "our newsroom"


def test_causes_say_nothing_where_all_is_left_aside(site, policy_text):
    text = policy_text(unchecked="ignore").replace("hold = 0.6", 'hold = 0.6\nignore_unchecked = ["no_story"]')
    activate_policy(site=site, text=text)
    (rule,) = gather(site).rules_on("shouting")

    assert (rule.is_held_unchecked, rule.left_aside) == (False, "")


def test_what_readers_are_told_of_stands_in_the_policys_order(other_site):
    facts = gather(other_site)

    assert list(facts.lists) == ["correction"]
    assert "correction" not in facts.rules
    assert list(facts.told) == [code for code in facts.policy.rules if code != "insubstantial"]


def test_the_shipped_policy_acts_where_none_was_activated(other_site):
    facts = gather(other_site)

    assert facts.active_since is None
    assert facts.policy.name == "General newspaper"
    assert facts.wait is None

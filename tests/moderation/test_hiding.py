"""The reason for which a comment is hidden: no rule of a policy, and no accusation."""

import pytest
from django.utils.translation import override

from belowline.engine.policy import load_policy
from belowline.moderation.hiding import REPORTED, hides, hiding_reason, is_hidden, is_hiding
from belowline.moderation.models import Decision
from belowline.moderation.premoderation import NO_RULES, told
from belowline.moderation.rule_titles import reason_title


def test_no_policy_has_such_a_rule():
    assert REPORTED not in load_policy().rules
    assert REPORTED in NO_RULES


@pytest.mark.parametrize(
    ("outcome", "reasons", "is_so"),
    [
        ("hold", [hiding_reason()], True),
        ("hold", [{"rule": "links"}, hiding_reason()], False),
        ("hold", [], False),
        ("publish", [], False),
        ("remove", [hiding_reason()], False),
    ],
)
def test_which_decisions_hide(outcome, reasons, is_so):
    assert hides(Decision(outcome=outcome, reasons=reasons)) is is_so


def test_nothing_decided_hides_nothing():
    assert not hides(None)
    assert not is_hiding([])


def test_only_while_it_waits(published):
    hiding = Decision(outcome="hold", reasons=[hiding_reason()])

    assert not is_hidden(published, hiding)
    published.status = "held"
    assert is_hidden(published, hiding)
    assert not is_hidden(published, published.decisions.get())


def test_its_words(site):
    title, words = told(hiding_reason())

    assert title == "Reported by several readers" == reason_title(load_policy(), REPORTED)
    assert "if it breaks no rule, it comes back" in words
    with override("de"):
        assert told(hiding_reason())[0] != title

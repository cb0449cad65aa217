"""The tables of a rehearsal: what their cells say."""

import pytest

from belowline.cli.rehearsal_table import refused, rule_cells
from belowline.engine.rehearsal import RuleFigures, RuleSide, Split


def side(met, alone, named=0):
    return RuleSide(hold=0.5, reject=None, background=False, met=met, alone=alone, named=named)


@pytest.mark.parametrize(
    ("split", "words"),
    [
        (Split(), "-"),
        (Split(good=99, bad=1), "1 = 1 %"),
        (Split(good=1_000_000, bad=1_234), "1,234 = 0.123 %"),
        (Split(good=3), "0 = 0 %"),
        (Split(unseen=5), "no person has looked"),
        (Split(good=3, bad=1, unseen=5), "1 = 25 % of 4 seen"),
    ],
    ids=["none", "few", "many", "good", "unseen", "some seen"],
)
def test_what_moderators_had_refused(split, words):
    assert refused(split) == words


def test_a_rule_in_both_policies():
    rule = RuleFigures(
        title="Rude", before=side(Split(bad=2), Split()), after=side(Split(good=1, bad=3), Split(bad=1), 2)
    )

    assert rule_cells(rule) == ("2", "4", "0", "1", "3 = 75 %", "2")


@pytest.mark.parametrize(
    ("which", "cells"),
    [
        ("after", ("-", "1,500", "-", "0", "0 = 0 %", "7")),
        ("before", ("1,500", "-", "0", "-", "0 = 0 %", "7")),
    ],
    ids=["new", "gone"],
)
def test_a_rule_in_one_policy(which, cells):
    assert rule_cells(RuleFigures(title="Rude", **{which: side(Split(good=1_500), Split(), 7)})) == cells

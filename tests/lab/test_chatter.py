"""Our own chatter: enough of it, each line once, and never under a story where it would be in place."""

import pytest

from belowline.engine.text.words import terms
from belowline.lab.chatter import SUBJECTS

LINES = [line for subject in SUBJECTS for line in subject.lines]


def test_there_are_enough_lines_and_none_twice():
    assert len(LINES) >= 50
    assert len(set(LINES)) == len(LINES)


def test_titles_differ():
    assert len({subject.title for subject in SUBJECTS}) == len(SUBJECTS)


@pytest.mark.parametrize("line", LINES)
def test_a_line_is_long_enough_to_be_judged(line):
    assert len(set(terms(line))) >= 9


@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda one: one.title)
def test_every_subject_has_words_that_make_a_story_near(subject):
    assert subject.is_near(subject.near.split()[0])
    assert not subject.is_near("The minister resigned over the treaty", "")


def test_near_is_by_stem_and_in_any_text():
    phones = SUBJECTS[0]
    assert phones.is_near("", "What our phones know")
    assert not phones.is_near()

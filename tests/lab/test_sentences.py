"""Our own sentences: ordinary ones with the words of abuse, and some abuse for contrast."""

import pytest

from belowline.lab.datasets import LABELS
from belowline.lab.sentences import BENIGN, HOSTILE, SLOTS, own_rows


@pytest.fixture(scope="module")
def rows():
    return own_rows()


def test_same_seed_same_sentences(rows):
    assert [row.text for row in own_rows()] == [row.text for row in rows]
    assert [row.text for row in own_rows(seed=1)] != [row.text for row in rows]


def test_no_blank_is_left_open(rows):
    assert not [row.text for row in rows if "{" in row.text or "}" in row.text]


def test_every_slot_exists():
    from string import Formatter

    templates = [*BENIGN, *(text for texts in HOSTILE.values() for text in texts)]
    names = {name for text in templates for _, name, _, _ in Formatter().parse(text) if name}
    assert names == set(SLOTS)


def test_every_sentence_begins_with_a_capital(rows):
    assert [row.text for row in rows if row.text[0].islower()] == []


def test_ids_are_unique_and_the_source_is_ours(rows):
    assert len({row.id for row in rows}) == len(rows)
    assert {row.source for row in rows} == {"own"}


def test_the_fillings_of_a_template_are_one_group(rows):
    groups = {row.group for row in rows}
    assert groups == {*BENIGN, *(text for texts in HOSTILE.values() for text in texts)}


def test_labels_are_known_and_whole(rows):
    for row in rows:
        assert set(row.labels) <= set(LABELS)
        assert set(row.labels.values()) <= {0.0, 1.0}


@pytest.mark.parametrize("each", [1, 5])
def test_fillings_are_limited(each):
    templates = len(BENIGN) + sum(map(len, HOSTILE.values()))
    assert templates <= len(own_rows(each=each)) <= templates * each


def test_ordinary_sentences_deny_every_label(rows):
    ordinary = [row for row in rows if not any(row.labels.values())]
    assert len(ordinary) > len(rows) / 2
    assert all(set(row.labels) == set(LABELS) for row in ordinary)


@pytest.mark.parametrize("label", ["toxicity", "insult", "threat", "identity_attack", "sexually_explicit", "spam"])
def test_every_label_has_its_contrast(rows, label):
    assert sum(row.labels.get(label, 0.0) for row in rows) >= 10


def test_advertising_is_not_abuse(rows):
    for row in rows:
        if row.labels.get("spam"):
            assert row.labels["toxicity"] == row.labels["threat"] == 0.0


def test_abuse_leaves_the_finer_labels_open(rows):
    insults = [row for row in rows if row.labels.get("insult")]
    assert insults
    assert all("threat" not in row.labels and "severe_toxicity" not in row.labels for row in insults)


@pytest.mark.parametrize("word", ["killed", "bombed", "bodies", "shot", "rape", "gay", "Muslim", "murdered"])
def test_the_words_of_the_news_stand_in_ordinary_sentences(rows, word):
    assert any(word in row.text and not any(row.labels.values()) for row in rows)

"""Subjects: groups that are there are found and named by their own words; the same comments give the same subjects."""

import time
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from belowline.engine.subjects import COMMENTS_FOR_EACH, FEWEST_COMMENTS, MOST_SUBJECTS, count_words, find_subjects
from belowline.engine.text.words import stem

WORDS = {
    "ferries": ("ferry", "harbour", "boat", "island", "captain"),
    "money": ("taxes", "budget", "council", "pounds", "deficit"),
    "schools": ("pupils", "teacher", "lessons", "classroom", "homework"),
    "birds": ("goose", "feathers", "nest", "swan", "eggs"),
}
FILLING = ("really", "people", "today", "again", "town", "always", "question", "idea")


def comments(sizes, noise=0.25, dimensions=48, seed=3):
    """Texts about some of WORDS, with vectors around a direction of each subject; in one mixed order."""
    rng = np.random.default_rng(seed)
    directions = rng.normal(size=(len(WORDS), dimensions))
    rows = [(topic, number) for topic, size in enumerate(sizes) for number in range(size)]
    rng.shuffle(rows)
    texts, vectors, topics = [], [], []
    for topic, _ in rows:
        own = rng.choice(list(WORDS.values())[topic], 3, replace=False)
        texts.append(" ".join([*own, *rng.choice(FILLING, 5)]))
        vector = directions[topic] / np.linalg.norm(directions[topic]) + noise * rng.normal(size=dimensions) / 7
        vectors.append(vector / np.linalg.norm(vector))
        topics.append(topic)
    return texts, np.array(vectors, dtype=np.float32), topics


@pytest.mark.parametrize(
    "sizes", [(20, 20), (40, 25, 15), (30, 30, 30, 30), (200, 100, 50, 12)], ids=lambda sizes: "-".join(map(str, sizes))
)
def test_what_is_there_is_found(sizes):
    texts, vectors, topics = comments(sizes)

    found = find_subjects(vectors, texts)

    assert [len(one.members) for one in found.subjects] == sorted(sizes, reverse=True)
    for subject in found.subjects:
        assert len({topics[place] for place in subject.members}) == 1
    assert found.rest == ()


@pytest.mark.parametrize("sizes", [(20, 20), (30, 30, 30, 30)], ids=["two", "four"])
def test_each_is_named_by_its_own_words(sizes):
    texts, vectors, topics = comments(sizes)

    for subject in find_subjects(vectors, texts).subjects:
        own = list(WORDS.values())[topics[subject.members[0]]]
        assert set(subject.words) <= set(own)
        assert len(subject.words) == 3


def test_words_of_the_headline_name_nothing():
    texts, vectors, topics = comments((30, 30))
    taken = frozenset(stem(word) for word in ("ferry", "harbour", "boat"))

    named = [
        subject for subject in find_subjects(vectors, texts, taken=taken).subjects if topics[subject.members[0]] == 0
    ]

    assert set(named[0].words) <= {"island", "captain"}


def test_words_are_written_as_people_mostly_write_them():
    texts, vectors, _ = comments((20, 20))
    texts = [text.replace("ferry", "Ravel").replace("taxes", "VAT").replace("boat", "said. Boats") for text in texts]

    words = {word for subject in find_subjects(vectors, texts).subjects for word in subject.words}

    assert words & {"Ravel", "VAT"}
    assert not words & {"ravel", "vat", "Boats"}


def test_one_who_repeats_himself_names_nothing():
    texts, vectors, topics = comments((20, 20))
    first = topics.index(0)
    texts[first] += " wombat" * 50

    assert "wombat" not in {word for subject in find_subjects(vectors, texts).subjects for word in subject.words}


def test_the_most_typical_comment_stands_first():
    texts, vectors, _ = comments((30, 30))
    vectors[5] = vectors.mean(axis=0)  # between both

    for subject in find_subjects(vectors, texts).subjects:
        assert subject.members[0] != 5


def test_near_subjects_stand_near_each_other():
    texts, vectors, topics = comments((30, 30, 30))
    side = vectors[topics.index(1)]
    vectors = np.array([v + 0.8 * side if topic == 2 else v for v, topic in zip(vectors, topics, strict=True)])

    place = {topics[one.members[0]]: np.array([one.x, one.y]) for one in find_subjects(vectors, texts).subjects}

    if len(place) == 3:
        assert np.linalg.norm(place[1] - place[2]) < np.linalg.norm(place[0] - place[2])
    else:
        assert len(place) == 2


def test_what_has_no_vector_belongs_to_the_rest():
    texts, vectors, _ = comments((20, 20))
    vectors[[0, 7]] = 0

    assert set(find_subjects(vectors, texts).rest) == {0, 7}


def test_a_group_that_is_too_small_belongs_to_the_rest():
    texts, vectors, topics = comments((40, 40, FEWEST_COMMENTS - 1), noise=0.05)

    found = find_subjects(vectors, texts)

    few = {place for place, topic in enumerate(topics) if topic == 2}
    assert found.rest == () or set(found.rest) == few
    assert all(len(one.members) >= FEWEST_COMMENTS for one in found.subjects)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_too_few_comments_have_no_subject(count):
    found = find_subjects(np.ones((count, 8)), ["ferry"] * count)

    assert (found.subjects, found.rest) == ((), tuple(range(count)))


def test_comments_on_one_thing_are_one_subject():
    texts, vectors, _ = comments((3,))

    (subject,) = find_subjects(vectors, texts).subjects
    assert len(subject.members) == 3


def test_the_same_vector_for_all():
    (subject,) = find_subjects(np.ones((50, 8)), ["the ferry again"] * 50).subjects

    assert len(subject.members) == 50
    assert set(subject.words) <= {"ferry", "again"}


def test_vectors_without_dimensions():
    assert find_subjects(np.zeros((4, 0)), ["a"] * 4).rest == (0, 1, 2, 3)


@pytest.mark.parametrize("count", [1, 3])
def test_one_vector_for_each_text(count):
    with pytest.raises(ValueError, match="give one for each"):
        find_subjects(np.ones((count, 4)), ["one", "two"])


matrices = st.integers(0, 60).flatmap(
    lambda rows: arrays(np.float32, (rows, 6), elements=st.floats(-1, 1, width=32).map(lambda x: round(x, 3)))
)


@settings(max_examples=60)
@given(matrices, st.lists(st.text(max_size=40), min_size=1, max_size=8))
def test_any_vectors_and_texts_are_parted_without_loss(vectors, words):
    texts = [words[place % len(words)] for place in range(len(vectors))]

    found = find_subjects(vectors, texts)

    places = [place for one in found.subjects for place in one.members] + list(found.rest)
    assert sorted(places) == list(range(len(texts)))
    assert len(found.subjects) <= max(1, min(MOST_SUBJECTS, len(texts) // COMMENTS_FOR_EACH))
    sizes = [len(one.members) for one in found.subjects]
    assert sizes == sorted(sizes, reverse=True)
    for one in found.subjects:
        assert len(one.members) >= FEWEST_COMMENTS
        assert -1 <= one.x <= 1
        assert -1 <= one.y <= 1
        assert len(one.words) <= 3
    assert find_subjects(vectors, texts) == found


def test_words_that_are_counted():
    text = "“Ferry” or FERRY: Ferry of 2,000 people in 2022. The Ferry! (Ferry)\n> Ferry"

    assert count_words(text) == Counter({"ferry": 4, "FERRY": 1, "Ferry": 1, "people": 1})


def test_two_thousand_comments_take_no_second():
    texts, vectors, _ = comments((800, 600, 400, 200), dimensions=128)
    find_subjects(vectors[:100], texts[:100])
    best = float("inf")
    for _ in range(3):
        begun = time.process_time()
        find_subjects(vectors, texts)
        best = min(best, time.process_time() - begun)

    assert best < 1.0

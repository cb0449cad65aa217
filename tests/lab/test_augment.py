"""Changes that keep the labels: they repeat, they raise nothing, and they leave alone what carries the meaning."""

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.lab.augment import (
    ALIKE,
    LEET,
    PADDING,
    PLURALS,
    SINGULARS,
    disguise,
    names_a_group,
    pad,
    swap_groups,
    unpunctuated,
)

TEXT = "Those miserable muslims called a Jewish councillor an idiot, 🐷!"
CHANGES = {
    "swap_groups": swap_groups,
    "disguise": lambda text, draw: disguise(text, {"idiot": 1.0}, draw),
    "pad": lambda text, draw: pad(text, ["Good morning."], draw),
    "unpunctuated": lambda text, _: unpunctuated(text),
}
SOME = range(200)


@pytest.fixture
def draw():
    return random.Random(0)


class TestEveryChange:
    @pytest.mark.parametrize("name", CHANGES)
    @given(text=st.text(max_size=80), seed=st.integers(0, 50))
    def test_no_text_is_refused_and_the_same_seed_gives_the_same(self, name, text, seed):
        change = CHANGES[name]
        assert change(text, random.Random(seed)) == change(text, random.Random(seed))

    @pytest.mark.parametrize("name", ["swap_groups", "disguise", "pad"])
    def test_another_seed_gives_another_text(self, name):
        assert len({CHANGES[name](TEXT, random.Random(seed)) for seed in SOME}) > 5

    @pytest.mark.parametrize("name", CHANGES)
    def test_pictograms_stay(self, name):
        assert all("🐷" in CHANGES[name](TEXT, random.Random(seed)) for seed in SOME)


class TestGroups:
    def test_the_rest_of_the_sentence_stays(self, draw):
        found = re.fullmatch(r"Those miserable (\w+) called a (\w+) councillor an idiot, 🐷!", swap_groups(TEXT, draw))
        assert found[1] in PLURALS
        assert found[2].lower() in SINGULARS
        assert found[2][0].isupper()

    def test_the_same_group_becomes_the_same_other_one(self, draw):
        one, two, three = swap_groups("Muslims and muslims, MUSLIMS", draw).replace(",", "").replace("and ", "").split()
        assert one.lower() == two == three.lower()

    @pytest.mark.parametrize("text", ["the womenfolk", "menace", "blackbird", "a calm letter", ""])
    def test_only_whole_words_are_names(self, text, draw):
        assert not names_a_group(text)
        assert swap_groups(text, draw) == text

    @pytest.mark.parametrize("word", [*PLURALS, *SINGULARS])
    def test_every_name_is_found_and_stays_of_its_kind(self, word, draw):
        assert names_a_group(f"so {word.upper()}!")
        assert swap_groups(word, draw) in (PLURALS if word in PLURALS else SINGULARS)

    def test_the_two_kinds_do_not_overlap(self):
        assert not set(PLURALS) & set(SINGULARS)

    @given(st.text(max_size=60))
    def test_without_a_name_nothing_changes(self, text):
        assert names_a_group(text) or swap_groups(text, random.Random(0)) == text


class TestDisguises:
    def words_changed(self, text, words, seed):
        after = disguise(text, words, random.Random(seed))
        return [word for word in text.split() if word not in after.split()]

    def test_at_most_two_words_change_or_three_are_run_together(self):
        text = "alpha beta gamma delta epsilon"
        for seed in SOME:
            is_joined = disguise(text, {}, random.Random(seed)).replace(" ", "") == text.replace(" ", "")
            assert len(self.words_changed(text, {}, seed)) <= 2 + is_joined

    def test_strong_words_are_run_into_their_neighbours(self):
        text = "alpha beta idiot delta epsilon"
        found = {disguise(text, {"idiot": 5.0}, random.Random(seed)) for seed in SOME}
        assert "alpha betaidiotdelta epsilon" in found

    def test_strong_words_come_first(self):
        text = "alpha beta Idiot delta"
        changed = [self.words_changed(text, {"idiot": 5.0}, seed) for seed in SOME]
        assert all("Idiot" in words for words in changed if words)

    def test_a_word_stays_legible(self):
        for seed in SOME:
            after = disguise("idiot", {}, random.Random(seed))
            back = {sign: letter for letter, signs in LEET.items() for sign in signs}
            back |= {other: letter for letter, others in ALIKE.items() for other in others}
            # "1" and "!" may stand for i alone, and each stretched letter is a repeated one.
            letters = "".join(back.get(sign, sign) for sign in after if sign not in " .-_*#")
            assert set(letters) <= set("idiot")
            assert len(set("idiot") - set(letters)) <= 1
            assert letters[0] == "i" or letters.startswith("di")

    @pytest.mark.parametrize("text", ["", "of it", "123 456", "Donaudampfschifffahrt"])
    def test_short_and_long_words_stay(self, text, draw):
        assert disguise(text, {}, draw) == text

    def test_the_forms_are_many(self):
        assert len({disguise("idiot", {}, random.Random(seed)) for seed in SOME}) > 20


class TestPadding:
    @pytest.mark.parametrize("others", [[], ["Good morning.", "A fine bridge."]], ids=["alone", "others"])
    def test_the_text_stays_at_an_end(self, others):
        for seed in SOME:
            after = pad("You idiot", others, random.Random(seed))
            assert after.startswith("You idiot ") or after.endswith(" You idiot")

    def test_others_are_used_beside_friendly_words(self):
        found = {pad("x", ["Good morning."], random.Random(seed)) for seed in SOME}
        assert {"x Good morning.", "Good morning. x"} < found

    def test_the_padding_is_friendly(self):
        assert not [words for words in PADDING if names_a_group(words)]


class TestPunctuation:
    @pytest.mark.parametrize(
        ("text", "after"),
        [
            ("Well, you're a “fool”!", "Well youre a fool"),
            ("what_a f*cking day...", "what_a fcking day"),
            ("pigs = 🐷🐷, ☠ 🏿", "pigs  🐷🐷 ☠ 🏿"),
            ("$5 – 3€", "5  3"),
            ("日本。", "日本"),
        ],
    )
    def test_table(self, text, after):
        assert unpunctuated(text) == after

    @given(st.text(max_size=60))
    def test_letters_and_digits_stay(self, text):
        assert [sign for sign in unpunctuated(text) if sign.isalnum()] == [sign for sign in text if sign.isalnum()]

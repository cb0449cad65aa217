"""The disguises do what their names say."""

import json
import unicodedata
from pathlib import Path

import pytest
from abuse.obfuscation import NAMES, SOFT_HYPHEN, ZERO_WIDTH, disguises

HERE = Path(__file__).parent
TEXT = "You are a worthless clown and your reply is rubbish."
WORDS = ["worthless", "clown", "rubbish"]
PLAIN = [json.loads(line) for line in (HERE / "plain.jsonl").read_text("utf-8").splitlines()]


def without(text, characters):
    return "".join(character for character in text if character not in characters)


def test_gives_each_disguise_by_name():
    assert tuple(disguises(TEXT, WORDS, 1)) == NAMES
    assert set(NAMES) == {
        "leet",
        "spaced",
        "dotted",
        "look_alike",
        "zero_width",
        "repeated_letters",
        "joined_words",
        "love_padding",
        "upper_case",
        "full_width",
        "diacritics",
        "soft_hyphen",
    }


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("seed", range(5))
def test_each_disguise_changes_the_text(name, seed):
    assert disguises(TEXT, WORDS, seed)[name] != TEXT


@pytest.mark.parametrize("name", NAMES)
def test_each_disguise_changes_every_plain_sentence(name):
    same = [row["id"] for row in PLAIN if disguises(row["text"], row["words"], 7)[name] == row["text"]]
    assert same == []


def test_words_are_gone_from_the_text_as_they_were():
    changed = disguises(TEXT, WORDS, 3)
    for name in set(NAMES) - {"joined_words", "love_padding", "upper_case"}:
        assert not [word for word in WORDS if word in changed[name]], name


@pytest.mark.parametrize("name", sorted(set(NAMES) - {"joined_words", "love_padding", "upper_case"}))
def test_other_words_stay(name):
    changed = disguises(TEXT, WORDS, 3)[name]
    assert changed.startswith("You are a ")
    assert " and your reply is " in changed


@pytest.mark.parametrize("seed", range(5))
def test_zero_width_stripped_gives_the_text_back(seed):
    assert without(disguises(TEXT, WORDS, seed)["zero_width"], ZERO_WIDTH) == TEXT


def test_soft_hyphen_stripped_gives_the_text_back():
    assert without(disguises(TEXT, WORDS, 1)["soft_hyphen"], SOFT_HYPHEN) == TEXT


def test_full_width_normalised_gives_the_text_back():
    assert unicodedata.normalize("NFKC", disguises(TEXT, WORDS, 1)["full_width"]) == TEXT


def test_diacritics_stripped_give_the_text_back():
    apart = unicodedata.normalize("NFD", disguises(TEXT, WORDS, 1)["diacritics"])
    assert "".join(character for character in apart if not unicodedata.combining(character)) == TEXT


def test_spaced_and_dotted_words():
    changed = disguises("What a clown.", ["clown"], 1)
    assert changed["spaced"] == "What a c l o w n."
    assert changed["dotted"] in {f"What a {dot.join('clown')}." for dot in ".*-_"}


def test_look_alikes_are_of_no_latin_alphabet():
    changed = disguises("clown", ["clown"], 1)["look_alike"]
    assert len(changed) == len("clown")
    assert not changed.isascii()
    assert not [letter for letter in changed if letter in "clown"]


def test_joined_words_lose_their_spaces():
    assert disguises("What a clown you are.", ["clown"], 1)["joined_words"] == "What AClownYou are."


def test_upper_case_and_love_padding_act_on_the_whole_text():
    changed = disguises(TEXT, WORDS, 1)
    assert changed["upper_case"] == TEXT.upper()
    assert TEXT in changed["love_padding"]
    assert "love" in changed["love_padding"] or "hugs" in changed["love_padding"]


def test_finds_words_in_any_case_and_only_whole():
    changed = disguises("Clown cars and clowns; CLOWN.", ["clown"], 1)["spaced"]
    assert changed == "C l o w n cars and clowns; C L O W N."


def test_same_seed_gives_the_same_result_and_another_does_not():
    assert disguises(TEXT, WORDS, 11) == disguises(TEXT, WORDS, 11)
    assert disguises(TEXT, WORDS, 11) != disguises(TEXT, WORDS, 12)


@pytest.mark.parametrize("words", [[], ["idiot"], ["clown", "idiot"], ["low"], ["a"], [""]])
def test_words_that_do_not_occur_raise(words):
    with pytest.raises(ValueError, match=r"disguise|occur"):
        disguises(TEXT, words, 1)

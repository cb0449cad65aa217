"""The tokenizer of the encoder: pictograms become tokens of their own, and words stay as they were."""

import unicodedata

import numpy as np
import pytest
from tiny_encoder import WORDS, tiny_tokenizer

from belowline.lab.vocabulary import BLOCKS, extend, load_tokenizer, pictograms


@pytest.fixture
def words():
    return np.random.default_rng(0).normal(size=(len(WORDS), 4)).astype(np.float32)


@pytest.fixture
def tokenizer():
    return tiny_tokenizer()


class TestPictograms:
    def test_common_ones_are_there(self):
        assert set("🐷🐵💩🖕🏿🏻☪✡❤☠⚰🔪") <= set(pictograms())

    def test_each_is_one_named_sign_of_the_blocks(self):
        found = pictograms()
        assert len(found) == len(set(found)) > 1_000
        assert all(unicodedata.name(sign) for sign in found)
        assert all(any(start <= ord(sign) < end for start, end in BLOCKS) for sign in found)

    def test_no_letter_digit_or_punctuation(self):
        assert {unicodedata.category(sign)[0] for sign in pictograms()} == {"S"}


class TestExtending:
    def test_every_pictogram_is_known_afterwards(self, tokenizer, words):
        extend(tokenizer, words)
        unknown = tokenizer.token_to_id("[UNK]")
        for sign in pictograms():
            (number,) = tokenizer.encode(sign, add_special_tokens=False).ids
            assert number != unknown, sign

    def test_new_numbers_follow_the_old_ones_and_each_has_a_vector(self, tokenizer, words):
        added = extend(tokenizer, words)
        assert added.shape == (tokenizer.get_vocab_size() - len(WORDS), words.shape[1])
        assert added.dtype == np.float32
        missing = [sign for sign in pictograms() if sign not in WORDS]
        assert [tokenizer.token_to_id(sign) for sign in missing] == [len(WORDS) + at for at in range(len(missing))]

    def test_what_was_known_keeps_its_number(self, tokenizer, words):
        extend(tokenizer, words)
        assert [tokenizer.token_to_id(word) for word in WORDS] == list(range(len(WORDS)))
        assert tokenizer.encode("the unhappy bridge 🐷").ids == [6, 10, 11, 7, 13]

    def test_a_vector_is_the_mean_of_the_words_of_the_name(self, tokenizer, words):
        added = extend(tokenizer, words)
        vector = added[tokenizer.token_to_id("🌉") - len(WORDS)]  # BRIDGE AT NIGHT
        np.testing.assert_allclose(
            vector, (words[WORDS.index("bridge")] + 2 * words[WORDS.index("[UNK]")]) / 3, rtol=1e-5
        )

    def test_pictograms_are_told_apart_in_a_row_and_inside_words(self, tokenizer, words):
        extend(tokenizer, words)
        coded = tokenizer.encode("you💩💩idiot 🏿")
        assert coded.tokens == ["you", "💩", "💩", "idiot", "🏿"]
        assert coded.offsets == [(0, 3), (3, 4), (4, 5), (5, 10), (11, 12)]

    def test_a_second_time_adds_nothing(self, tokenizer, words):
        first = extend(tokenizer, words)
        again = extend(tokenizer, np.concatenate((words, first)))
        assert again.shape == (0, words.shape[1])


class TestLoading:
    def test_padding_and_truncation_are_off(self, tokenizer, tmp_path):
        tokenizer.enable_padding(length=9)
        tokenizer.enable_truncation(2)
        tokenizer.save(str(tmp_path / "tokenizer.json"))
        assert load_tokenizer(tmp_path).encode("the idiot is you").tokens == ["the", "idiot", "is", "you"]

    def test_a_missing_one_is_asked_for(self, tmp_path):
        with pytest.raises(FileNotFoundError, match="give the folder of all-MiniLM-L6-v2"):
            load_tokenizer(tmp_path)

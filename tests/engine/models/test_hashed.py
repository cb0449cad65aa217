"""Hashing is exact, fast to redo, and the same everywhere; the model adds what the table says."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.engine.errors import ModelError
from belowline.engine.models.bundle import load_bundle, write_bundle
from belowline.engine.models.hashed import (
    LONGEST,
    PASSAGE_WORDS,
    SHORTEST,
    UNDIVIDED_WORDS,
    HashedModel,
    Hasher,
    fold,
    passages,
    sigmoid,
    split_words,
)

SMALL = Hasher(12, 10)
TEXTS = st.text(alphabet=st.sampled_from("abcdé ß*'!.\n🐷1字"), max_size=60)
WORDS = st.lists(st.text(alphabet="abc", min_size=1, max_size=6), max_size=70)


def words_of(text):
    starts, ends = split_words(np.array([ord(letter) for letter in text], dtype=np.int64))
    return [text[start:end] for start, end in zip(starts, ends, strict=True)]


def grams_of(text):
    """Return the n-grams the slow way."""
    return [
        f" {word} "[start : start + length]
        for length in range(SHORTEST, LONGEST + 1)
        for word in words_of(text)
        for start in range(len(word) + 2 - length + 1)
    ]


def model(labels=("one", "two"), hasher=SMALL, power=0.5, blend=0.5, seed=0):
    draw = np.random.default_rng(seed)
    return HashedModel(
        labels=labels,
        hasher=hasher,
        table=draw.integers(-50, 50, (hasher.size, len(labels))).astype(np.int16),
        scale=np.full(len(labels), 0.1),
        bias=np.linspace(-1, 1, len(labels)),
        power=power,
        blend=blend,
    )


class TestWords:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("", []),
            ("  ...  ", []),
            ("one two", ["one", "two"]),
            ("one,two.three", ["one", "two", "three"]),
            ("don't", ["don't"]),
            ("'quoted'", ["quoted"]),
            ("dogs' tails", ["dogs", "tails"]),
            ("f**k off", ["f**k", "off"]),
            ("a$$ @home #tag", ["a$$", "@home", "#tag"]),
            ("sh!t! stop!", ["sh!t", "stop"]),
            ("you🐷pig", ["you", "🐷", "pig"]),
            ("🐷🐷", ["🐷", "🐷"]),
            ("👍🏿", ["👍"]),
            ("naïve café", ["naïve", "café"]),
            ("well-known", ["well", "known"]),
            ("https://www.city.example/a?b=1", ["https", "www", "city", "example", "a", "b", "1"]),
            ("“quoted” — dash…", ["quoted", "dash"]),
            ("字字 字", ["字字", "字"]),
            ("line\nbreak\ttab", ["line", "break", "tab"]),
            ("\U000e0041tag", ["\U000e0041tag"]),
        ],
    )
    def test_split(self, text, expected):
        assert words_of(text) == expected

    @given(st.text(max_size=80))
    def test_words_are_in_order_and_do_not_overlap(self, text):
        starts, ends = split_words(np.array([ord(letter) for letter in text], dtype=np.int64))
        assert (starts < ends).all()
        assert (ends[:-1] <= starts[1:]).all()
        assert all(0 <= place <= len(text) for place in (*starts, *ends))


class TestFold:
    @pytest.mark.parametrize(
        ("text", "folded", "origin"),
        [
            ("", "", None),
            ("ABC", "abc", None),
            ("Straße", "strasse", [0, 1, 2, 3, 4, 4, 5]),
            ("ﬁne", "fine", [0, 0, 1, 2]),
        ],
    )
    def test_table(self, text, folded, origin):
        found, places = fold(text)
        assert found == folded
        assert (None if places is None else places.tolist()) == origin

    @given(st.text(max_size=40))
    def test_every_letter_knows_its_place(self, text):
        folded, origin = fold(text)
        assert folded == text.casefold()
        if origin is None:
            assert len(folded) == len(text)
        else:
            assert "".join(text[place].casefold()[0] for place in dict.fromkeys(origin.tolist())) != ""
            assert len(origin) == len(folded)
            assert (np.diff(origin) >= 0).all()


class TestFeatures:
    @given(TEXTS)
    def test_counts_are_those_of_the_slow_way(self, text):
        found = SMALL.features(text)
        words = words_of(text)
        assert found.characters == len(grams_of(text))
        assert found.words == len(words)
        assert len(found.row) == found.characters + found.words + max(len(words) - 1, 0)
        assert len(found.first) == len(found.row)

    @given(TEXTS)
    def test_rows_lie_in_their_blocks(self, text):
        found = SMALL.features(text)
        characters, words = (found.row[block] for block in found.blocks())
        assert ((characters >= 0) & (characters < 1 << 12)).all()
        assert ((words >= 1 << 12) & (words < SMALL.size)).all()

    @given(TEXTS)
    def test_equal_grams_share_rows_and_others_hardly_ever(self, text):
        found = Hasher(30, 30).features(text)
        rows_of = {}
        for gram, row in zip(grams_of(text), found.row.tolist(), strict=False):
            rows_of.setdefault(gram, set()).add(row)
        assert all(len(rows) == 1 for rows in rows_of.values())
        assert len(set.union(set(), *rows_of.values())) == len(rows_of)

    def test_words_and_pairs_are_told_apart(self):
        hasher = Hasher(30, 30)
        one, two = hasher.features("ab cd"), hasher.features("cd ab")
        assert set(one.row[one.characters :][:2].tolist()) == set(two.row[two.characters :][:2].tolist())
        assert one.row[-1] != two.row[-1]

    @pytest.mark.parametrize(
        ("one", "other"), [("ab", "ba"), ("a", "aa"), ("abc", "acb"), ("1", "2"), ("a b", "ab"), ("你", "好")]
    )
    def test_different_words_have_different_rows(self, one, other):
        hasher = Hasher(30, 30)
        rows = [hasher.features(text).row.tolist() for text in (one, other)]
        assert rows[0] != rows[1]

    def test_the_owner_of_each_gram_is_its_word(self):
        text = "abc de f"
        found = SMALL.features(text)
        owners = [words_of(text).index(gram.strip()) for gram in ("abc", "de", "f")]
        assert owners == [0, 1, 2]
        per_word = [int((found.first[: found.characters] == word).sum()) for word in range(3)]
        assert per_word == [len(grams_of(word)) for word in ("abc", "de", "f")]

    def test_same_rows_everywhere(self):
        # Computed once; a change here changes every score and needs a new model version.
        rows = Hasher(18, 18).features("one fine day").row
        assert rows[:4].tolist() == GOLDEN_HEAD
        assert rows[-5:].tolist() == GOLDEN_TAIL

    @given(WORDS, WORDS)
    def test_features_of_a_text_are_those_of_its_parts_and_the_pair_between(self, left, right):
        both = SMALL.features(" ".join([*left, *right]))
        parts = [SMALL.features(" ".join(words)) for words in (left, right)]
        joined = sorted(row for part in parts for row in part.row.tolist())
        extra = 1 if left and right else 0
        assert len(both.row) == len(joined) + extra
        assert set(joined) <= set(both.row.tolist())

    def test_lone_surrogates_do_no_harm(self):
        assert SMALL.features("a\ud800b").words == 1

    def test_a_very_long_word_is_read(self):
        assert SMALL.features("a" * 20_000).words == 1


GOLDEN_HEAD = [23654, 71230, 33981, 247278]
GOLDEN_TAIL = [492962, 280406, 415120, 498367, 469113]


class TestPassages:
    @pytest.mark.parametrize("words", [0, 1, UNDIVIDED_WORDS])
    def test_short_texts_have_none(self, words):
        starts, ends = passages(words)
        assert len(starts) == len(ends) == 0

    @given(st.integers(UNDIVIDED_WORDS + 1, 5_000))
    def test_long_texts_are_covered(self, words):
        starts, ends = passages(words)
        covered = np.zeros(words, dtype=bool)
        for start, end in zip(starts, ends, strict=True):
            assert 0 < end - start <= PASSAGE_WORDS
            covered[start:end] = True
        assert covered.all()


class TestScoring:
    def test_eight_bits_hold_square_roots_with_a_sign(self):
        whole = model()
        roots = np.random.default_rng(1).integers(-127, 127, whole.table.shape).astype(np.int8)
        squares = np.sign(roots).astype(np.int16) * roots.astype(np.int16) ** 2
        found = SMALL.features("the bridge " * 20 + "is shut")
        one, other = whole._replace(table=roots), whole._replace(table=squares)
        np.testing.assert_array_equal(one.log_odds(found), other.log_odds(found))
        np.testing.assert_array_equal(one.word_log_odds(found), other.word_log_odds(found))

    def test_a_text_without_words_has_the_bias(self):
        tiny = model()
        np.testing.assert_allclose(tiny.log_odds(SMALL.features("...")), tiny.bias)

    @pytest.mark.parametrize("power", [0.0, 0.4, 1.0])
    def test_it_is_the_levelled_sum_of_the_different_rows(self, power):
        tiny = model(power=power)
        found = SMALL.features("what a day, what a day")
        expected = tiny.bias.copy()
        for block in found.blocks():
            rows = sorted(set(found.row[block].tolist()))
            expected += sum(tiny.table[row].astype(float) for row in rows) * tiny.scale / len(rows) ** power
        np.testing.assert_allclose(tiny.log_odds(found), expected)

    @given(WORDS)
    def test_probabilities_lie_in_the_unit_interval(self, words):
        values = model().probabilities(SMALL.features(" ".join(words)))
        assert ((values >= 0) & (values <= 1)).all()

    @given(WORDS)
    def test_one_label_alone_scores_as_among_others(self, words):
        tiny = model()
        alone = tiny._replace(labels=("two",), table=tiny.table[:, 1:].copy(), scale=tiny.scale[1:], bias=tiny.bias[1:])
        found = SMALL.features(" ".join(words))
        np.testing.assert_allclose(alone.log_odds(found)[0], tiny.log_odds(found)[1])

    @given(st.lists(st.text(alphabet="abc", min_size=1, max_size=6), max_size=UNDIVIDED_WORDS))
    def test_words_add_up_to_the_log_odds(self, words):
        tiny = model()
        found = SMALL.features(" ".join(words))
        shares = tiny.word_log_odds(found)
        assert shares.shape == (len(found.starts), 2)
        np.testing.assert_allclose(shares.sum(axis=0) + tiny.bias, tiny.log_odds(found), atol=1e-9)

    def test_an_insult_in_a_long_letter_is_not_lost(self):
        tiny = model()
        tiny.table[:] = 0
        insult = SMALL.features("idiot")
        tiny.table[insult.row] = 30
        tiny.table[SMALL.features("lovely").row] = -5
        letter = " ".join(["lovely"] * 100)
        alone = tiny.log_odds(insult)
        within = tiny.log_odds(SMALL.features(f"{letter} idiot {letter}"))
        calm = tiny.log_odds(SMALL.features(letter))
        assert (calm < within).all()
        assert (within < alone).all()
        assert (within > tiny.bias).all()

    @given(st.lists(st.sampled_from("abcdefgh"), min_size=UNDIVIDED_WORDS + 1, max_size=80), st.floats(0, 1))
    def test_a_long_text_lies_between_its_whole_and_its_strongest_passage(self, words, blend):
        found = SMALL.features(" ".join(words))
        whole, strongest = (model(blend=share).log_odds(found) for share in (0.0, 1.0))
        np.testing.assert_allclose(
            model(blend=blend).log_odds(found), (1 - blend) * whole + blend * strongest, atol=1e-9
        )

    def test_the_strongest_passage_is_the_strongest_window_of_words(self):
        words = [f"w{number % 13}" for number in range(60)]
        tiny = model(blend=1.0, power=0.0)
        tiny.table[: 1 << 12] = 0
        tiny.table[SMALL.features(" ".join(words)).row[-59:]] = 0
        starts, ends = passages(60)
        rows = SMALL.features(" ".join(words))
        singles = rows.row[rows.characters : rows.characters + rows.words]
        sums = [tiny.table[singles[start:end]].sum(axis=0) for start, end in zip(starts, ends, strict=True)]
        expected = np.max(sums, axis=0) * tiny.scale + tiny.bias
        np.testing.assert_allclose(tiny.log_odds(rows), expected)

    @pytest.mark.parametrize(("log_odds", "expected"), [(0.0, 0.5), (-1e9, 0.0), (1e9, 1.0), (np.log(3), 0.75)])
    def test_sigmoid(self, log_odds, expected):
        assert sigmoid(np.array([log_odds]))[0] == pytest.approx(expected, abs=1e-12)


class TestBundles:
    def save(self, tiny, folder, **changes):
        tensors = {"table": tiny.table, "scale": tiny.scale, "bias": tiny.bias}
        values = {"labels": tiny.labels, "parameters": tiny.parameters(), "tensors": tensors} | changes
        write_bundle(folder, name="tiny", version="1", **values)
        return load_bundle(folder)

    def test_a_model_survives(self, tmp_path):
        tiny = model()
        again = HashedModel.from_bundle(self.save(tiny, tmp_path))
        found = SMALL.features("a fine day for a walk")
        np.testing.assert_array_equal(again.log_odds(found), tiny.log_odds(found))

    @pytest.mark.parametrize("name", ["power", "blend", "character_bits", "word_bits"])
    def test_a_missing_parameter_is_named(self, tmp_path, name):
        tiny = model()
        parameters = tiny.parameters()
        del parameters[name]
        with pytest.raises(ModelError, match=f"the model `tiny` lacks '{name}'"):
            HashedModel.from_bundle(self.save(tiny, tmp_path, parameters=parameters))

    @pytest.mark.parametrize("name", ["table", "scale", "bias"])
    def test_a_missing_array_is_named(self, tmp_path, name):
        tiny = model()
        tensors = {"table": tiny.table, "scale": tiny.scale, "bias": tiny.bias}
        del tensors[name]
        with pytest.raises(ModelError, match=name):
            HashedModel.from_bundle(self.save(tiny, tmp_path, tensors=tensors))

    @pytest.mark.parametrize(
        "changes",
        [
            {"table": np.zeros((4, 2), dtype=np.int16)},
            {"table": np.zeros((SMALL.size, 3), dtype=np.int16)},
            {"table": np.zeros((SMALL.size, 2), dtype=np.float32)},
            {"scale": np.zeros(3)},
            {"bias": np.zeros(1)},
        ],
        ids=["rows", "labels", "kind", "scale", "bias"],
    )
    def test_arrays_that_do_not_fit_are_refused(self, tmp_path, changes):
        tiny = model()
        tensors = {"table": tiny.table, "scale": tiny.scale, "bias": tiny.bias} | changes
        with pytest.raises(ModelError, match="do not fit its labels"):
            HashedModel.from_bundle(self.save(tiny, tmp_path, tensors=tensors))

"""Our sentences in files: slots that fit, labels that exist, fillings that repeat, and nothing from the test suites."""

import csv
import json
import re
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path

import msgspec
import pytest

from belowline.lab import material
from belowline.lab.datasets import LABELS, folds
from belowline.lab.encoder_rows import HELD_OUT
from belowline.lab.material import FILES, SOURCE, labels_of, material_rows, read_file, slots_of

GOLD = Path(__file__).parents[1] / "gold/abuse"
SLOT = "\ue000"
"""A character that folding and escaping leave alone."""
GOLD_TEXTS = ("text", "test_case", "harmless", "abusive")


def folded(text):
    """Return a text without case, punctuation and doubled blanks; pictograms stay."""
    kept = "".join(sign for sign in text.casefold() if unicodedata.category(sign)[0] != "P")
    return " ".join(kept.split())


def sentences():
    return [(name, part, sentence) for name in FILES for part in read_file(name).set for sentence in part.sentences]


@pytest.fixture(scope="module")
def rows():
    return material_rows()


@pytest.fixture(scope="module")
def gold():
    found = set()
    for path in GOLD.iterdir():
        if path.suffix == ".csv":
            with path.open(encoding="utf-8") as lines:
                cases = list(csv.DictReader(lines))
        elif path.suffix == ".jsonl":
            cases = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        else:
            continue
        found |= {folded(case[key]) for case in cases for key in GOLD_TEXTS if key in case}
    return found


@pytest.fixture
def write(tmp_path, monkeypatch):
    """Write a file of material in place of ours; return its name."""

    def call(text):
        folder = tmp_path / "lab/material"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "made.toml").write_text(text, "utf-8")
        monkeypatch.setattr(material.resources, "files", lambda _: tmp_path)
        monkeypatch.setattr(material, "FILES", ("made",))
        return "made"

    return call


class TestFiles:
    def test_every_file_is_read(self):
        folder = Path(material.__file__).parent / "material"
        assert {path.stem for path in folder.glob("*.toml")} == set(FILES)

    @pytest.mark.parametrize("name", FILES)
    def test_every_slot_is_used(self, name):
        file = read_file(name)
        assert {slot for part in file.set for text in part.sentences for slot in slots_of(text)} == set(file.slots)

    @pytest.mark.parametrize("name", FILES)
    def test_slots_have_words_to_choose_from(self, name):
        for slot, words in read_file(name).slots.items():
            assert len(words) == len(set(words)) > 1, slot
            assert not [word for word in words if word != word.strip() or set("{}") & set(word)], slot

    @pytest.mark.parametrize("name", FILES)
    def test_sets_have_names_of_their_own(self, name):
        assert not [part for part, count in Counter(part.name for part in read_file(name).set).items() if count > 1]

    def test_labels_are_known_in_range_and_not_open_too(self):
        for name in FILES:
            for part in read_file(name).set:
                assert {*labels_of(part), *part.open} <= set(LABELS), part.name
                assert all(0 < value <= 1 for value in labels_of(part).values()), part.name
                assert not set(labels_of(part)) & set(part.open), part.name

    def test_no_sentence_stands_twice(self):
        assert not [text for text, count in Counter(text for *_, text in sentences()).items() if count > 1]

    def test_what_is_the_same_but_for_punctuation_has_the_same_labels(self):
        found = defaultdict(list)
        for _, part, text in sentences():
            if labels_of(part) not in found[folded(text)]:
                found[folded(text)].append(labels_of(part))
        assert not {text: labels for text, labels in found.items() if len(labels) > 1}

    def test_sentences_are_neither_empty_nor_framed_by_blanks(self):
        assert not [text for *_, text in sentences() if not text.strip() or text != text.strip()]


class TestRefusals:
    @pytest.mark.parametrize(
        ("part", "message"),
        [
            ('labels = { rudeness = 1 }\nsentences = ["A."]', "labels {'rudeness'}"),
            ('open = ["rudeness"]\nsentences = ["A."]', "labels {'rudeness'}"),
            ('sentences = ["A {thing}."]', "slots {'thing'}"),
        ],
        ids=["label", "open", "slot"],
    )
    def test_what_is_unknown_is_named(self, write, part, message):
        with pytest.raises(ValueError, match=rf"made.toml, set s: .*{message}"):
            read_file(write(f'[[set]]\nname = "s"\n{part}'))

    @pytest.mark.parametrize("labels", ['"threat"', "{ threat = true }", "[]"])
    def test_labels_are_numbers_or_none(self, write, labels):
        with pytest.raises(msgspec.ValidationError):
            read_file(write(f'[[set]]\nname = "s"\nlabels = {labels}\nsentences = ["A."]'))


class TestFillings:
    def fill(self, write, sentence, words=("Ant", "bee", "Ukrainian"), **options):
        write(f'[slots]\nx = {json.dumps(words)}\n[[set]]\nname = "s"\nsentences = [{json.dumps(sentence)}]')
        return material_rows(**options)

    def test_articles_follow_the_word_in_the_slot_and_no_other(self, write):
        found = self.fill(write, "An {x}, a honest one, for an hour; plan A {x} and a {x}.", each=50)
        assert {row.text for row in found} == {
            "An Ant, a honest one, for an hour; plan An Ant and an Ant.",
            "A bee, a honest one, for an hour; plan A bee and a bee.",
            "A Ukrainian, a honest one, for an hour; plan A Ukrainian and a Ukrainian.",
        }

    def test_a_slot_has_one_word_in_a_sentence(self, write):
        assert {row.text for row in self.fill(write, "{x} {x}", each=50)} == {
            "Ant Ant",
            "bee bee",
            "Ukrainian Ukrainian",
        }

    def test_a_sentence_without_slots_stands_once(self, write):
        write('[[set]]\nname = "s"\nsentences = ["A quiet remark."]')
        (row,) = material_rows(each=50)
        assert (row.text, row.extra["share"]) == ("A quiet remark.", 1.0)

    @pytest.mark.parametrize("each", [1, 3])
    def test_fillings_are_limited_and_differ(self, each):
        texts = defaultdict(list)
        for row in material_rows(each=each):
            texts[row.group].append(row.text)
        assert all(len(set(found)) == len(found) <= each for found in texts.values())

    def test_open_labels_are_absent_and_the_others_0(self, write):
        write(
            '[[set]]\nname = "s"\nlabels = { threat = 1, insult = 0.5 }\nopen = ["toxicity"]\n'
            'sentences = ["A."]\n[[set]]\nname = "t"\nlabels = "none"\nsentences = ["B."]'
        )
        one, other = material_rows()
        assert one.labels == dict.fromkeys(set(LABELS) - {"toxicity"}, 0.0) | {"threat": 1.0, "insult": 0.5}
        assert other.labels == dict.fromkeys(LABELS, 0.0)


class TestRows:
    def test_same_seed_same_rows(self, rows):
        assert material_rows() == rows
        assert [row.text for row in material_rows(seed=1)] != [row.text for row in rows]

    def test_every_sentence_is_there_and_is_a_group(self, rows):
        assert {row.group for row in rows} == {text for *_, text in sentences()}

    def test_no_slot_is_left_open(self, rows):
        assert not [row.text for row in rows if set("{}") & set(row.text)]

    def test_the_shares_of_a_sentence_add_up_to_1(self, rows):
        sums = Counter()
        for row in rows:
            sums[row.group] += row.extra["share"]
        assert list(sums.values()) == pytest.approx([1.0] * len(sums))

    def test_ids_are_unique_and_the_source_is_ours(self, rows):
        assert len({row.id for row in rows}) == len(rows)
        assert {row.source for row in rows} == {SOURCE}

    def test_rows_do_not_share_their_labels(self, rows):
        assert len({id(row.labels) for row in rows}) == len(rows)

    def test_whole_sentences_are_held_out(self, rows):
        places = defaultdict(set)
        for row, fold in zip(rows, folds(rows, HELD_OUT).tolist(), strict=True):
            places[row.group].add(fold)
        assert {len(found) for found in places.values()} == {1}

    @pytest.mark.parametrize("label", LABELS)
    def test_every_label_is_claimed_and_denied(self, rows, label):
        assert {0.0, 1.0} <= {row.labels.get(label) for row in rows}

    @pytest.mark.parametrize("label", ["threat", "identity_attack", "severe_toxicity", "spam"])
    def test_harmless_is_harmless(self, label):
        assert not [part.name for part in read_file("harmless").set if label in labels_of(part)]


class TestSuites:
    """What is measured with must not be learned from."""

    def test_the_suites_are_found(self, gold):
        assert len(gold) > 500

    @pytest.mark.slow
    def test_no_filling_of_any_seed_is_a_case(self, gold):
        cases = "\n".join(sorted(gold))
        found = []
        for name in FILES:
            words = {slot: one_of(texts) for slot, texts in read_file(name).slots.items()}
            for part in read_file(name).set:
                for sentence in part.sentences:
                    pattern = re.escape(folded(re.sub(r"\{\w+\}", SLOT, sentence)))
                    for slot in slots_of(sentence):
                        pattern = pattern.replace(SLOT, words[slot], 1)
                    found += [(name, part.name, case[0]) for case in re.finditer(f"^{pattern}$", cases, re.MULTILINE)]
        assert not found


def one_of(words):
    return "(?:" + "|".join(re.escape(folded(word)) for word in words) + ")"

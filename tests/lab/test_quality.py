"""Lines about our suites say what the scores say, and the suites are well formed."""

from collections import Counter
from pathlib import Path

import pytest

from belowline.lab.datasets import LABELS
from belowline.lab.quality_table import Line, put_table
from belowline.lab.suites import HARDLY, PLAINLY, Rated, Sentence, Twin, newsroom_lines, read_lines, thread_lines

OWN = Path(__file__).parents[1] / "gold/abuse"
SUITES = ("newsroom", "veiled", "plain")


def scored(**values):
    return dict.fromkeys(LABELS, 0.0) | values


class TestNewsroom:
    def test_any_label_that_holds_counts_and_kinds_stand_apart(self):
        sentences = [
            Sentence(id="1", kind="press", text="mild", label="none"),
            Sentence(id="2", kind="press", text="rude", label="insult"),
            Sentence(id="3", kind="wishes", text="warm", label="none"),
            Sentence(id="4", kind="wishes", text="grim", label="threat"),
        ]
        scores = {
            "mild": scored(toxicity=0.1),
            "rude": scored(insult=0.5),
            "warm": scored(threat=0.6, profanity=1.0),
            "grim": scored(threat=0.4),
        }
        assert list(newsroom_lines(sentences, scores)) == [
            Line(
                "our newsroom talk, all (2 harmless, 2 abusive)",
                "AUC 0.500; at .5: 50% of the harmless, 50% of the abusive",
            ),
            Line(
                "our newsroom talk, press (1 harmless, 1 abusive)",
                "AUC 1.000; at .5: 0% of the harmless, 100% of the abusive",
            ),
            Line(
                "our newsroom talk, wishes (1 harmless, 1 abusive)",
                "AUC 0.000; at .5: 100% of the harmless, 0% of the abusive",
            ),
        ]


class TestThreads:
    def test_doubtful_ratings_count_for_the_order_alone(self):
        ratings = {"plain": 0.9, "split": 0.5, "mild": 0.2, "fine": 0.0}
        comments = [
            Rated(id=text, story="A story", text=text, labels={"toxicity": rating, "insult": rating})
            for text, rating in ratings.items()
        ]
        comments += [
            Rated(id=label, story="A story", text=label, labels={label: 0.8}) for label in ("threat", "identity_attack")
        ]
        scores = {text: scored(toxicity=value, insult=1 - value) for text, value in ratings.items()}
        scores["split"] = scored(toxicity=0.95, insult=0.05)
        scores |= {label: scored(**{label: 0.3}) for label in ("threat", "identity_attack")}
        found = {line.what: line.figure for line in thread_lines(comments, scores)}
        assert list(found) == [
            "our threads, toxicity (4 hardly, 1 plainly)",
            "our threads, identity_attack (5 hardly, 1 plainly)",
            "our threads, threat (5 hardly, 1 plainly)",
            "our threads, insult (4 hardly, 1 plainly)",
        ]
        assert [figure.partition(";")[0] for figure in found.values()] == ["AUC 1.000"] * 3 + ["AUC 0.500"]
        assert "ratings 0.9" in found["our threads, toxicity (4 hardly, 1 plainly)"]
        assert found["our threads, insult (4 hardly, 1 plainly)"].endswith("ratings 0.22")


class TestSuites:
    @pytest.mark.parametrize("name", SUITES)
    def test_labels_are_known_and_ids_and_texts_stand_once(self, name):
        found = read_lines(OWN / f"{name}.jsonl", Sentence)
        assert {sentence.label for sentence in found} <= {"none", *LABELS}
        for field in ("id", "text"):
            assert not [value for value, count in Counter(getattr(one, field) for one in found).items() if count > 1]

    def test_no_sentence_stands_in_two_suites(self):
        texts = [one.text for name in SUITES for one in read_lines(OWN / f"{name}.jsonl", Sentence)]
        texts += [one.text for one in read_lines(OWN / "threads.jsonl", Rated)]
        texts += [text for twin in read_lines(OWN / "twins.jsonl", Twin) for text in (twin.harmless, twin.abusive)]
        assert not [text for text, count in Counter(texts).items() if count > 1]

    def test_every_thread_is_well_formed_and_has_both_sides(self):
        found = read_lines(OWN / "threads.jsonl", Rated)
        for field in ("id", "text"):
            assert not [value for value, count in Counter(getattr(one, field) for one in found).items() if count > 1]
        assert {label for one in found for label in one.labels} <= set(LABELS)
        assert all(0 < value <= 1 for one in found for value in one.labels.values())
        for story in {one.story for one in found}:
            ratings = [one.labels.get("toxicity", 0) for one in found if one.story == story]
            assert min(ratings) <= HARDLY
            assert max(ratings) >= PLAINLY

    def test_every_kind_of_newsroom_talk_has_both_sides(self):
        sides = {(one.kind, one.label == "none") for one in read_lines(OWN / "newsroom.jsonl", Sentence)}
        assert sides == {(kind, side) for kind, _ in sides for side in (True, False)}


class TestTable:
    def test_a_page_without_marks_is_refused_and_left(self, tmp_path):
        page = tmp_path / "page.md"
        page.write_text("no table", "utf-8")
        with pytest.raises(ValueError, match="needs the lines"):
            put_table(page, "m-1", [Line("a", "1")])
        assert page.read_text("utf-8") == "no table"

    def test_a_table_replaces_the_one_before(self, tmp_path):
        page = tmp_path / "page.md"
        page.write_text("top\n<!-- table -->\nold\n<!-- end of table -->\nend", "utf-8")
        put_table(page, "m-1", [Line("a", "1")])
        text = page.read_text("utf-8")
        assert text.startswith("top\n")
        assert text.endswith("\nend")
        assert "| a | 1 |" in text
        assert "old" not in text

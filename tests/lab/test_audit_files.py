"""Both kinds of files are told apart by their content, and what is wrong is said with the line and the mend."""

import gzip
from collections import Counter

import pytest

from belowline.lab.audit_files import FileError, SuiteCase, TemplateRow, read_audit_file, read_labelled, sample


class TestTemplates:
    @pytest.mark.parametrize("name", ["made.jsonl", "made.jsonl.gz", "no-ending"])
    def test_rows_come_in_the_order_of_the_file(self, write, template_rows, name):
        found = read_audit_file(write(name, template_rows))
        assert found[0] == TemplateRow("0.8 frisian", is_toxic=True, identity="frisian", template="t1")
        assert [row.identity for row in found[4:9]] == ["", "", "", "", "sorb"]
        assert [row.is_toxic for row in found] == [bool(row["labels"]["toxicity"]) for row in template_rows]

    @pytest.mark.parametrize(
        ("change", "why"),
        [
            ({"labels": {"toxicity": 0.5}}, "line 2: labels.toxicity is 0.5; an audit of identities needs 0 or 1"),
            ({"labels": {"toxicity": "yes"}}, "line 2: labels.toxicity is yes"),
            ({"labels": {"toxicity": [1]}}, r"line 2: labels.toxicity is \[1\]"),
            ({"labels": {"insult": 1}}, "line 2: labels.toxicity is missing"),
            ({"text": "  "}, "line 2: the text is empty"),
            ({"text": 7}, "line 2: Expected `str`"),
            ({"extra": {"identity": "sorb"}}, "line 2: .*missing required field `template`.*each line is"),
        ],
    )
    def test_a_wrong_row(self, write, template_rows, change, why):
        template_rows[1] |= change
        with pytest.raises(FileError, match=why):
            read_audit_file(write("made.jsonl", template_rows))

    def test_a_line_that_is_no_json(self, write, template_rows, tmp_path):
        path = write("made.jsonl", template_rows)
        path.write_text(path.read_text("utf-8") + "\n{oops\n", "utf-8")
        with pytest.raises(FileError, match="line 12: JSON is malformed"):
            read_audit_file(path)

    def test_nobody_is_named(self, write, template_rows):
        with pytest.raises(FileError, match="no row names an identity"):
            read_audit_file(write("made.jsonl", template_rows[4:8]))

    def test_one_answer_alone(self, write, template_rows):
        with pytest.raises(FileError, match="all rows have the same label"):
            read_audit_file(write("made.jsonl", template_rows[:2]))


class TestSuites:
    @pytest.mark.parametrize("name", ["made.csv", "made.csv.gz"])
    def test_cases_come_in_the_order_of_the_file(self, write, suite_rows, name):
        found = read_audit_file(write(name, suite_rows))
        assert found[0] == SuiteCase("0.9/0.1 a", is_hateful=True, functionality="derog_h", target="women")
        assert found[-1] == SuiteCase("0.8/0.2 g", is_hateful=False, functionality="object_nh", target="")

    def test_other_columns_and_their_order_do_not_matter(self, write):
        columns = ("case_id", "target_ident", "label_gold", "direction", "test_case", "functionality")
        (found,) = read_audit_file(
            write("made.csv", [("7", "women", "hateful", "", 'say "no",\nplease', "f")], columns)
        )
        assert found == SuiteCase('say "no",\nplease', is_hateful=True, functionality="f", target="women")

    def test_a_byte_order_mark_does_no_harm(self, write, suite_rows):
        path = write("made.csv", suite_rows)
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
        assert len(read_audit_file(path)) == 7

    @pytest.mark.parametrize(
        ("row", "why"),
        [
            (("f", "words", "hate", "women"), "line 2: label_gold is “hate”; write one of hateful, non-hateful"),
            (("f", "words"), "line 2: label_gold is “”"),
            (("f", " ", "hateful", "women"), "line 2: the text is empty"),
            (("", "words", "hateful", "women"), "line 2: functionality is empty"),
            (("f", "x" * 200_000, "hateful", "women"), "after line 1: field larger than field limit"),
        ],
    )
    def test_a_wrong_row(self, write, row, why):
        with pytest.raises(FileError, match=why):
            read_audit_file(write("made.csv", [row]))

    def test_a_missing_column(self, write):
        path = write("made.csv", [("f", "words", "women")], ("functionality", "test_case", "group"))
        with pytest.raises(
            FileError, match=r"lacks the column label_gold, target_ident; .*CSV with .*identity templates"
        ):
            read_audit_file(path)

    def test_no_rows(self, write):
        with pytest.raises(FileError, match="no rows below its heading"):
            read_audit_file(write("made.csv", []))


@pytest.mark.parametrize("read", [read_audit_file, read_labelled])
class TestUnreadable:
    def test_missing(self, read, tmp_path):
        with pytest.raises(FileError, match="cannot be read"):
            read(tmp_path / "none.csv")

    @pytest.mark.parametrize("content", [b"", b"\n \n", gzip.compress(b"", mtime=0)])
    def test_empty(self, read, tmp_path, content):
        (tmp_path / "empty").write_bytes(content)
        with pytest.raises(FileError, match="give a file with"):
            read(tmp_path / "empty")

    @pytest.mark.parametrize("spoil", [lambda whole: whole[:-9], lambda whole: whole[:12] + b"\xff" * 20])
    def test_a_broken_gzip(self, read, tmp_path, spoil):
        (tmp_path / "broken.gz").write_bytes(spoil(gzip.compress(b'{"text": "words"}\n' * 50)))
        with pytest.raises(FileError, match="its gzip cannot be undone"):
            read(tmp_path / "broken.gz")

    def test_another_encoding(self, read, tmp_path):
        (tmp_path / "latin.csv").write_bytes("functionality,Grüße".encode("latin-1"))
        with pytest.raises(FileError, match="byte 16 is not UTF-8; save it as UTF-8"):
            read(tmp_path / "latin.csv")


class TestLabelled:
    def test_rows(self, write):
        rows = [{"id": "1", "text": "words", "labels": {"toxicity": 0.7, "insult": 0}}]
        (found,) = read_labelled(write("made.jsonl", rows))
        assert (found.text, found.labels) == ("words", {"toxicity": 0.7, "insult": 0.0})

    @pytest.mark.parametrize("value", [-0.1, 1.5, 7])
    def test_a_label_outside_its_range(self, write, value):
        path = write("made.jsonl", [{"id": "1", "text": "words", "labels": {"toxicity": value}}])
        with pytest.raises(FileError, match="line 1: a label is outside 0 to 1"):
            read_labelled(path)

    def test_a_line_without_text(self, write):
        with pytest.raises(FileError, match=r"line 1: .*`text`; each line is"):
            read_labelled(write("made.jsonl", [{"id": "1", "labels": {}}]))


class TestSample:
    ROWS = tuple(
        TemplateRow(f"{number}", is_toxic=number % 2 == 0, identity="frisian" if number % 5 else "sorb", template="t")
        for number in range(200)
    )

    def test_identities_and_labels_keep_their_proportions(self):
        found = sample(self.ROWS, 50, seed=3)
        assert Counter(row.stratum for row in found) == {
            ("frisian", True): 20,
            ("frisian", False): 20,
            ("sorb", True): 5,
            ("sorb", False): 5,
        }

    @pytest.mark.parametrize("number", [1, 7, 33, 199])
    def test_as_many_as_asked_for_each_once_in_the_order_of_the_file(self, number):
        found = sample(self.ROWS, number, seed=0)
        places = [int(row.text) for row in found]
        assert len(found) == number
        assert places == sorted(set(places))

    def test_the_seed_decides(self):
        assert sample(self.ROWS, 50, seed=1) == sample(self.ROWS, 50, seed=1)
        assert sample(self.ROWS, 50, seed=1) != sample(self.ROWS, 50, seed=2)

    @pytest.mark.parametrize("number", [200, 10_000])
    def test_more_than_there_are_is_all(self, number):
        assert sample(self.ROWS, number, seed=0) == list(self.ROWS)

"""Word vectors out of an encoder, here a tiny made-up one."""

import gzip
import json
from collections import Counter
from contextlib import nullcontext
from types import SimpleNamespace

import numpy as np
import pytest
from safetensors.numpy import load as read_tensors

from belowline.engine.signals.topic_vectors import TABLE, WORDS
from belowline.lab import distil_words
from belowline.lab.distil_words import choose, count_forms, distil, embed, load_encoder, read_texts, remove_shared


def encode(texts):
    """Read a word as how often it holds each of twelve letters, beside a part that all words share."""
    return np.array([[5.0, *(text.count(letter) for letter in "abcdefgirstk")] for text in texts], dtype=np.float32)


def write(path, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps(row) + "\n" for row in rows)


@pytest.fixture
def data(tmp_path):
    write(tmp_path / "train/abuse/one.jsonl.gz", [{"text": "Bridges crack. The bridge cracked!"}, {"text": "A ferry"}])
    write(tmp_path / "train/topic/two.jsonl.gz", [{"comment": "Ferries sink", "title": "Bridge", "abstract": None}])
    write(tmp_path / "test/topic/three.jsonl.gz", [{"comment": "Secret words", "title": "Hidden"}])
    return tmp_path


def test_the_training_texts_are_read_and_no_others(data):
    assert list(read_texts(data)) == ["Bridges crack. The bridge cracked!", "A ferry", "Ferries sink Bridge"]


def test_forms_are_counted_once_for_each_text():
    forms = count_forms(["Bridge bridge bridges", "BRIDGE’s"])
    assert forms == {"bridg": Counter({"bridge": 2, "bridges": 1})}


@pytest.mark.parametrize("text", ["the and of", "2016 1st", "naïve Brücke", "x" * 30, "", "👍"])
def test_what_is_no_plain_content_word_is_left_out(text):
    assert count_forms([text]) == {}


def test_the_most_frequent_are_chosen_then_the_alphabet():
    forms = {"b": Counter(bb=2), "a": Counter(aa=2), "c": Counter(cc=1, cd=4)}
    assert choose(forms) == ["c", "a", "b"]
    assert choose(forms, 1) == ["c"]


def test_a_stem_is_the_mean_of_its_forms_by_frequency():
    forms = {"crack": Counter({"crack": 3, "cracks": 1})}
    table = embed(["crack"], forms, encode)
    mean = np.average(encode(["crack", "cracks"]), axis=0, weights=[3, 1])
    assert np.allclose(table[0], mean / np.linalg.norm(mean))


def test_rare_forms_are_not_read(monkeypatch):
    monkeypatch.setattr(distil_words, "FORMS", 1)
    asked = []
    embed(
        ["crack"], {"crack": Counter({"crack": 3, "cracks": 1})}, lambda texts: (asked.extend(texts), encode(texts))[1]
    )
    assert asked == ["crack"]


def test_what_all_words_share_is_taken_out():
    rng = np.random.default_rng(1)
    own = rng.normal(size=(200, 10))
    table = own + 8 + rng.normal(size=(200, 1)) * 6
    before = np.corrcoef(table)[np.triu_indices(200, 1)].mean()
    after = remove_shared(table, [1] * 200, shared=1, dimensions=5)
    assert after.shape == (200, 5)
    assert np.abs(after.mean(axis=0)).max() < 1e-9
    sizes = np.linalg.norm(after, axis=1)
    cosines = (after @ after.T) / np.outer(sizes, sizes)
    assert abs(cosines[np.triu_indices(200, 1)].mean()) < 0.05
    assert before < 1


def test_axes_come_in_order_of_what_they_tell():
    table = np.random.default_rng(2).normal(size=(300, 4)) * [1, 8, 3, 5]
    spread = remove_shared(table, [1] * 300, shared=0, dimensions=4).std(axis=0)
    assert spread.tolist() == sorted(spread, reverse=True)


def test_frequent_words_weigh_more_in_what_is_shared():
    table = np.array([[1.0, 0.0], [0.0, 1.0], [0.5, 0.5]])
    moved = remove_shared(table, [10_000, 1, 1], shared=0, dimensions=2)
    assert np.linalg.norm(moved[0]) < np.linalg.norm(moved[1])


def test_distil_writes_words_and_table(data, tmp_path, monkeypatch):
    monkeypatch.setattr(distil_words, "SHARED", 1)
    out = tmp_path / "out"
    assert distil(data, encode, out) == 4
    words = (out / WORDS).read_text("utf-8").split()
    table = read_tensors((out / TABLE).read_bytes())["vectors"]
    assert words == ["bridg", "crack", "ferri", "sink"]
    assert table.dtype == np.int8
    assert len(table) == 4
    assert np.abs(table).max(axis=1).tolist() == [127] * 4


def test_the_same_input_gives_the_same_bytes(data, tmp_path):
    for name in ("one", "two"):
        distil(data, encode, tmp_path / name)
    for file in (WORDS, TABLE):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_fewer_words_may_be_kept(data, tmp_path):
    assert distil(data, encode, tmp_path / "out", kept=2) == 2


def test_missing_libraries_are_named(monkeypatch):
    def refuse(name):
        raise ImportError(f"No module named '{name}'")

    monkeypatch.setattr(distil_words, "import_module", refuse)
    with pytest.raises(SystemExit, match="pip install torch transformers"):
        load_encoder("somewhere")


class Tensor:
    """As much of a tensor as the script asks for."""

    def __init__(self, values):
        self.values = np.asarray(values, dtype=np.float32)

    def unsqueeze(self, axis):
        return Tensor(np.expand_dims(self.values, axis))

    def sum(self, axis):
        return Tensor(self.values.sum(axis=axis))

    def numpy(self):
        return self.values

    def __mul__(self, other):
        return Tensor(self.values * other.values)

    def __truediv__(self, other):
        return Tensor(self.values / other.values)


class FakeEncoder:
    """Reads each letter as a token: its number in the alphabet, and 1."""

    def eval(self):
        return self

    def __call__(self, attention_mask, letters):
        return SimpleNamespace(last_hidden_state=Tensor(np.stack([letters, np.ones_like(letters)], axis=2)))


def read_letters(texts, **options):
    assert options["padding"]
    length = max(map(len, texts))
    letters = np.array([[*(ord(one) - 96 for one in text), *[99] * (length - len(text))] for text in texts])
    mask = np.array([[1] * len(text) + [0] * (length - len(text)) for text in texts])
    return {"attention_mask": Tensor(mask), "letters": letters}


@pytest.fixture
def fake_libraries(monkeypatch):
    torch = SimpleNamespace(
        inference_mode=nullcontext, cat=lambda parts: Tensor(np.concatenate([one.values for one in parts]))
    )
    transformers = SimpleNamespace(
        AutoTokenizer=SimpleNamespace(from_pretrained={"folder": read_letters}.__getitem__),
        AutoModel=SimpleNamespace(from_pretrained={"folder": FakeEncoder()}.__getitem__),
    )
    monkeypatch.setattr(distil_words, "import_module", {"torch": torch, "transformers": transformers}.__getitem__)


def test_the_encoder_averages_the_tokens_without_padding(fake_libraries):
    found = load_encoder("folder")(["abc", "b"])
    assert found.tolist() == [[2, 1], [2, 1]]
    assert found.dtype == np.float32


@pytest.mark.parametrize("batch", [1, 2, 5])
def test_batches_change_nothing(fake_libraries, monkeypatch, batch):
    monkeypatch.setattr(distil_words, "BATCH", batch)
    assert load_encoder("folder")(["a", "bb", "cde"])[:, 0].tolist() == [1, 2, 4]


def test_the_command_needs_a_model(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["distil_words", "--data", "."])
    with pytest.raises(SystemExit):
        distil_words.main()
    assert "--model" in capsys.readouterr().err


def test_the_command_distils(data, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(distil_words, "load_encoder", {"m": encode}.__getitem__)
    monkeypatch.setattr("sys.argv", ["distil_words", "--model", "m", "--data", str(data), "--out", str(tmp_path / "o")])
    distil_words.main()
    assert "4 words" in capsys.readouterr().out
    assert (tmp_path / "o" / TABLE).exists()

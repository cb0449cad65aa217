"""Tuning the encoder: our own sentences have their labels, and of all else it goes on saying what it said."""

import json

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from safetensors.numpy import load_file  # noqa: E402
from tiny_base import SIZES, framed_tokenizer  # noqa: E402
from tiny_data import lay_out  # noqa: E402

from belowline.lab import train_encoder, tune_encoder  # noqa: E402
from belowline.lab.datasets import LABELS, Row  # noqa: E402
from belowline.lab.encoder_rows import LABEL_WEIGHTS, build_corpus  # noqa: E402
from belowline.lab.export_encoder import build_graph  # noqa: E402
from belowline.lab.train_encoder import Settings, collate, read_all, train  # noqa: E402
from belowline.lab.tune_encoder import (  # noqa: E402
    KEEPING,
    KEPT,
    MASKED,
    SHARE,
    between,
    load_encoder,
    marked_as_kept,
    with_masked_words,
    with_what_is_kept,
)

pytestmark = pytest.mark.usefixtures("tiny_sizes")
ZEROS = dict.fromkeys(LABELS, 0.0)
QUICK = Settings(rows=400, batch=10, rate=3e-3, head_rate=1e-2, averaging=0.9, drop=0.0)


class Unchanged:
    def change(self, text):
        return text


@pytest.fixture
def corpus():
    """Return remarks of ours, all insults, and comments that look unlike them and are labelled at random."""
    rows = []
    for number in range(60):
        mine = Row(
            id=f"o{number}",
            text="you are an idiot " + "word " * (number % 5),
            labels=ZEROS | {"insult": 1.0},
            source="own",
            extra={"story_id": f"own {number}", "share": 1.0},
        )
        other = Row(
            id=f"w{number}",
            text="the bridge is unhappy " * (1 + number % 4),
            labels=ZEROS | {"insult": float(number % 2)},
            source="wikiconv_cat",
        )
        rows += [mine, other]
    return build_corpus(rows)


@pytest.fixture
def model(net, tmp_path):
    """Lay a model out as it ships; return its folder."""
    folder = tmp_path / "model"
    folder.mkdir()
    weights = {name: value.numpy() for name, value in net.state_dict().items()}
    (folder / "encoder.onnx").write_bytes(build_graph(weights, heads=SIZES["HEADS"]))
    framed_tokenizer().save(str(folder / "tokenizer.json"))
    return folder


def test_our_own_are_drawn_in_their_share_and_nothing_that_is_kept_apart(corpus):
    found = marked_as_kept(corpus, 0.25)

    own = np.array([row.source == "own" for row in corpus.rows])
    assert found.draws[own].sum() == pytest.approx(0.25)
    assert found.draws[~own].sum() == pytest.approx(0.75)
    assert corpus.held_out.any()
    assert not found.draws[corpus.held_out].any()
    assert (found.source == np.where(own, 0, KEPT)).all()


def test_what_is_kept_has_the_encoders_word_and_ours_have_their_labels(corpus, net):
    found = marked_as_kept(corpus, 0.5)
    places = [0, 1]  # one of ours, and another
    codes = framed_tokenizer().encode_batch([corpus.texts[place] for place in places])
    batch = collate(found, places, codes, np.zeros((2, len(LABELS)), np.float32), QUICK)

    (given,) = with_what_is_kept(iter([batch]), net)

    said, marks = (torch.sigmoid(part).detach() for part in net(batch.ids, batch.mask))
    assert torch.equal(given.targets[0], batch.targets[0])
    assert torch.equal(given.weights[0], batch.weights[0])
    torch.testing.assert_close(given.targets[1], said[1])
    np.testing.assert_allclose(given.weights[1], LABEL_WEIGHTS * KEEPING)
    torch.testing.assert_close(given.marks, marks)
    assert torch.equal(given.marked, batch.mask)
    assert not given.source.any()


def test_words_of_ours_are_masked_and_nothing_else(corpus):
    tokenizer = framed_tokenizer()
    found = marked_as_kept(corpus, 0.5)
    places = list(range(40))  # ours and others by turns
    codes = tokenizer.encode_batch([corpus.texts[place] for place in places])
    batch = collate(found, places, codes, np.zeros((40, len(LABELS)), np.float32), QUICK)

    (given,) = with_masked_words(iter([batch]), tokenizer, 0.4, 0)

    hidden = (given.ids == tokenizer.token_to_id("[MASK]")).numpy()
    words = np.array(
        [[name not in ("[CLS]", "[SEP]", "[PAD]") for name in code.tokens] for code in codes], dtype=object
    )
    own = np.array([place % 2 == 0 for place in places])
    for row, known in enumerate(words):
        assert not hidden[row, : len(known)][~np.array(known)].any()
        assert not hidden[row, len(known) :].any()
    assert not hidden[~own].any()
    share = hidden[own].sum() / sum(sum(known) for known, ours in zip(words, own, strict=True) if ours)
    assert 0.25 < share < 0.55
    assert torch.equal(given.ids[torch.from_numpy(~hidden)], batch.ids[torch.from_numpy(~hidden)])


def test_it_learns_ours_and_keeps_the_rest(corpus, net, model, tmp_path, capsys):
    places = np.arange(len(corpus.rows))
    insult = LABELS.index("insult")
    before = read_all(corpus, net, framed_tokenizer(), places, QUICK)[:, insult]
    tuned = load_encoder(model)
    batches = train_encoder.draw_batches(marked_as_kept(corpus, 0.5), framed_tokenizer(), Unchanged(), QUICK, 0)

    weights = train(corpus, tuned, with_what_is_kept(batches, load_encoder(model)), QUICK, folder=tmp_path)

    tuned.float().load_state_dict(weights)
    after = read_all(corpus, tuned, framed_tokenizer(), places, QUICK)[:, insult]
    own = np.array([row.source == "own" for row in corpus.rows])
    assert before[own].max() < 0.6
    assert after[own].min() > 0.9
    assert np.abs(after - before)[~own].max() < 0.1
    assert "rows/s" in capsys.readouterr().out


def test_the_command_writes_an_encoder_with_its_notes(model, tmp_path):
    out = tmp_path / "out"
    data = lay_out(tmp_path / "data")

    tune_encoder.main(
        ["--data", str(data), "--model", str(model), "--out", str(out), "--rows", "64", "--only", "green"]
    )

    notes = json.loads((out / "training.json").read_text("utf-8"))
    assert (notes["tuned"]["rows"], notes["seed"], notes["only"]) == (64, 0, "green")
    assert notes["tuned"]["share"] == SHARE
    assert notes["tuned"]["masked"] == MASKED
    assert (out / "tokenizer.json").read_bytes() == (model / "tokenizer.json").read_bytes()
    weights = load_file(out / train_encoder.WEIGHTS)
    assert build_graph(weights, heads=SIZES["HEADS"]) != (model / "encoder.onnx").read_bytes()


@pytest.mark.parametrize("share", [0.0, 0.25, 1.0])
def test_weights_between(net, share):
    after = {name: value + 2 for name, value in net.state_dict().items()}

    found = between(net, after, share)

    assert found.keys() == after.keys()
    for name, value in net.state_dict().items():
        torch.testing.assert_close(found[name], value + 2 * share)


def test_another_graph_is_refused(model):
    (model / "encoder.onnx").write_bytes(b"\x08\x08")

    with pytest.raises(ValueError, match="no graph of an encoder"):
        load_encoder(model)

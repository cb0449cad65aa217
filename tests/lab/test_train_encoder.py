"""Training the encoder: rows are drawn as often as they are due, masks hold, and the loss falls."""

import json
from collections import Counter
from itertools import pairwise
from math import log

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from safetensors.numpy import load_file  # noqa: E402
from tiny_base import SIZES, framed_tokenizer, lay_out_base  # noqa: E402
from tiny_data import lay_out  # noqa: E402
from tiny_encoder import WORDS  # noqa: E402

from belowline.engine.models.encoder import Encoder as Engine  # noqa: E402
from belowline.lab import train_encoder  # noqa: E402
from belowline.lab.datasets import LABELS, Row, folds  # noqa: E402
from belowline.lab.encoder_rows import LABEL_WEIGHTS, SPAN_TYPES, build_corpus  # noqa: E402
from belowline.lab.export_encoder import build_graph  # noqa: E402
from belowline.lab.train_encoder import (  # noqa: E402
    FOLDS,
    OWN_SHARE,
    ROUNDS,
    STUDENT,
    TEACHER,
    Settings,
    draw_batches,
    faster_type,
    loss_of,
    rate_of,
    read_all,
    teach,
    train,
)

pytestmark = pytest.mark.usefixtures("tiny_sizes")
ZEROS = dict.fromkeys(LABELS, 0.0)
RATERS = {"n": 2, "both_boxes": 0}
QUICK = Settings(rows=160, batch=8, rate=3e-3, head_rate=1e-2, averaging=0.9)


class Unchanged:
    """Changes no text, and remembers which it was given."""

    def __init__(self):
        self.given = []

    def change(self, text):
        self.given.append(text)
        return text


@pytest.fixture
def corpus():
    """Return insults, remarks, marked insults, and rows that teach nothing."""
    rows = []
    for number in range(60):
        odd = number % 2
        text = ("you are an idiot " if odd else "the bridge is unhappy ") + "word " * (number % 7)
        rows.append(Row(id=f"w{number}", text=text, labels=ZEROS | {"insult": float(odd)}, source="wikiconv_cat"))
        rows.append(Row(id=f"g{number}", text=text, labels={"toxicity": float(odd)}, source="gab"))
        extra = {"raters": RATERS, "spans": [[4, 9, "insult"]], "span_rater": [0]}
        rows.append(Row(id=f"c{number}", text="you idiot", labels={"toxicity": 1.0}, source="civil_spans", extra=extra))
    return build_corpus(rows)


def coded(corpus, places):
    return framed_tokenizer().encode_batch([corpus.texts[place] for place in places])


def collate(corpus, places, codes, settings, said=0.0):
    shares = np.full((len(places), len(LABELS)), said, dtype=np.float32)
    return train_encoder.collate(corpus, places, codes, shares, settings)


class TestDrawing:
    def drawn(self, corpus, settings, monkeypatch, seed=0):
        """Return the places of each batch, and their codes."""
        with monkeypatch.context() as patch:
            patch.setattr(train_encoder, "collate", lambda _, places, codes, *__: (places, codes))
            return list(draw_batches(corpus, framed_tokenizer(), Unchanged(), settings, seed))

    def counts(self, *given, **options):
        return Counter(place for places, _ in self.drawn(*given, **options) for place in places)

    @pytest.mark.parametrize("rows", [7, 100, 640, 3_001])
    def test_every_row_is_drawn_as_often_as_it_is_due(self, corpus, monkeypatch, rows):
        counts = self.counts(corpus, QUICK._replace(rows=rows), monkeypatch)
        due = np.where(corpus.held_out, 0, corpus.draws)
        due *= rows / due.sum()
        assert counts.total() == rows
        assert all(np.floor(due[place]) <= counts[place] <= np.floor(due[place]) + 1 for place in range(len(due)))

    def test_where_all_are_due_in_whole_numbers(self, corpus, monkeypatch):
        even = corpus._replace(draws=np.ones(len(corpus.rows)), held_out=np.arange(len(corpus.rows)) >= 64)
        assert self.counts(even, QUICK._replace(rows=128), monkeypatch) == dict.fromkeys(range(64), 2)

    def test_rows_kept_apart_and_rows_without_weights_are_never_drawn(self, corpus, monkeypatch):
        counts = self.counts(corpus, QUICK._replace(rows=2_000), monkeypatch)
        silent = [place for place, row in enumerate(corpus.rows) if row.source == "gab"]
        assert corpus.held_out.any()
        assert not set(counts) & {*silent, *np.flatnonzero(corpus.held_out).tolist()}

    def test_batches_are_full_but_the_last_of_a_pool(self, corpus, monkeypatch):
        monkeypatch.setattr(train_encoder, "POOL", 4)
        sizes = Counter(len(places) for places, _ in self.drawn(corpus, QUICK._replace(rows=70), monkeypatch))
        assert sizes == {8: 8, 6: 1}

    def test_a_batch_has_texts_of_like_length(self, corpus, monkeypatch):
        lengths = [
            [len(one.ids) for one in codes] for _, codes in self.drawn(corpus, QUICK._replace(rows=400), monkeypatch)
        ]
        spans = sorted((min(found), max(found)) for found in lengths)
        assert all(one[1] <= other[0] for one, other in pairwise(spans))
        assert [min(found) for found in lengths] != sorted(min(found) for found in lengths)

    def test_the_same_seed_draws_the_same(self, corpus, monkeypatch):
        one, two, other = (
            [places for places, _ in self.drawn(corpus, QUICK, monkeypatch, seed=seed)] for seed in (3, 3, 4)
        )
        assert one == two != other

    def test_texts_with_marks_are_not_changed(self, corpus):
        changer = Unchanged()
        assert list(draw_batches(corpus, framed_tokenizer(), changer, QUICK, 0))
        assert set(changer.given) <= {
            corpus.texts[place] for place, row in enumerate(corpus.rows) if row.source != "civil_spans"
        }
        assert changer.given


class TestCollating:
    def test_texts_are_padded_to_the_longest(self, corpus):
        batch = collate(corpus, [2, 0], coded(corpus, [2, 0]), QUICK)
        texts = ("[CLS] you idiot [SEP] [PAD] [PAD] [PAD]", "[CLS] the bridge is un ##happy [SEP]")
        assert batch.ids.tolist() == [[WORDS.index(word) for word in text.split()] for text in texts]
        assert batch.mask.sum(1).tolist() == [4, 7]

    def test_texts_are_cut(self, corpus):
        batch = collate(corpus, [2, 0], coded(corpus, [2, 0]), QUICK._replace(longest=3))
        assert batch.ids.shape == batch.mask.shape == batch.marked.shape == (2, 3)
        assert batch.marks.shape == (2, 3, len(SPAN_TYPES))

    def test_marks_go_from_characters_to_tokens(self, corpus):
        batch = collate(corpus, [0, 2], coded(corpus, [0, 2]), QUICK)
        assert batch.marked.tolist() == [[0] * 7, [0, 1, 1, 0, 0, 0, 0]]
        assert batch.marks[1, :, SPAN_TYPES.index("insult")].tolist() == [0, 0, 0.5, 0, 0, 0, 0]
        assert not batch.marks[0].any()

    def test_a_token_has_the_mean_of_its_characters(self, corpus):
        half = corpus._replace(marks={2: np.linspace(0, 1, 9, dtype=np.float32)[:, None].repeat(len(SPAN_TYPES), 1)})
        batch = collate(half, [2], coded(half, [2]), QUICK)
        assert batch.marks[0, :, 0].tolist() == pytest.approx([0, 0.125, 0.75, 0])

    def test_targets_are_smoothed_and_weights_are_not(self, corpus):
        batch = collate(corpus, [0, 3], coded(corpus, [0, 3]), QUICK._replace(smoothing=0.1))
        column = LABELS.index("insult")
        assert batch.targets[:, column].tolist() == pytest.approx([0.05, 0.95])
        np.testing.assert_array_equal(batch.weights.numpy(), corpus.weights[[0, 3]])
        assert batch.source.tolist() == corpus.source[[0, 3]].tolist()


class TestLoss:
    @pytest.fixture
    def batch(self, corpus):
        places = [0, 3, 2, 5]
        return collate(corpus, places, coded(corpus, places), QUICK)

    @pytest.fixture
    def bias(self, corpus):
        return torch.zeros(int(corpus.source.max()) + 1, len(LABELS), requires_grad=True)

    def test_by_hand_where_every_logit_is_nought(self, net, batch, bias):
        for layer in (net.head, net.marks):
            torch.nn.init.zeros_(layer.weight)
        labels = log(2) * batch.weights.sum().item() / 4 / 2
        marks = QUICK.mark_weight * (2 / 4) * log(2) * len(SPAN_TYPES)
        assert loss_of(net, bias, batch, QUICK).item() == pytest.approx(labels + marks, rel=1e-5)

    def test_masked_labels_say_nothing(self, net, batch, bias):
        other = batch._replace(targets=torch.where(batch.weights > 0, batch.targets, 1 - batch.targets))
        assert (other.targets != batch.targets).any()
        assert loss_of(net, bias, other, QUICK).item() == loss_of(net, bias, batch, QUICK).item()

    def test_weighed_labels_do(self, net, batch, bias):
        other = batch._replace(targets=torch.where(batch.weights > 0, 1 - batch.targets, batch.targets))
        assert loss_of(net, bias, other, QUICK).item() != loss_of(net, bias, batch, QUICK).item()

    def test_marks_count_only_where_they_are_known(self, net, batch, bias):
        other = batch._replace(marks=torch.where(batch.marked[..., None] > 0, batch.marks, 1 - batch.marks))
        assert loss_of(net, bias, other, QUICK).item() == loss_of(net, bias, batch, QUICK).item()
        none = batch._replace(marked=torch.zeros_like(batch.marked))
        assert loss_of(net, bias, none, QUICK).item() < loss_of(net, bias, batch, QUICK).item()

    def test_teachers_are_heard_where_the_settings_say_so(self, net, corpus, bias):
        places = [0, 3, 2, 5]
        for layer in (net.head, net.marks):
            torch.nn.init.zeros_(layer.weight)
        one, other = (collate(corpus, places, coded(corpus, places), QUICK, said) for said in (0.0, 1.0))
        deaf = loss_of(net, bias, one, QUICK).item()
        assert deaf == loss_of(net, bias, other, QUICK).item()
        filling = QUICK._replace(fill=0.25)
        unknown = (LABEL_WEIGHTS * (one.weights == 0).numpy()).sum()
        assert loss_of(net, bias, one, filling).item() == pytest.approx(
            deaf + 0.25 * unknown * log(2) / 4 / 2, rel=1e-5
        )

    @pytest.mark.parametrize("settings", [QUICK._replace(soft=0.5), QUICK._replace(fill=0.3)], ids=["soft", "fill"])
    def test_what_teachers_say_pulls_the_logits(self, net, corpus, bias, settings):
        places = [0, 3, 2, 5]
        slopes = []
        for said in (0.0, 1.0):
            batch = collate(corpus, places, coded(corpus, places), settings, said)
            net.zero_grad()
            loss_of(net, bias, batch, settings).backward()
            slopes.append(net.head.bias.grad.clone())
        assert (slopes[0] >= slopes[1]).all()
        assert (slopes[0] > slopes[1]).any()

    def test_what_teachers_say_has_no_bias(self, net, corpus, bias):
        places = [2, 5]
        batch = collate(corpus, places, coded(corpus, places), QUICK, 1.0)
        loss_of(net, bias, batch, QUICK._replace(soft=1.0)).backward()
        assert not bias.grad.any()

    def test_comments_have_no_bias_to_learn(self, net, batch, bias):
        loss_of(net, bias, batch, QUICK).backward()
        assert (batch.source == 0).any()
        assert not bias.grad[0].any()
        assert bias.grad[batch.source[2]].any()


class TestRates:
    def test_the_rate_falls_with_the_depth(self):
        names = ["layers.1.up.weight", "layers.0.qkv.bias", "norm.weight"]
        assert [rate_of(name, TEACHER) / TEACHER.rate for name in names] == pytest.approx([1, 0.85, 0.85**2])
        assert rate_of("words.weight", TEACHER) == rate_of("places.weight", TEACHER) == rate_of("norm.bias", TEACHER)

    @pytest.mark.parametrize("settings", [TEACHER, STUDENT], ids=["teacher", "student"])
    def test_every_part_has_one(self, net, settings):
        rates = {name: rate_of(name, settings) for name, _ in net.named_parameters()}
        assert {name.partition(".")[0] for name, rate in rates.items() if rate == settings.head_rate} == {
            "head",
            "marks",
        }
        assert all(0 < rate <= settings.head_rate for rate in rates.values())


class TestTraining:
    def test_twenty_steps_lower_the_loss(self, corpus, net, tmp_path, capsys):
        places = [0, 3, 2, 5, 6, 9]
        batch = collate(corpus, places, coded(corpus, places), QUICK)
        bias = torch.zeros(int(corpus.source.max()) + 1, len(LABELS))
        before = loss_of(net, bias, batch, QUICK).item()
        batches = draw_batches(corpus, framed_tokenizer(), Unchanged(), QUICK, 0)
        weights = train(corpus, net, batches, QUICK, folder=tmp_path)
        net.float().load_state_dict(weights)
        assert loss_of(net, bias, batch, QUICK).item() < 0.8 * before
        assert "8 of 160 rows" in capsys.readouterr().out
        saved = load_file(tmp_path / train_encoder.WEIGHTS)
        assert {value.dtype for value in saved.values()} == {np.dtype(np.float32)}
        for name, value in weights.items():
            np.testing.assert_array_equal(saved[name], value.cpu().numpy())

    @pytest.mark.parametrize("kind", [torch.bfloat16, torch.float32])
    def test_it_computes_in_the_faster_format(self, corpus, net, tmp_path, monkeypatch, kind):
        monkeypatch.setattr(train_encoder, "faster_type", lambda _device: kind)
        batches = draw_batches(corpus, framed_tokenizer(), Unchanged(), QUICK, 0)
        train(corpus, net, batches, QUICK, folder=tmp_path)
        assert {value.dtype for value in net.parameters()} == {kind}

    @pytest.mark.parametrize(("seconds", "kind"), [((9, 1, 9, 2), torch.bfloat16), ((0.1, 2, 0.1, 1), torch.float32)])
    def test_the_faster_format_is_the_one_that_takes_less_time_once_warm(self, monkeypatch, seconds, kind):
        clock = iter(at for taken in seconds for at in (0, taken))
        monkeypatch.setattr(train_encoder.time, "perf_counter", lambda: next(clock))
        assert faster_type(torch.device("cpu")) == kind

    def test_words_that_no_row_has_hardly_move(self, corpus, net, tmp_path):
        before = net.words.weight.detach().clone()
        weights = train(
            corpus, net, draw_batches(corpus, framed_tokenizer(), Unchanged(), QUICK, 0), QUICK, folder=tmp_path
        )
        moved = (weights["words.weight"].cpu() - before).abs().amax(1)
        assert moved[WORDS.index("🐷")] < 1e-3 < moved[WORDS.index("idiot")]


class TestTeaching:
    def test_a_teacher_never_sees_the_rows_that_it_speaks_about(self, corpus, net, tmp_path, monkeypatch):
        seen = []

        def remember(given, one, batches, settings, *, folder):
            seen.append(set(np.flatnonzero(given.draws > 0).tolist()))
            return one.float().state_dict()

        monkeypatch.setattr(train_encoder, "train", remember)
        said = teach(corpus, net, framed_tokenizer(), {}, QUICK, folder=tmp_path, seed=0)
        fold = folds(corpus.rows, FOLDS, seed=1)
        taught = set(np.flatnonzero(corpus.draws > 0).tolist())
        assert seen == [{at for at in taught if fold[at] != number % FOLDS} for number in range(FOLDS * ROUNDS)]
        untrained = read_all(corpus, net, framed_tokenizer(), np.arange(len(corpus.rows)), QUICK)
        np.testing.assert_allclose(said, untrained, atol=1e-5)

    def test_rows_are_read_in_any_order(self, corpus, net):
        places = np.array([5, 0, 2, 60])
        whole = read_all(corpus, net, framed_tokenizer(), np.arange(len(corpus.rows)), QUICK)
        np.testing.assert_allclose(
            read_all(corpus, net, framed_tokenizer(), places, QUICK._replace(batch=1)), whole[places], atol=1e-5
        )
        assert ((whole > 0) & (whole < 1)).all()


class TestCommand:
    @pytest.fixture
    def folders(self, tmp_path):
        return {"--data": lay_out(tmp_path / "data"), "--base": lay_out_base(tmp_path / "base")}

    def call(self, folders, out, *more):
        train_encoder.main([*(str(part) for pair in folders.items() for part in pair), "--out", str(out), *more])
        return json.loads((out / "training.json").read_text("utf-8"))

    def test_teachers_and_then_the_student(self, folders, tmp_path, capsys):
        notes = self.call(folders, tmp_path / "out", "--rows", "96")
        assert (notes["teachers"]["folds"], notes["teachers"]["rounds"]) == (FOLDS, ROUNDS)
        assert {notes["teachers"]["rows"], notes["student"]["rows"]} == {96}
        assert notes["student"]["own_share"] == OWN_SHARE
        told = [line for line in capsys.readouterr().out.splitlines() if line.startswith(("teacher", "student"))]
        assert told == [*(f"teacher {number + 1} of {FOLDS * ROUNDS}" for number in range(FOLDS * ROUNDS)), "student"]

    def test_the_labels_alone(self, folders, tmp_path, capsys):
        notes = self.call(folders, tmp_path / "out", "--rows", "96", "--no-teachers")
        assert notes["teachers"] is None
        assert (notes["student"]["soft"], notes["student"]["fill"]) == (0, 0)
        assert "teacher" not in capsys.readouterr().out

    def test_what_it_writes_is_an_encoder(self, folders, tmp_path):
        self.call(folders, tmp_path / "out", "--rows", "64", "--only", "green")
        weights = load_file(tmp_path / "out" / train_encoder.WEIGHTS)
        graph = build_graph(weights, heads=SIZES["HEADS"])
        tokenizer = (tmp_path / "out/tokenizer.json").read_bytes()
        engine = Engine(graph, tokenizer, labels=len(LABELS), kinds=len(SPAN_TYPES))
        (found,) = engine.read(engine.windows("you idiot 💩"))
        assert np.isfinite(found.logits).all()
        assert found.marks.shape == (3, len(SPAN_TYPES))

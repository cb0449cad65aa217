"""Fine-tune the encoder: `python -m belowline.lab.train_encoder --data DIR --out DIR [--base DIR] [--only green]`.

Needs PyTorch. Teachers learn first, each without one fold of the rows; what they say of the fold that they have not
seen is what the student learns beside the labels (distillation: Hinton et al. 2015, arXiv 1503.02531; into a model of
the same size: Furlanello et al. 2018, arXiv 1805.04770), also where a source does not speak about a label. Ten minutes
on a GPU, half a day on two CPU cores. The seed fixes every draw and every change of a text; sums in another order, as
with other numbers of threads, still move the weights a little.
"""

import argparse
import copy
import json
import math
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - its usual name
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file
from tokenizers import Encoding, Tokenizer

from belowline.lab.base_weights import LAYERS, PUBLIC_ID, WIDTH, base_folder
from belowline.lab.datasets import EVERY_COLOUR, LABELS, folds, read_terms
from belowline.lab.encoder_rows import LABEL_WEIGHTS, SPAN_TYPES, Augmenter, Corpus, read_corpus
from belowline.lab.minilm import Encoder, load_base
from belowline.lab.vocabulary import extend, load_tokenizer

WEIGHTS = "encoder.safetensors"
POOL = 50
"""So many batches are drawn together and sorted by length, so that a batch has little padding."""


class Settings(NamedTuple):
    """Hyper-parameters of a run."""

    rows: int
    """Rows drawn in all, with repetitions."""
    batch: int = 128
    longest: int = 112
    """Tokens of a row that are learned from."""
    rate: float = 1.5e-4
    """Learning rate of the top layer, which rises over the first `warm` share of the steps, then falls as a cosine."""
    last: float = 0.02
    """What the learning rate falls to, as a share of its highest."""
    head_rate: float = 1e-3
    """Learning rate of the heads, which rises and falls alike."""
    bias_rate: float = 1e-2
    """Learning rate of the biases of sources."""
    decay: float = 0.85
    """Each layer below learns at so much of the rate of the one above it."""
    warm: float = 0.05
    penalty: float = 0.01
    """Weight decay of AdamW."""
    drop: float = 0.1
    """Share of values left out at random (dropout)."""
    averaging: float = 0.998
    """Weights are averaged over steps with this memory, every fourth step; the average ships."""
    mark_weight: float = 0.5
    """How much the marked passages count beside the labels."""
    smoothing: float = 0.01
    """Targets are drawn this far towards one half."""
    soft: float = 0.0
    """How much of a label's weight goes to what the teachers say."""
    fill: float = 0.0
    """The weight of what the teachers say where the source does not speak about the label."""


TEACHER = Settings(rows=308_000)
STUDENT = Settings(rows=588_000, soft=0.5, fill=0.3)
FOLDS = 5
ROUNDS = 2
"""Teachers of each fold; what they say of it is their mean."""
OWN_SHARE = 0.4
"""The student draws our own sentences so much as often as the teachers do."""


class Batch(NamedTuple):
    """Rows as tensors."""

    ids: torch.Tensor
    mask: torch.Tensor
    targets: torch.Tensor
    weights: torch.Tensor
    source: torch.Tensor
    said: torch.Tensor
    """What the teachers say, in [0, 1]; nothing counts where there were none."""
    marks: torch.Tensor
    marked: torch.Tensor
    """1 for tokens whose marks are known."""


def draw_batches(  # noqa: PLR0913 - what a batch is made of
    corpus: Corpus,
    tokenizer: Tokenizer,
    changer: Augmenter,
    settings: Settings,
    seed: int,
    *,
    said: NDArray[np.float32] | None = None,
) -> Iterator[Batch]:
    """Yield batches until `settings.rows` rows were drawn; each pass takes every row as often as it is due.

    `said` is what teachers say of every row, shape (rows, labels).
    """
    said = np.zeros_like(corpus.targets) if said is None else said
    draw = random.Random(seed)  # noqa: S311 - no cryptography
    due = np.where(corpus.held_out, 0.0, corpus.draws)
    due *= settings.rows / due.sum()
    order = np.repeat(np.arange(len(due)), np.floor(due).astype(int))
    rest = due - np.floor(due)
    if lacking := settings.rows - len(order):
        extra = np.random.default_rng(seed).choice(len(due), lacking, replace=False, p=rest / rest.sum())
        order = np.concatenate((order, extra))
    np.random.default_rng(seed + 1).shuffle(order)
    for start in range(0, len(order), POOL * settings.batch):
        places = order[start : start + POOL * settings.batch]
        texts = [
            corpus.texts[place] if place in corpus.marks else changer.change(corpus.texts[place]) for place in places
        ]
        coded = tokenizer.encode_batch([text[:4000] for text in texts])
        by_length = sorted(range(len(places)), key=lambda at: len(coded[at].ids))
        batches = [by_length[at : at + settings.batch] for at in range(0, len(by_length), settings.batch)]
        draw.shuffle(batches)
        for batch in batches:
            rows = [int(places[at]) for at in batch]
            yield collate(corpus, rows, [coded[at] for at in batch], said[rows], settings)


def collate(
    corpus: Corpus, places: Sequence[int], coded: Sequence[Encoding], said: NDArray[np.float32], settings: Settings
) -> Batch:
    """Bring rows, and what teachers say of them, into tensors, padded to the longest of them."""
    length = min(max(len(one.ids) for one in coded), settings.longest)
    ids = np.zeros((len(places), length), dtype=np.int64)
    mask = np.zeros((len(places), length), dtype=np.float32)
    marks = np.zeros((len(places), length, len(SPAN_TYPES)), dtype=np.float32)
    marked = np.zeros((len(places), length), dtype=np.float32)
    for row, (place, one) in enumerate(zip(places, coded, strict=True)):
        size = min(len(one.ids), length)
        ids[row, :size] = one.ids[:size]
        mask[row, :size] = 1
        if place in corpus.marks:
            shares = corpus.marks[place]
            for at, (start, end) in enumerate(one.offsets[:size]):
                if end > start:
                    marks[row, at] = shares[start:end].mean(axis=0)
                    marked[row, at] = 1
    targets = settings.smoothing / 2 + corpus.targets[places] * (1 - settings.smoothing)
    arrays = (ids, mask, targets, corpus.weights[places], corpus.source[places], said, marks, marked)
    return Batch(*(torch.from_numpy(np.ascontiguousarray(array)) for array in arrays))


def loss_of(net: Encoder, bias: torch.Tensor, batch: Batch, settings: Settings) -> torch.Tensor:
    """Return the masked cross-entropy of labels and marks; sources that have a bias add it to their logits.

    What teachers say has no bias: they say it of any comment, wherever it comes from.
    """
    logits, marks = net(batch.ids, batch.mask)
    biased = logits.float() + bias[batch.source] * (batch.source > 0)[:, None]
    labels = F.binary_cross_entropy_with_logits(biased, batch.targets, reduction="none") * batch.weights
    if settings.soft or settings.fill:
        unknown = torch.from_numpy(LABEL_WEIGHTS).to(logits.device) * (batch.weights == 0)
        weights = settings.soft * batch.weights + settings.fill * unknown
        soft = F.binary_cross_entropy_with_logits(logits.float(), batch.said, reduction="none") * weights
        labels = (1 - settings.soft) * labels + soft
    loss = labels.sum() / len(batch.ids) / 2
    if batch.marked.any():
        each = F.binary_cross_entropy_with_logits(marks.float(), batch.marks, reduction="none").sum(-1)
        rows = batch.marked.any(1).sum() / len(batch.ids)
        loss = loss + settings.mark_weight * rows * (each * batch.marked).sum() / batch.marked.sum()
    return loss


def rate_of(name: str, settings: Settings) -> float:
    """Return the learning rate of a parameter by the layer that it stands in."""
    if name.startswith(("head", "marks")):
        return settings.head_rate
    depth = LAYERS - int(name.split(".")[1]) - 1 if name.startswith("layers.") else LAYERS
    return settings.rate * settings.decay**depth


def scale_at(step: int, steps: int, settings: Settings) -> float:
    """Return the share of the learning rates that a step learns at: first it rises in a line, then it falls."""
    falling = settings.last + (1 - settings.last) * (1 + math.cos(math.pi * step / steps)) / 2
    return min((step + 1) / (settings.warm * steps), falling)


def faster_type(device: torch.device) -> torch.dtype:
    """Return bfloat16 or float32, whichever the device multiplies matrices in faster, by trying both.

    Processors without instructions for bfloat16 take some thirty times as long in it.
    """
    times = {}
    for kind in (torch.bfloat16, torch.float32):
        one, other = (torch.ones(side, WIDTH, dtype=kind, device=device) for side in (256, 4 * WIDTH))
        for _ in range(2):
            began = time.perf_counter()
            (one @ other.T).sum().item()
            times[kind] = time.perf_counter() - began
    return min(times, key=times.__getitem__)


def train(
    corpus: Corpus, net: Encoder, batches: Iterator[Batch], settings: Settings, *, folder: Path
) -> dict[str, torch.Tensor]:
    """Train and return the averaged weights; a checkpoint of them stands in `folder` every few minutes.

    Computes in the faster format of `faster_type`, with weights kept in float32 (Micikevicius et al. 2018, arXiv
    1710.03740).
    """
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    kind = faster_type(device)
    torch.set_flush_denormal(True)
    net = net.float().to(device)
    net.drop = settings.drop
    bias = torch.zeros(int(corpus.source.max()) + 1, len(LABELS), device=device, requires_grad=True)
    named = dict(net.named_parameters())
    master = {name: value.detach().float().clone().requires_grad_() for name, value in named.items()}
    average = {name: value.detach().clone() for name, value in master.items()}
    net.to(kind)
    named = dict(net.named_parameters())
    groups = [
        {"params": [value], "lr": rate_of(name, settings), "weight_decay": settings.penalty if value.ndim > 1 else 0.0}
        for name, value in master.items()
    ]
    groups.append({"params": [bias], "lr": settings.bias_rate, "weight_decay": 0.0})
    optimiser = torch.optim.AdamW(groups, fused=True, betas=(0.9, 0.98))
    top = [group["lr"] for group in optimiser.param_groups]
    steps = -(-settings.rows // settings.batch)
    began = saved = time.monotonic()
    running = 0.0
    for step, given in enumerate(batches):
        batch = Batch(*(part.to(device) for part in given))
        scale = scale_at(step, steps, settings)
        for group, rate in zip(optimiser.param_groups, top, strict=True):
            group["lr"] = rate * scale
        loss = loss_of(net, bias, batch, settings)
        loss.backward()
        for name, value in named.items():
            master[name].grad = value.grad.float() if value.grad is not None else None
            value.grad = None
        torch.nn.utils.clip_grad_norm_([*master.values(), bias], 1.0)
        optimiser.step()
        bias.grad = None
        with torch.no_grad():
            for name, value in named.items():
                value.copy_(master[name])
            if step % 4 == 0:
                memory = min(settings.averaging**4, (step + 1) / (step + 40))
                for name, value in average.items():
                    value.lerp_(master[name], 1 - memory)
        running = 0.99 * running + 0.01 * loss.item() if step else loss.item()
        if step % 100 == 0:
            done = (step + 1) * settings.batch
            pace = done / (time.monotonic() - began)
            print(f"{done} of {settings.rows} rows, {pace:.0f} rows/s, loss {running:.4f}", flush=True)
        if time.monotonic() - saved > 300:  # noqa: PLR2004 - seconds
            save(average, folder)
            saved = time.monotonic()
    net.drop = 0.0
    save(average, folder)
    return average


def read_all(
    corpus: Corpus, net: Encoder, tokenizer: Tokenizer, places: NDArray[np.int64], settings: Settings
) -> NDArray[np.float32]:
    """Return what an encoder says of rows as they are, without the bias of their source: shape (places, labels)."""
    device = next(net.parameters()).device
    said = np.zeros((len(places), len(LABELS)), dtype=np.float32)
    for start in range(0, len(places), POOL * settings.batch):
        here = places[start : start + POOL * settings.batch]
        coded = tokenizer.encode_batch([corpus.texts[place][:4000] for place in here])
        by_length = sorted(range(len(here)), key=lambda at: len(coded[at].ids))
        for at in range(0, len(here), settings.batch):
            rows = by_length[at : at + settings.batch]
            chosen = [int(here[row]) for row in rows]
            batch = collate(corpus, chosen, [coded[row] for row in rows], said[rows], settings)
            with torch.no_grad():
                logits, _ = net(batch.ids.to(device), batch.mask.to(device))
            said[[start + row for row in rows]] = torch.sigmoid(logits.float()).cpu().numpy()
    return said


def teach(  # noqa: PLR0913 - what teachers are made of
    corpus: Corpus,
    begin: Encoder,
    tokenizer: Tokenizer,
    words: dict[str, float],
    settings: Settings,
    *,
    folder: Path,
    seed: int,
) -> NDArray[np.float32]:
    """Train the teachers; return what those say of each row that have not seen its group: shape (rows, labels)."""
    fold = folds(corpus.rows, FOLDS, seed=seed + 1)
    said = np.zeros_like(corpus.targets)
    for number in range(FOLDS * ROUNDS):
        own_seed = seed + 20 + number
        unseen = fold == number % FOLDS
        seen = corpus._replace(draws=np.where(unseen, 0.0, corpus.draws))
        print(f"teacher {number + 1} of {FOLDS * ROUNDS}", flush=True)
        net = copy.deepcopy(begin)
        batches = draw_batches(seen, tokenizer, Augmenter(corpus, words, own_seed), settings, own_seed)
        weights = train(seen, net, batches, settings, folder=folder)
        net.load_state_dict(weights)
        places = np.flatnonzero(unseen)
        said[places] += read_all(corpus, net, tokenizer, places, settings) / ROUNDS
    return said


def save(weights: dict[str, torch.Tensor], folder: Path) -> None:
    """Write the weights as float32."""
    save_file({name: value.float().contiguous().cpu() for name, value in weights.items()}, folder / WEIGHTS)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m belowline.lab.train_encoder", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the data folder, with train/ and lexicons/")
    parser.add_argument("--base", default=PUBLIC_ID, help="all-MiniLM-L6-v2: its folder or public id (%(default)s)")
    parser.add_argument("--only", choices=["green"], help="only sources whose licence is stated and permits it")
    parser.add_argument("--out", type=Path, required=True, help="where weights and tokenizer are written")
    parser.add_argument("--rows", type=int, help="rows drawn by each teacher and by the student, for a trial")
    parser.add_argument("--no-teachers", action="store_true", help="learn from the labels alone, for a trial")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args(arguments)
    torch.manual_seed(given.seed)
    given.out.mkdir(parents=True, exist_ok=True)
    base = base_folder(given.base)
    tokenizer = load_tokenizer(base)
    words = load_file(base / "model.safetensors")["embeddings.word_embeddings.weight"].numpy()
    net = load_base(base, extend(tokenizer, words), labels=len(LABELS), marks=len(SPAN_TYPES))
    tokenizer.save(str(given.out / "tokenizer.json"))
    strong = {term.term.lower(): 1.0 for name in ("surge", "dsojevic") for term in read_terms(given.data, name)}
    corpus = read_corpus(given.data, frozenset({given.only}) if given.only else EVERY_COLOUR, seed=given.seed)
    print(f"{len(corpus.rows)} rows, {int(corpus.held_out.sum())} kept apart", flush=True)
    teacher, student = (one._replace(rows=given.rows or one.rows) for one in (TEACHER, STUDENT))
    said = None
    if given.no_teachers:
        student = student._replace(soft=0.0, fill=0.0)
    else:
        said = teach(corpus, net, tokenizer, strong, teacher, folder=given.out, seed=given.seed)
    own = np.array([row.source == "own" for row in corpus.rows])
    rarer = corpus._replace(draws=corpus.draws * np.where(own, OWN_SHARE, 1.0))
    print("student", flush=True)
    batches = draw_batches(rarer, tokenizer, Augmenter(corpus, strong, given.seed), student, given.seed, said=said)
    train(rarer, net, batches, student, folder=given.out)
    notes = {
        "teachers": None if given.no_teachers else {"folds": FOLDS, "rounds": ROUNDS, **teacher._asdict()},
        "student": {"own_share": OWN_SHARE, **student._asdict()},
        "seed": given.seed,
        "only": given.only,
    }
    (given.out / "training.json").write_text(json.dumps(notes, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

"""Fine-tune the encoder: `python -m belowline.lab.train_encoder --data DIR --base DIR --out DIR [--only green]`.

Needs PyTorch. Three stages: the first on public data, the others with our own sentences too. On two CPU cores it learns
from 80 to 100 rows a second in bfloat16, on a GPU from far more. The seed fixes every draw and every change of a text;
sums in another order, as with other numbers of threads, still move the weights a little.
"""

import argparse
import json
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - its usual name
from safetensors.torch import load_file, save_file
from tokenizers import Encoding, Tokenizer

from belowline.lab.base_weights import LAYERS
from belowline.lab.datasets import EVERY_COLOUR, LABELS, read_terms
from belowline.lab.encoder_rows import SPAN_TYPES, Augmenter, Corpus, read_corpus
from belowline.lab.minilm import Encoder, load_base
from belowline.lab.vocabulary import extend, load_tokenizer

WEIGHTS = "encoder.safetensors"
POOL = 50
"""So many batches are drawn together and sorted by length, so that a batch has little padding."""


class Settings(NamedTuple):
    """Hyper-parameters of a run."""

    rows: int
    """Rows drawn in all, with repetitions."""
    batch: int = 64
    longest: int = 112
    """Tokens of a row that are learned from."""
    rate: float = 1.5e-4
    """Learning rate of the top layer, which rises over the first `warm` share of the steps and then falls."""
    last: float = 0.0
    """What the learning rate falls to, as a share of its highest."""
    head_rate: float = 1e-3
    """Learning rate of the heads, which rises and falls alike."""
    bias_rate: float = 1e-2
    """Learning rate of the biases of sources."""
    decay: float = 0.85
    """Each layer below learns at so much of the rate of the one above it."""
    warm: float = 0.04
    penalty: float = 0.01
    """Weight decay of AdamW."""
    averaging: float = 0.995
    """Weights are averaged over steps with this memory, every fourth step; the average ships."""
    mark_weight: float = 0.5
    """How much the marked passages count beside the labels."""
    smoothing: float = 0.01
    """Targets are drawn this far towards one half."""
    keep: float = 0.0
    """The share of what the stage began with in what it ends with (Wortsman et al. 2022, arXiv 2109.01903)."""


STAGES = (
    Settings(rows=175_000, last=0.65),
    Settings(rows=200_000, rate=1e-4, head_rate=6.7e-4),
    Settings(rows=360_000, rate=1e-4, head_rate=6.7e-4, keep=0.4),
)
"""The first on public data alone. The last begins anew at a high rate (Loshchilov, Hutter 2017, arXiv 1608.03983);
alone it learns the sets by heart, mixed with what was before it learns our own sentences at little cost."""


class Batch(NamedTuple):
    """Rows as tensors."""

    ids: torch.Tensor
    mask: torch.Tensor
    targets: torch.Tensor
    weights: torch.Tensor
    source: torch.Tensor
    marks: torch.Tensor
    marked: torch.Tensor
    """1 for tokens whose marks are known."""


def draw_batches(
    corpus: Corpus, tokenizer: Tokenizer, changer: Augmenter, settings: Settings, seed: int
) -> Iterator[Batch]:
    """Yield batches until `settings.rows` rows were drawn; each pass takes every row as often as it is due."""
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
            yield collate(corpus, [int(places[at]) for at in batch], [coded[at] for at in batch], settings)


def collate(corpus: Corpus, places: Sequence[int], coded: Sequence[Encoding], settings: Settings) -> Batch:
    """Bring rows into tensors, padded to the longest of them."""
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
    arrays = (ids, mask, targets, corpus.weights[places], corpus.source[places], marks, marked)
    return Batch(*(torch.from_numpy(np.ascontiguousarray(array)) for array in arrays))


def loss_of(net: Encoder, bias: torch.Tensor, batch: Batch, settings: Settings) -> torch.Tensor:
    """Return the masked cross-entropy of labels and marks; sources that have a bias add it to their logits."""
    logits, marks = net(batch.ids, batch.mask)
    logits = logits.float() + bias[batch.source] * (batch.source > 0)[:, None]
    labels = F.binary_cross_entropy_with_logits(logits, batch.targets, reduction="none") * batch.weights
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


def train(
    corpus: Corpus, net: Encoder, batches: Iterator[Batch], settings: Settings, *, folder: Path
) -> dict[str, torch.Tensor]:
    """Train and return the averaged weights; a checkpoint of them stands in `folder` every few minutes.

    Computes in bfloat16, with weights kept in float32 (Micikevicius et al. 2018, arXiv 1710.03740).
    """
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    torch.set_flush_denormal(True)
    net = net.float().to(device)
    bias = torch.zeros(int(corpus.source.max()) + 1, len(LABELS), device=device, requires_grad=True)
    named = dict(net.named_parameters())
    master = {name: value.detach().float().clone().requires_grad_() for name, value in named.items()}
    average = {name: value.detach().clone() for name, value in master.items()}
    net.bfloat16()
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
        scale = min((step + 1) / (settings.warm * steps), 1 - (1 - settings.last) * step / steps)
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
    save(average, folder)
    return average


def save(weights: dict[str, torch.Tensor], folder: Path) -> None:
    """Write the weights as float32."""
    save_file({name: value.float().contiguous().cpu() for name, value in weights.items()}, folder / WEIGHTS)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m belowline.lab.train_encoder", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the data folder, with train/ and lexicons/")
    parser.add_argument("--base", type=Path, required=True, help="the folder of all-MiniLM-L6-v2")
    parser.add_argument("--only", choices=["green"], help="only sources whose licence is stated and permits it")
    parser.add_argument("--out", type=Path, required=True, help="where weights and tokenizer are written")
    parser.add_argument("--rows", type=int, help="rows drawn in each stage, for a trial")
    parser.add_argument("--start", type=Path, help="what earlier stages wrote, to do the last one alone")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args(arguments)
    torch.manual_seed(given.seed)
    given.out.mkdir(parents=True, exist_ok=True)
    tokenizer = load_tokenizer(given.base)
    words = load_file(given.base / "model.safetensors")["embeddings.word_embeddings.weight"].numpy()
    net = load_base(given.base, extend(tokenizer, words), labels=len(LABELS), marks=len(SPAN_TYPES))
    tokenizer.save(str(given.out / "tokenizer.json"))
    if given.start:
        net.load_state_dict(load_file(given.start / WEIGHTS))
    strong = {term.term.lower(): 1.0 for name in ("surge", "dsojevic") for term in read_terms(given.data, name)}
    colours = frozenset({given.only}) if given.only else EVERY_COLOUR
    begin = len(STAGES) - 1 if given.start else 0
    stages = [settings._replace(rows=given.rows or settings.rows) for settings in STAGES[begin:]]
    for number, settings in enumerate(stages, start=begin):
        corpus = read_corpus(given.data, colours, first=number == 0, seed=given.seed)
        changer = Augmenter(corpus, strong, given.seed + number)
        print(f"{len(corpus.rows)} rows, {int(corpus.held_out.sum())} kept apart", flush=True)
        batches = draw_batches(corpus, tokenizer, changer, settings, given.seed + number)
        before = {name: value.detach().clone() for name, value in net.float().cpu().state_dict().items()}
        trained = train(corpus, net, batches, settings, folder=given.out)
        mixed = {name: value.cpu().lerp(before[name], settings.keep) for name, value in trained.items()}
        net.float().load_state_dict(mixed)
        save(mixed, given.out)
    notes = {"stages": [settings._asdict() for settings in stages], "seed": given.seed, "only": given.only}
    (given.out / "training.json").write_text(json.dumps(notes, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

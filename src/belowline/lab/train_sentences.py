"""Teach the sentence encoder what belongs under a story.

`python -m belowline.lab.train_sentences --data DIR --out DIR [--base DIR]`. Needs PyTorch. A comment shall come nearer
to the passages of its own story than to those of the other stories in its batch (InfoNCE; van den Oord et al. 2018,
arXiv 1807.03748), where the nearest passage speaks for a story: the logarithm of the sum of exponentials over its
passages. Stories of our own with their comments, many of which share no word with them, and the debates of train/topic.
The
vocabulary's vectors stay as they are.

Three encoders are written: `all`, which ships, and `without-0` and `without-1`, each taught without one half of the
stories. The logistic models are fitted on what these two say of the half that they do not know. On two CPU cores all
three take a quarter of an hour.
"""

import argparse
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - its usual name
from safetensors.torch import save_file
from tokenizers import Tokenizer

from belowline.lab.base_weights import LAYERS, PUBLIC_ID, TUNED, WIDTH, base_folder
from belowline.lab.minilm import Encoder, load_base
from belowline.lab.topic_pairs import OwnComment, OwnStory, read_own, without_half, without_half_of_own
from belowline.lab.train_topic import read_rows

ALL, WITHOUT = "all", ("without-0", "without-1")


class Settings(NamedTuple):
    """Hyper-parameters of a run."""

    epochs: int = 3
    """How often each comment of our own is learned from; a third of the batches are debates."""
    rate: float = 5e-5
    """Learning rate of the top layer, which rises over the first `warm` share of the steps, then falls to nothing."""
    decay: float = 0.85
    """Each layer below learns at so much of the rate of the one above it."""
    warm: float = 0.1
    penalty: float = 0.01
    """Weight decay of AdamW."""
    sharpness: float = 20.0
    """Cosines are multiplied by this: the inverse temperature."""
    stories: int = 14
    """Stories of our own in a batch, with two comments each."""
    debates: int = 20
    longest_comment: int = 96
    longest_passage: int = 72
    """Tokens that are read."""
    at_once: int = 32
    """Passages that are read together."""


class Batch(NamedTuple):
    """Comments with the stories that they are to be told apart by."""

    comments: list[str]
    own: list[int]
    """The story of each comment, by its place in `stories`."""
    stories: list[list[str]]
    """The passages of each story."""


def own_batches(stories: Sequence[OwnStory], settings: Settings, rng: random.Random) -> Iterator[Batch]:
    """Yield batches until too few stories have comments left; each comment that belongs is used once."""
    pool = {place: [one.text for one in story.comments if belongs(one)] for place, story in enumerate(stories)}
    for texts in pool.values():
        rng.shuffle(texts)
    while len(live := [place for place, texts in pool.items() if texts]) >= settings.stories // 2:
        chosen = rng.sample(live, min(settings.stories, len(live)))
        drawn = [(at, pool[place].pop()) for at, place in enumerate(chosen) for _ in range(2) if pool[place]]
        passages = [[stories[p].title, stories[p].standfirst, *stories[p].body.split("\n")] for p in chosen]
        yield Batch([text for _, text in drawn], [at for at, _ in drawn], passages)


def belongs(comment: OwnComment) -> bool:
    """Say whether a comment belongs to its article by itself, not through what it answers."""
    return comment.r_art >= 2 and comment.parent is None  # noqa: PLR2004 - the scale's "same issue"


def debate_batches(rows: Sequence[dict[str, str]], settings: Settings, rng: random.Random) -> Iterator[Batch]:
    """Yield batches of one comment a debate; title, abstract and up to two other comments are the debate's passages."""
    debates: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        debates[row["story_id"]].append(row)
    pool = {name: rng.sample(found, len(found)) for name, found in debates.items()}
    while len(live := [name for name, left in pool.items() if left]) >= settings.debates:
        chosen = rng.sample(live, settings.debates)
        comments = [pool[name].pop()["comment"] for name in chosen]
        passages = [_debate(debates[name], comment, rng) for name, comment in zip(chosen, comments, strict=True)]
        yield Batch([_cut(text, rng) for text in comments], list(range(len(chosen))), passages)


def _debate(rows: Sequence[dict[str, str]], comment: str, rng: random.Random) -> list[str]:
    others = [row["comment"] for row in rng.sample(rows, min(2, len(rows))) if row["comment"] != comment]
    return [rows[0]["title"], rows[0]["abstract"] or rows[0]["title"], *(" ".join(one.split()[:50]) for one in others)]


def _cut(text: str, rng: random.Random) -> str:
    """Return a passage of 8 to 30 words of three texts in five, for debates are argued at length."""
    words = text.split()
    if len(words) <= 20 or rng.random() >= 0.6:  # noqa: PLR2004 - as the docstring says
        return text
    size = rng.randint(8, min(30, len(words)))
    start = rng.randint(0, len(words) - size)
    return " ".join(words[start : start + size])


def all_batches(own: Sequence[OwnStory], rows: Sequence[dict[str, str]], settings: Settings, seed: int) -> list[Batch]:
    """Return the batches of a whole run in a random order."""
    rng = random.Random(seed)  # noqa: S311 - no cryptography
    found = [batch for _ in range(settings.epochs) for batch in own_batches(own, settings, rng)]
    debates = list(debate_batches(rows, settings, rng))
    rng.shuffle(debates)
    found += debates[: len(found) // 2]
    rng.shuffle(found)
    return found


def read_texts(net: Encoder, tokenizer: Tokenizer, texts: Sequence[str], longest: int, at_once: int) -> torch.Tensor:
    """Return the mean over tokens of each text, of length 1, shape (texts, width); like lengths are read together."""
    coded = [one.ids for one in tokenizer.encode_batch(list(texts))]
    order = sorted(range(len(coded)), key=lambda place: len(coded[place]))
    found: dict[int, torch.Tensor] = {}
    for start in range(0, len(order), at_once):
        places = order[start : start + at_once]
        length = min(max(len(coded[place]) for place in places), longest)
        ids, mask = np.zeros((len(places), length), np.int64), np.zeros((len(places), length), np.float32)
        for row, place in enumerate(places):
            own = coded[place] if len(coded[place]) <= length else [*coded[place][: length - 1], coded[place][-1]]
            ids[row, : len(own)], mask[row, : len(own)] = own, 1
        weight = torch.from_numpy(mask)[..., None]
        with torch.autocast("cpu", torch.bfloat16):
            states = net.states(torch.from_numpy(ids), torch.from_numpy(mask)).float()
        found |= dict(zip(places, F.normalize((states * weight).sum(1) / weight.sum(1), dim=-1), strict=True))
    return torch.stack([found[place] for place in range(len(texts))])


def loss_of(net: Encoder, tokenizer: Tokenizer, batch: Batch, settings: Settings) -> torch.Tensor:
    """Return how badly the comments of a batch are told to belong to their own stories."""
    flat = [passage for passages in batch.stories for passage in passages]
    of = torch.tensor([at for at, passages in enumerate(batch.stories) for _ in passages])
    comments = read_texts(net, tokenizer, batch.comments, settings.longest_comment, len(batch.comments))
    passages = read_texts(net, tokenizer, flat, settings.longest_passage, settings.at_once)
    near = settings.sharpness * (comments @ passages.T)
    by_story = torch.stack([torch.logsumexp(near[:, of == at], 1) for at in range(len(batch.stories))], 1)
    return F.cross_entropy(by_story, torch.tensor(batch.own))


def parameter_groups(net: Encoder, settings: Settings) -> list[dict[str, object]]:
    """Return the weights that learn, with their rates; the vocabulary, the places and the heads do not."""
    groups: list[dict[str, object]] = []
    for name, weight in net.named_parameters():
        if name.startswith(("words", "places", "head", "marks")):
            weight.requires_grad_(requires_grad=False)
            continue
        depth = LAYERS - int(name.split(".")[1]) - 1 if name.startswith("layers.") else LAYERS - 1
        groups.append({"params": [weight], "lr": settings.rate * settings.decay**depth})
    return groups


def teach(net: Encoder, tokenizer: Tokenizer, batches: Sequence[Batch], settings: Settings) -> None:
    """Run all batches; prints the loss now and then."""
    optimiser = torch.optim.AdamW(parameter_groups(net, settings), weight_decay=settings.penalty)
    rates = [group["lr"] for group in optimiser.param_groups]
    net.train()
    for step, batch in enumerate(batches):
        share = min(1.0, (step + 1) / (settings.warm * len(batches))) * max(0.02, 1 - step / len(batches))
        for group, rate in zip(optimiser.param_groups, rates, strict=True):
            group["lr"] = rate * share
        loss = loss_of(net, tokenizer, batch, settings)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        if step % 25 == 0 or step == len(batches) - 1:
            print(f"step {step + 1} of {len(batches)}: loss {loss.item():.3f}", flush=True)
    net.eval()


def teach_anew(base: Path, batches: Sequence[Batch], seed: int) -> Encoder:
    """Return the base model after all batches."""
    torch.manual_seed(seed)
    net = load_base(base, np.zeros((0, WIDTH), np.float32), labels=1, marks=1)
    tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    teach(net, tokenizer, batches, Settings())
    return net


def write(net: Encoder, base: Path, out: Path) -> None:
    """Write the encoder and its tokenizer, as train_topic reads them."""
    out.mkdir(parents=True, exist_ok=True)
    kept = {name: weight for name, weight in net.state_dict().items() if not name.startswith(("head", "marks"))}
    save_file(kept, out / TUNED)
    (out / "tokenizer.json").write_bytes((base / "tokenizer.json").read_bytes())


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="the folder with train/")
    parser.add_argument("--base", default=PUBLIC_ID, help="all-MiniLM-L6-v2: its folder or public id (%(default)s)")
    parser.add_argument("--out", type=Path, required=True, help="where the encoders are written")
    parser.add_argument("--seed", type=int, default=11)
    options = parser.parse_args()
    base = base_folder(options.base)
    rows = read_rows(options.data / "train/topic/room_for_debate.jsonl.gz")
    for half, name in ((None, ALL), *enumerate(WITHOUT)):
        known_rows, known_own = without_half(rows, half), without_half_of_own(read_own(), half)
        batches = all_batches(known_own, known_rows, Settings(), options.seed)
        write(teach_anew(base, batches, options.seed), base, options.out / name)


if __name__ == "__main__":
    main()

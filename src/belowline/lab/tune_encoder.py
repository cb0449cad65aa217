"""Teach a model's encoder our own sentences: `python -m belowline.lab.tune_encoder --data DIR --model DIR --out DIR`.

Needs PyTorch. Six of ten rows are sentences of ours with their labels. The others are rows of every source, and what
the encoder says of them now is what it shall go on saying, passages included (learning without forgetting: Li and
Hoiem 2016, arXiv 1606.09282). Some words of ours are masked at every draw, so that sentences are not known by heart.
The weights that are written lie between those before and after, at SHARE of the way (Wortsman et al. 2022, arXiv
2109.01903). So new sentences need no training from the base: half an hour on two CPU cores instead of half a day.
The weights of eight bits that ship are enough to begin from.
"""

import argparse
import copy
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from belowline.lab.datasets import EVERY_COLOUR, LABELS, read_terms
from belowline.lab.encoder_rows import LABEL_WEIGHTS, SPAN_TYPES, Augmenter, Corpus, read_corpus
from belowline.lab.export_encoder import read_graph
from belowline.lab.minilm import Encoder
from belowline.lab.train_encoder import Batch, Settings, draw_batches, faster_type, save, train

TUNING = Settings(rows=220_000, batch=96, longest=96, rate=1e-4, head_rate=2e-4, drop=0.2, averaging=0.99)
MASKED = 0.1
"""The share of tokens of our own sentences that are masked at a draw."""
OWN_SHARE = 0.6
"""The share of rows that are sentences of ours."""
KEEPING = 4.0
"""How much a row of the others counts beside one of ours."""
SHARE = 0.5
"""How much of the weights that are written comes from those after the tuning; the rest comes from those before."""
KEPT = 1
"""The number in `Corpus.source` of rows about which the encoder shall go on saying what it says."""


def marked_as_kept(corpus: Corpus, own_share: float) -> Corpus:
    """Return the corpus with our own sentences drawn in this share, and every other row marked as KEPT."""
    own = np.array([row.source == "own" for row in corpus.rows])
    draws = np.where(corpus.held_out, 0.0, corpus.draws)
    draws[own] *= own_share / draws[own].sum()
    draws[~own] *= (1 - own_share) / draws[~own].sum()
    return corpus._replace(source=np.where(own, 0, KEPT), draws=draws)


def with_masked_words(batches: Iterator[Batch], tokenizer: Tokenizer, share: float, seed: int) -> Iterator[Batch]:
    """Yield the batches with this share of the tokens masked in rows that are not KEPT; the marks of the ends stay."""
    draw = torch.Generator().manual_seed(seed)
    ends = torch.tensor([tokenizer.token_to_id(name) for name in ("[CLS]", "[SEP]")])
    for batch in batches:
        hidden = torch.rand(batch.ids.shape, generator=draw) < share
        hidden &= ~torch.isin(batch.ids, ends) & (batch.mask > 0) & (batch.source != KEPT)[:, None]
        yield batch._replace(ids=batch.ids.masked_fill(hidden, tokenizer.token_to_id("[MASK]")))


def with_what_is_kept(batches: Iterator[Batch], encoder: Encoder) -> Iterator[Batch]:
    """Yield the batches with what `encoder` says as the targets of the rows that are KEPT, and of every mark."""
    weights = torch.from_numpy(LABEL_WEIGHTS * KEEPING)
    for batch in batches:
        with torch.no_grad():
            logits, marks = encoder(batch.ids, batch.mask)
        kept = (batch.source == KEPT)[:, None]
        yield batch._replace(
            targets=torch.where(kept, torch.sigmoid(logits.float()), batch.targets),
            weights=torch.where(kept, weights, batch.weights),
            source=torch.zeros_like(batch.source),
            marks=torch.sigmoid(marks.float()),
            marked=batch.mask,
        )


def between(before: Encoder, after: Mapping[str, torch.Tensor], share: float) -> dict[str, torch.Tensor]:
    """Return the weights that lie at `share` of the way from `before` to `after`."""
    return {name: torch.lerp(value.float(), after[name].float(), share) for name, value in before.state_dict().items()}


def load_encoder(model: Path) -> Encoder:
    """Return the encoder of a model's folder.

    Raises:
        OSError: there is none. ValueError: it is another kind of graph.
    """
    weights = read_graph((model / "encoder.onnx").read_bytes())
    net = Encoder(len(weights["words.weight"]), len(LABELS), len(SPAN_TYPES))
    net.load_state_dict({name: torch.from_numpy(array) for name, array in weights.items()})
    return net


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m belowline.lab.tune_encoder", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the data folder, with train/ and lexicons/")
    parser.add_argument(
        "--model", type=Path, default=Path("src/belowline/weights/abuse"), help="the model to begin from"
    )
    parser.add_argument("--only", choices=["green"], help="only sources whose licence is stated and permits it")
    parser.add_argument("--out", type=Path, required=True, help="where weights and tokenizer are written")
    parser.add_argument("--rows", type=int, default=TUNING.rows, help="rows drawn")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args(arguments)
    torch.manual_seed(given.seed)
    given.out.mkdir(parents=True, exist_ok=True)
    settings = TUNING._replace(rows=given.rows)
    tokenizer = Tokenizer.from_file(str(given.model / "tokenizer.json"))
    tokenizer.save(str(given.out / "tokenizer.json"))
    strong = {term.term.lower(): 1.0 for name in ("surge", "dsojevic") for term in read_terms(given.data, name)}
    corpus = read_corpus(given.data, frozenset({given.only}) if given.only else EVERY_COLOUR, seed=given.seed)
    corpus = marked_as_kept(corpus, OWN_SHARE)
    net = load_encoder(given.model)
    before = copy.deepcopy(net)
    teacher = copy.deepcopy(net).to(faster_type(torch.device("cpu")))
    batches = draw_batches(corpus, tokenizer, Augmenter(corpus, strong, given.seed), settings, given.seed)
    batches = with_what_is_kept(with_masked_words(batches, tokenizer, MASKED, given.seed), teacher)
    after = train(corpus, net, batches, settings, folder=given.out)
    save(between(before, after, SHARE), given.out)
    tuned = {"own_share": OWN_SHARE, "masked": MASKED, "keeping": KEEPING, "share": SHARE, **settings._asdict()}
    notes = {"tuned": tuned, "seed": given.seed, "only": given.only}
    (given.out / "training.json").write_text(json.dumps(notes, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

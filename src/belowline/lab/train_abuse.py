"""Put the abuse model together: `python -m belowline.lab.train_abuse --data DIR --encoder DIR [--base DIR]`.

The encoder is what `belowline.lab.train_encoder` wrote; with `--base` it is trained first, so that one command makes
the whole model out of the data. This command trains the first stage, which learns to guess what the encoder says, and
the model of words and letters; joins them on the rows that were kept apart; and writes the bundle. Needs PyTorch; a
quarter of an hour on two cores, without the encoder.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file

from belowline.engine.models.bundle import Manifest, write_bundle
from belowline.engine.models.cascade import KINDS, Parameters
from belowline.engine.models.encoder import Encoder
from belowline.engine.models.first_stage import FIRST_GRAPH, FirstStage
from belowline.engine.models.hashed import HashedModel, Hasher
from belowline.engine.models.tokens import GRAPH, TOKENIZER
from belowline.engine.signals.abuse import VERSION
from belowline.lab.asked import ask
from belowline.lab.datasets import EVERY_COLOUR, LABELS, SOURCES, Row
from belowline.lab.encoder_rows import Corpus, read_corpus
from belowline.lab.export_encoder import build_graph
from belowline.lab.export_first import build_first_graph
from belowline.lab.fit_cascade import fit, fit_marks, read_rows, settled_rows
from belowline.lab.heads import Settings
from belowline.lab.recipe import ASKED_WEIGHTS
from belowline.lab.train_words import train

NAME = "abuse"
HEADS = 12
WEIGHTS = "encoder.safetensors"


def encoder_files(folder: Path) -> dict[str, bytes]:
    """Return what a bundle holds of an encoder that `belowline.lab.train_encoder` wrote: graph and tokenizer.

    Raises:
        OSError: a file is missing. KeyError: a weight is.
    """
    weights = {name: value.astype(np.float32) for name, value in load_file(folder / WEIGHTS).items()}
    return {GRAPH: build_graph(weights, heads=HEADS), TOKENIZER: (folder / TOKENIZER).read_bytes()}


def first_graph(rows: Sequence[Row], files: dict[str, bytes], vectors: NDArray[np.float32], *, seed: int) -> bytes:
    """Ask the encoder of `files` about rows, and return the graph of a first stage that learned what it says.

    `vectors` are those of the encoder's vocabulary, shape (vocabulary, any).
    """
    from belowline.lab.train_first import Settings as FirstSettings
    from belowline.lab.train_first import train_first  # here, as nothing else in this module needs PyTorch

    asked = ask(rows, files[GRAPH], files[TOKENIZER])
    print(f"first stage: learns from {len(asked.ids)} windows", file=sys.stderr)
    weights = np.array([ASKED_WEIGHTS[source] for source in asked.source.tolist()])
    return build_first_graph(train_first(asked, weights, vectors, FirstSettings(), seed=seed))


def fit_parameters(
    corpus: Corpus, first: FirstStage, encoder: Encoder, words: HashedModel
) -> tuple[Parameters, dict[str, Any]]:
    """Fit everything that the rows kept apart decide; return it with notes for the manifest."""
    places = np.flatnonzero(corpus.held_out & (corpus.weights > 0).any(axis=1)).tolist()
    marked = [place for place in places if place in corpus.marks]
    mark_from, f1 = fit_marks(corpus, marked, encoder)
    readings = read_rows(corpus, places, first, encoder, words)
    parameters = fit(readings, mark_from=mark_from)
    settled = settled_rows(readings.first, parameters.settled_below)
    shares = {str(name): float(settled[readings.source == name].mean()) for name in np.unique(readings.source)}
    return parameters, {"held_out_rows": len(places), "marks_f1": f1, "settled_by_first_stage": shares}


def save_model(
    folder: Path, words: HashedModel, files: dict[str, bytes], parameters: Parameters, **notes: object
) -> Manifest:
    """Write the model as a bundle, with notes on its training."""
    return write_bundle(
        folder,
        name=NAME,
        version=VERSION,
        labels=words.labels,
        parameters={**words.parameters(), **msgspec.to_builtins(parameters), "notes": notes},
        tensors={"table": words.table, "scale": words.scale, "bias": words.bias},
        others=files,
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m belowline.lab.train_abuse", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the data folder, with train/ and lexicons/")
    parser.add_argument("--encoder", type=Path, required=True, help="what belowline.lab.train_encoder wrote, or is to")
    parser.add_argument("--base", help="train the encoder first, from all-MiniLM-L6-v2: its folder, or its public id")
    parser.add_argument("--only", choices=["green"], help="only sources whose licence is stated and permits it")
    parser.add_argument("--out", type=Path, default=Path("src/belowline/weights/abuse"), help="the bundle's folder")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args(arguments)
    if given.base:
        from belowline.lab import train_encoder  # here, as it needs PyTorch

        only = ["--only", given.only] if given.only else []
        places = ["--data", str(given.data), "--base", given.base, "--out", str(given.encoder)]
        train_encoder.main([*places, "--seed", str(given.seed), *only])
    colours = frozenset({given.only}) if given.only else EVERY_COLOUR
    corpus = read_corpus(given.data, colours, seed=given.seed)
    learned = [row for row, kept in zip(corpus.rows, corpus.held_out.tolist(), strict=True) if not kept]
    files = encoder_files(given.encoder)
    encoder = Encoder(files[GRAPH], files[TOKENIZER], labels=len(LABELS), kinds=len(KINDS))
    files[FIRST_GRAPH] = first_graph(
        learned, files, load_file(given.encoder / WEIGHTS)["words.weight"], seed=given.seed
    )
    words = train(learned, colours, Hasher(), Settings())
    first = FirstStage(files[FIRST_GRAPH], labels=len(LABELS))
    parameters, notes = fit_parameters(corpus, first, encoder, words)
    notes["sources"] = [*(name for name in SOURCES if SOURCES[name].colour in colours), "own"]
    notes["encoder"] = json.loads((given.encoder / "training.json").read_text(encoding="utf-8"))
    manifest = save_model(given.out, words, files, parameters, **notes)
    print(f"{manifest.name} {manifest.version} in {given.out}: {manifest.files}")


if __name__ == "__main__":
    main()

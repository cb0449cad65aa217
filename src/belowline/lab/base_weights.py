"""Reads a published BERT of MiniLM's size, under the names that `belowline.lab.minilm` and the export use."""

from pathlib import Path

import huggingface_hub
import numpy as np
from huggingface_hub.errors import HFValidationError
from numpy.typing import NDArray
from safetensors.numpy import load_file

PUBLIC_ID = "sentence-transformers/all-MiniLM-L6-v2"
"""Where the base model is published on the Hugging Face Hub."""
WIDTH, HEADS, LAYERS = 384, 12, 6
TUNED = "encoder.safetensors"
"""A model that was taught further here, under our own names."""
Array = NDArray[np.float32]


def base_folder(name: str) -> Path:
    """Return the folder of a base model: `name` where that is a folder, else what the Hub has under that public id.

    Raises:
        FileNotFoundError: there is no such folder, and the Hub has no such model or cannot be reached.
    """
    if Path(name).is_dir():
        return Path(name)
    try:
        return Path(huggingface_hub.snapshot_download(name, allow_patterns=["model.safetensors", "tokenizer.json"]))
    except (OSError, HFValidationError) as error:
        raise FileNotFoundError(
            f"`{name}` is no folder, and the Hugging Face Hub does not give it: name the folder that holds the "
            f"model.safetensors and tokenizer.json of all-MiniLM-L6-v2, or its public id `{PUBLIC_ID}`"
        ) from error


def read_base(folder: Path, *, width: int = WIDTH, layers: int = LAYERS) -> dict[str, Array]:
    """Return the weights of all-MiniLM-L6-v2, or of another BERT of this shape, in a folder; or what was taught here.

    Raises:
        OSError: the file is missing. KeyError, ValueError: it holds another kind of model.
    """
    if (folder / TUNED).exists():
        return load_file(folder / TUNED)
    given = load_file(folder / "model.safetensors")
    words = given["embeddings.word_embeddings.weight"]
    found_layers = len({name.split(".")[2] for name in given if name.startswith("encoder.layer.")})
    if (words.shape[1], found_layers) != (width, layers):
        raise ValueError(f"the model in {folder} has not {layers} layers {width} wide; all-MiniLM-L6-v2 is needed")
    places = given["embeddings.position_embeddings.weight"] + given["embeddings.token_type_embeddings.weight"][0]
    found = {"words.weight": words, "places.weight": places} | _part(given, "embeddings.LayerNorm", "norm")
    for number in range(layers):
        found |= _layer(given, f"encoder.layer.{number}", f"layers.{number}")
    return found


def _layer(given: dict[str, Array], old: str, new: str) -> dict[str, Array]:
    found: dict[str, Array] = {}
    for part in ("weight", "bias"):
        inputs = [given[f"{old}.attention.self.{name}.{part}"] for name in ("query", "key", "value")]
        found[f"{new}.qkv.{part}"] = np.concatenate(inputs)
    for old_name, new_name in (
        ("attention.output.dense", "out"),
        ("attention.output.LayerNorm", "norm_1"),
        ("intermediate.dense", "up"),
        ("output.dense", "down"),
        ("output.LayerNorm", "norm_2"),
    ):
        found |= _part(given, f"{old}.{old_name}", f"{new}.{new_name}")
    return found


def _part(given: dict[str, Array], old: str, new: str) -> dict[str, Array]:
    return {f"{new}.{part}": given[f"{old}.{part}"] for part in ("weight", "bias")}

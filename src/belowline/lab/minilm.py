"""The encoder in PyTorch, for training alone: BERT (Devlin et al. 2019, arXiv 1810.04805) as MiniLM sizes it.

Written out because the attention of PyTorch 2.13 takes five times as long as two matrix products on a CPU in bfloat16.
"""

from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - its usual name
from numpy.typing import NDArray
from safetensors.torch import load_file
from torch import nn

WIDTH, HEADS, LAYERS, INNER, PLACES = 384, 12, 6, 1536, 512
EPSILON = 1e-12
FAR = 30_000.0
"""Taken from the logits of padding: enough in every number format here."""


class Layer(nn.Module):
    """One layer: attention and two dense steps, each added to its input and normalised."""

    def __init__(self) -> None:
        super().__init__()
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)
        self.norm_1 = nn.LayerNorm(WIDTH, eps=EPSILON)
        self.up = nn.Linear(WIDTH, INNER)
        self.down = nn.Linear(INNER, WIDTH)
        self.norm_2 = nn.LayerNorm(WIDTH, eps=EPSILON)

    def forward(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return x of the same shape (batch, length, WIDTH); `mask` is added to the logits of attention."""
        batch, length, _ = x.shape
        parts = self.qkv(x).view(batch, length, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
        q, k, v = parts.reshape(3, batch * HEADS, length, WIDTH // HEADS)
        share = torch.baddbmm(mask, q, k.transpose(1, 2), alpha=(WIDTH // HEADS) ** -0.5).softmax(-1)
        seen = torch.bmm(share, v).view(batch, HEADS, length, WIDTH // HEADS).transpose(1, 2)
        x = self.norm_1(x + self.out(seen.reshape(batch, length, WIDTH)))
        return self.norm_2(x + self.down(F.gelu(self.up(x))))


class Encoder(nn.Module):
    """Token numbers to logits: one per label for the text, one per kind of mark for each token."""

    def __init__(self, words: int, labels: int, marks: int) -> None:
        super().__init__()
        self.words = nn.Embedding(words, WIDTH)
        self.places = nn.Embedding(PLACES, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=EPSILON)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.head = nn.Linear(2 * WIDTH, labels)
        self.marks = nn.Linear(WIDTH, marks)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return logits (batch, labels) and (batch, length, marks); `mask` is 1 for tokens and 0 for padding.

        The text's logits are linear in the mean and in the maximum over its tokens.
        """
        batch, length = ids.shape
        x = self.norm(self.words(ids) + self.places.weight[:length])
        real = mask.to(x.dtype)
        far = ((real - 1) * FAR)[:, None, None].expand(batch, HEADS, 1, length).reshape(batch * HEADS, 1, length)
        for layer in self.layers:
            x = layer(x, far)
        weight = real[..., None]
        mean = (x * weight).sum(1) / weight.sum(1)
        top = (x + (weight - 1) * FAR).amax(1)
        return self.head(torch.cat((mean, top), -1)), self.marks(x)


def load_base(folder: Path, extra: NDArray[np.float32], *, labels: int, marks: int) -> Encoder:
    """Load the weights of a published BERT of this size, with `extra` rows (n, WIDTH) behind its vocabulary.

    Raises:
        OSError: the file is missing. KeyError, ValueError: it holds another kind of model.
    """
    given = load_file(folder / "model.safetensors")
    layers = len({name.split(".")[2] for name in given if name.startswith("encoder.layer.")})
    if (given["embeddings.word_embeddings.weight"].shape[1], layers) != (WIDTH, LAYERS):
        raise ValueError(f"the model in {folder} has not {LAYERS} layers {WIDTH} wide; all-MiniLM-L6-v2 is needed")
    words = torch.cat((given["embeddings.word_embeddings.weight"], torch.from_numpy(extra)))
    net = Encoder(len(words), labels, marks)
    places = given["embeddings.position_embeddings.weight"] + given["embeddings.token_type_embeddings.weight"][0]
    state: dict[str, Any] = {"words.weight": words, "places.weight": places}
    state |= _norm(given, "embeddings.LayerNorm", "norm")
    for number in range(LAYERS):
        old, new = f"encoder.layer.{number}", f"layers.{number}"
        for part in ("weight", "bias"):
            inputs = [given[f"{old}.attention.self.{name}.{part}"] for name in ("query", "key", "value")]
            state[f"{new}.qkv.{part}"] = torch.cat(inputs)
            state[f"{new}.out.{part}"] = given[f"{old}.attention.output.dense.{part}"]
            state[f"{new}.up.{part}"] = given[f"{old}.intermediate.dense.{part}"]
            state[f"{new}.down.{part}"] = given[f"{old}.output.dense.{part}"]
        state |= _norm(given, f"{old}.attention.output.LayerNorm", f"{new}.norm_1")
        state |= _norm(given, f"{old}.output.LayerNorm", f"{new}.norm_2")
    for name in ("head", "marks"):
        layer = getattr(net, name)
        nn.init.normal_(layer.weight, std=0.02)
        nn.init.zeros_(layer.bias)
        state |= {f"{name}.weight": layer.weight, f"{name}.bias": layer.bias}
    net.load_state_dict(state)
    return net


def _norm(given: dict[str, torch.Tensor], old: str, new: str) -> dict[str, torch.Tensor]:
    return {f"{new}.{part}": given[f"{old}.{part}"] for part in ("weight", "bias")}

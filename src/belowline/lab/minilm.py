"""The encoder in PyTorch, for training alone: BERT (Devlin et al. 2019, arXiv 1810.04805) as MiniLM sizes it.

Written out because the attention of PyTorch 2.13 takes five times as long as two matrix products on a CPU in bfloat16.
"""

from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - its usual name
from numpy.typing import NDArray
from torch import nn

from belowline.lab.base_weights import HEADS, LAYERS, WIDTH, read_base

INNER, PLACES = 1536, 512
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

    def forward(self, x: torch.Tensor, mask: torch.Tensor, drop: float = 0.0) -> torch.Tensor:
        """Return x of the same shape (batch, length, WIDTH).

        `mask` is added to the logits of attention; `drop`, in [0, 1), is the share of values left out at random.
        """
        batch, length, _ = x.shape
        parts = self.qkv(x).view(batch, length, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
        q, k, v = parts.reshape(3, batch * HEADS, length, WIDTH // HEADS)
        share = torch.baddbmm(mask, q, k.transpose(1, 2), alpha=(WIDTH // HEADS) ** -0.5).softmax(-1)
        share = F.dropout(share, drop, training=drop > 0)
        seen = torch.bmm(share, v).view(batch, HEADS, length, WIDTH // HEADS).transpose(1, 2)
        x = self.norm_1(x + F.dropout(self.out(seen.reshape(batch, length, WIDTH)), drop, training=drop > 0))
        return self.norm_2(x + F.dropout(self.down(F.gelu(self.up(x))), drop, training=drop > 0))


class Encoder(nn.Module):
    """Token numbers to logits: one per label for the text, one per kind of mark for each token.

    `drop`, in [0, 1), is the share of values that are left out at random (dropout; Srivastava et al. 2014); set it to
    train.
    """

    def __init__(self, words: int, labels: int, marks: int) -> None:
        super().__init__()
        self.drop = 0.0
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
        x = self.states(ids, mask)
        weight = mask.to(x.dtype)[..., None]
        mean = (x * weight).sum(1) / weight.sum(1)
        top = (x + (weight - 1) * FAR).amax(1)
        pooled = F.dropout(torch.cat((mean, top), -1), self.drop, training=self.drop > 0)
        return self.head(pooled), self.marks(x)

    def states(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return the states of the last layer, shape (batch, length, WIDTH)."""
        batch, length = ids.shape
        x = F.dropout(self.norm(self.words(ids) + self.places.weight[:length]), self.drop, training=self.drop > 0)
        far = ((mask.to(x.dtype) - 1) * FAR)[:, None, None].expand(batch, HEADS, 1, length)
        far = far.reshape(batch * HEADS, 1, length)
        for layer in self.layers:
            x = layer(x, far, self.drop)
        return x


def load_base(folder: Path, extra: NDArray[np.float32], *, labels: int, marks: int) -> Encoder:
    """Load the weights of a published BERT of this size, with `extra` rows (n, WIDTH) behind its vocabulary.

    Raises:
        OSError: the file is missing. KeyError, ValueError: it holds another kind of model.
    """
    given = {name: torch.from_numpy(array) for name, array in read_base(folder, width=WIDTH, layers=LAYERS).items()}
    words = torch.cat((given["words.weight"], torch.from_numpy(extra)))
    net = Encoder(len(words), labels, marks)
    state: dict[str, Any] = given | {"words.weight": words}
    for name in ("head", "marks"):
        layer = getattr(net, name)
        nn.init.normal_(layer.weight, std=0.02)
        nn.init.zeros_(layer.bias)
        state |= {f"{name}.weight": layer.weight, f"{name}.bias": layer.bias}
    net.load_state_dict(state)
    return net

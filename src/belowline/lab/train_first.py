"""Train the first stage of the abuse model: a small network that guesses the encoder's logits.

Distillation into another kind of network (Hinton et al. 2015, arXiv 1503.02531; of BERT: Tang et al. 2019, arXiv
1903.12136). Needs PyTorch; ten minutes on two cores. `belowline.lab.train_abuse` runs it and all the other steps.
"""

import sys
import time
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - its usual name
from numpy.typing import NDArray
from torch import nn

from belowline.lab.asked import Asked
from belowline.lab.export_first import EPSILON

Array = NDArray[np.float32]

WIDTH, LAYERS = 128, 2
FAR = -9.0
"""What padding says to the maximum over pieces."""
OFTEN = 3
"""Word pieces that are seen less often than this are one piece: what is rare cannot be learned, only doubted."""


class Settings(NamedTuple):
    """Hyper-parameters of a run."""

    rounds: float = 4.0
    """How many windows are drawn in all, as a multiple of those that there are."""
    batch: int = 64
    longest: int = 142
    """Tokens of a window that are learned from."""
    rate: float = 2e-3
    """The highest learning rate; it rises over the first `warm` share of the steps and falls to nothing."""
    warm: float = 0.05
    penalty: float = 0.01
    """Weight decay of AdamW, of all but the vectors of pieces."""
    drop: float = 0.1
    """Share of values left out at random (dropout)."""
    hidden: float = 0.05
    """Share of the pieces that are hidden in three batches of ten."""
    straight: float = 0.03
    """How much the logits' own distance counts beside the cross-entropy; up to 7, beyond which all is certain."""


class FirstNet(nn.Module):
    """Numbers of pieces to logits, one per label.

    `pieces` says for each token of the vocabulary which row of the table it is; 0 is the row of all that are rare.
    """

    def __init__(self, table: Array, pieces: NDArray[np.int64], labels: int, *, layers: int = LAYERS) -> None:
        super().__init__()
        width = table.shape[1]
        self.drop = 0.0
        self.pieces: torch.Tensor
        self.register_buffer("pieces", torch.from_numpy(pieces))
        self.words = nn.Embedding.from_pretrained(torch.from_numpy(table), freeze=False)
        self.norms = nn.ModuleList(nn.LayerNorm(width, eps=EPSILON) for _ in range(layers))
        self.gates = nn.ModuleList(nn.Linear(3 * width, 2 * width) for _ in range(layers))
        self.norm = nn.LayerNorm(width, eps=EPSILON)
        self.hidden = nn.Linear(2 * width, width)
        self.head = nn.Linear(width, labels)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return logits (batch, labels); `mask` is 1 for tokens and 0 for padding, shape (batch, length)."""
        real = mask[..., None]
        x = self._dropped(self.words(self.pieces[ids]))
        for norm, gate in zip(self.norms, self.gates, strict=True):
            near = F.pad(norm(x) * real, (0, 0, 1, 1))
            sides = torch.cat((near[:, :-2], near[:, 1:-1], near[:, 2:]), -1)
            x = x + self._dropped(F.glu(gate(sides), -1))
        x = self.norm(x) * real
        mean = x.sum(1) / real.sum(1)
        top = (x + (1 - real) * FAR).amax(1)
        return self.head(F.silu(self.hidden(self._dropped(torch.cat((mean, top), -1)))))

    def _dropped(self, x: torch.Tensor) -> torch.Tensor:
        return F.dropout(x, self.drop, training=self.drop > 0)


def start_net(asked: Asked, vectors: Array, *, width: int = WIDTH, often: int = OFTEN) -> FirstNet:
    """Return a net whose vectors of pieces are those of the encoder, (vocabulary, any), in their main directions."""
    seen = np.bincount(np.concatenate(asked.ids), minlength=len(vectors))
    kept = np.flatnonzero(seen >= often)
    pieces = np.zeros(len(vectors), dtype=np.int64)
    pieces[kept] = np.arange(1, len(kept) + 1)
    centred = (vectors - vectors.mean(axis=0)).astype(np.float64)
    main = np.linalg.eigh(centred.T @ centred)[1][:, ::-1][:, :width]
    table = np.zeros((len(kept) + 1, width))
    table[1:] = centred[kept] @ main
    return FirstNet((table / table.std()).astype(np.float32), pieces, asked.logits.shape[1])


def draw_batches(
    ids: Sequence[NDArray[np.int64]], weights: NDArray[np.float64], settings: Settings, seed: int
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]]:
    """Yield places, ids and mask of batches of windows of like length, drawn by weight."""
    draw = np.random.default_rng(seed)
    pool = 64
    steps = int(len(ids) * settings.rounds) // settings.batch
    lengths = np.array([len(one) for one in ids])
    while steps > 0:
        drawn = draw.choice(len(ids), pool * settings.batch, p=weights / weights.sum())
        drawn = drawn[np.argsort(lengths[drawn], kind="stable")].reshape(pool, settings.batch)
        for places in draw.permutation(drawn)[:steps]:
            length = min(settings.longest, int(lengths[places].max()))
            batch, mask = np.zeros((len(places), length), np.int64), np.zeros((len(places), length), np.float32)
            for row, place in enumerate(places):
                size = min(length, len(ids[place]))
                batch[row, :size], mask[row, :size] = ids[place][:size], 1
            if draw.random() < 0.3:  # noqa: PLR2004 - as `hidden` says
                mask[:, 1:] *= draw.random((len(places), length - 1)) >= settings.hidden
            yield places, batch, mask
        steps -= pool


def train_first(
    asked: Asked, weights: NDArray[np.float64], vectors: Array, settings: Settings, *, seed: int = 0
) -> dict[str, Array]:
    """Train on what the encoder said of windows, each drawn by its weight; return the weights by name.

    `vectors` are those of the encoder's vocabulary, (vocabulary, any). The seed fixes every draw; sums in another
    order, as with other numbers of threads, still move the weights a little.
    """
    torch.manual_seed(seed)
    net = start_net(asked, vectors)
    net.drop = settings.drop
    others = [value for name, value in net.named_parameters() if not name.startswith("words")]
    groups = [
        {"params": list(net.words.parameters()), "weight_decay": 0.0},
        {"params": others, "weight_decay": settings.penalty},
    ]
    steps = int(len(asked.ids) * settings.rounds) // settings.batch
    optimiser = torch.optim.AdamW(groups, lr=settings.rate)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, max_lr=settings.rate, total_steps=steps, pct_start=settings.warm
    )
    began = time.monotonic()
    running = 0.0
    for step, (places, ids, mask) in enumerate(draw_batches(asked.ids, weights, settings, seed)):
        logits = net(torch.from_numpy(ids), torch.from_numpy(mask))
        said = torch.from_numpy(asked.logits[places])
        loss = F.binary_cross_entropy_with_logits(logits, said.sigmoid())
        loss = loss + settings.straight * F.smooth_l1_loss(logits, said.clamp(-7, 7))
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        running = 0.995 * running + 0.005 * loss.item() if step else loss.item()
        if step % 1000 == 0:
            pace = (step + 1) * settings.batch / (time.monotonic() - began)
            print(f"first stage: step {step} of {steps}, loss {running:.4f}, {pace:.0f} windows/s", file=sys.stderr)
    return {name: np.ascontiguousarray(value.detach().numpy()) for name, value in net.state_dict().items()}

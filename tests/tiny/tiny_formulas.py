"""Steps of a network in float64, by the formulas of the papers: what a graph is held against."""

import numpy as np


def steps(weights, epsilon):
    """Return layer normalisation and dense step, each a function of vectors and of the name of the weights."""
    w = {name: value.astype(np.float64) for name, value in weights.items()}

    def norm(x, name):
        centred = x - x.mean(-1, keepdims=True)
        spread = np.sqrt((centred**2).mean(-1, keepdims=True) + epsilon)
        return centred / spread * w[f"{name}.weight"] + w[f"{name}.bias"]

    def dense(x, name):
        return x @ w[f"{name}.weight"].T + w[f"{name}.bias"]

    return norm, dense

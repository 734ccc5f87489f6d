"""Initializers: the weights that a layer starts from. Biases start at zero.

Each is (rng, fan_in, fan_out) -> W of shape (fan_out, fan_in).
Glorot & Bengio 2010: Var W = 2 / (fan_in + fan_out) keeps z and delta alike in size for tanh.
He et al. 2015: Var W = 2 / fan_in does so for relu.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np


class Initializer(NamedTuple):
    """A named way to draw the weights of one layer."""

    name: str
    title: str
    draw: Callable[[np.random.Generator, int, int], np.ndarray]


def xavier_uniform(rng: np.random.Generator, fan_in: int, fan_out: int) -> np.ndarray:
    limit = np.sqrt(6 / (fan_in + fan_out))
    return rng.uniform(-limit, limit, (fan_out, fan_in))


INITIALIZERS = {
    entry.name: entry
    for entry in (
        Initializer("xavier_uniform", "Xavier uniform", xavier_uniform),
        Initializer("he_normal", "He normal",
                    lambda rng, n, k: rng.normal(0, np.sqrt(2 / n), (k, n))),
        Initializer("normal", "normal, σ = 1", lambda rng, n, k: rng.normal(0, 1, (k, n))),
        Initializer("zeros", "all zero", lambda rng, n, k: np.zeros((k, n))),
    )
}

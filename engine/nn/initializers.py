"""Initializers: the weights and biases that a layer starts from.

Weights: (rng, fan_in n, fan_out k) -> W of shape (k, n), multiplied by a gain afterwards.

    LeCun 1998             Var W = 1 / n          keeps the size of z for the identity, and selu
    Glorot & Bengio 2010   Var W = 2 / (n + k)    ("Xavier") keeps z and delta alike for tanh
    He et al. 2015         Var W = 2 / n          keeps delta for relu, half of whose slopes are 0
    Saxe et al. 2013       W Wᵀ = 1 or Wᵀ W = 1   orthogonal: keeps every singular value at 1
    PyTorch's Linear       W and b uniform in ± 1 / √n, so Var W = 1 / (3 n)

Biases: (rng, n, k) -> b of shape (k, 1), multiplied by a scale of their own.

`variance(n, k)` is what theory is told of them: the mean square of an entry; nan where all entries
are one number, not drawn at all. Of an orthogonal matrix it is 1 / max(n, k): its rows, or its
columns, have length 1.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from engine.nn.arrays import Array

Draw = Callable[[np.random.Generator, int, int], Array]
Variance = Callable[[int, int], float]


class Initializer(NamedTuple):
    """A named way to draw the weights, or the biases, of one layer."""

    name: str
    title: str
    draw: Draw
    variance: Variance


def normal(name: str, title: str, variance: Variance) -> Initializer:
    draw = lambda rng, n, k: rng.normal(0, np.sqrt(variance(n, k)), (k, n))
    return Initializer(name, title, draw, variance)


def uniform(name: str, title: str, variance: Variance) -> Initializer:
    """Uniform between ± √(3 variance), which has that variance."""
    def draw(rng: np.random.Generator, n: int, k: int) -> Array:
        limit = np.sqrt(3 * variance(n, k))
        return rng.uniform(-limit, limit, (k, n))
    return Initializer(name, title, draw, variance)


def orthogonal(rng: np.random.Generator, n: int, k: int) -> Array:
    """Rows, or columns where they are fewer, of length 1 at right angles to each other.

    Q of a QR decomposition, its signs fixed so that every such matrix is equally likely
    (Mezzadri 2007).
    """
    Q, R = np.linalg.qr(rng.normal(size=(max(n, k), min(n, k))))
    Q = Q * np.sign(np.diag(R))
    return Q if k >= n else Q.T


INITIALIZERS = {
    entry.name: entry
    for entry in (
        uniform("xavier_uniform", "Xavier uniform", lambda n, k: 2 / (n + k)),
        normal("xavier_normal", "Xavier normal", lambda n, k: 2 / (n + k)),
        normal("he_normal", "He normal", lambda n, k: 2 / n),
        uniform("he_uniform", "He uniform", lambda n, k: 2 / n),
        normal("lecun_normal", "LeCun normal", lambda n, k: 1 / n),
        uniform("lecun_uniform", "LeCun uniform", lambda n, k: 1 / n),
        Initializer("orthogonal", "orthogonal", orthogonal, lambda n, k: 1 / max(n, k)),
        uniform("pytorch", "PyTorch's Linear", lambda n, k: 1 / (3 * n)),
        normal("normal", "normal, σ = 1", lambda n, k: 1),
        uniform("uniform", "uniform, -1 to 1", lambda n, k: 1 / 3),
        Initializer("constant", "all one", lambda rng, n, k: np.ones((k, n)), lambda n, k: np.nan),
        Initializer("zeros", "all zero", lambda rng, n, k: np.zeros((k, n)), lambda n, k: 0),
    )
}

BIASES = {
    entry.name: entry
    for entry in (
        Initializer("zeros", "all zero", lambda rng, n, k: np.zeros((k, 1)), lambda n, k: 0),
        Initializer("constant", "all one", lambda rng, n, k: np.ones((k, 1)), lambda n, k: np.nan),
        Initializer("normal", "normal, σ = 1", lambda rng, n, k: rng.normal(0, 1, (k, 1)),
                    lambda n, k: 1),
        Initializer("pytorch", "PyTorch's Linear",
                    lambda rng, n, k: rng.uniform(-1, 1, (k, 1)) / np.sqrt(n),
                    lambda n, k: 1 / (3 * n)),
    )
}

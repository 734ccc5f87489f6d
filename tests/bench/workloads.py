"""The workloads: networks, data and settings that every library starts from alike."""

from typing import NamedTuple

import numpy as np

from engine.nn.arrays import Array
from engine.nn.network import parameter_count, views


class Workload(NamedTuple):
    """A training step to be measured; `replicates` networks side by side, 0: one network."""

    name: str
    title: str
    sizes: tuple[int, ...]
    activations: tuple[str, ...]
    loss: str
    m: int
    optimizer: str = "gradient_descent"
    eta: float = 0.01
    replicates: int = 0
    update: bool = True

    @property
    def x(self) -> Array:
        return np.random.default_rng(1).normal(size=(self.sizes[0], self.m))

    @property
    def y(self) -> Array:
        rng, K = np.random.default_rng(2), self.sizes[-1]
        if self.loss == "cross_entropy":
            return np.eye(K)[:, rng.integers(0, K, self.m)]
        return rng.integers(0, 2, (K, self.m)) * 1.0

    @property
    def flat(self) -> Array:
        """Parameters (P,) or (replicates, P): Xavier's size, with small biases."""
        P, rng = parameter_count(self.sizes), np.random.default_rng(3)
        flat = rng.normal(size=(self.replicates, P) if self.replicates else P)
        W, b = views(self.sizes, flat)
        for l in W:
            W[l] *= np.sqrt(2 / sum(W[l].shape[-2:]))
            b[l] *= 0.01
        return flat

    def networks(self) -> list[list[tuple[Array, Array]]]:
        """Each network's (W, b), layer by layer."""
        return [[(W[l], b[l]) for l in W]
                for W, b in (views(self.sizes, one) for one in np.atleast_2d(self.flat))]


SMALL = ((2, 8, 8, 1), ("tanh",) * 3, "mse")
WORKLOADS = (
    Workload("W1", "XOR 2-4-1, batch 4", (2, 4, 1), ("tanh", "sigmoid"), "bce", 4),
    Workload("W2", "2-8-8-1 tanh, batch 32", *SMALL, 32),
    Workload("W2b10", "the same, batch 10", *SMALL, 10),
    Workload("W2 Adam", "W2 with Adam", *SMALL, 32, optimizer="adam", eta=0.001),
    Workload("W3", "20 hidden layers of 64, batch 128", (64,) * 21 + (10,),
             ("tanh",) * 20 + ("identity",), "mse", 128),
    Workload("W4", "784-128-10 relu softmax, batch 64", (784, 128, 10), ("relu", "softmax"),
             "cross_entropy", 64),
    Workload("W5", "100 networks of W2 side by side", *SMALL, 32, replicates=100),
    Workload("W6a", "W2, trace only, every z a δ kept", *SMALL, 32, update=False),
)

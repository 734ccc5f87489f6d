"""Small networks with random, non-zero parameters and unequal widths, and data that suits them."""

import numpy as np

from engine.nn.losses import LOSSES
from engine.nn.network import Network, network, parameter_count

SIZES = (3, 4, 2, 3)
SAMPLES = 5


def parameters(seed: int, sizes: tuple[int, ...] = SIZES, axes: tuple[int, ...] = ()) -> np.ndarray:
    """A flat block of parameters between 0.1 and 0.9 in size, of either sign."""
    rng = np.random.default_rng(seed)
    shape = (*axes, parameter_count(sizes))
    return rng.uniform(0.1, 0.9, shape) * rng.choice([-1, 1], shape)


def build(seed: int, hidden: str, output: str, loss: str, sizes: tuple[int, ...] = SIZES,
          axes: tuple[int, ...] = ()) -> Network:
    activations = (*[hidden] * (len(sizes) - 2), output)
    return network(sizes, activations, loss, parameters(seed, sizes, axes))


def inputs(seed: int, sizes: tuple[int, ...] = SIZES, m: int = SAMPLES) -> np.ndarray:
    return np.random.default_rng([seed, 1]).normal(size=(sizes[0], m))


def targets(seed: int, loss: str, sizes: tuple[int, ...] = SIZES, m: int = SAMPLES) -> np.ndarray:
    """Targets of the kind that the loss needs: numbers, values in (0, 1), or one-hot classes."""
    rng, K = np.random.default_rng([seed, 2]), sizes[-1]
    if LOSSES[loss].needs == "classes":
        return np.eye(K)[:, rng.integers(0, K, m)]
    if LOSSES[loss].needs == "unit":
        return rng.uniform(0.05, 0.95, (K, m))
    return rng.normal(size=(K, m))

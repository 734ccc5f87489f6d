"""A network: its parameters, and the names of what they are used with.

W[l] is (..., n_l, n_{l-1}) and b[l] is (..., n_l, 1), for the layers l = 1 ... L. All of them are
views into one flat block (..., P) in the order W[1], b[1], W[2], b[2], ...: updating or recording
every parameter is then one operation, whatever the depth.
"""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from engine.nn.activations import ACTIVATIONS, Activation
from engine.nn.arrays import Array
from engine.nn.initializers import BIASES, INITIALIZERS
from engine.nn.losses import LOSSES, Loss
from engine.nn.normalisation import NORMS, Norm


class Network(NamedTuple):
    """Parameters with their layers' activations (1-based, as W and b) and the loss.

    `norm` normalises every hidden layer; `residual` is the scale r of what a hidden layer adds to
    the one below it where both have as many units, 0 where there are no such skips.
    """

    flat: Array
    W: dict[int, Array]
    b: dict[int, Array]
    activations: dict[int, Activation]
    loss: Loss
    norm: Norm = NORMS["none"]
    residual: float = 0.0

    def __repr__(self) -> str:
        """Network 2-4-1 tanh/sigmoid, bce: 17 parameters"""
        kinds = "/".join(dict.fromkeys(f.name for f in self.activations.values()))
        return (f"Network {'-'.join(map(str, self.sizes))} {kinds}, {self.loss.name}: "
                f"{self.flat.shape[-1]:,} parameters")

    @property
    def L(self) -> int:
        return len(self.W)

    @property
    def sizes(self) -> tuple[int, ...]:
        """n_0 ... n_L"""
        return (self.W[1].shape[-1], *(W.shape[-2] for W in self.W.values()))

    @property
    def canonical(self) -> bool:
        """Whether delta[L] is simply a - y (engine/nn/losses.py)."""
        return self.loss.canonical == self.activations[self.L].name

    @property
    def normalised(self) -> list[int]:
        """The layers that are normalised: all hidden ones, or none."""
        return [*range(1, self.L)] if self.norm.axis else []

    @property
    def skips(self) -> list[int]:
        """The layers l with a[l] = a[l-1] + r f[l]: hidden ones above another of the same width."""
        n = self.sizes
        return [l for l in range(2, self.L) if self.residual and n[l] == n[l - 1]]

    def at(self, flat: Array) -> "Network":
        """The same network with other parameters (..., P)."""
        W, b = views(self.sizes, flat)
        return self._replace(flat=flat, W=W, b=b)


def parameter_count(sizes: tuple[int, ...]) -> int:
    return sum(n * (k + 1) for k, n in pairwise(sizes))


def views(sizes: tuple[int, ...], flat: Array) -> tuple[dict[int, Array], dict[int, Array]]:
    """W and b as views into the flat block (..., P)."""
    W, b, end = {}, {}, 0
    for l, (k, n) in enumerate(pairwise(sizes), start=1):
        start, middle, end = end, end + n * k, end + n * k + n
        W[l] = flat[..., start:middle].reshape(*flat.shape[:-1], n, k)
        b[l] = flat[..., middle:end].reshape(*flat.shape[:-1], n, 1)
    return W, b


def network(
    sizes: tuple[int, ...], activations: tuple[str | Activation, ...], loss: str | Loss,
    flat: Array, norm: str = "none", residual: float = 0.0,
) -> Network:
    """The network of these sizes (n_0 ... n_L) whose parameters are the block `flat`.

    Activations and loss are names, or entries with parameters of their own. Raises ValueError where
    there is not one activation for each layer, or not one number for each parameter.
    """
    flat, sizes = np.asarray(flat, float), tuple(sizes)
    if len(activations) != len(sizes) - 1:
        raise ValueError(f"activations must be one for each of the {len(sizes) - 1} layers "
                         f"(got {len(activations)})")
    if flat.shape[-1:] != (parameter_count(sizes),):
        raise ValueError(f"parameters must be {parameter_count(sizes)} numbers for the sizes "
                         f"{'-'.join(map(str, sizes))} (got {flat.shape[-1] if flat.ndim else 1})")
    W, b = views(sizes, flat)
    named = {l: ACTIVATIONS[f] if isinstance(f, str) else f
             for l, f in enumerate(activations, start=1)}
    return Network(flat, W, b, named, LOSSES[loss] if isinstance(loss, str) else loss,
                   NORMS[norm], residual)


def initial_parameters(
    sizes: tuple[int, ...], initializer: str, rng: np.random.Generator, gain: float = 1.0,
    bias: str = "zeros", bias_scale: float = 1.0,
) -> Array:
    """A fresh flat block: all weights drawn first, so that no choice of biases changes them."""
    flat = np.zeros(parameter_count(sizes))
    W, b = views(sizes, flat)
    for l, (n, k) in enumerate(pairwise(sizes), start=1):
        W[l][...] = gain * INITIALIZERS[initializer].draw(rng, n, k)
    for l, (n, k) in enumerate(pairwise(sizes), start=1):
        b[l][...] = bias_scale * BIASES[bias].draw(rng, n, k)
    return flat

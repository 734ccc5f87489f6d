"""Activations: what a unit makes of its pre-activation.

    a = f(z)            elementwise, or for softmax over the units of a layer
    g -> vjp(g, z, a)   the vector-Jacobian product g^T (da/dz): what an error g = dC/da becomes
                        on its way back through f; g * f'(z) where f is elementwise

All arrays are (..., n, m): units in rows, samples in columns, any replicate axes in front.
The derivative at a kink is PyTorch's: relu'(0) = 0.

`formula` and `slope` are LaTeX with \\z and \\a where the value goes; `code` and `slope_code` are the
same two in NumPy. A test evaluates the code and holds it against `f` and `vjp`.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

Array = np.ndarray


class Activation(NamedTuple):
    """A named activation; `elementwise` is False where a unit's output depends on its neighbours."""

    name: str
    f: Callable[[Array], Array]
    vjp: Callable[[Array, Array, Array], Array]
    formula: str
    slope: str
    code: str
    slope_code: str
    elementwise: bool = True


def sigmoid(z: Array) -> Array:
    with np.errstate(over="ignore"):  # exp(-z) = inf gives exactly the limit, 0
        return 1 / (1 + np.exp(-z))


def softmax(z: Array) -> Array:
    """Shifted by the largest z of each sample, which changes nothing but keeps exp finite."""
    e = np.exp(z - z.max(axis=-2, keepdims=True))
    return e / e.sum(axis=-2, keepdims=True)


def softmax_vjp(g: Array, z: Array, a: Array) -> Array:
    """The Jacobian is diag(a) - a a^T for each sample."""
    return a * (g - (g * a).sum(axis=-2, keepdims=True))


ACTIVATIONS = {
    entry.name: entry
    for entry in (
        Activation(
            "identity",
            f=lambda z: z + 0.0,
            vjp=lambda g, z, a: g + 0.0,
            formula=r"\z", slope="1",
            code="z", slope_code="1.0",
        ),
        Activation(
            "sigmoid",
            f=sigmoid,
            vjp=lambda g, z, a: g * a * (1 - a),
            formula=r"\frac{1}{1 + e^{-\z}}", slope=r"\a\,(1 - \a)",
            code="1 / (1 + np.exp(-z))", slope_code="a * (1 - a)",
        ),
        Activation(
            "tanh",
            f=np.tanh,
            vjp=lambda g, z, a: g * (1 - a * a),
            formula=r"\tanh(\z)", slope=r"1 - \a^{2}",
            code="np.tanh(z)", slope_code="1 - a**2",
        ),
        Activation(
            "relu",
            f=lambda z: np.maximum(z, 0),
            vjp=lambda g, z, a: g * (z > 0),
            formula=r"\max(0, \z)", slope=r"[\z > 0]",
            code="np.maximum(z, 0)", slope_code="(z > 0)",
        ),
        Activation(
            "softmax",
            f=softmax,
            vjp=softmax_vjp,
            formula=r"\frac{e^{\z}}{\sum_{k} e^{z_{k}}}", slope=r"\a\,(1 - \a)",
            code="np.exp(z - z.max(0)) / np.exp(z - z.max(0)).sum(0)", slope_code="a * (1 - a)",
            elementwise=False,
        ),
    )
}

"""Losses: how wrong an output is, for each sample.

    C_i = sum_k term(a_k, y_k)           summed over the K outputs, or
    C_i = 1/K sum_k term(a_k, y_k)       averaged over them ("mean"), as PyTorch does by default
    C   = 1/m sum_i C_i                  the cost: always the mean over the samples

`cost(a, y)` is (..., m), one loss per sample; `grad(a, y)` is dC_i/da, (..., K, m).
A loss may name its canonical output activation. For that pair the error is simply
    delta[L] = dC_i/dz[L] = a - y        (divided by K where the loss averages over the outputs)
and `cost_from_z(z, y)` gives the same cost without the logarithm of a tiny number.
`outputs` lists the output activations that keep the loss finite; empty means all of them.

`term` and `grad_term` are LaTeX with \\a and \\y; `code` and `grad_code` the same in NumPy.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

Array = np.ndarray


class Loss(NamedTuple):
    """A named loss; `needs` says which targets it is made for: numbers, unit (0 to 1), classes."""

    name: str
    title: str
    cost: Callable[[Array, Array], Array]
    grad: Callable[[Array, Array], Array]
    term: str
    grad_term: str
    code: str
    grad_code: str
    mean: bool = False
    canonical: str = ""
    cost_from_z: Callable[[Array, Array], Array] | None = None
    outputs: tuple[str, ...] = ()
    needs: str = "numbers"

    @property
    def has_target(self) -> bool:
        """Whether the loss compares with a target at all."""
        return r"\y" in self.term


def bce(a: Array, y: Array) -> Array:
    return -(y * np.log(a) + (1 - y) * np.log(1 - a)).mean(-2)


def bce_from_z(z: Array, y: Array) -> Array:
    """ln(1 + e^z) - y z: the same number, finite for every z."""
    return (np.logaddexp(0, z) - y * z).mean(-2)


def cross_entropy_from_z(z: Array, y: Array) -> Array:
    """-sum y ln softmax(z), with the logarithm taken of the sum of exponentials."""
    top = z.max(-2, keepdims=True)
    log_a = z - top - np.log(np.exp(z - top).sum(-2, keepdims=True))
    return -(y * log_a).sum(-2)


LOSSES = {
    entry.name: entry
    for entry in (
        Loss(
            "half_sum", "squared error (half the sum)",
            cost=lambda a, y: ((a - y) ** 2).sum(-2) / 2,
            grad=lambda a, y: a - y,
            term=r"\tfrac{1}{2}(\a - \y)^{2}", grad_term=r"\a - \y",
            code="((a - y)**2).sum(0) / 2", grad_code="a - y",
        ),
        Loss(
            "mse", "mean squared error",
            cost=lambda a, y: ((a - y) ** 2).mean(-2),
            grad=lambda a, y: 2 * (a - y) / a.shape[-2],
            term=r"(\a - \y)^{2}", grad_term=r"2(\a - \y)",
            code="((a - y)**2).mean(0)", grad_code="2 * (a - y) / len(y)",
            mean=True,
        ),
        Loss(
            "bce", "binary cross-entropy",
            cost=bce,
            grad=lambda a, y: ((1 - y) / (1 - a) - y / a) / a.shape[-2],
            term=r"-\left[\y \ln \a + (1 - \y) \ln(1 - \a)\right]",
            grad_term=r"\frac{1 - \y}{1 - \a} - \frac{\y}{\a}",
            code="-(y * np.log(a) + (1 - y) * np.log(1 - a)).mean(0)",
            grad_code="((1 - y) / (1 - a) - y / a) / len(y)",
            mean=True, canonical="sigmoid", cost_from_z=bce_from_z,
            outputs=("sigmoid",), needs="unit",
        ),
        Loss(
            "cross_entropy", "cross-entropy",
            cost=lambda a, y: -(y * np.log(a)).sum(-2),
            grad=lambda a, y: -y / a,
            term=r"-\y \ln \a", grad_term=r"-\frac{\y}{\a}",
            code="-(y * np.log(a)).sum(0)", grad_code="-y / a",
            canonical="softmax", cost_from_z=cross_entropy_from_z,
            outputs=("softmax",), needs="classes",
        ),
        Loss(
            "output", "the output itself (no target)",
            cost=lambda a, y: a.sum(-2),
            grad=lambda a, y: np.ones_like(a),
            term=r"\a", grad_term="1",
            code="a.sum(0)", grad_code="np.ones_like(a)",
        ),
    )
}

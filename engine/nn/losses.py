r"""Losses: how wrong an output is, for each sample.

    C_i = Σ_k term(a_k, y_k)             summed over the K outputs, or
    C_i = 1/K Σ_k term(a_k, y_k)         averaged over them ("mean"), as PyTorch does by default
    C   = 1/m Σ_i C_i                    the cost: always the mean over the samples

`cost(a, y)` is (..., m), one loss per sample; `grad(a, y, out)` is dC_i/da, (..., K, m).
A loss may name its canonical output activation. For that pair the error is simply
    delta[L] = dC_i/dz[L] = a - y        (divided by K where the loss averages over the outputs)
as `error(z, a, y, out)` has it, with all digits of what an a near 1 leaves to 1, and
`cost_from_z(z, y)` gives the same cost without the logarithm of a tiny number. It holds for
targets that add up to 1 where the pair is softmax's.
`outputs` lists the output activations that keep the loss finite; empty means all of them.
The losses "from logits" take z itself: they go with the identity and contain the activation.
`middle` is the single output that is as good for the target 0 as for the target 1.

`term` and `grad_term` are LaTeX with \a and \y; `code` and `grad_code` the same in NumPy, and
`code_from_z` that of the cost from z; `error_code` is a - y without the loss of a digit.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy import divide, exp, log, log1p, multiply, subtract

from engine.nn.activation_functions import NEAR, any_near_1, sigmoid, softmax
from engine.nn.activations import rest
from engine.nn.arrays import Array


class Loss(NamedTuple):
    """A named loss; `needs` says which targets it is made for: numbers, unit (0 to 1), classes."""

    name: str
    title: str
    cost: Callable[[Array, Array], Array]
    grad: Callable[..., Array]
    term: str
    grad_term: str
    code: str
    grad_code: str
    mean: bool = False
    canonical: str = ""
    cost_from_z: Callable[[Array, Array], Array] | None = None
    outputs: tuple[str, ...] = ()
    needs: str = "numbers"
    error: Callable[..., Array] | None = None
    code_from_z: str = ""
    error_code: str = ""
    middle: float = 0.5

    @property
    def has_target(self) -> bool:
        """Whether the loss compares with a target at all."""
        return r"\y" in self.term


def squares(a: Array, y: Array) -> Array:
    """Σ_k (a_k - y_k)², (..., m)"""
    r = a - y
    return np.einsum("...km,...km->...m", r, r)


def mse_grad(a: Array, y: Array, out: Array | None = None) -> Array:
    """2 (a - y) / K"""
    out = subtract(a, y, out)
    return multiply(out, 2 / a.shape[-2], out)


def mae_grad(a: Array, y: Array, out: Array | None = None) -> Array:
    """sign(a - y) / K; 0 where they are equal"""
    out = np.sign(subtract(a, y, out), out)
    return divide(out, a.shape[-2], out)


def huber(delta: float = 1.0) -> Loss:
    """r²/2 for a residual r = a - y of at most δ in size, δ (|r| - δ/2) beyond (Huber 1964).

    With q = min(|r|, δ) both are q (|r| - q/2).
    """

    def cost(a: Array, y: Array) -> Array:
        r = abs(a - y)
        q = np.minimum(r, delta)
        return (q * (r - q / 2)).mean(-2)

    def grad(a: Array, y: Array, out: Array | None = None) -> Array:
        out = np.clip(subtract(a, y, out), -delta, delta, out)
        return divide(out, a.shape[-2], out)

    return Loss(
        "huber", "Huber", cost, grad,
        term=rf"\begin{{cases}} \tfrac{{1}}{{2}}(\a - \y)^{{2}} & \lvert \a - \y \rvert \le "
             rf"{delta:g} \\ {delta:g}\,(\lvert \a - \y \rvert - {delta / 2:g}) & "
             r"\text{otherwise} \end{cases}",
        grad_term=rf"\min(\max(\a - \y, -{delta:g}), {delta:g})",
        code=f"((q := np.minimum(abs(a - y), {delta!r})) * (abs(a - y) - q / 2)).mean(0)",
        grad_code=f"np.clip(a - y, -{delta!r}, {delta!r}) / len(y)",
        mean=True,
    )


def bce(a: Array, y: Array) -> Array:
    return -(y * log(a) + (1 - y) * log1p(-a)).mean(-2)


def bce_grad(a: Array, y: Array, out: Array | None = None) -> Array:
    """((1 - y) / (1 - a) - y / a) / K"""
    return divide((1 - y) / (1 - a) - y / a, a.shape[-2], out)


def bce_from_z(z: Array, y: Array) -> Array:
    """ln(1 + e^z) - y z: the same number, finite for every z.

    As ([z > 0] - y) z + ln(1 + e^-|z|), no term of which is larger than the sum.
    """
    return (((z > 0) - y) * z + log1p(exp(-abs(z)))).mean(-2)


def sigmoid_error(z: Array, a: Array, y: Array, out: Array | None = None) -> Array:
    """a - y; where a is near 1, (1 - y) - 1 / (1 + e^z)"""
    out = subtract(a, y, out)
    if any_near_1(a):
        np.copyto(out, (1 - y) - 1 / (1 + exp(z)), where=a > NEAR)  # outputs are few
    return out


def bce_logits_grad(z: Array, y: Array, out: Array | None = None) -> Array:
    """(σ(z) - y) / K"""
    return divide(sigmoid_error(z, sigmoid(z), y, out), z.shape[-2], out)


def log_softmax(z: Array) -> Array:
    """ln softmax(z): for the largest z it is -ln(1 + the sum of all other exponentials)."""
    shifted = z - z.max(-2, keepdims=True)
    top = shifted == 0
    others = np.where(top, 0, exp(shifted)).sum(-2, keepdims=True)
    return shifted - log1p(others + (top.sum(-2, keepdims=True) - 1))


def cross_entropy_from_z(z: Array, y: Array) -> Array:
    """-Σ y ln softmax(z), where a class whose y is 0 adds nothing"""
    return -(y * np.where(y == 0, 0, log_softmax(z))).sum(-2)


def softmax_error(z: Array, a: Array, y: Array, out: Array | None = None) -> Array:
    """a - y; where a is near 1, (1 - y) - the sum of all other a"""
    out = subtract(a, y, out)
    if any_near_1(a):
        np.copyto(out, (1 - y) - rest(a), where=a > NEAR)
    return out


def cross_entropy_logits_grad(z: Array, y: Array, out: Array | None = None) -> Array:
    """softmax(z) Σ y - y; where softmax(z) is near 1, (Σ y - y) - (1 - softmax(z)) Σ y"""
    a, total = softmax(z), y.sum(-2, keepdims=True)
    exact = np.where(a > NEAR, (total - y) - rest(a) * total, a * total - y)
    return np.positive(exact, out)


def minus_y_over_a(a: Array, y: Array, out: Array | None = None) -> Array:
    return divide(-y, a, out)


def y_log_y(y: Array) -> Array:
    """y ln y; 0 where y is 0, its limit"""
    return y * log(np.where(y > 0, y, 1))


def kl_from_z(z: Array, y: Array) -> Array:
    """Σ y (ln y - ln softmax(z))"""
    return (y_log_y(y) - y * np.where(y == 0, 0, log_softmax(z))).sum(-2)


# -ln softmax(z); np.sort puts the largest last
MINUS_LOG_SOFTMAX = ("np.log1p(np.exp(np.sort(z - z.max(0), 0)[:-1]).sum(0)) - (z - z.max(0))")
SOFTMAX = "(soft := np.exp(a - a.max(0)) / np.exp(a - a.max(0)).sum(0))"
OTHERS = f"np.where(a > {NEAR}, 1 - y - np.where(a > {NEAR}, 0, a).sum(0), a - y)"

LOSSES = {
    entry.name: entry
    for entry in (
        Loss(
            "half_sum", "squared error (half the sum)",
            lambda a, y: squares(a, y) / 2, subtract,
            term=r"\tfrac{1}{2}(\a - \y)^{2}", grad_term=r"\a - \y",
            code="((a - y)**2).sum(0) / 2", grad_code="a - y",
        ),
        Loss(
            "mse", "mean squared error",
            lambda a, y: squares(a, y) / a.shape[-2], mse_grad,
            term=r"(\a - \y)^{2}", grad_term=r"2(\a - \y)",
            code="((a - y)**2).mean(0)", grad_code="2 * (a - y) / len(y)",
            mean=True,
        ),
        Loss(
            "mae", "mean absolute error",
            lambda a, y: abs(a - y).mean(-2), mae_grad,
            term=r"\lvert \a - \y \rvert", grad_term=r"\operatorname{sign}(\a - \y)",
            code="abs(a - y).mean(0)", grad_code="np.sign(a - y) / len(y)",
            mean=True,
        ),
        huber(),
        Loss(
            "bce", "binary cross-entropy", bce, bce_grad,
            term=r"-\left[\y\,\ln(\a) + (1 - \y)\,\ln(1 - \a)\right]",
            grad_term=r"\frac{1 - \y}{1 - \a} - \frac{\y}{\a}",
            code="-(y * np.log(a) + (1 - y) * np.log1p(-a)).mean(0)",
            grad_code="((1 - y) / (1 - a) - y / a) / len(y)",
            mean=True, canonical="sigmoid", cost_from_z=bce_from_z,
            outputs=("sigmoid",), needs="unit",
            code_from_z="(((z > 0) - y) * z + np.log1p(np.exp(-abs(z)))).mean(0)",
            error=sigmoid_error, error_code="(1 - y) * a - y / (1 + np.exp(z))",
        ),
        Loss(
            "bce_logits", "binary cross-entropy from logits", bce_from_z, bce_logits_grad,
            term=r"\ln(1 + e^{\a}) - \y\,\a", grad_term=r"\frac{1}{1 + e^{-\a}} - \y",
            code="(((a > 0) - y) * a + np.log1p(np.exp(-abs(a)))).mean(0)",
            grad_code="((1 - y) / (1 + np.exp(-a)) - y / (1 + np.exp(a))) / len(y)",
            mean=True, outputs=("identity",), needs="unit", middle=0.0,
        ),
        Loss(
            "cross_entropy", "cross-entropy",
            lambda a, y: -(y * log(a)).sum(-2), minus_y_over_a,
            term=r"-\y\,\ln(\a)", grad_term=r"-\frac{\y}{\a}",
            code="-(y * np.log(a)).sum(0)", grad_code="-y / a",
            canonical="softmax", cost_from_z=cross_entropy_from_z,
            outputs=("softmax",), needs="classes",
            code_from_z=f"(y * ({MINUS_LOG_SOFTMAX})).sum(0)",
            error=softmax_error, error_code=OTHERS,
        ),
        Loss(
            "cross_entropy_logits", "cross-entropy from logits",
            cross_entropy_from_z, cross_entropy_logits_grad,
            term=r"\y\,\left(\ln \sum_{j} e^{a_{j}} - \a\right)",
            grad_term=r"\frac{e^{\a}}{\sum_{j} e^{a_{j}}} - \y",
            code=f"(y * ({MINUS_LOG_SOFTMAX.replace('z', 'a')})).sum(0)",
            grad_code=re.sub(r"\ba\b", "soft", OTHERS).replace("soft", SOFTMAX, 1),
            outputs=("identity",), needs="classes",
        ),
        Loss(
            "kl", "Kullback–Leibler divergence",
            lambda a, y: (y_log_y(y) - y * log(a)).sum(-2), minus_y_over_a,
            term=r"\y\,\ln\left(\frac{\y}{\a}\right)", grad_term=r"-\frac{\y}{\a}",
            code="(y * np.log(np.where(y > 0, y, 1) / a)).sum(0)", grad_code="-y / a",
            canonical="softmax", cost_from_z=kl_from_z,
            outputs=("softmax",), needs="classes",
            code_from_z=f"(y * (np.log(np.where(y > 0, y, 1)) + {MINUS_LOG_SOFTMAX})).sum(0)",
            error=softmax_error, error_code=OTHERS,
        ),
        Loss(
            "output", "the output itself (no target)",
            lambda a, y: a.sum(-2), lambda a, y, out=None: np.add(np.multiply(a, 0, out), 1, out),
            term=r"\a", grad_term="1",
            code="a.sum(0)", grad_code="np.ones_like(a)",
        ),
    )
}


def loss(name: str, huber_delta: float = 1.0) -> Loss:
    """The entry `name`; Huber's with another δ where one is given."""
    return huber(huber_delta) if name == "huber" else LOSSES[name]

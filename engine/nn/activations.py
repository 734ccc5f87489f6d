r"""Activations: what a unit makes of its pre-activation.

    a = f(z)            elementwise, or for softmax over the units of a layer
    g -> vjp(g, z, a)   the vector-Jacobian product gᵀ (da/dz): what an error g = dC/da becomes on
                        its way back through f; g ⊙ f'(z) where f is elementwise

All arrays are (..., n, m): units in rows, samples in columns, any replicate axes in front.
Both take a last argument `out`, memory for the result, as NumPy's own functions do; it may not be
the memory of an argument. Where an exponential overflows, its limit is what is wanted:
sigmoid(-1000) is 0. Callers that meet such z silence NumPy's warning once for all layers, as
engine/nn/backprop.py does.

The derivative at a kink is PyTorch's: relu'(0) = 0, leaky_relu'(0) = α, elu'(0) = α,
hard_tanh'(±1) = 0.

Every f and f' is right to 12 digits for every z (tests/engine/nn/test_digits.py). Where an a is
near 1, what is left to 1 is not among its digits: 1 - a and 1 - a² are then computed from z, or
from the other units of a softmax. Elsewhere the short form, which needs no exponential, is as good.

`formula` and `slope` are LaTeX with \z and \a where the value goes; a slope that is a chain of
equal forms, a = b, ends with the one that numbers are put into. `code` and `slope_code` are the
same two in NumPy. A test evaluates the code and holds it against `f` and `vjp`. A `family` makes
the activation for another value of its parameter alpha.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy import exp, expm1, maximum, minimum, multiply, sign, tanh

from engine.nn.activation_functions import (
    NEAR,
    ZERO,
    gelu,
    gelu_tanh,
    gelu_tanh_vjp,
    gelu_vjp,
    relu,
    relu_vjp,
    sigmoid,
    sigmoid_vjp,
    silu,
    silu_vjp,
    softmax,
    softmax_vjp,
    softplus_vjp,
    softsign,
    softsign_vjp,
    tanh_vjp,
)
from engine.nn.arrays import Array


class Activation(NamedTuple):
    """A named activation; not `elementwise` where a unit's output depends on its neighbours."""

    name: str
    f: Callable[..., Array]
    vjp: Callable[..., Array]
    formula: str
    slope: str
    code: str
    slope_code: str
    elementwise: bool = True
    family: Callable[[float], "Activation"] | None = None
    alpha: float | None = None


def leaky_relu(alpha: float = 0.01) -> Activation:
    """z above 0 and α z below, 0 ≤ α ≤ 1: the larger of the two (Maas et al. 2013)."""

    def f(z: Array, out: Array | None = None) -> Array:
        out = multiply(z, alpha, out)
        return maximum(z, out, out=out)

    def vjp(g: Array, z: Array, a: Array, out: Array | None = None) -> Array:
        out = sign(z, out)
        return multiply(g, maximum(out, alpha, out=out), out)

    return Activation(
        "leaky_relu", f, vjp,
        formula=rf"\max({alpha:g}\,\z, \z)", slope=cases("1", f"{alpha:g}"),
        code=f"np.maximum({alpha!r} * z, z)", slope_code=f"np.where(z > 0, 1.0, {alpha!r})",
        family=leaky_relu, alpha=alpha,
    )


def elu(alpha: float = 1.0, scale: float = 1.0, name: str = "elu") -> Activation:
    """λ z above 0 and λ α (e^z - 1) below (Clevert et al. 2015); λ is 1 but for selu."""
    lead = "" if scale == 1 else rf"{scale:.4f}\,"
    code = "" if scale == 1 else f"{scale!r} * "

    def f(z: Array, out: Array | None = None) -> Array:
        out = expm1(minimum(z, ZERO, out=out), out)
        multiply(out, alpha, out)
        np.copyto(out, z, where=z > 0)
        return multiply(out, scale, out)

    def vjp(g: Array, z: Array, a: Array, out: Array | None = None) -> Array:
        out = exp(minimum(z, ZERO, out=out), out)
        multiply(out, scale * alpha, out)
        np.copyto(out, scale, where=z > 0)
        return multiply(g, out, out)

    return Activation(
        name, f, vjp,
        formula=cases(rf"{lead}\z", rf"{lead}{times(alpha)}(e^{{\z}} - 1)"),
        slope=cases(f"{scale:.5g}", rf"{times(scale * alpha)}e^{{\z}}"),
        code=f"{code}np.where(z > 0, z, {alpha!r} * np.expm1(np.minimum(z, 0)))",
        slope_code=f"np.where(z > 0, {scale!r}, {scale * alpha!r} * np.exp(np.minimum(z, 0)))",
        family=elu if name == "elu" else None, alpha=alpha if name == "elu" else None,
    )


def cases(above: str, below: str) -> str:
    """LaTeX: one value for z > 0, another for z <= 0."""
    return rf"\begin{{cases}} {above} & \z > 0 \\ {below} & \z \le 0 \end{{cases}}"


def times(alpha: float) -> str:
    """LaTeX: a factor, unless it is 1."""
    return "" if alpha == 1 else rf"{alpha:.5g}\,"


def rest(a: Array) -> Array:
    """1 - a for the outputs of a softmax: what all other units have."""
    others = np.where(a > NEAR, 0, a).sum(axis=-2, keepdims=True)
    return np.where(a > NEAR, others, 1 - a)


TWICE_U = "np.sqrt(8 / np.pi) * (z + 0.044715 * z**3)"

ACTIVATIONS = {
    entry.name: entry
    for entry in (
        Activation(
            "identity", np.positive, lambda g, z, a, out=None: np.positive(g, out),
            formula=r"\z", slope="1",
            code="z", slope_code="1.0",
        ),
        Activation(
            "sigmoid", sigmoid, sigmoid_vjp,
            formula=r"\frac{1}{1 + e^{-\z}}", slope=r"\a\,(1 - \a) = \frac{\a}{1 + e^{\z}}",
            code="1 / (1 + np.exp(-z))", slope_code="a / (1 + np.exp(z))",
        ),
        Activation(
            "tanh", tanh, tanh_vjp,
            formula=r"\tanh(\z)", slope=r"1 - \a^{2} = \frac{1}{\cosh^{2}(\z)}",
            code="np.tanh(z)", slope_code="1 / np.cosh(z)**2",
        ),
        Activation(
            "relu", relu, relu_vjp,
            formula=r"\max(0, \z)", slope=r"[\z > 0]",
            code="np.maximum(z, 0)", slope_code="(z > 0)",
        ),
        leaky_relu(),
        elu(),
        elu(1.6732632423543772, 1.0507009873554805, "selu"),  # Klambauer et al. 2017
        Activation(
            "gelu", gelu, gelu_vjp,
            formula=r"\tfrac{1}{2}\,\z\,"
                    r"\operatorname{erfc}\left(-\tfrac{\z}{\sqrt{2}}\right)",
            slope=r"\tfrac{1}{2}\operatorname{erfc}\left(-\tfrac{\z}{\sqrt{2}}\right)"
                  r" + \frac{\z\, e^{-\z^{2} / 2}}{\sqrt{2 \pi}}",
            code="z * erfc(-z / np.sqrt(2)) / 2",
            slope_code="erfc(-z / np.sqrt(2)) / 2 + z * np.exp(-z**2 / 2) / np.sqrt(2 * np.pi)",
        ),
        Activation(
            "gelu_tanh", gelu_tanh, gelu_tanh_vjp,
            formula=r"\tfrac{1}{2}\,\z\,\left(1 + \tanh u\right),\; "
                    r"u = \sqrt{2 / \pi}\,(\z + 0.044715\,\z^{3})",
            slope=r"\tfrac{1}{2}\left(1 + \tanh u + \z\,(1 - \tanh^{2} u) \sqrt{2 / \pi}\,"
                  r"(1 + 0.134145\,\z^{2})\right)",
            code=f"z / (1 + np.exp(-{TWICE_U}))",
            slope_code="(1 + (c := np.clip(z, -99, 99))"
                       f" / (1 + np.exp({TWICE_U.replace('z', 'c')}))"
                       " * np.sqrt(8 / np.pi) * (1 + 0.134145 * c**2))"
                       f" / (1 + np.exp(-{TWICE_U}))",
        ),
        Activation(
            "silu", silu, silu_vjp,
            formula=r"\frac{\z}{1 + e^{-\z}}",
            slope=r"\frac{1}{1 + e^{-\z}} + \frac{\a}{1 + e^{\z}}",
            code="z / (1 + np.exp(-z))", slope_code="1 / (1 + np.exp(-z)) + a / (1 + np.exp(z))",
        ),
        Activation(
            "softplus", lambda z, out=None: np.logaddexp(z, ZERO, out), softplus_vjp,
            formula=r"\ln(1 + e^{\z})", slope=r"1 - e^{-\a}",
            code="np.logaddexp(0, z)", slope_code="-np.expm1(-a)",
        ),
        Activation(
            "softsign", softsign, softsign_vjp,
            formula=r"\frac{\z}{1 + \lvert \z \rvert}",
            slope=r"\frac{1}{(1 + \lvert \z \rvert)^{2}}",
            code="z / (1 + abs(z))", slope_code="1 / (1 + abs(z))**2",
        ),
        Activation(
            "hard_tanh", lambda z, out=None: np.clip(z, -1, 1, out),
            lambda g, z, a, out=None: multiply(g, np.abs(z) < 1, out),
            formula=r"\min(\max(\z, -1), 1)", slope=r"[\lvert \z \rvert < 1]",
            code="np.clip(z, -1, 1)", slope_code="(abs(z) < 1)",
        ),
        Activation(
            "hard_sigmoid", lambda z, out=None: np.clip((z + 3) / 6, 0, 1, out),
            lambda g, z, a, out=None: multiply(g, (np.abs(z) < 3) / 6, out),
            formula=r"\min\left(\max\left(\tfrac{\z + 3}{6}, 0\right), 1\right)",
            slope=r"\tfrac{1}{6}\,[\lvert \z \rvert < 3]",
            code="np.clip((z + 3) / 6, 0, 1)", slope_code="(abs(z) < 3) / 6",
        ),
        Activation(
            "softmax", softmax, softmax_vjp,
            formula=r"\frac{e^{\z}}{\sum_{k} e^{z_{k}}}", slope=r"\a\,(1 - \a)",
            code="np.exp(z - z.max(0)) / np.exp(z - z.max(0)).sum(0)", slope_code="a * (1 - a)",
            elementwise=False,
        ),
    )
}


def activation(name: str, alpha: float | None = None) -> Activation:
    """The entry `name`, with another alpha where one is given and the entry has one."""
    entry = ACTIVATIONS[name]
    return entry if alpha is None or entry.family is None else entry.family(alpha)

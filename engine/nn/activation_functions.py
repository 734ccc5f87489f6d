"""The functions f of the activations, and g ⊙ f'(z) or Jᵀg of each (vjp).

    f(z, out), vjp(g, z, a, out)     z, a, g: (..., n, m), units in rows, samples in columns

With `out` the result is written there. NumPy lacks erf(z) = 2/√π ∫ e^(-t²) dt from 0 to z. Around
each node x, 1/32 apart, it is Taylor's series with d = z - x:

    erf(x + d) = erf(x) + 2/√π e^(-x²) Σ (-1)^n H_n(x) d^(n+1) / (n+1)!      n = 0 ... TERMS - 1

where the H_n are Hermite's polynomials, H_(n+1) = 2 x H_n - 2 n H_(n-1), and erf(x) itself comes
from the standard library. With |d| ≤ 1/64 the first term left out is below 1e-16. Beyond |z| = 6,
erf is ±1.
Source: Abramowitz & Stegun, Handbook of Mathematical Functions, 7.1.19 and 22.7.13.
"""

import math
from math import pi, sqrt

import numpy as np
from numpy import add, cosh, divide, exp, expm1, maximum, multiply, negative, sign, subtract

from engine.nn.arrays import Array

FAR, STEPS, TERMS = 26.5, 32, 9


def series() -> list[Array]:
    """The coefficients of d^0 ... d^TERMS at every node."""
    x = np.arange(round(FAR * STEPS) + 1) / STEPS
    known = np.array([math.exp(node * node) * math.erfc(node) for node in x])
    rows = [known, 2 * x * known - 2 / math.sqrt(math.pi)]
    for n in range(2, TERMS + 1):
        rows.append(2 * (x * rows[-1] + rows[-2]) / n)
    return rows


SERIES = series()


def erfcx(x: Array) -> Array:
    """erfcx of each element, to a relative error below 1e-15; nan stays nan."""
    near = np.minimum(x, FAR)
    node = np.rint(near * STEPS)
    i = np.nan_to_num(node).astype(int)
    d, sum_ = near - node / STEPS, SERIES[-1][i]
    for row in SERIES[-2::-1]:
        sum_ = sum_ * d + row[i]
    return sum_


ZERO, ONE = np.array(0.0), np.array(1.0)  # as arrays: NumPy need not convert them at every call
NEAR = 0.999  # beyond it, 1 - a has lost the digits that a has no room for
FLAT = 99.0  # beyond ±FLAT a smooth step is flat to the last digit of any number


def sigmoid(z: Array, out: Array | None = None) -> Array:
    """1 / (1 + e^-z)"""
    out = exp(negative(z, out), out)
    return divide(ONE, add(out, ONE, out), out)


def any_near_1(a: Array) -> bool:
    """Whether any of these is above NEAR."""
    return a.item(a.argmax()) > NEAR


def sigmoid_vjp(g: Array, z: Array, a: Array, out: Array | None = None) -> Array:
    """g a (1 - a), as g (a - a²); where a is near 1, as g a / (1 + e^z)"""
    out = multiply(a, a, out)
    subtract(a, out, out)
    if any_near_1(a):
        near = a > NEAR
        out[near] = a[near] / (1 + exp(z[near]))
    return multiply(g, out, out)


def tanh_vjp(g: Array, z: Array, a: Array, out: Array | None = None) -> Array:
    """g (1 - a²), as g - g a²; where a² is near 1, as g / cosh² z"""
    out = multiply(a, a, out)
    near = out > NEAR if any_near_1(out) else None
    subtract(g, multiply(g, out, out), out)
    if near is not None:
        out[near] = g[near] / cosh(z[near]) ** 2
    return out


def relu(z: Array, out: Array | None = None) -> Array:
    return maximum(z, ZERO, out=out)


def relu_vjp(g: Array, z: Array, a: Array, out: Array | None = None) -> Array:
    """g [z > 0], where [z > 0] is the sign of a"""
    return multiply(g, out := sign(a, out), out)


def tail(z: Array) -> tuple[Array, Array]:
    """The share of a normal distribution beyond |z|, and its density at z."""
    bell = exp(-z * z / 2)
    return bell * erfcx(abs(z) / sqrt(2)) / 2, bell / sqrt(2 * pi)


def gelu(z: Array, out: Array | None = None) -> Array:
    """z Φ(z) (Hendrycks & Gimpel 2016)"""
    beyond, _ = tail(z)
    return multiply(z, np.where(z > 0, 1 - beyond, beyond), out)


def gelu_vjp(g: Array, z: Array, a: Array, out: Array | None = None) -> Array:
    """g (Φ(z) + z φ(z))"""
    beyond, density = tail(z)
    slope = np.where(z > 0, 1 - beyond, beyond) + z * density
    return multiply(g, slope, out)


def gelu_tanh(z: Array, out: Array | None = None) -> Array:
    """z (1 + tanh u) / 2 with u = √(2/π) (z + 0.044715 z³): Φ(z), nearly. It is z σ(2u)."""
    return divide(z, 1 + exp(-twice_u(z)), out)


def twice_u(z: Array) -> Array:
    return sqrt(8 / pi) * z * (1 + 0.044715 * z * z)


def gelu_tanh_vjp(g: Array, z: Array, a: Array, out: Array | None = None) -> Array:
    """g σ(2u) (1 + z σ(-2u) 2u')"""
    z = np.clip(z, -FLAT, FLAT)
    v, dv = twice_u(z), sqrt(8 / pi) * (1 + 0.134145 * z * z)
    return multiply(g, (1 + z * dv / (1 + exp(v))) / (1 + exp(-v)), out)


def silu(z: Array, out: Array | None = None) -> Array:
    """z σ(z)"""
    return multiply(z, out := sigmoid(z, out), out)


def silu_vjp(g: Array, z: Array, a: Array, out: Array | None = None) -> Array:
    """g (σ(z) + a (1 - σ(z)))"""
    out = sigmoid(z, out)
    return multiply(g, add(out, a * (1 - out), out), out)


def softplus_vjp(g: Array, z: Array, a: Array, out: Array | None = None) -> Array:
    """g σ(z), where σ(z) = 1 - e^-a"""
    out = expm1(negative(a, out), out)
    return multiply(g, negative(out, out), out)


def softsign(z: Array, out: Array | None = None) -> Array:
    """z / (1 + |z|)"""
    return divide(z, out := add(np.abs(z, out), ONE, out), out)


def softsign_vjp(g: Array, z: Array, a: Array, out: Array | None = None) -> Array:
    """g / (1 + |z|)²"""
    out = add(np.abs(z, out), ONE, out)
    return divide(g, multiply(out, out, out), out)


def softmax(z: Array, out: Array | None = None) -> Array:
    """Shifted by the largest z of each sample, which changes nothing but keeps exp finite."""
    out = exp(subtract(z, z.max(axis=-2, keepdims=True), out), out)
    return divide(out, out.sum(axis=-2, keepdims=True), out)


def softmax_vjp(g: Array, z: Array, a: Array, out: Array | None = None) -> Array:
    """The Jacobian is diag(a) - a aᵀ for each sample.

    It does not see a number that is added to all g of a sample. Where a unit has nearly all of it,
    its own g is taken away: what remains is a sum over the small a of the others.
    """
    if any_near_1(a):
        g = g - np.where(a > NEAR, g, 0).sum(axis=-2, keepdims=True)
    out = multiply(g, a, out)
    return multiply(a, subtract(g, out.sum(axis=-2, keepdims=True), out), out)

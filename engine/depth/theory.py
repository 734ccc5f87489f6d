r"""Theory: what mean field predicts for the error on its way back through a network at its start.

For W[l] with entries of mean 0 and variance v[l], and b[l] of mean 0 and variance σ_b[l]², a unit's
pre-activation is normal with a variance q[l], and the error's length ‖delta[l]‖ changes by a factor
that depends on q[l] alone, in the limit of wide layers (Poole et al. 2016, Schoenholz et al. 2017):

    q[1] = n_0 v[1] mean x² + σ_b[1]²             q[l] = n_{l-1} v[l] E f(√q[l-1] u)² + σ_b[l]²
    chi[l] = n_l v[l+1] E f'(√q[l] u)²            u ~ N(0, 1), l = 1 ... L-1
    ‖delta[l]‖² / ‖delta[L]‖² = chi[l] chi[l+1] ... chi[L-1]          in the mean over networks

With equal widths n v = σ_w², and chi settles with q: below 1 the error vanishes, above 1 it
explodes, 1 is critical; ξ = 1 / |ln χ| is the number of layers in which ‖delta‖² changes e times.
rms delta is ‖delta‖ / √n_l, a mean over units: ratio_rms = ratio_norm √(n_L / n_l).

How to use it:

    prediction(experiment, x)         q, chi, ratio_norm and ratio_rms of each layer
    unknown(experiment)               why theory says nothing of this experiment; "" where it does
    settled(f, sigma_w, sigma_b)      q*, χ*, ξ deep inside a network of equal widths
    critical_sigma_w(f, sigma_b)      σ_w with χ* = 1; nan where there is none
    ratios(f, sigma_w, sigma_b, L)    ‖delta[1]‖ / ‖delta[L]‖ of a whole map at once
    chain_bound(L)                    what a chain of sigmoids cannot exceed

The means are integrals over pieces between the kinks of the activations, so that those cost no
accuracy.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from engine.experiment.experiment import Experiment
from engine.nn.activations import Activation, activation
from engine.nn.arrays import Array
from engine.nn.backprop import slope
from engine.nn.initializers import BIASES, INITIALIZERS

TINY, HUGE = 1e-200, 1e12  # of q: what is smaller is on its way to 0, what is larger to infinity
MOST_SIGMA_W = 30.0  # how far a critical point is looked for
STEPS = 200  # of the search for q*; each is worth many layers

_Z = np.array([0.1, 0.3, 1, 3, 10, 30])  # every kink of a table's activation is at 0, ±1 or ±3
_U = np.array([0.5, 1, 2, 3, 4.5, 6, 8, 12])
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(12)


class Settled(NamedTuple):
    """What q and chi come to: q* may be 0 or infinite; ξ is infinite at the critical point."""

    q: Array
    chi: Array
    xi: Array


class Prediction(NamedTuple):
    """(L,) each, for l = 1 ... L; chi[L] is 1: nothing is above the output.

    sigma_w2   n_{l-1} v[l], the variance of what a layer adds up of inputs of size 1
    sigma_b2   the variance of its biases
    rms_a      √ E f(z)²
    """

    sigma_w2: Array
    sigma_b2: Array
    q: Array
    rms_a: Array
    chi: Array
    ratio_norm: Array
    ratio_rms: Array


def nodes(q: Array) -> tuple[Array, Array]:
    """z and its weights for E g(z), z ~ N(0, q): (..., nodes) each, for q of shape (...)."""
    root = np.sqrt(np.maximum(q, TINY))[..., None]
    edges = np.concatenate([np.minimum(_Z / root, _U[-1]), np.broadcast_to(_U, (*np.shape(q), 8))],
                           -1)
    edges = np.sort(edges, -1)
    edges = np.concatenate([-edges[..., ::-1], 0 * root, edges], -1)
    half, middle = np.diff(edges) / 2, (edges[..., 1:] + edges[..., :-1]) / 2
    u = (middle[..., None] + half[..., None] * _NODES).reshape(*np.shape(q), -1)
    w = (half[..., None] * _WEIGHTS).reshape(u.shape) * np.exp(-u * u / 2) / np.sqrt(2 * np.pi)
    return root * u, w


@np.errstate(all="ignore")
def means(f: Activation, q: Array) -> tuple[Array, Array]:
    """E f(√q u)² and E f'(√q u)², in the shape of q; at q = 0 their limits."""
    z, w = nodes(np.asarray(q, float))
    column = z[..., None]
    a = f.f(column)
    return (w * a[..., 0] ** 2).sum(-1), (w * slope(f, column, a)[..., 0] ** 2).sum(-1)


def unknown(e: Experiment) -> str:
    """Why theory has no prediction for an experiment; "" where it has one."""
    names = {layer.activation for layer in e.hidden}
    softmax = any(not activation(name).elementwise for name in names)
    reasons = {
        "the layers are normalised": e.norm != "none",
        "there are residual connections": bool(e.residual),
        "a hidden softmax is no function of one unit alone": softmax,
        "the weights are given, not drawn": bool(e.parameters) or e.initializer == "constant",
        "the biases are all alike": e.bias == "constant" and e.bias_scale != 0,
    }
    found = [reason for reason, holds in reasons.items() if holds]
    return f"Mean field says nothing here: {'; '.join(found)}." if found else ""


def variances(e: Experiment) -> tuple[Array, Array]:
    """v[l] and σ_b[l]² for l = 1 ... L: what the initializers and their scales promise."""
    pairs = [*pairwise(e.sizes)]
    W, b = INITIALIZERS[e.initializer].variance, BIASES[e.bias].variance
    scale = lambda factor, variance: np.array([variance(n, k) * factor**2 for n, k in pairs])
    return scale(e.gain, W), scale(e.bias_scale, b) if e.bias_scale else np.zeros(e.L)


@np.errstate(all="ignore")  # of the largest inputs even the squares overflow
def prediction(e: Experiment, x: Array) -> Prediction:
    """What is to be expected of this experiment with inputs x (..., n_0, m)."""
    v, sigma_b2 = variances(e)
    n = np.array(e.sizes)
    f = [activation(layer.activation, layer.alpha) for layer in e.hidden] + [activation(e.output)]
    sigma_w2, q, a2, slopes2 = n[:-1] * v, np.zeros(e.L), np.zeros(e.L), np.zeros(e.L)
    below = np.mean(x**2)
    for l in range(e.L):
        q[l] = sigma_w2[l] * below + sigma_b2[l]
        a2[l], slopes2[l] = means(f[l], q[l]) if f[l].elementwise else (1 / n[-1], np.nan)
        below = a2[l]
    chi = np.append(n[1:-1] * v[1:] * slopes2[:-1], 1.0)
    ratio = np.sqrt(np.cumprod(chi[::-1])[::-1])
    rms = ratio * np.sqrt(n[-1] / n[1:])
    return Prediction(sigma_w2, sigma_b2, q, np.sqrt(a2), chi, ratio, rms)


def settled(
    f: Activation, sigma_w: Array, sigma_b: Array, q: Array = 1.0, means: Callable = means
) -> Settled:
    """Where q goes from layer to layer, and chi there; arrays of settings at once.

    Each step is two layers and, where those come nearer to their limit, Aitken's jump to it.
    """
    w2, b2, q = np.broadcast_arrays(*(np.asarray(v, float) for v in (sigma_w, sigma_b, q)))
    w2, b2, before = w2**2, b2**2, np.inf
    above = lambda q: np.clip(w2 * means(f, q)[0] + b2, 0, HUGE)
    for _ in range(STEPS):
        q = jump(q, one := above(q), above(one))
        if np.all(abs(q - before) <= 1e-13 * q + TINY):
            break
        before = q
    q = np.where(q >= HUGE, np.inf, np.where(q < 1e-12, 0, q))
    chi = w2 * means(f, np.minimum(q, HUGE))[1]
    return Settled(q, chi, depth_scale(chi))


@np.errstate(all="ignore")
def jump(q: Array, one: Array, two: Array) -> Array:
    """Aitken's limit of q, one, two; `two` itself where they do not draw nearer to a limit."""
    first, second = one - q, two - one
    limit = two - second**2 / (second - first)
    nearer = (abs(second) < abs(first)) & np.isfinite(limit) & (limit >= 0) & (two < HUGE)
    return np.where(nearer, limit, two)


@np.errstate(divide="ignore")
def depth_scale(chi: Array) -> Array:
    """ξ = 1 / |ln χ| in layers, infinite where χ is 1; 0 where χ is 0."""
    return 1 / abs(np.log(np.where(abs(np.asarray(chi) - 1) < 1e-9, 1.0, chi)))


def critical_sigma_w(f: Activation, sigma_b: Array) -> Array:
    """The σ_w at which χ* passes 1, for each σ_b; nan where it is not below MOST_SIGMA_W.

    By bisection. Where q* jumps, as gelu's does, χ* passes 1 in that jump.
    """
    sigma_b = np.asarray(sigma_b, float)
    low, high = np.zeros(sigma_b.shape), np.full(sigma_b.shape, MOST_SIGMA_W)
    there = settled(f, high, sigma_b, means=looked_up).chi >= 1
    for _ in range(26):
        middle = (low + high) / 2
        below = settled(f, middle, sigma_b, means=looked_up).chi < 1
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return np.where(there, (low + high) / 2, np.nan)


def ratios(f: Activation, sigma_w: Array, sigma_b: Array, L: int, below: float = 1.0) -> Array:
    """‖delta[1]‖ / ‖delta[L]‖ for equal widths and mean x² = below, in the common shape."""
    w2, b2 = np.broadcast_arrays(np.asarray(sigma_w) ** 2, np.asarray(sigma_b) ** 2)
    return passed_down(f, [(w2, b2, w2)] * (L - 1), below)


def passed_down(
    f: Activation, layers: Iterable[tuple[Array, Array, Array]], below: float
) -> Array:
    """The same for any widths: n_{l-1} v[l], σ_b[l]² and n_l v[l+1] of each layer l = 1 ... L-1."""
    a2, product = np.array(below), np.array(1.0)
    for up, b2, down in layers:
        a2, slopes2 = looked_up(f, up * a2 + b2)
        product = product * down * slopes2
    return np.sqrt(product)


def looked_up(f: Activation, q: Array) -> tuple[Array, Array]:
    """The two means from a table of them, to five digits, for many q at once."""
    log_q, log_a2, slopes2 = tabulated(f)
    at = np.log(np.clip(q, TINY, None))
    return np.exp(np.interp(at, log_q, log_a2)), np.interp(at, log_q, slopes2)


@lru_cache(maxsize=64)
def tabulated(f: Activation) -> tuple[Array, Array, Array]:
    """ln q, ln E f², E f'² for q from 10⁻¹³ to 10¹³: what lies beyond is as these ends are."""
    log_q = np.linspace(-30, 30, 4001)
    a2, slopes2 = means(f, np.exp(log_q))
    return log_q, np.log(a2), slopes2


def chain_bound(L: int, w: float | Array = 1.0, steepest: float = 0.25) -> Array:
    """(steepest |w|)^(L-l) for l = 1 ... L: the most that a chain of single units lets through.

    |∂C/∂b_1| ≤ 0.25^L Π |w| for sigmoids (Nielsen, ch. 5); here without the output's own slope,
    as a ratio to delta[L]. With w = ‖W[2]‖ ... ‖W[L]‖ (largest singular values) it is a bound for
    ‖delta[l]‖ / ‖delta[L]‖ of a network of any width.
    """
    factors = steepest * np.broadcast_to(abs(np.asarray(w, float)), (L - 1,))
    return np.append(np.cumprod(factors[::-1])[::-1], 1.0)

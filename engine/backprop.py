"""The heart: forward and backward, every intermediate value kept.

    z[l]     = W[l] a[l-1] + b[l]                a[l] = f_l(z[l])             l = 1 ... L, a[0] = x
    C_i      = loss(a[L], y)                     C    = mean over the samples
    delta[L] = a[L] - y                          for a canonical pair, else vjp_L(dC_i/da[L])
    da[l]    = W[l+1]ᵀ delta[l+1]                delta[l] = vjp_l(da[l])      l = L-1 ... 1
    dW[l]    = delta[l] a[l-1]ᵀ / m              db[l] = mean of delta[l] over the samples

x is (..., n_0, m), y is (..., K, m): columns are samples. delta belongs to each sample; the means
are taken in dW and db alone. The whole backward pass uses the weights of the forward pass.

All of it is written into a workspace: memory that is allocated once for a network and a number of
samples. A trace is a workspace that was gone through once; training goes through one many times.
Sources: Rumelhart, Hinton & Williams 1986; Nielsen, Neural Networks and Deep Learning, ch. 2
(BP1-BP4).
"""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy import add, divide, subtract

from engine.activations import Activation
from engine.network import Network, views

Array = np.ndarray
Layers = dict[int, Array]
Product = Callable[[Array, Array], Array]  # (right factor, memory for the product)


class Trace(NamedTuple):
    """Everything one training step computes. a[0] is x; a canonical output has no da."""

    y: Array
    z: Layers
    a: Layers
    losses: Array
    C: Array
    da: Layers
    delta: Layers
    dW: Layers
    db: Layers


class Workspace(NamedTuple):
    """The memory of one training step, and its products, prepared layer by layer.

    x (..., n_0, m) and y (..., K, m) may be overwritten with other samples, and the network's flat
    block with other parameters, between two steps. gradient (..., P) is laid out as the parameters.
    """

    network: Network
    x: Array
    y: Array
    z: Layers
    a: Layers
    da: Layers
    delta: Layers
    dW: Layers
    db: Layers
    gradient: Array
    m: Array
    up: list[tuple]
    down: list[tuple]


def times(left: Array) -> Product:
    """The product left @ right, ready to be taken; `dot` is faster, and knows no replicate axes."""
    return left.dot if left.ndim == 2 else partial(np.matmul, left)


def workspace(
    network: Network, x: Array, y: Array, gradient: Array | None = None
) -> Workspace:
    """Memory for steps of this network on samples like x and y, which become its first samples.

    `gradient` is the memory of another workspace's gradient, where the two are to share it.
    """
    L, W, b, f = network.L, network.W, network.b, network.activations
    axes, m = network.flat.shape[:-1], x.shape[-1]
    layer = lambda: {l: np.empty((*axes, b[l].shape[-2], m)) for l in range(1, L + 1)}
    z, a, da, delta = layer(), {0: x} | layer(), layer(), layer()
    if network.canonical:
        del da[L]
    gradient = np.empty(network.flat.shape) if gradient is None else gradient
    one = np.ones((m, 1))
    dW, db = views(network.sizes, gradient)
    up = [(times(W[l]), a[l - 1], z[l], b[l], f[l].f, a[l]) for l in range(1, L + 1)]
    down = [(times(delta[l]), a[l - 1].mT, dW[l], one, db[l],
             *((times(W[l].mT), delta[l], da[l - 1], f[l - 1].vjp, z[l - 1], a[l - 1],
                delta[l - 1]) if l > 1 else [None] * 7))
            for l in range(L, 0, -1)]
    return Workspace(network, x, y, z, a, da, delta, dW, db, gradient, np.array(float(m)), up, down)


def forward(w: Workspace) -> None:
    """z[l] and a[l] for l = 1 ... L."""
    for W_times, below, z, b, f, a in w.up:
        add(W_times(below, z), b, z)
        f(z, a)


def losses(w: Workspace) -> Array:
    """C_i, (..., m): from z for a canonical pair, which never takes the log of a tiny number."""
    L, loss = w.network.L, w.network.loss
    return loss.cost_from_z(w.z[L], w.y) if w.network.canonical else loss.cost(w.a[L], w.y)


def output_error(w: Workspace) -> None:
    """da[L] and delta[L]; for a canonical pair delta comes at once and there is no da."""
    net, L = w.network, w.network.L
    if L not in w.da:
        subtract(w.a[L], w.y, w.delta[L])
        if net.loss.mean and w.y.shape[-2] > 1:
            divide(w.delta[L], w.y.shape[-2], w.delta[L])
    else:
        net.loss.grad(w.a[L], w.y, w.da[L])
        net.activations[L].vjp(w.da[L], w.z[L], w.a[L], w.delta[L])


def backward(w: Workspace) -> None:
    """delta, dW, db for l = L ... 1, and da on the way down."""
    output_error(w)
    for delta_times, below_T, dW, one, db, W_T_times, delta, da, vjp, z, a, delta_below in w.down:
        delta_times(below_T, dW)  # sums over the samples: the means come last, for all layers
        delta_times(one, db)
        if vjp:
            vjp(W_T_times(delta, da), z, a, delta_below)
    divide(w.gradient, w.m, w.gradient)


def trace(network: Network, x: Array, y: Array) -> Trace:
    """One whole training step, before its update."""
    w = workspace(network, x, y)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):  # an overflow is shown
        forward(w)
        C_i = losses(w)
        backward(w)
        return Trace(y, w.z, w.a, C_i, C_i.mean(-1), w.da, w.delta, w.dW, w.db)


def slope(activation: Activation, z: Array, a: Array) -> Array:
    """f'(z) of an elementwise activation."""
    return activation.vjp(np.ones_like(z), z, a)

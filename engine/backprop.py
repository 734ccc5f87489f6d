"""The heart: forward and backward, every intermediate value kept.

    z[l]     = W[l] a[l-1] + b[l]                a[l] = f_l(z[l])             l = 1 ... L, a[0] = x
    C_i      = loss(a[L], y)                     C    = mean over the samples
    delta[L] = a[L] - y                          for a canonical pair, else vjp_L(dC_i/da[L])
    da[l]    = W[l+1]^T delta[l+1]               delta[l] = vjp_l(da[l])      l = L-1 ... 1
    dW[l]    = delta[l] a[l-1]^T / m             db[l] = mean of delta[l] over the samples

x is (..., n_0, m), y is (..., K, m): columns are samples. delta belongs to each sample; the means are
taken in dW and db alone. The whole backward pass uses the weights of the forward pass.
Sources: Rumelhart, Hinton & Williams 1986; Nielsen, Neural Networks and Deep Learning, ch. 2 (BP1-BP4).
"""

from typing import NamedTuple

import numpy as np

from engine.activations import Activation
from engine.network import Network

Array = np.ndarray
Layers = dict[int, Array]


class Trace(NamedTuple):
    """Everything that one training step computes. a[0] is x; da has no entry for a canonical output."""

    y: Array
    z: Layers
    a: Layers
    losses: Array
    C: Array
    da: Layers
    delta: Layers
    dW: Layers
    db: Layers


def forward(network: Network, x: Array) -> tuple[Layers, Layers]:
    """z[1..L] and a[0..L] for the inputs x."""
    z, a = {}, {0: x}
    for l, f in network.activations.items():
        z[l] = network.W[l] @ a[l - 1] + network.b[l]
        a[l] = f.f(z[l])
    return z, a


def losses(network: Network, z: Layers, a: Layers, y: Array) -> Array:
    """C_i, (..., m): from z for a canonical pair, which never takes the log of a tiny number."""
    if network.canonical:
        return network.loss.cost_from_z(z[network.L], y)
    return network.loss.cost(a[network.L], y)


def output_error(network: Network, z: Layers, a: Layers, y: Array) -> tuple[Array | None, Array]:
    """da[L] and delta[L]; for a canonical pair delta comes at once and there is no da."""
    L, loss = network.L, network.loss
    if network.canonical:
        return None, (a[L] - y) / (y.shape[-2] if loss.mean else 1)
    da = loss.grad(a[L], y)
    return da, network.activations[L].vjp(da, z[L], a[L])


def backward(network: Network, z: Layers, a: Layers, y: Array) -> tuple[Layers, Layers, Layers, Layers]:
    """da, delta, dW, db for l = L ... 1."""
    da, delta, dW, db = {}, {}, {}, {}
    m = a[0].shape[-1]
    for l in range(network.L, 0, -1):
        if l == network.L:
            da[l], delta[l] = output_error(network, z, a, y)
        else:
            da[l] = network.W[l + 1].mT @ delta[l + 1]
            delta[l] = network.activations[l].vjp(da[l], z[l], a[l])
        dW[l] = delta[l] @ a[l - 1].mT / m
        db[l] = delta[l].mean(-1, keepdims=True)
    return {l: g for l, g in da.items() if g is not None}, delta, dW, db


def trace(network: Network, x: Array, y: Array) -> Trace:
    """One whole training step, before its update."""
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):  # an overflow is shown
        z, a = forward(network, x)
        C_i = losses(network, z, a, y)
        da, delta, dW, db = backward(network, z, a, y)
        return Trace(y, z, a, C_i, C_i.mean(-1), da, delta, dW, db)


def slope(activation: Activation, z: Array, a: Array) -> Array:
    """f'(z) of an elementwise activation."""
    return activation.vjp(np.ones_like(z), z, a)

"""The heart: forward and backward, every intermediate value kept.

    z[l]     = W[l] a[l-1] + b[l]                a[l] = f_l(z[l])             l = 1 ... L, a[0] = x
    C_s      = loss(a[L], y)                     C    = mean over the samples s
    delta[L] = a[L] - y                          for a canonical pair, else vjp_L(dC_s/da[L])
    da[l]    = W[l+1]ᵀ delta[l+1]                delta[l] = vjp_l(da[l])      l = L-1 ... 1
    dW[l]    = delta[l] a[l-1]ᵀ / m              db[l] = mean of delta[l] over the samples

Where a hidden layer is normalised (engine/nn/normalisation.py) there is a step more on both ways,
and du[l] stands in the place of delta[l] in dW[l] and da[l-1]:

    u[l] = W[l] a[l-1]     n[l] = (u[l] - mean[l]) / sigma[l]     z[l] = n[l] + b[l]
    du[l] = delta[l] on its way back through n[l]

Where a hidden layer has a skip (a residual connection, He et al. 2015) it only adds to the layer
below, with the scale r, and the error has a second path down:

    f[l] = f_l(z[l])       a[l] = a[l-1] + r f[l]
    delta[l] = r vjp_l(da[l])                    da[l-1] = W[l]ᵀ delta[l] + da[l]

x is (..., n_0, m), y is (..., K, m): columns are samples. delta belongs to each sample; the means
are taken in dW and db alone. The whole backward pass uses the weights of the forward pass.

All of it is written into a workspace (engine/nn/workspace.py), which has each layer's share ready.
Sources: Rumelhart, Hinton & Williams 1986; Nielsen, Neural Networks and Deep Learning, ch. 2
(BP1-BP4).
"""

import numpy as np
from numpy import add, divide

from engine.nn.activations import Activation
from engine.nn.arrays import Array
from engine.nn.network import Network
from engine.nn.workspace import Trace, Workspace, workspace


def forward(w: Workspace) -> None:
    """z[l] and a[l] for l = 1 ... L; u, n and f on the way where there are such."""
    for W_times, below, u, norm, n, b, z, f, f_z, skip in w.up:
        W_times(below, u)                                   # u[l] = W[l] a[l-1]
        if norm:
            norm()                                          # n[l] = (u[l] - mean[l]) / sigma[l]
        add(n, b, z)                                        # z[l] = n[l] + b[l]
        f(z, f_z)                                           # f[l] = f_l(z[l])
        if skip:
            skip()                                          # a[l] = a[l-1] + r f[l]


def losses(w: Workspace) -> Array:
    """C_s, (..., m): from z for a canonical pair, which never takes the log of a tiny number."""
    L, loss, now = w.network.L, w.network.loss, w.now
    return loss.cost_from_z(now.z[L], now.y) if w.network.canonical else loss.cost(now.a[L], now.y)


def backward(w: Workspace) -> None:
    """delta[l] for l = L ... 1, da[l] and du[l] on the way down; then every dW[l] and db[l]."""
    w.output_error()                                        # delta[L] = a[L] - y, or vjp_L
    for W_T_times, du, da, around, vjp, z, f_z, delta, scale, norm in w.down:
        W_T_times(du, da)                                   # da[l-1] = W[l]ᵀ du[l]
        if around:
            around()                                        #           + da[l]
        vjp(da, z, f_z, delta)                              # delta[l-1] = vjp_{l-1}(da[l-1])
        if scale:
            scale()                                         #              · r
        if norm:
            norm()                                          # du[l-1] = back through n[l-1]
    for du_times, below_T, dW, delta_times, one, db in w.gradients:
        du_times(below_T, dW)                               # dW[l] = du[l] a[l-1]ᵀ, summed
        delta_times(one, db)                                # db[l] = delta[l], summed
    if not w.means_first:
        divide(w.gradient, w.m, w.gradient)                 # and all of them over m


def trace(network: Network, x: Array, y: Array) -> Trace:
    """One whole training step, before its update."""
    w = workspace(network, x, y)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):  # an overflow is shown
        forward(w)
        C_s = losses(w)
        backward(w)
        return w.now._replace(losses=C_s, C=C_s.mean(-1))


def slope(activation: Activation, z: Array, a: Array) -> Array:
    """f'(z) of an elementwise activation."""
    with np.errstate(over="ignore", invalid="ignore"):  # the limit of an exponential is right
        return activation.vjp(np.ones_like(z), z, a)


def flat_gradient(now: Trace) -> Array:
    """dW[1], db[1], dW[2], ... in the order of the parameters, (..., P)."""
    pieces = (g[l].reshape(*now.C.shape, -1) for l in sorted(now.dW) for g in (now.dW, now.db))
    return np.concatenate(list(pieces), -1)

"""The heart: forward and backward, every intermediate value kept.

    z[l]     = W[l] a[l-1] + b[l]                a[l] = f_l(z[l])             l = 1 ... L, a[0] = x
    C_i      = loss(a[L], y)                     C    = mean over the samples
    delta[L] = a[L] - y                          for a canonical pair, else vjp_L(dC_i/da[L])
    da[l]    = W[l+1]ᵀ delta[l+1]                delta[l] = vjp_l(da[l])      l = L-1 ... 1
    dW[l]    = delta[l] a[l-1]ᵀ / m              db[l] = mean of delta[l] over the samples

Where a hidden layer is normalised (engine/normalisation.py) there is a step more on both ways, and
du[l] stands in the place of delta[l] in dW[l] and da[l-1]:

    u[l] = W[l] a[l-1]     n[l] = (u[l] - mean[l]) / sigma[l]     z[l] = n[l] + b[l]
    du[l] = delta[l] on its way back through n[l]

Where a hidden layer has a skip (a residual connection, He et al. 2015) it only adds to the layer
below, with the scale r, and the error has a second path down:

    f[l] = f_l(z[l])       a[l] = a[l-1] + r f[l]
    delta[l] = r vjp_l(da[l])                    da[l-1] = W[l]ᵀ delta[l] + da[l]

x is (..., n_0, m), y is (..., K, m): columns are samples. delta belongs to each sample; the means
are taken in dW and db alone. The whole backward pass uses the weights of the forward pass.

All of it is written into a workspace: memory that is allocated once for a network and a number of
samples. A trace is a workspace that was gone through once; training goes through one many times.
Sources: Rumelhart, Hinton & Williams 1986; Nielsen, Neural Networks and Deep Learning, ch. 2
(BP1-BP4).
"""

from collections.abc import Callable, Iterable
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy import add, divide, multiply

from engine.activations import Activation
from engine.network import Network, views
from engine.normalisation import standardise

Array = np.ndarray
Layers = dict[int, Array]
Product = Callable[[Array, Array], Array]  # (right factor, memory for the product)


class Trace(NamedTuple):
    """Everything one training step computes. a[0] is x; a canonical output has no da.

    u, mean, sigma, n and du are those of normalised layers, f of those with a skip.
    """

    y: Array
    u: Layers
    mean: Layers
    sigma: Layers
    n: Layers
    z: Layers
    f: Layers
    a: Layers
    losses: Array
    C: Array
    da: Layers
    delta: Layers
    du: Layers
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
    u: Layers
    mean: Layers
    sigma: Layers
    n: Layers
    z: Layers
    f: Layers
    a: Layers
    da: Layers
    delta: Layers
    du: Layers
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
    network: Network, x: Array, y: Array, gradient: Array | None = None,
    measured: "Workspace | None" = None,
) -> Workspace:
    """Memory for steps of this network on samples like x and y, which become its first samples.

    `gradient` is the memory of another workspace's gradient, where the two are to share it.
    `measured` is another workspace, whose mean and sigma take the place of these samples' own.
    """
    L, m, every = network.L, x.shape[-1], range(1, network.L + 1)
    layers = partial(memory, network, m)
    gradient = np.empty(network.flat.shape) if gradient is None else gradient
    w = Workspace(
        network, x, y,
        u=layers(network.normalised), n=layers(network.normalised), du=layers(network.normalised),
        mean=measured.mean if measured else means(network, m),
        sigma=measured.sigma if measured else means(network, m),
        z=layers(every), f=layers(network.skips), a={0: x} | layers(every),
        da=layers(range(1, L) if network.canonical else every), delta=layers(every),
        **dict(zip(("dW", "db"), views(network.sizes, gradient), strict=True)),
        gradient=gradient, m=np.array(float(m)), up=[], down=[])
    w.up.extend(upward(w, l, standardise if measured else network.norm.forward) for l in every)
    w.down.extend(downward(w, l) for l in reversed(every))
    return w


def memory(network: Network, m: int, layers: Iterable[int]) -> Layers:
    """Room for a quantity that each of m samples has, in these layers."""
    return {l: np.empty((*network.flat.shape[:-1], network.sizes[l], m)) for l in layers}


def means(network: Network, m: int) -> Layers:
    """Room for mean or sigma."""
    whole = memory(network, m, network.normalised)
    return {l: np.empty(network.norm.shape(v.shape)) for l, v in whole.items()}


def upward(w: Workspace, l: int, norm: Callable) -> tuple:
    """What forward takes from layer l; a norm follows the product, and a skip the activation."""
    W_times, below, f = times(w.network.W[l]), w.a[l - 1], w.network.activations[l].f
    if l in w.n:
        W_times = partial(normalised, W_times, norm, w.u[l], w.mean[l], w.sigma[l], w.n[l])
    if l in w.f:
        f = partial(with_skip, f, w.network.residual, below, w.f[l])
    return W_times, below, w.z[l], w.network.b[l], f, w.a[l]


def downward(w: Workspace, l: int) -> tuple:
    """What backward takes from layer l. Without a norm du is delta; no error is sent to the input.

    A skip of layer l is a second path for da[l-1]. A skip and a norm of layer l-1 follow its vjp.
    """
    net, delta, one = w.network, w.delta[l], np.ones((w.y.shape[-1], 1))
    du = w.du.get(l, delta)
    gradients = times(du), w.a[l - 1].mT, w.dW[l], times(delta), one, w.db[l]
    if l == 1:
        return (*gradients, *[None] * 7)
    W_T_times, vjp, f = times(net.W[l].mT), net.activations[l - 1].vjp, output_of_f(w, l - 1)
    if l in w.f:
        W_T_times = partial(with_path_around, W_T_times, w.da[l])
    if l - 1 in w.f:
        vjp = partial(scaled_vjp, vjp, net.residual)
    if l - 1 in w.n:
        norm = partial(net.norm.vjp, w.sigma[l - 1], w.n[l - 1])
        vjp = partial(vjp_and_du, vjp, norm, w.du[l - 1])
    return (*gradients, W_T_times, du, w.da[l - 1], vjp, w.z[l - 1], f, w.delta[l - 1])


def normalised(
    W_times: Product, norm: Callable, u: Array, mean: Array, sigma: Array, n: Array,
    below: Array, z: Array,
) -> Array:
    """n, in the place of u = W a[l-1]"""
    norm(W_times(below, u), mean, sigma, n)
    return n


def with_skip(f: Callable, r: float, below: Array, f_z: Array, z: Array, a: Array) -> Array:
    """a[l-1] + r f(z)"""
    return add(below, multiply(f(z, f_z), r, a), a)


def with_path_around(W_T_times: Product, da: Array, du: Array, da_below: Array) -> Array:
    """Wᵀ du + da[l]"""
    return add(W_T_times(du, da_below), da, da_below)


def scaled_vjp(
    vjp: Callable, r: float, g: Array, z: Array, f: Array, delta: Array
) -> Array:
    """r vjp(g)"""
    return multiply(vjp(g, z, f, delta), r, delta)


def vjp_and_du(
    vjp: Callable, norm: Callable, du: Array, g: Array, z: Array, f: Array, delta: Array
) -> None:
    """delta, and du behind it"""
    norm(vjp(g, z, f, delta), du)


def forward(w: Workspace) -> None:
    """z[l] and a[l] for l = 1 ... L; u, n and f on the way where there are such."""
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
        net.loss.error(w.z[L], w.a[L], w.y, w.delta[L])
        if net.loss.mean and w.y.shape[-2] > 1:
            divide(w.delta[L], w.y.shape[-2], w.delta[L])
    else:
        net.loss.grad(w.a[L], w.y, w.da[L])
        net.activations[L].vjp(w.da[L], w.z[L], w.a[L], w.delta[L])


def backward(w: Workspace) -> None:
    """delta, dW, db for l = L ... 1; da, and du where there is one, on the way down."""
    output_error(w)
    for (du_times, below_T, dW, delta_times, one, db,
         W_T_times, du, da_below, vjp, z, f, delta_below) in w.down:
        du_times(below_T, dW)  # sums over the samples: the means come last, for all layers
        delta_times(one, db)
        if vjp:
            vjp(W_T_times(du, da_below), z, f, delta_below)
    divide(w.gradient, w.m, w.gradient)


def trace(network: Network, x: Array, y: Array) -> Trace:
    """One whole training step, before its update."""
    w = workspace(network, x, y)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):  # an overflow is shown
        forward(w)
        C_i = losses(w)
        backward(w)
        return Trace(y, w.u, w.mean, w.sigma, w.n, w.z, w.f, w.a, C_i, C_i.mean(-1), w.da, w.delta,
                     w.du, w.dW, w.db)


def slope(activation: Activation, z: Array, a: Array) -> Array:
    """f'(z) of an elementwise activation."""
    with np.errstate(over="ignore", invalid="ignore"):  # the limit of an exponential is right
        return activation.vjp(np.ones_like(z), z, a)


def output_of_f(now: Trace | Workspace, l: int) -> Array:
    """f_l(z[l]): a[l] itself where the layer has no skip."""
    return now.f.get(l, now.a[l])

"""The workspace: the memory of one training step, allocated once for a network and m samples.

    now        every quantity of the step: a Trace that forward and backward write into
    up         what forward takes from each layer      (Up)
    down       what backward takes from each layer     (Down), and for its gradients (Gradients)

Whatever does not change from step to step is looked up here, once: layers of a dictionary,
transposes, the products' left factors. A trace is a workspace that was gone through once; training
goes through one many times.
"""

from collections.abc import Callable, Iterable
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy import add, divide, multiply

from engine.nn.arrays import Array
from engine.nn.network import Network, views
from engine.nn.normalisation import standardise

Layers = dict[int, Array]
Product = Callable[[Array, Array], Array]  # (right factor, memory for the product)
Given = Callable[[], object] | None  # a step that only some layers have, on memory of its own
FEW = 4096  # parameters that one division takes no longer for than for each layer's errors


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

    def __repr__(self) -> str:
        """Trace of 4 samples through 2-4-1: C = 0.8279"""
        sizes = [str(self.a[l].shape[-2]) for l in sorted(self.a)]
        return (f"Trace of {self.y.shape[-1]:,} samples through {'-'.join(sizes)}: "
                f"C = {np.mean(self.C):.4g}")


class Up(NamedTuple):
    """What forward takes from layer l. Without a norm u and n are z, without a skip f_z is a."""

    W_times: Product
    below: Array
    u: Array
    norm: Given
    n: Array
    b: Array
    z: Array
    f: Callable
    f_z: Array
    skip: Given


class Down(NamedTuple):
    """What backward takes from layer l, for the error of layer l - 1 and all that it belongs to.

    `around` is the second path that a skip of layer l is, `scale` the r of a skip of layer l - 1,
    `norm` what brings delta[l-1] back through the norm of layer l - 1.
    """

    W_T_times: Product
    du: Array
    da: Array
    around: Given
    vjp: Callable
    z: Array
    f_z: Array
    delta: Array
    scale: Given
    norm: Given


class Gradients(NamedTuple):
    """What backward takes for dW[l] and db[l]. Without a norm du is delta."""

    du_times: Product
    below_T: Array
    dW: Array
    delta_times: Product
    one: Array
    db: Array


class Workspace(NamedTuple):
    """The memory of one training step, and its products, prepared layer by layer.

    The samples, now.a[0] (..., n_0, m) and now.y (..., K, m), may be overwritten with others, and
    the network's flat block with other parameters, between two steps. gradient (..., P) is laid out
    as the parameters. It is divided by m at the end; where the errors are fewer numbers than the
    parameters, it is they that are divided (means_first).
    """

    network: Network
    now: Trace
    gradient: Array
    m: Array
    means_first: bool
    output_error: Callable[[], object]
    up: list[Up]
    down: list[Down]
    gradients: list[Gradients]

    @property
    def x(self) -> Array:
        return self.now.a[0]


def workspace(
    network: Network, x: Array, y: Array, gradient: Array | None = None,
    measured: Trace | None = None,
) -> Workspace:
    """Memory for steps of this network on samples like x and y, which become its first samples.

    `gradient` is the memory of another workspace's gradient, where the two are to share it.
    `measured` is another trace, whose mean and sigma take the place of these samples' own.
    """
    m, every = x.shape[-1], range(1, network.L + 1)
    gradient = np.empty(network.flat.shape) if gradient is None else gradient
    now = room(network, x, y, gradient, measured)
    norm = standardise if measured else network.norm.forward
    first = network.flat.shape[-1] > FEW + m * sum(network.sizes[1:])
    return Workspace(network, now, gradient, np.array(float(m)), first,
                     error_of_output(network, now),
                     [upward(network, now, l, norm) for l in every],
                     [downward(network, now, l) for l in reversed(every) if l > 1],
                     [gradients(now, l, first) for l in reversed(every)])


def room(
    network: Network, x: Array, y: Array, gradient: Array, measured: Trace | None
) -> Trace:
    """A trace that nothing has been computed of; its losses and cost come with a copy."""
    L, every, m = network.L, range(1, network.L + 1), x.shape[-1]
    layers, nothing = partial(memory, network, m), np.empty(0)
    dW, db = views(network.sizes, gradient)
    return Trace(
        y, u=layers(network.normalised), n=layers(network.normalised),
        mean=measured.mean if measured else means(network, m),
        sigma=measured.sigma if measured else means(network, m),
        z=layers(every), f=layers(network.skips), a={0: x} | layers(every),
        losses=nothing, C=nothing, da=layers(range(1, L) if network.canonical else every),
        delta=layers(every), du=layers(network.normalised), dW=dW, db=db)


def memory(network: Network, m: int, layers: Iterable[int]) -> Layers:
    """Room for a quantity that each of m samples has, in these layers."""
    return {l: np.empty((*network.flat.shape[:-1], network.sizes[l], m)) for l in layers}


def means(network: Network, m: int) -> Layers:
    """Room for mean or sigma."""
    whole = memory(network, m, network.normalised)
    return {l: np.empty(network.norm.shape(v.shape)) for l, v in whole.items()}


def error_of_output(net: Network, now: Trace) -> Callable[[], object]:
    """delta[L]: at once for a canonical pair, else by way of da[L]."""
    L, K = net.L, now.y.shape[-2]
    a, y, delta = now.a[L], now.y, now.delta[L]
    if not net.canonical:
        return partial(error_through_f, net, a, y, now.z[L], now.da[L], delta)
    if net.loss.mean and K > 1:
        return partial(mean_error, net.loss.error, now.z[L], a, y, K, delta)
    return partial(net.loss.error, now.z[L], a, y, delta)


def mean_error(error: Callable, z: Array, a: Array, y: Array, K: int, delta: Array) -> None:
    """delta[L] = (a[L] - y) / K"""
    error(z, a, y, delta)
    divide(delta, K, delta)


def error_through_f(net: Network, a: Array, y: Array, z: Array, da: Array, delta: Array) -> None:
    """da[L] = dC_s/da[L], delta[L] = vjp_L(da[L])"""
    net.loss.grad(a, y, da)
    net.activations[net.L].vjp(da, z, a, delta)


def upward(net: Network, now: Trace, l: int, norm: Callable) -> Up:
    """Layer l on the way up."""
    z, below, f_z = now.z[l], now.a[l - 1], output_of_f(now, l)
    u, n = now.u.get(l, z), now.n.get(l, z)
    return Up(times(net.W[l]), below, u,
              partial(norm, u, now.mean[l], now.sigma[l], n) if l in now.n else None,
              n, net.b[l], z, net.activations[l].f, f_z,
              partial(add_branch, below, net.residual, f_z, now.a[l]) if l in now.f else None)


def downward(net: Network, now: Trace, l: int) -> Down:
    """Layer l on the way down, to the error of layer l - 1."""
    k, da, delta = l - 1, now.da[l - 1], now.delta[l - 1]
    return Down(
        times(net.W[l].mT), now.du.get(l, now.delta[l]), da,
        partial(add, now.da[l], da, da) if l in now.f else None,
        net.activations[k].vjp, now.z[k], output_of_f(now, k), delta,
        partial(multiply, delta, net.residual, delta) if k in now.f else None,
        partial(net.norm.vjp, now.sigma[k], now.n[k], delta, now.du[k]) if k in now.n else None)


def gradients(now: Trace, l: int, means_first: bool) -> Gradients:
    """dW[l] and db[l]: sums over the samples, or their means at once."""
    delta, below_T, m = now.delta[l], now.a[l - 1].mT, now.y.shape[-1]
    du, one = now.du.get(l, delta), np.ones((m, 1))
    if means_first:
        return Gradients(partial(mean_times, du, np.empty(du.shape), m), below_T, now.dW[l],
                         times(delta), one / m, now.db[l])
    return Gradients(times(du), below_T, now.dW[l], times(delta), one, now.db[l])


def times(left: Array) -> Product:
    """The product left @ right, ready to be taken; `dot` is faster, and knows no replicate axes."""
    return left.dot if left.ndim == 2 else partial(np.matmul, left)


def mean_times(du: Array, share: Array, m: int, below_T: Array, dW: Array) -> Array:
    """(du / m) a[l-1]ᵀ"""
    return np.matmul(divide(du, m, share), below_T, dW)


def add_branch(below: Array, r: float, f_z: Array, a: Array) -> None:
    """a[l] = a[l-1] + r f[l]"""
    add(below, multiply(f_z, r, a), a)


def output_of_f(now: Trace, l: int) -> Array:
    """f_l(z[l]): a[l] itself where the layer has no skip."""
    return now.f.get(l, now.a[l])

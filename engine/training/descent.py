r"""Descent: the memory of one run, and the update that is made in it again and again.

    g = gradient of C                    g = g + λ₂ p + λ₁ sign(p)       weights, not biases
    g = g · min(1, c / (‖g‖ + 10⁻⁶))     p, state = the optimizer's update with η(t)

The block (1 + S, ..., P) holds the parameters p and, below them, what the optimizer remembers; to
record an iteration is to copy it. The norm ‖g‖ is that of all parameters of one network together.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy import add, multiply, sign

from engine.data import batches
from engine.data.datasets import Dataset
from engine.experiment.experiment import Experiment
from engine.nn import schedules
from engine.nn.activations import activation
from engine.nn.arrays import Array
from engine.nn.backprop import backward, forward
from engine.nn.losses import loss
from engine.nn.network import Network, network, parameter_count, views
from engine.nn.optimizers import OPTIMIZERS, Optimizer
from engine.nn.workspace import Workspace, workspace

CHUNK = 8192  # parameters that are updated together: their temporary values stay in the cache


class Descent(NamedTuple):
    """Memory for a run of an experiment; `seeds` has one for each replicate, or is one number.

    rows_x, rows_y   the samples as rows, so that a batch is gathered from neighbouring memory
    spaces           batch size -> workspace; all of them share the parameters and the gradient
    chunks           (p, g, state, work, learns) as flat pieces of the same memory
    """

    experiment: Experiment
    seeds: int | tuple[int, ...]
    block: Array
    rows_x: Array
    rows_y: Array
    spaces: dict[int, Workspace]
    chunks: list[tuple]
    weights: Array
    learns: Array
    advance: Callable[..., None]
    settings: tuple[float, ...]


def network_of(e: Experiment, flat: Array) -> Network:
    """The network of an experiment whose parameters are the block `flat` (..., P)."""
    hidden = (activation(layer.activation, layer.alpha) for layer in e.hidden)
    return network(e.sizes, (*hidden, activation(e.output)), loss(e.loss, e.huber_delta), flat,
                   e.norm, e.residual)


def optimizer_of(e: Experiment) -> tuple[Optimizer, tuple[float, ...]]:
    """The optimizer of an experiment and its settings."""
    optimizer = OPTIMIZERS[e.optimizer]
    return optimizer, e.settings or optimizer.defaults


def descent(
    e: Experiment, seeds: int | tuple[int, ...], data: Dataset, block: Array
) -> Descent:
    """Memory for updates of the parameters and the state in `block`, which they change."""
    p, axes, N = block[0], block.shape[1:-1], data.x.shape[-1]
    net, optimizer, settings = network_of(e, p), *optimizer_of(e)
    gradient, work = np.empty_like(p), np.empty_like(p)
    spaces = {m: workspace(net, *samples(data, axes, m if e.batch else 0), gradient)
              for m in batches.sizes(N, e.batch)}
    weights, learns = masks(e)
    flat = [v.reshape(*v.shape[: v.ndim - p.ndim], p.size)
            for v in (p, gradient, block[1:], work, np.broadcast_to(learns, p.shape))]
    chunks = [tuple(v[..., i : i + CHUNK] for v in flat) for i in range(0, p.size, CHUNK)]
    rows = [np.ascontiguousarray(v.mT).reshape(-1, v.shape[-2]) for v in (data.x, data.y)]
    return Descent(e, seeds, block, *rows, spaces, chunks, weights, learns,
                   optimizer.advance, settings)


def samples(data: Dataset, axes: tuple[int, ...], m: int) -> tuple[Array, Array]:
    """Memory for a batch of m samples, x and y; the data itself where there are no batches."""
    if not m:
        return data.x, data.y
    return tuple(np.empty((*axes, m, v.shape[-2])).mT for v in (data.x, data.y))


def masks(e: Experiment) -> tuple[Array, Array]:
    """1 for each weight; 1 for each parameter that the update may change; else 0."""
    weights, learns = np.zeros(parameter_count(e.sizes)), np.ones(parameter_count(e.sizes))
    for W in views(e.sizes, weights)[0].values():
        W[...] = 1
    W, b = views(e.sizes, learns)
    for name in e.frozen:
        {"W": W, "b": b}[name[0]][int(name[1:])][...] = 0
    return weights, learns


def drawn(d: Descent, t: int) -> Workspace:
    """The workspace of iteration t, its samples in place."""
    e = d.experiment
    w = d.spaces[batches.size(t, e.samples, e.batch)]
    if e.batch:
        i = gathered(d, t)
        np.take(d.rows_x, i, axis=0, out=w.x.mT, mode="clip")  # clip: straight into its memory
        np.take(d.rows_y, i, axis=0, out=w.now.y.mT, mode="clip")
    return w


def gathered(d: Descent, t: int) -> Array:
    """The rows of iteration t's samples, (..., m): each replicate's data follow the last one's."""
    e = d.experiment
    rows = [batches.indices(t, seed, e.samples, e.batch) for seed in np.ravel(d.seeds).tolist()]
    if isinstance(d.seeds, int):
        return rows[0]
    return np.array(rows) + e.samples * np.arange(len(rows))[:, None]


def rates(e: Experiment, start: int, stop: int) -> list[float]:
    """η of the iterations start ... stop - 1."""
    t = np.arange(start, stop)
    multiple = schedules.multiples(e.schedule, t, e.iterations, e.every, e.factor, e.warmup)
    return (e.learning_rate * multiple).tolist()


def penalise(g: Array, p: Array, e: Experiment, weights: Array) -> None:
    """g + λ₂ p + λ₁ sign(p), for the weights"""
    if e.l2:
        add(g, e.l2 * weights * p, g)
    if e.l1:
        add(g, e.l1 * weights * sign(p), g)


def norm(g: Array) -> Array:
    """‖g‖ over all parameters of one network, (..., 1)"""
    return np.sqrt(np.einsum("...p,...p->...", g, g))[..., None]


def clip(g: Array, limit: float) -> None:
    """g · min(1, c / (‖g‖ + 10⁻⁶)), Pascanu et al. 2013, with PyTorch's 10⁻⁶"""
    multiply(g, np.minimum(1, limit / (norm(g) + 1e-6)), g)


def reshape_gradient(d: Descent, g: Array) -> None:
    """The penalties, no gradient for frozen parameters, and the clipping, where they are wished."""
    e = d.experiment
    penalise(g, d.block[0], e, d.weights)
    if e.frozen:
        multiply(g, d.learns, g)
    if e.clip:
        clip(g, e.clip)


def update(d: Descent, w: Workspace, eta: float, t: int) -> None:
    """The optimizer's update number t = 1, 2, ... with the gradient in the workspace."""
    e = d.experiment
    if e.l1 or e.l2 or e.clip or e.frozen:
        reshape_gradient(d, w.gradient)
    for p, g, state, work, learns in d.chunks:
        d.advance(p, g, state, eta * learns if e.frozen else eta, t, work, *d.settings)


def descend(d: Descent, start: int, stop: int, record: Callable[[int, Workspace], None]) -> None:
    """The iterations start ... stop - 1; each is shown to `record` when its outputs are known."""
    renewed = d.experiment.renewed
    for t, eta in zip(range(start, stop), rates(d.experiment, start, stop), strict=True):
        w = drawn(d, t)
        forward(w)
        record(t, w)
        backward(w)
        update(d, w, eta, t + 1 - renewed)

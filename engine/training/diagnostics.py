"""Diagnostics: how well the error travels, layer by layer and iteration by iteration.

    rms_delta[l]    √ of the mean of delta[l]²                  over units and samples
    norm_dW[l]      ‖dW[l]‖                norm_W[l]  ‖W[l]‖     Frobenius norms
    update[l]       ‖ΔW[l]‖ / ‖W[l]‖       what the update changes, of what there is
    mean_slope[l]   mean |f'(z[l])|        of softmax the slope of a unit by itself, a (1 - a)
    gain[l]         ‖da[l]‖ / ‖delta[l+1]‖     what Wᵀ makes of the error's size
    passed[l]       ‖delta[l]‖ / ‖da[l]‖       what f' lets through of it

so that ‖delta[l]‖ / ‖delta[l+1]‖ = gain[l] · passed[l]: the shrinking from layer to layer, split
into its two causes. The output layer has no gain (nan), and with a canonical loss nothing to pass.
Where layer l+1 is normalised or has a skip, what that does to the error is a part of gain[l], as
the scale r of a skip of layer l is of passed[l].

    saturated[l]    share of (unit, sample) with |f'| below 1/20 of the steepest slope of f
    dead[l]         share of units with f' = 0 on every sample

Iterations are replicates here: a block of them is traced in one call. All arrays are (T, L), column
l - 1 for layer l; with several seeds (T, R, L).
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from engine.nn.activations import Activation, activation, rest
from engine.nn.arrays import Array
from engine.nn.backprop import slope, trace
from engine.nn.network import Network, views
from engine.nn.workspace import Trace, output_of_f
from engine.training.descent import network_of
from engine.training.run import Run
from engine.training.scores import at_once

SATURATED = 1 / 20
SAFE = 1e-140  # numbers of this size still have squares
KEPT = 1000  # activations whose steepest slope is known: a link may bring any alpha
SMALLEST = np.finfo(float).tiny


class Diagnostics(NamedTuple):
    """(T, L) each, for the iterations that were asked for."""

    iterations: Array
    rms_delta: Array
    norm_dW: Array
    norm_W: Array
    update: Array
    mean_slope: Array
    gain: Array
    passed: Array
    saturated: Array
    dead: Array


@lru_cache(maxsize=KEPT)
def steepest(name: str, alpha: float | None) -> float:
    """The largest |f'|: over z from -10 to 10 in steps of 0.01; for softmax that of a (1 - a)."""
    f, z = activation(name, alpha), np.arange(-1000, 1001)[None] / 100
    return float(abs(slope(f, z, f.f(z))).max()) if f.elementwise else 0.25


def slope_of(f: Activation, z: Array, a: Array) -> Array:
    """f'(z); for softmax the derivative of each unit by its own z."""
    return slope(f, z, a) if f.elementwise else a * rest(a)


def norm(v: Array) -> Array:
    """√ of the sum of squares of each matrix, (...)"""
    size = np.sqrt(np.einsum("...ij,...ij->...", v, v))
    if np.all((size > SAFE) & (size < 1 / SAFE)):
        return size
    top = np.maximum(abs(v).max((-2, -1), keepdims=True), SMALLEST)  # squares left the range
    return np.sqrt(((v / top) ** 2).sum((-2, -1))) * top[..., 0, 0]


def diagnostics(run: Run, iterations: Array | None = None) -> Diagnostics:
    """Of these iterations, or of all that the run has kept."""
    if iterations is None:
        iterations = np.arange(0, run.last + 1, run.stride)
    parts = [of_part(*part) for part in run.parts(iterations)]
    return Diagnostics(iterations, *map(np.concatenate, zip(*parts, strict=True)))


def of_part(run: Run, iterations: Array) -> list[Array]:
    """All quantities of a few iterations of one part of a run, in the order of Diagnostics."""
    groups = list(alike(run, iterations))
    place = np.argsort(np.concatenate(groups))
    parts = [piece(run, iterations[rows]) for rows in groups]
    return [np.concatenate(column)[place] for column in zip(*parts, strict=True)]


def alike(run: Run, iterations: Array) -> Iterator[Array]:
    """Places of iterations that are computed together: their batches have one size."""
    e = run.experiment
    sizes = np.array([e.batch_size(int(t)) for t in iterations])
    length = at_once(e.sizes, max(e.batch or e.samples, 1) * np.size(run.seed))
    for size in np.unique(sizes):
        rows = np.flatnonzero(sizes == size)
        yield from np.split(rows, range(length, len(rows), length))


def samples(run: Run, iterations: Array) -> tuple[Array, Array]:
    """x and y of iterations alike: (..., n, m), or (T, ..., n, m) where each has its own batch."""
    if not run.experiment.batch:
        return run.data.x, run.data.y
    x, y = zip(*(run.samples(int(t)) for t in iterations), strict=True)
    return np.stack(x), np.stack(y)


def piece(run: Run, iterations: Array) -> list[Array]:
    """All quantities of a few iterations, (T, L) each, in the order of Diagnostics."""
    flat = np.stack([run.block(int(t))[0] for t in iterations])
    after = np.stack([run.block(int(t) + 1)[0] for t in iterations])
    net = network_of(run.experiment, flat)
    with np.errstate(all="ignore"):  # a norm may overflow, and a weight be 0
        now = trace(net, *samples(run, iterations))
        change = views(net.sizes, after - flat)[0]
        layers = [of_layer(net, now, change[l], l) for l in range(1, net.L + 1)]
    return [np.stack(columns, -1) for columns in zip(*layers, strict=True)]


def of_layer(net: Network, now: Trace, change: Array, l: int) -> tuple[Array, ...]:
    """All quantities of one layer, (T,) each."""
    f, delta = net.activations[l], now.delta[l]
    slopes = abs(slope_of(f, now.z[l], output_of_f(now, l)))
    none = np.full(now.C.shape, np.nan)
    da = norm(now.da[l]) if l in now.da else none
    return (
        norm(delta) / np.sqrt(delta.shape[-2] * delta.shape[-1]),
        norm(now.dW[l]),
        norm(net.W[l]),
        norm(change) / norm(net.W[l]),
        slopes.mean((-2, -1)),
        da / norm(now.delta[l + 1]) if l < net.L else none,
        norm(delta) / da,
        (slopes < SATURATED * steepest(f.name, f.alpha)).mean((-2, -1)),
        (slopes == 0).all(-1).mean(-1),
    )

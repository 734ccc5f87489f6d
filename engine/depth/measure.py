r"""Depth: what a network is like at its start, layer by layer, in one seed or over many.

    measuring(e, seeds)      yields Measured of the seeds so far: of one at first, of all at last
    bands(values)            5 %, median, rms and 95 % over the seeds of (R, L) values
    histograms(e, seed)      how z and a are spread in some layers
    zones(f)                 where an activation is saturated, and where it is dead
    singular_values(e, seed) those of each layer's Jacobian diag(f'(z)) W, for one sample

Nothing is trained: it is the first training step, the same forward and backward as everywhere, with
the seeds as replicates. It looks at the samples of iteration 0, or at MOST_SAMPLES of them, evenly
spaced, where they are more. A fork is looked at as it was at iteration 0.

Seeds are taken as many at a time as have AT_ONCE numbers, but one at least. A network of L layers
of width n on m samples has about 5 L n m + 3 L n² numbers at its first step: L = 100, n = 256 and
m = 128 would take 290 MB, and 100 seeds of it no more than one. The border allows less.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from engine.data import batches
from engine.experiment.experiment import Experiment
from engine.nn.activations import Activation
from engine.nn.arrays import Array
from engine.nn.backprop import slope, trace
from engine.nn.network import Network, parameter_count
from engine.nn.workspace import Trace, output_of_f
from engine.training.descent import network_of
from engine.training.diagnostics import SATURATED, of_layer, steepest
from engine.training.start import first_parameters, loaded

MOST_SAMPLES = 128
AT_ONCE = 2_000_000  # numbers of the networks that are measured together: 16 MB
BINS = 60
FAR = 1e150  # what is beyond is in no bin: up to here a number still has a square
FEW = 6  # layers whose histograms are shown
FIELDS = ("rms_delta", "norm_dW", "norm_W", "relative", "mean_slope", "gain", "passed",
          "saturated", "dead", "std_z", "std_a")


class Measured(NamedTuple):
    """(R, L) each: row r for seeds[r], column l - 1 for layer l. As engine/training/diagnostics.py,
    and

    relative        ‖dW[l]‖ / ‖W[l]‖
    std_z, std_a    over the layer's units and samples
    """

    seeds: tuple[int, ...]
    rms_delta: Array
    norm_dW: Array
    norm_W: Array
    relative: Array
    mean_slope: Array
    gain: Array
    passed: Array
    saturated: Array
    dead: Array
    std_z: Array
    std_a: Array

    @property
    def ratio(self) -> Array:
        """rms delta[l] / rms delta[L]"""
        with np.errstate(all="ignore"):
            return self.rms_delta / self.rms_delta[:, -1:]


class Bands(NamedTuple):
    """(L,) each, over the seeds."""

    low: Array
    median: Array
    rms: Array
    high: Array


class Zone(NamedTuple):
    """Where f' is below 1/20 of the steepest ("saturated") or 0 ("dead"), in z; a where f rises."""

    kind: str
    z: tuple[float, float]
    a: tuple[float, float] | None


class Histogram(NamedTuple):
    """Shares of a layer's (unit, sample), (BINS,), between edges (BINS + 1,) that all layers share.

    What lies beyond the edges is in z_beyond and a_beyond.
    """

    layer: int
    z_edges: Array
    z: Array
    z_beyond: float
    a_edges: Array
    a: Array
    a_beyond: float


def seen(e: Experiment, seed: int) -> tuple[Array, Array]:
    """x (n_0, m) and y (K, m) of iteration 0, at most MOST_SAMPLES of them."""
    data = loaded(e, seed)
    own = batches.indices(0, seed, e.samples, e.batch)
    chosen = own[np.linspace(0, len(own) - 1, min(len(own), MOST_SAMPLES)).astype(int)]
    return data.x[:, chosen], data.y[:, chosen]


def begun(e: Experiment, seeds: tuple[int, ...]) -> tuple[Network, Trace]:
    """The networks of these seeds side by side, and their first step."""
    net = network_of(e, np.stack([first_parameters(e, seed) for seed in seeds]))
    x, y = (np.stack(v) for v in zip(*(seen(e, seed) for seed in seeds), strict=True))
    return net, trace(net, x, y)


def numbers(e: Experiment) -> int:
    """About how many numbers one seed's first step has at a time."""
    m = min(e.batch_size(0), MOST_SAMPLES)
    return 5 * sum(e.sizes) * m + 3 * parameter_count(e.sizes)


def measuring(e: Experiment, seeds: tuple[int, ...]) -> Iterator[Measured]:
    """All seeds so far, after each few of them; the first one alone comes first."""
    e, together = e.at(0), max(1, AT_ONCE // numbers(e))
    ends = [0, *range(1, len(seeds), together), len(seeds)]
    found: list[Measured] = []
    for start, stop in pairwise(ends):
        if stop > start:
            found.append(measured(e, seeds[start:stop]))
            yield joined(found)


def joined(parts: list[Measured]) -> Measured:
    seeds, *columns = zip(*parts, strict=True)
    return Measured(sum(seeds, ()), *map(np.concatenate, columns))


@np.errstate(all="ignore")  # an exploding network overflows
def measured(e: Experiment, seeds: tuple[int, ...]) -> Measured:
    """These seeds, all at once."""
    net, now = begun(e, seeds)
    spread = lambda v: v.std((-2, -1))
    layers = [(*of_layer(net, now, now.dW[l], l), spread(now.z[l]), spread(now.a[l]))
              for l in range(1, net.L + 1)]
    return Measured(seeds, *(np.stack(column, -1) for column in zip(*layers, strict=True)))


@np.errstate(all="ignore")
def bands(values: Array) -> Bands:
    """Over the seeds of (R, L) values. Squares of tiny numbers are taken in their own scale."""
    low, median, high = np.quantile(values, [0.05, 0.5, 0.95], axis=0)
    top = np.maximum(abs(values).max(0), np.finfo(float).tiny)
    return Bands(low, median, top * np.sqrt(((values / top) ** 2).mean(0)), high)


def zones(f: Activation) -> list[Zone]:
    """The zones of an activation, over z from -10 to 10 and beyond; none for a softmax."""
    if not f.elementwise:
        return []
    z = np.arange(-1000, 1001)[None] / 100
    a = f.f(z)
    slopes, rises = abs(slope(f, z, a))[0], bool((np.diff(a[0]) >= 0).all())
    dead = slopes == 0
    saturated = (slopes < SATURATED * steepest(f.name, f.alpha)) & ~dead
    return [zone(kind, z[0, i], f if rises else None)
            for kind, where in (("dead", dead), ("saturated", saturated)) for i in runs(where)]


def runs(where: Array) -> list[Array]:
    """The indices of each unbroken run of True."""
    (i,) = np.nonzero(where)
    pieces = np.split(i, np.flatnonzero(np.diff(i) > 1) + 1)
    return [piece for piece in pieces if len(piece) > 1]


def zone(kind: str, z: Array, f: Activation | None) -> Zone:
    """From the first z to the last; at an end of the range it goes on for ever."""
    low, high = (-np.inf if z[0] <= -10 else z[0]), (np.inf if z[-1] >= 10 else z[-1])
    ends = f.f(np.array([[max(low, -700), min(high, 700)]]))[0] if f else None
    return Zone(kind, (float(low), float(high)), tuple(ends.tolist()) if f else None)


def some(L: int) -> list[int]:
    """FEW of the layers 1 ... L at most, evenly spaced; the first and the last are among them."""
    return np.unique(np.linspace(1, L, min(L, FEW)).round().astype(int)).tolist()


@np.errstate(all="ignore")
def histograms(e: Experiment, seed: int, layers: list[int] | None = None) -> list[Histogram]:
    """z and a of these layers, or of a few; values that overflowed are in none."""
    e = e.at(0)
    _, now = begun(e, (seed,))
    layers = layers or some(e.L)
    z_edges = edges([now.z[l] for l in layers])
    a_edges = edges([now.a[l] for l in layers])
    return [Histogram(l, z_edges, *shares(now.z[l], z_edges), a_edges, *shares(now.a[l], a_edges))
            for l in layers]


def edges(values: list[Array]) -> Array:
    """Between which all but a few of these values lie, in every layer; never less than 1 wide."""
    finite = [v[np.isfinite(v)].clip(-FAR, FAR) for v in values]
    ends = np.array([np.quantile(v, [0.002, 0.998]) for v in finite if v.size] or [[-1.0, 1.0]])
    low, high = ends[:, 0].min(), ends[:, 1].max()
    wide = max(high - low, 1.0)
    middle = (low + high) / 2
    return np.linspace(middle - 0.54 * wide, middle + 0.54 * wide, BINS + 1)


def shares(values: Array, edges: Array) -> tuple[Array, float]:
    """The share of all values in each bin, and beyond them."""
    counts = np.histogram(values[np.isfinite(values)], edges)[0] / values.size
    return counts, float(1 - counts.sum())


@np.errstate(all="ignore")
def singular_values(
    e: Experiment, seed: int, sample: int = 0, layers: list[int] | None = None
) -> dict[int, Array]:
    """Of diag(f'(z)) W of each layer, or of these, the largest first; nan where it overflowed.

    It is the layer alone, without a norm or a skip. The Jacobian of every activation, softmax's
    too, is symmetric, so that f' W is the vjp of the columns of W.
    """
    e = e.at(0)
    net, now = begun(e, (seed,))
    return {l: singular(jacobian(net, now, l, sample)) for l in layers or net.W}


def jacobian(net: Network, now: Trace, l: int, sample: int) -> Array:
    """diag(f'(z)) W, (n_l, n_{l-1})"""
    W = net.W[l][0]
    at = lambda v: np.broadcast_to(v[0, :, sample, None], W.shape)
    return net.activations[l].vjp(W, at(now.z[l]), at(output_of_f(now, l)))


def singular(J: Array) -> Array:
    finite = np.isfinite(J).all()
    return np.linalg.svd(J, compute_uv=False) if finite else np.full(min(J.shape), np.nan)

r"""Maps: how much of the error is left at the first layer, over many networks at their start.

    sigma_map(e, seed)     σ_w × σ_b: W ~ N(0, σ_w² / fan_in), b ~ N(0, σ_b²), as deep as e
    gain_map(e, seed)      gain × depth, with the experiment's own initializer and biases
    chart(e, seed)         initializer × activation, as deep as e

Each yields its Map again and again, more of its rows filled each time; `done` is their share. A
cell is

    log10 of the rms over NETWORKS networks of ‖delta[1]‖ / ‖delta[L]‖

of real networks, by the same forward and backward as everywhere, a whole row as replicates. They
are smaller than the experiment: WIDTH units and SAMPLES samples at most, but each layer keeps the
n Var W that it has at its own width. All cells of a map share their random numbers, so that
neighbours differ by their settings alone. Lengths, not rms: whatever the widths, 0 is what a
critical network has. -inf: no error arrives at all; inf: it overflowed; nan in a filled row: there
was none at the output. Networks without any are left out. Norm and skips are the experiment's.

`predicted` is what mean field says of the same cells, nan where it says nothing (theory.unknown).
`critical` is, for each row, the x at which the error neither vanishes nor explodes however deep.
A cell of a map is made the lab's experiment by `at_cell`.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import cycle, islice
from typing import NamedTuple

import numpy as np

from engine.activations import ACTIVATIONS, Activation, activation
from engine.backprop import trace
from engine.depth import seen
from engine.descent import masks, network_of
from engine.diagnostics import norm
from engine.initializers import INITIALIZERS
from engine.network import initial_parameters, views
from engine.spec import Experiment, Layer, stream
from engine.theory import critical_sigma_w, passed_down, ratios, unknown, variances

Array = np.ndarray
WIDTH, SAMPLES, NETWORKS = 32, 8, 3
CELLS = 40
DEPTHS = 40  # how deep a gain map goes at least
IN_CHART = 8  # networks of a cell of the chart


class Map(NamedTuple):
    """log_ratio and predicted (rows, columns); x (columns,) and y (rows,) are the settings.

    kind "sigma": x is σ_w, y is σ_b; "gain": x is the gain, y the number of hidden layers; "chart":
    x are activations, y initializers, by name. depth is that of all cells, 0 where it is y.
    """

    kind: str
    x: Array
    y: Array
    log_ratio: Array
    predicted: Array
    critical: Array
    depth: int
    width: int
    samples: int
    networks: int
    done: float


def sigma_map(e: Experiment, seed: int, cells: int = CELLS) -> Iterator[Map]:
    """σ_w up to 1.5 times the critical one, 3 at least; σ_b from 0 to 2."""
    e = replace(e.at(0), initializer="lecun_normal", gain=1.0, bias="normal", bias_scale=1.0,
                parameters=(), forks=())
    depth, f = max(1, len(e.hidden)), only_activation(e)
    top = max(3.0, 1.5 * critical_sigma_w(f, 0.0)) if f else 3.0
    x, y = np.linspace(top / cells, top, cells), np.linspace(0, 2, cells)
    found = empty("sigma", e, seed, x, y, depth)
    if f and not unknown(e):
        below = power(e, seed)
        found = found._replace(predicted=log10(ratios(f, x, y[:, None], depth + 1, below)),
                               critical=critical_sigma_w(f, y))
    flat = sketched(e, depth, seed, NETWORKS)
    yield from filled(found, lambda i: row(e, depth, seed, flat, x, y[i]))


def gain_map(e: Experiment, seed: int, cells: int = CELLS) -> Iterator[Map]:
    """Gains from 0.1 to 10; 1 to DEPTHS hidden layers, or to as many as the experiment has.

    It is less deep where an experiment of its width may not be so deep (engine/border.py).
    """
    e = e.at(0)
    deepest = next(d for d in range(max(DEPTHS, len(e.hidden)), 0, -1) if d == 1 or fits(e, d))
    x, y = np.geomspace(0.1, 10, cells), np.unique(np.linspace(1, deepest, cells).astype(int))
    found = empty("gain", e, seed, x, y, 0)
    f = only_activation(e)
    if f and not unknown(replace(e, parameters=())):
        found = found._replace(**predicted_gains(e, f, seed, x, y))

    def measured(i: int) -> Array:
        flat = sketched(e, int(y[i]), seed, NETWORKS)
        return row(e, int(y[i]), seed, flat, x, e.bias_scale)

    yield from filled(found, measured)


def chart(e: Experiment, seed: int) -> Iterator[Map]:
    """All initializers × all activations that are elementwise, with the experiment's gain."""
    e, depth = e.at(0), max(1, len(e.hidden))
    names = [name for name, f in ACTIVATIONS.items() if f.elementwise]
    found = empty("chart", e, seed, np.array(names), np.array([*INITIALIZERS]), depth, IN_CHART)
    def measured(i: int) -> Array:
        cells = []
        for name in names:
            hidden = tuple(Layer(layer.width, name) for layer in layers(e, depth, None))
            one = replace(e, initializer=str(found.y[i]), hidden=hidden, frozen=(), parameters=(),
                          forks=())
            flat = sketched(one, depth, seed, IN_CHART)
            cells.append(row(one, depth, seed, flat, np.array([e.gain]), e.bias_scale))
        return np.concatenate(cells)

    yield from filled(found, measured)


def at_cell(e: Experiment, found: Map, i: int, j: int) -> Experiment:
    """The experiment of row i and column j: what a click on that cell makes of e."""
    e, x, y = replace(e.at(0), parameters=(), forks=(), frozen=()), found.x[j], found.y[i]
    if found.kind == "sigma":
        return replace(e, initializer="lecun_normal", gain=float(x), bias="normal",
                       bias_scale=float(y))
    if found.kind == "gain":
        return replace(e, gain=float(x), hidden=layers(e, int(y), None))
    hidden = tuple(Layer(layer.width, str(x)) for layer in e.hidden)
    return replace(e, initializer=str(y), hidden=hidden)


def only_activation(e: Experiment) -> Activation | None:
    """The activation of all hidden layers, where they have but one, and that elementwise."""
    kinds = {(layer.activation, layer.alpha) for layer in e.hidden}
    f = activation(*kinds.pop()) if len(kinds) == 1 else None
    return f if f and f.elementwise else None


def empty(kind: str, e: Experiment, seed: int, x: Array, y: Array, depth: int,
          networks: int = NETWORKS) -> Map:
    nothing = np.full((len(y), len(x)), np.nan)
    width = min(WIDTH, max((layer.width for layer in e.hidden), default=WIDTH))
    return Map(kind, x, y, nothing, nothing, np.full(len(y), np.nan), depth, width,
               few(e, seed)[0].shape[-1], networks, 0.0)


def filled(found: Map, measured: Callable[[int], Array]) -> Iterator[Map]:
    """The map after each row, from the first on."""
    rows = len(found.y)
    values = found.log_ratio.copy()
    for i in range(rows):
        values[i] = measured(i)
        yield found._replace(log_ratio=values.copy(), done=(i + 1) / rows)


def few(e: Experiment, seed: int) -> tuple[Array, Array]:
    """x and y of SAMPLES samples at most, evenly spaced among those that are seen."""
    x, y = seen(e, seed)
    chosen = np.linspace(0, x.shape[-1] - 1, min(x.shape[-1], SAMPLES)).astype(int)
    return x[:, chosen], y[:, chosen]


def fits(e: Experiment, depth: int) -> bool:
    """Whether an experiment may be so deep."""
    try:
        return bool(deep(e, depth))
    except ValueError:
        return False


def layers(e: Experiment, depth: int, widest: int | None) -> tuple[Layer, ...]:
    """The hidden layers of e, again and again, until there are so many; none wider than widest."""
    every = islice(cycle(e.hidden or (Layer(WIDTH, "tanh"),)), depth)
    return tuple(layer._replace(width=min(layer.width, widest or layer.width)) for layer in every)


def deep(e: Experiment, depth: int, widest: int | None = None) -> Experiment:
    return replace(e, hidden=layers(e, depth, widest), parameters=(), frozen=(), forks=(),
                   iterations=1)


@np.errstate(all="ignore")
def sketched(e: Experiment, depth: int, seed: int, networks: int) -> Array:
    """Parameters (networks, P) of the smaller networks for a gain and a bias scale of 1.

    Each layer's n Var W, and Var b, are those that it has at its full width; of weights that are
    all one number, the sum n W.
    """
    e = replace(deep(e, depth), gain=1.0, bias_scale=1.0)
    small = deep(e, depth, WIDTH)
    flat = np.stack([initial_parameters(small.sizes, e.initializer, stream(seed + k, "weights"),
                                        bias=e.bias) for k in range(networks)])
    (v, v_b), (own, own_b) = variances(small), variances(e)
    wider = np.array(e.sizes[:-1]) / small.sizes[:-1]
    W, b = views(small.sizes, flat)
    w, s = np.sqrt(wider * own / v), np.sqrt(own_b / v_b)
    for l in W:
        W[l][...] *= w[l - 1] if np.isfinite(w[l - 1]) else wider[l - 1]
        b[l][...] *= s[l - 1] if np.isfinite(s[l - 1]) else 1.0
    return flat


def row(
    e: Experiment, depth: int, seed: int, flat: Array, gains: Array, bias_scale: float
) -> Array:
    """log10 of the rms ratio for each gain, of (networks, P) parameters."""
    small = deep(e, depth, WIDTH)
    weights = masks(small)[0]
    scale = np.where(weights == 1, gains[:, None], bias_scale)
    return log_rms(log_ratio(small, flat[:, None] * scale, *few(e, seed)))


@np.errstate(all="ignore")
def log_ratio(e: Experiment, flat: Array, x: Array, y: Array) -> Array:
    """log10 ‖delta[1]‖ / ‖delta[L]‖ of each network; inf where it overflowed, nan for 0 / 0"""
    delta = trace(network_of(e, flat), x, y).delta
    first, last = norm(delta[1]), norm(delta[e.L])
    finite = np.isfinite(first) & np.isfinite(last)
    return np.where(finite, log10(first) - log10(last), np.inf)


@np.errstate(all="ignore")
def log10(v: Array) -> Array:
    return np.log10(v)


@np.errstate(all="ignore")
def log_rms(logs: Array) -> Array:
    """log10 of the rms of 10^logs over the first axis, without those that are nan.

    Squares are taken in their own scale.
    """
    top, count = np.fmax.reduce(logs), (~np.isnan(logs)).sum(0)
    mean = np.nansum(100.0 ** (logs - top), 0) / count
    return np.where(np.isfinite(top), top + np.log10(mean) / 2, top)


@np.errstate(over="ignore")
def power(e: Experiment, seed: int) -> float:
    """The mean square of the inputs."""
    return float(np.mean(few(e, seed)[0] ** 2))


def predicted_gains(
    e: Experiment, f: Activation, seed: int, x: Array, y: Array
) -> dict[str, Array]:
    """predicted and critical of a gain map, row by row."""
    below, g2, logs = power(e, seed), x**2, []
    for depth in y:
        one = replace(deep(e, int(depth)), gain=1.0)
        (v, b2), n = variances(one), np.array(one.sizes)
        every = zip(n[:-2] * v[:-1], b2[:-1], n[1:-1] * v[1:], strict=True)
        logs.append(log10(passed_down(f, [(g2 * up, b, g2 * down) for up, b, down in every],
                                      below)))
    (v, b2), n = variances(replace(deep(e, 2), gain=1.0)), e.sizes
    critical = critical_sigma_w(f, np.sqrt(b2[1])) / np.sqrt(n[1] * v[1])
    return {"predicted": np.array(logs), "critical": np.full(len(y), critical)}

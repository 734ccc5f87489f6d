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
from typing import NamedTuple

import numpy as np

from engine.depth.sketches import (
    NETWORKS,
    WIDTH,
    few,
    fits,
    layers,
    log10,
    power,
    predicted_gains,
    row,
    sketched,
)
from engine.depth.theory import critical_sigma_w, ratios, unknown
from engine.experiment.experiment import Experiment
from engine.experiment.layers import Layer
from engine.nn.activations import ACTIVATIONS, Activation, activation
from engine.nn.arrays import Array
from engine.nn.initializers import INITIALIZERS

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

    It is less deep where an experiment of its width may not be so deep
    (engine/experiment/limits.py).
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

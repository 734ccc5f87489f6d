"""Diagnosis: what is wrong with the error's way back, in which layer, and by which rule.

A rule looks at the diagnostics of an iteration and says in which layers it holds. Its threshold:

    overflow    rms delta[l], ‖dW[l]‖ or ‖W[l]‖ is not finite
    learnt      the output's error is at most GONE of the one that the targets' mean would leave:
                1/20, for squares a cost of 1/400 (R² = 0.9975). Nothing has to travel then
    stopped     delta[l] is exactly 0, though there is an error at the output
    vanishing   rms delta[1] / rms delta[L] below FAR: 1/100. One learning rate then fits the last
                layer or the first, not both: what one needs is a hundred times too small or large
    exploding   the same above 1 / FAR
    saturated   more than MOST, half, of a layer's units and samples have |f'| below 1/20 of the
                steepest: of tanh at z ~ N(0, 1) it is 3 %. Only where f flattens out on both sides
    dead        a unit has f' = 0 on every sample: of the batch, where there are batches
    leaping     ‖ΔW[l]‖ / ‖W[l]‖ above LEAP: 1, nothing much remains of the weights; 1/1000 is usual
    healthy     nothing of all that

The cause of vanishing and of exploding is an exact split of what the rule looks at:

    rms delta[1] / rms delta[L] = slopes · weights      slopes = passed[1] ... passed[L-1]

A canonical output lets its error through whatever its slope is: it is neither dead nor saturated.
`unless` names rules that explain more: where one of them is said, the rule is not.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from engine.experiment.experiment import Experiment
from engine.nn.activations import activation
from engine.nn.arrays import Array
from engine.nn.backprop import slope
from engine.nn.losses import LOSSES, loss
from engine.training.diagnostics import KEPT, SATURATED, Diagnostics, steepest
from engine.training.run import Run

GONE, FAR, MOST, LEAP = 1 / 20, 1 / 100, 1 / 2, 1.0


class Finding(NamedTuple):
    """A rule that holds, in which layers; the one that matters most (or 0), and the cause."""

    rule: str
    layers: tuple[int, ...]
    most: int = 0
    cause: str = ""


class Diagnosis(NamedTuple):
    """The findings of each iteration, its experiment, and what was measured, (T,) each."""

    findings: list[tuple[Finding, ...]]
    experiments: list[Experiment]
    measured: dict[str, Array]


class Seen(NamedTuple):
    """What the rules look at: iterations of one experiment. (T, L), (T,) or, of layers, (L,).

    error     whether the output has an error, before its activation's slope is multiplied to it
    left      the output's error ÷ the one that the targets' mean would leave
    inside    layers whose f' the error has to pass
    flattens  those of them whose f is flat on both sides
    units     how many there are
    """

    d: Diagnostics
    reach: Array
    slopes: Array
    weights: Array
    error: Array
    left: Array
    inside: Array
    flattens: Array
    units: Array


class Rule(NamedTuple):
    """where (T, L): it holds; most (T, L): largest in the layer that matters most; cause (T,)"""

    name: str
    where: Callable[[Seen], Array]
    unless: tuple[str, ...] = ("overflow",)
    most: Callable[[Seen], Array] | None = None
    cause: Callable[[Seen], Array] | None = None


def diagnose(run: Run, d: Diagnostics) -> Diagnosis:
    """Of all iterations of d; of one seed."""
    findings, experiments, measured = [], [], []
    with np.errstate(all="ignore"):  # what is not finite compares as false
        for part, iterations in run.parts(d.iterations):
            e, rows = part.experiment, slice(len(findings), len(findings) + len(iterations))
            s = seen(Diagnostics(*(column[rows] for column in d)), e, blank_error(run.data.y, e))
            findings += found(s)
            experiments += [e] * len(iterations)
            measured.append([measure(s) for measure in MEASURED.values()])
    columns = map(np.concatenate, zip(*measured, strict=True))
    return Diagnosis(findings, experiments, dict(zip(MEASURED, columns, strict=True)))


def seen(d: Diagnostics, e: Experiment, blank: float) -> Seen:
    canonical = LOSSES[e.loss].canonical == e.output
    reach, slopes = d.rms_delta[:, 0] / d.rms_delta[:, -1], d.passed[:, :-1].prod(-1)
    error = output_error(d, canonical)
    inside = np.array([True] * (e.L - 1) + [not canonical])
    curved = [*(flattens(f.activation, f.alpha) for f in e.hidden), flattens(e.output, None)]
    return Seen(d, reach, slopes, reach / slopes, error > 0,
                np.where(error == 0, 0, error / blank), inside, inside & curved,
                np.array(e.sizes[1:]))


def output_error(d: Diagnostics, canonical: bool) -> Array:
    """rms of ∂C/∂a[L], or of a - y for a canonical pair, (T,); inf where no slope lets it through.
    """
    delta, passed = d.rms_delta[:, -1], d.passed[:, -1]
    if canonical:
        return delta
    return np.select([np.isnan(passed) & (delta == 0), passed == 0], [0, np.inf], delta / passed)


def blank_error(y: Array, e: Experiment) -> float:
    """The rms error at the output where the answer to every sample is the mean of the targets."""
    C = loss(e.loss, e.huber_delta)
    if not C.has_target:
        return 0.0
    mean = np.broadcast_to(y.mean(-1, keepdims=True), y.shape)
    error = C.grad(mean, y) if C.needs == "numbers" else (mean - y) / (len(y) if C.mean else 1)
    return float(np.sqrt((error**2).mean()))


@lru_cache(maxsize=KEPT)
def flattens(name: str, alpha: float | None) -> bool:
    """Whether f is flat far out on both sides, as sigmoid is, and relu is not."""
    f, z = activation(name, alpha), np.array([[-10.0, 10.0]])
    return not f.elementwise or bool(
        (abs(slope(f, z, f.f(z))) < SATURATED * steepest(name, alpha)).all())


def at(layer: int, s: Seen, holds: Array) -> Array:
    """(T, L): what holds (T,) in one layer, counted as Python counts columns."""
    where = np.zeros(s.d.rms_delta.shape, bool)
    where[:, layer] = holds
    return where


def overflowing(s: Seen) -> Array:
    return ~np.isfinite(s.d.rms_delta + s.d.norm_dW + s.d.norm_W)


def stopped(s: Seen) -> Array:
    return (s.d.rms_delta == 0) & s.error[:, None]


def saturated(s: Seen) -> Array:
    return (s.d.saturated > MOST) & s.flattens


def dead(s: Seen) -> Array:
    return (s.d.dead > 0) & s.inside


def leaping(s: Seen) -> Array:
    """Weights that are all 0 have no size to compare with."""
    return (s.d.update > LEAP) & (s.d.norm_W > 0)


def factor(s: Seen) -> Array:
    """gain · passed of the layers that an error comes down to from another one, else nan."""
    return np.where(np.arange(len(s.units)) < len(s.units) - 1, s.d.gain * s.d.passed, np.nan)


def highest(s: Seen) -> Array:
    return stopped(s) * np.arange(1, len(s.units) + 1)


def stopped_by(s: Seen) -> Array:
    """In the highest layer without an error: f' passes nothing, or nothing comes from above."""
    rows, top = np.arange(len(s.reach)), len(s.units) - 1
    l = highest(s).argmax(-1)
    above = s.d.norm_W[rows, np.minimum(l + 1, top)]
    by_slope = (l == top) | (s.d.gain[rows, l] > 0)
    return np.where(by_slope, "slopes", np.where(above == 0, "zeros", "weights"))


def largest(values: Array, where: Array) -> Array:
    """Among the layers where something holds, (T,); -inf where it holds in none."""
    return np.where(where, values, -np.inf).max(-1)


MEASURED: dict[str, Callable[[Seen], Array]] = {
    "reach": lambda s: s.reach,
    "slopes": lambda s: s.slopes,
    "weights": lambda s: s.weights,
    "left": lambda s: s.left,
    "least_flat": lambda s: -largest(-s.d.saturated, saturated(s)) * 100,  # in percent
    "most_flat": lambda s: largest(s.d.saturated, saturated(s)) * 100,
    "dead_units": lambda s: np.where(dead(s), np.rint(s.d.dead * s.units), 0).sum(-1),
    "leap": lambda s: largest(s.d.update, leaping(s)),
}
TRAVELS = ("overflow", "learnt", "stopped")
RULES = {
    rule.name: rule
    for rule in (
        Rule("overflow", overflowing, ()),
        Rule("learnt", lambda s: at(-1, s, s.left <= GONE)),
        Rule("stopped", stopped, TRAVELS[:2], highest, stopped_by),
        Rule("vanishing", lambda s: at(0, s, s.reach < FAR), TRAVELS, lambda s: -factor(s),
             lambda s: np.where(s.slopes <= s.weights, "slopes", "weights")),
        Rule("exploding", lambda s: at(0, s, s.reach > 1 / FAR), TRAVELS, factor,
             lambda s: np.where(s.slopes >= s.weights, "slopes", "weights")),
        Rule("saturated", saturated, TRAVELS[:2]),
        Rule("dead", dead),
        Rule("leaping", leaping),
        Rule("healthy", lambda s: np.ones(s.d.rms_delta.shape, bool),
             (*TRAVELS, "vanishing", "exploding", "saturated", "dead", "leaping")),
    )
}


def found(s: Seen) -> list[tuple[Finding, ...]]:
    """The findings of each iteration, in the order of the rules."""
    said, columns = {}, []
    for rule in RULES.values():
        where = rule.where(s)
        said[rule.name] = where.any(-1) & ~np.any([said[u] for u in rule.unless], axis=0)
        columns.append(findings_of(rule, s, where, said[rule.name]))
    return [tuple(filter(None, row)) for row in zip(*columns, strict=True)]


def findings_of(rule: Rule, s: Seen, where: Array, said: Array) -> list[Finding | None]:
    """Of one rule, (T,); None where it is not said."""
    most, cause = np.zeros(len(said), int), np.full(len(said), "")
    if rule.most:
        most = np.nan_to_num(rule.most(s).astype(float), nan=-np.inf).argmax(-1) + 1
    if rule.cause:
        cause = rule.cause(s)
    return [Finding(rule.name, tuple((np.flatnonzero(row) + 1).tolist()), l, c) if yes else None
            for row, l, c, yes in zip(where, most.tolist(), cause.tolist(), said, strict=True)]

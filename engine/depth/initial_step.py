"""Starts: what the depth lab needs to know of an experiment before it is trained.

    at_start(e)           the same first step, without what only training depends on
    alike(e, kind)        the same map: without what a map of this kind goes over itself
    here(e, found)        where an experiment stands in a map (engine/depth/maps.py)
    expectation(e, seed)  what theory says of it
"""

from dataclasses import replace

import numpy as np

from engine.depth.maps import DEPTHS, Map, only_activation
from engine.depth.measure import seen
from engine.depth.theory import (
    Prediction,
    Settled,
    chain_bound,
    prediction,
    settled,
    unknown,
    variances,
)
from engine.experiment.experiment import Experiment
from engine.experiment.layers import Layer
from engine.nn.arrays import Array

FAR = 10_000  # layers: a depth scale beyond is no scale, but the critical point
OF_TRAINING = ("learning_rate", "optimizer", "settings", "schedule", "warmup", "every", "factor",
               "clip", "l1", "l2")


def at_start(e: Experiment) -> Experiment:
    usual = {name: getattr(Experiment(), name) for name in OF_TRAINING}
    return replace(e.at(0), forks=(), frozen=(), iterations=1, **usual)


def alike(e: Experiment, kind: str) -> Experiment:
    """The experiment without what its map goes over itself: a click then draws no other map."""
    e = at_start(e)
    usual = {"gain": 1.0, "parameters": ()}
    if kind == "sigma":
        return replace(e, initializer="lecun_normal", bias="normal", bias_scale=1.0, **usual)
    if kind == "gain":
        deep = tuple(e.hidden[:1]) * max(DEPTHS, len(e.hidden))
        return replace(e, **usual | ({"hidden": deep} if len({*e.hidden}) == 1 else {}))
    plain = tuple(Layer(layer.width, "tanh") for layer in e.hidden)
    return replace(e, hidden=plain, initializer="lecun_normal", parameters=())


def here(e: Experiment, found: Map) -> tuple | None:
    """Where the experiment is in a map; None where it has no place there."""
    f = only_activation(e)
    if found.kind == "chart":
        return (f.name, e.initializer) if f and e.initializer in found.y else None
    if found.kind == "gain":
        return (e.gain, len(e.hidden)) if e.gain > 0 else None
    v, b = variances(e)
    l = min(1, e.L - 1)
    point = float(np.sqrt(e.sizes[l] * v[l])), float(np.sqrt(b[l]))
    return point if np.isfinite(point).all() else None


def expectation(e: Experiment, seed: int) -> tuple[Prediction | None, Settled | None]:
    """What theory says: the prediction, or None, and where chi settles, or None."""
    if unknown(e):
        return None, None
    p, f = prediction(e, seen(e, seed)[0]), only_activation(e)
    if not f or e.L < 3:
        return p, None
    s = settled(f, np.sqrt(p.sigma_w2[1]), np.sqrt(p.sigma_b2[1]))
    critical = s.xi > FAR
    return p, s._replace(chi=np.where(critical, 1.0, s.chi), xi=np.where(critical, np.inf, s.xi))


def bound_of(e: Experiment) -> Array | None:
    """What a chain of sigmoids cannot exceed."""
    only = {layer.activation for layer in e.hidden} == {"sigmoid"}
    return chain_bound(e.L) if only else None

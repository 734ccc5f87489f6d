"""Deep networks for the maps: few samples, few networks, measured in one pass."""

from dataclasses import replace
from itertools import cycle, islice

import numpy as np

from engine.depth.measure import seen
from engine.depth.theory import critical_sigma_w, passed_down, variances
from engine.experiment.experiment import Experiment, stream
from engine.experiment.layers import Layer
from engine.nn.activations import Activation
from engine.nn.arrays import Array
from engine.nn.backprop import trace
from engine.nn.network import initial_parameters, views
from engine.training.descent import masks, network_of
from engine.training.diagnostics import norm

WIDTH, SAMPLES, NETWORKS = 32, 8, 3


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

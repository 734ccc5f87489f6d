"""Gradient check: the slope of the cost, measured by moving one parameter at a time.

    numerical[i] = (C(p + h e_i) - C(p - h e_i)) / 2h           an error of about 1e-10 for h = 1e-5
    relative error = |gradient - numerical| / max(|gradient|, |numerical|, 1e-3 of the largest)

Every moved network is one more replicate, so that many parameters are measured in one forward pass.
At a kink (relu at 0) the measured slope is that of neither side.
"""

from typing import NamedTuple

import numpy as np

from engine.nn.arrays import Array
from engine.nn.backprop import flat_gradient, forward, losses, trace
from engine.nn.network import Network
from engine.nn.workspace import workspace

H = 1e-5
AT_ONCE = 2_000_000  # numbers in the largest array of one call


class GradientCheck(NamedTuple):
    """Three flat blocks (..., P): by backpropagation, by differences, and their relative error."""

    gradient: Array
    numerical: Array
    error: Array

    def __repr__(self) -> str:
        return (f"Gradient check of {self.error.size:,} parameters: "
                f"largest relative error {self.error.max():.0e}")


def cost(net: Network, flat: Array, x: Array, y: Array) -> Array:
    """C, (...), of networks like this one with other parameters (..., P)."""
    w = workspace(net.at(flat), x, y)
    forward(w)
    return losses(w).mean(-1)


def numerical_gradient(net: Network, x: Array, y: Array, h: float = H) -> Array:
    """dC/dp for every parameter, (..., P), by central differences."""
    p = net.flat[..., None, :]
    P, widest = p.shape[-1], max(*net.sizes, p.shape[-1] // max(1, x.shape[-1]) + 1) * x.shape[-1]
    at_once = max(1, AT_ONCE // (widest * max(1, net.flat.size // P)))
    moves = np.split(h * np.eye(P), range(at_once, P, at_once))
    slopes = [(cost(net, p + move, x, y) - cost(net, p - move, x, y)) / (2 * h) for move in moves]
    return np.concatenate(slopes, -1)


def gradcheck(net: Network, x: Array, y: Array, h: float = H) -> GradientCheck:
    """Compares all gradients of a network on the samples x, y with measured ones."""
    gradient, numerical = flat_gradient(trace(net, x, y)), numerical_gradient(net, x, y, h)
    size = np.maximum(abs(gradient), abs(numerical))
    floor = np.maximum(1e-3 * size.max(-1, keepdims=True), 1e-300)
    return GradientCheck(gradient, numerical, abs(gradient - numerical) / np.maximum(size, floor))

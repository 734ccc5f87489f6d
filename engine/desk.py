"""A desk: all numbers of one iteration, to be changed and gone on from.

    Address  where a number is: its symbol, layer, row and column
    desk     the numbers of an iteration, in a workspace of their own
    redo     one step again, from what lies on the desk, with the engine's own products

W and b are the new values here, as in the steps. Whoever wants to know what would come out if
something were different puts that on a desk and does the steps again: no formula of the network
stands here a second time (engine/backprop.py, engine/updates.py).
"""

from typing import NamedTuple

import numpy as np
from numpy import add, divide

from engine.backprop import Workspace, losses, output_error, times, workspace
from engine.descent import masks
from engine.network import Network, views
from engine.optimizers import evaluated
from engine.spec import Experiment, shown
from engine.steps import Step
from engine.training import Run
from engine.updates import update, update_lines

Array = np.ndarray


class Address(NamedTuple):
    """A number of an iteration. column: the sample, or the unit that a connection comes from."""

    symbol: str
    layer: int
    row: int = 0
    column: int = 0

    @property
    def step(self) -> Step:
        return Step(self.symbol, self.layer)


class Moment(NamedTuple):
    """What an iteration is computed from; `before` is what its update begins with."""

    experiment: Experiment
    network: Network
    x: Array
    y: Array
    before: dict[str, Array | float]


class Desk(NamedTuple):
    """All numbers of an iteration, and what they come from: may be written to."""

    experiment: Experiment
    w: Workspace
    before: dict[str, Array | float]
    C: Array
    after: Array

    @property
    def layers(self) -> dict[str, dict[int, Array]]:
        """Each step's numbers: symbol -> layer -> matrix."""
        w, (W, b) = self.w, views(self.experiment.sizes, self.after)
        return {"u": w.u, "n": w.n, "z": w.z, "a": w.a, "C": {w.network.L: self.C},
                "delta": w.delta, "du": w.du, "dW": w.dW, "db": w.db, "W": W, "b": b}

    def at(self, p: Address) -> float:
        return float(self.layers[p.symbol][p.layer][p.row, p.column])

    def put(self, p: Address, value: float) -> None:
        self.layers[p.symbol][p.layer][p.row, p.column] = value


def moment(run: Run, t: int) -> Moment:
    part = run.at(t)
    return Moment(part.experiment, part.network(t), *part.samples(t), update(part, t).before)


def desk(now: Moment) -> Desk:
    """A fresh desk, every number in its place."""
    network = now.network.at(now.network.flat.copy())
    w = workspace(network, now.x.copy(), now.y.copy())
    d = Desk(now.experiment, w, dict(now.before), np.empty((1, 1)), np.empty(network.flat.shape))
    for step in first_steps(now.experiment):
        redo(d, step)
    redo(d, now.experiment.steps[-1])
    return d


def first_steps(e: Experiment) -> list[Step]:
    """Those before the updates, which are one formula for all parameters together."""
    return [step for step in e.steps if step.phase != "update"]


def redo(d: Desk, step: Step) -> None:
    with np.errstate(all="ignore"):
        REDO[step.symbol](d, step.layer)


def redo_u(d: Desk, l: int) -> None:
    times(d.w.network.W[l])(d.w.a[l - 1], d.w.u[l])


def redo_n(d: Desk, l: int) -> None:
    d.w.network.norm.forward(d.w.u[l], d.w.mean[l], d.w.sigma[l], d.w.n[l])


def redo_z(d: Desk, l: int) -> None:
    W_times, below, z, b, *_ = d.w.up[l - 1]
    add(d.w.n[l] if l in d.w.n else W_times(below, z), b, z)


def redo_a(d: Desk, l: int) -> None:
    _, _, z, _, f, a = d.w.up[l - 1]
    f(z, a)


def redo_C(d: Desk, l: int) -> None:
    d.C[...] = losses(d.w).mean(-1)


def redo_delta(d: Desk, l: int) -> None:
    if l == d.w.network.L:
        output_error(d.w)
    else:
        *_, W_T_times, du, da, vjp, z, f, delta = d.w.down[d.w.network.L - l - 1]
        vjp(W_T_times(du, da), z, f, delta)


def redo_du(d: Desk, l: int) -> None:
    d.w.network.norm.vjp(d.w.sigma[l], d.w.n[l], d.w.delta[l], d.w.du[l])


def redo_dW(d: Desk, l: int) -> None:
    du_times, below_T, dW, *_ = d.w.down[d.w.network.L - l]
    divide(du_times(below_T, dW), d.w.m, dW)


def redo_db(d: Desk, l: int) -> None:
    _, _, _, delta_times, one, db, *_ = d.w.down[d.w.network.L - l]
    divide(delta_times(one, db), d.w.m, db)


def redo_update(d: Desk, l: int) -> None:
    _, learns = masks(d.experiment)
    given = d.before | {"g": d.w.gradient * learns}
    d.after[...] = evaluated(update_lines(d.experiment), given)[-1]


REDO = {"u": redo_u, "n": redo_n, "z": redo_z, "a": redo_a, "C": redo_C, "delta": redo_delta,
        "du": redo_du, "dW": redo_dW, "db": redo_db, "W": redo_update, "b": redo_update}


def address_problem(p: Address, e: Experiment, m: int) -> str:
    """What is wrong with an address in an iteration of m samples, if anything."""
    if p.step not in e.steps:
        return f"address must be in a step of this network (got {shown(str(p.step))})"
    below = e.sizes[p.layer - 1]
    rows = 1 if p.symbol == "C" else e.sizes[p.layer]
    columns = {"dW": below, "W": below, "db": 1, "b": 1, "C": 1}.get(p.symbol, m)
    if 0 <= p.row < rows and 0 <= p.column < columns:
        return ""
    return f"address must be in its matrix of {rows} × {columns} (got {p.row}, {p.column})"

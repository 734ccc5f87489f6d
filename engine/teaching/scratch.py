"""A desk: all numbers of one iteration, to be changed and gone on from.

    Address  where a number is: its symbol, layer, row and column
    desk     the numbers of an iteration, in a workspace of their own
    redo     one step again, from what lies on the desk, with the engine's own products

W and b are the new values here, as in the steps. Whoever wants to know what would come out if
something were different puts that on a desk and does the steps again: no formula of the network
stands here a second time (engine/nn/backprop.py, engine/training/updates.py).
"""

from typing import NamedTuple

import numpy as np
from numpy import add, divide

from engine.data.tables import shown
from engine.experiment.experiment import Experiment
from engine.nn.arrays import Array
from engine.nn.backprop import losses
from engine.nn.network import Network, views
from engine.nn.optimizers import evaluated
from engine.nn.steps import Step
from engine.nn.workspace import Workspace, times, workspace
from engine.training.descent import masks
from engine.training.run import Run
from engine.training.updates import update, update_lines


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
        W, b = views(self.experiment.sizes, self.after)
        return self.w.now._asdict() | {"C": {self.w.network.L: self.C}, "W": W, "b": b}

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
    up = d.w.up[l - 1]
    up.W_times(up.below, up.u)


def redo_n(d: Desk, l: int) -> None:
    if norm := d.w.up[l - 1].norm:
        norm()


def redo_z(d: Desk, l: int) -> None:
    up = d.w.up[l - 1]
    if not up.norm:
        redo_u(d, l)
    add(up.n, up.b, up.z)


def redo_a(d: Desk, l: int) -> None:
    up = d.w.up[l - 1]
    up.f(up.z, up.f_z)
    if up.skip:
        up.skip()


def redo_C(d: Desk, l: int) -> None:
    d.C[...] = losses(d.w).mean(-1)


def redo_delta(d: Desk, l: int) -> None:
    if l == d.w.network.L:
        d.w.output_error()
        return
    down = d.w.down[d.w.network.L - l - 1]
    down.W_T_times(down.du, down.da)
    if down.around:
        down.around()
    down.vjp(down.da, down.z, down.f_z, down.delta)
    if down.scale:
        down.scale()


def redo_du(d: Desk, l: int) -> None:
    if norm := d.w.down[d.w.network.L - l - 1].norm:
        norm()


def redo_dW(d: Desk, l: int) -> None:
    now = d.w.now
    divide(times(now.du.get(l, now.delta[l]))(now.a[l - 1].mT, now.dW[l]), d.w.m, now.dW[l])


def redo_db(d: Desk, l: int) -> None:
    now = d.w.now
    one = np.ones((now.y.shape[-1], 1))
    divide(times(now.delta[l])(one, now.db[l]), d.w.m, now.db[l])


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

"""One piece of a run: its updates, its costs, and the first overflow in it, if there is any."""

import numpy as np

from engine.nn.arrays import Array
from engine.nn.backprop import trace
from engine.nn.network import views
from engine.nn.steps import Step
from engine.nn.workspace import Workspace
from engine.training.descent import Descent, descend


def advance(
    d: Descent, start: int, stop: int, blocks: Array, first: int, stride: int, costs: Array
) -> tuple[int, Step | None]:
    """Computes and records a piece; how far it came, and what overflowed if anything did.

    `blocks` begin at iteration `first`, `costs` at 0.
    """
    before, outputs, targets = d.block.copy(), [], []

    def record(t: int, w: Workspace) -> None:
        if (t - first) % stride == 0:
            blocks[(t - first) // stride] = d.block
        outputs.append((w.now.z if w.network.canonical else w.now.a)[w.network.L].copy())
        targets.append(w.now.y.copy() if d.experiment.batch else w.now.y)

    with np.errstate(all="ignore"):  # an overflow is looked for below
        descend(d, start, stop, record)
        if (stop - first) % stride == 0:
            blocks[(stop - first) // stride] = d.block
        costs[start:stop] = costs_of(d, start, outputs, targets)
    finite = np.isfinite(d.block).all() and np.isfinite(costs[start:stop]).all()
    if finite or not isinstance(d.seeds, int):
        return stop, None
    d.block[...] = before
    return first_overflow(d, start)


def costs_of(d: Descent, start: int, outputs: list[Array], targets: list[Array]) -> Array:
    """The costs of a piece, (iterations, ...): all batches of one size at once."""
    net, m = next(iter(d.spaces.values())).network, np.array([v.shape[-1] for v in outputs])
    costs = np.empty((len(m), *d.block.shape[1:-1]))
    for size in np.unique(m):
        (rows,) = np.nonzero(m == size)
        values = np.stack([outputs[i] for i in rows])
        y = np.stack([targets[i] for i in rows]) if d.experiment.batch else targets[0]
        cost = net.loss.cost_from_z if net.canonical else net.loss.cost
        costs[rows] = cost(values, y).mean(-1)
    return costs


def first_overflow(d: Descent, start: int) -> tuple[int, Step]:
    """Goes through a piece again, slowly: the iterations up to the overflow, and what it is."""
    found: list[Step | None] = [None]

    def look(t: int, w: Workspace) -> None:
        found[0] = overflow_in(trace(w.network, w.x, w.now.y)._asdict(), d.experiment.steps)

    t = start
    while found[0] is None:
        with np.errstate(all="ignore"):
            descend(d, t, t + 1, look)
        W, b = views(d.experiment.sizes, d.block[0])
        found[0] = found[0] or overflow_in({"W": W, "b": b}, d.experiment.steps)
        t += 1
    return t, found[0]


def overflow_in(values: dict, steps: list[Step]) -> Step | None:
    """The first of these steps whose result is not finite among the values."""
    for step in steps:
        value = values.get(step.symbol)
        value = value[step.layer] if isinstance(value, dict) else value
        if value is not None and not np.isfinite(value).all():
            return step
    return None

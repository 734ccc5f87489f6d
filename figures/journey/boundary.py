"""What a network answers over its inputs, as a picture with a frame for each iteration.

    plane     two inputs, classes: which class wins where, and by how much; what it misses
    surface   two inputs, numbers: the first output
    curve     one input: all outputs over it

A cell of a plane is one byte: the class that wins, then in as many bits as are left the root of the
margin by which it wins (the difference of the two largest outputs), so that small margins are told
apart. Cells stand row by row, the first row on top. `lines` are the borders z = 0 of the first
hidden layer's units, (x1, y1, x2, y2) each.
"""

from typing import Any

import numpy as np

from engine.data.user_data import largest, source_of
from engine.experiment.experiment import Experiment
from engine.nn.arrays import Array
from engine.nn.losses import LOSSES
from engine.nn.network import Network
from engine.nn.normalisation import NORMS
from engine.training.run import Run
from engine.training.scores import answers, measured, outputs, predicted

CELLS, EXACT = 41, 81  # cells along a side, of a frame among many and of a single one
POINTS = 121  # of a curve
HIDDEN = 31  # cells along a side of what a deeper unit says
MOST_UNITS = 24  # of the deeper layers whose borders can be drawn
FRAMES = 120_000  # bytes that all frames of a run may take
MARGIN = 0.12  # of the picture around the samples
DRAWN = 1e30  # numbers of more than that do not fit into the single precision of a picture
ALIKE = 4  # two axes whose spans differ less than so many times have the same scale


def picture_kind(e: Experiment) -> str:
    """plane, surface, curve; "" where there is nothing to draw."""
    inputs, classes = e.sizes[0], source_of(e.data).kind == "classes"
    if not LOSSES[e.loss].has_target or inputs > 2 or e.samples < 2 or largest(e.data) > DRAWN:
        return ""
    return "curve" if inputs == 1 else "plane" if classes else "surface"


def everything(run: Run) -> tuple[Array, Array]:
    """x and y of the training samples, then of the test samples."""
    d = run.data
    return np.concatenate([d.x, d.test_x], -1), np.concatenate([d.y, d.test_y], -1)


def spans(values: Array) -> Array:
    """From and to for each row of values, (rows, 2), with a margin."""
    low, high = values.min(-1), values.max(-1)
    half = np.where(high > low, (high - low) / 2, 1) * (1 + 2 * MARGIN)
    return np.stack([(low + high) / 2 - half, (low + high) / 2 + half], -1)


def ranges(run: Run) -> Array:
    """From and to of both axes, (2, 2); of a curve the second one is that of the targets."""
    x, y = everything(run)
    if len(x) == 1:
        return np.concatenate([spans(x), spans(y.reshape(1, -1))])
    found = spans(x)
    width = found[:, 1] - found[:, 0]
    if width.max() < ALIKE * width.min():
        found = found.mean(-1, keepdims=True) + width.max() / 2 * np.array([-1, 1])
    return found


def grid(run: Run, cells: int) -> Array:
    """Evenly spaced inputs up to the edges, (2, cells²), row by row; of a curve (1, points)."""
    (left, right), (low, high) = ranges(run)
    if run.experiment.sizes[0] == 1:
        return np.linspace(left, right, POINTS)[None]
    x, y = np.meshgrid(np.linspace(left, right, cells), np.linspace(high, low, cells))
    return np.stack([x.ravel(), y.ravel()])


def words(run: Run) -> dict[str, Any]:
    """What no iteration changes: names, ranges, and which layers have units to show."""
    e, d = run.experiment, run.data
    kind, source = picture_kind(e), source_of(e.data)
    scaled = " (standardised)" if (d.spread != 1).any() else ""
    axes = [f"{name}{scaled}" for name in d.inputs]
    return {
        "kind": kind,
        "axes": [*axes, ", ".join(d.outputs)][:2],
        "ranges": ranges(run).tolist(),
        "classes": list(source.targets) if kind == "plane" else [],
        "outputs": list(d.outputs),
        "shift": shift(len(source.targets)),
        "train": d.x.shape[-1],
        "hidden": [*straight(e), *deeper(e)],
        "straight": straight(e),
    }


def samples(run: Run) -> dict[str, Array]:
    """Where the samples are, the test samples last."""
    x, y = everything(run)
    if picture_kind(run.experiment) == "plane":
        return {"x": x.astype("f4"), "class": predicted(y).astype("u1")}
    return {"x": x.astype("f4"), "y": y.astype("f4")}


def frames(run: Run, iterations: Array, cells: int = CELLS) -> dict[str, Array]:
    """The frames of these iterations; the first axis of each array counts them."""
    parts = [frames_of(part, chosen, cells) for part, chosen in run.parts(iterations)]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def frames_of(run: Run, iterations: Array, cells: int) -> dict[str, Array]:
    """The frames of iterations of one part of a run."""
    kind, found = picture_kind(run.experiment), {}
    a = outputs(run, iterations, grid(run, cells))
    if kind == "curve":
        found["curves"] = a.astype("f4")
    else:
        level = levels if kind == "plane" else heights
        found["cells"] = level(run, a).reshape(-1, cells, cells)
    if kind == "plane":
        found["wrong"] = wrong(run, iterations)
    if straight(run.experiment):
        found["lines"] = lines(run, [run.network(int(t)) for t in iterations])
    return found


def frame_size(run: Run) -> int:
    """Bytes of one frame."""
    return sum(array.nbytes for array in frames(run, np.array([0])).values())


def keyframes(run: Run, count: int) -> Array:
    """Which of `count` shown iterations have a frame: half of them early on, where most changes."""
    half = max(2, min(count, FRAMES // frame_size(run)) // 2)
    steady, early = np.linspace(0, count - 1, half), np.geomspace(1, count, half) - 1
    return np.unique(np.round(np.concatenate([steady, early])).astype(int))


def exact(run: Run, t: int) -> dict[str, Array]:
    """The frame of one iteration with finer cells, and what the deeper layers' units say."""
    found, layers = frames(run, np.array([t]), EXACT), deeper(run.experiment)
    if not layers:
        return found
    w, = answers(run, np.array([t]), grid(run, HIDDEN), np.zeros((run.experiment.sizes[-1], 1)))
    return found | {f"hidden {l}": signed_bytes(w.now.z[l][0]) for l in layers}


def straight(e: Experiment) -> list[int]:
    """The layers whose units have straight borders: the first, but for layer normalisation."""
    norm = NORMS[e.norm]
    return [1] if e.hidden and (norm.of_batch or norm.axis is None) else []


def deeper(e: Experiment) -> list[int]:
    """The hidden layers with other borders whose units can be shown."""
    if picture_kind(e) == "curve":
        return []
    first = len(straight(e)) + 1
    up_to = np.cumsum(e.sizes[first:-1])
    return [l for l, units in enumerate(up_to.tolist(), start=first) if units <= MOST_UNITS]


def signed_bytes(z: Array) -> Array:
    """z (units, cells²) as -127 ... 127 of its largest size, (units, cells, cells): 0 stays 0."""
    size = np.nan_to_num(abs(z)).max(-1, keepdims=True)
    scaled = np.round(127 * np.nan_to_num(z / np.where(size > 0, size, 1)))
    return scaled.clip(-127, 127).astype("i1").reshape(len(z), HIDDEN, HIDDEN)


def shift(classes: int) -> int:
    """The bits of a cell that are left for the margin."""
    return 8 - max(1, (classes - 1).bit_length())


def levels(run: Run, a: Array) -> Array:
    """The winning class and the root of its margin as bytes, from outputs (T, K, cells²)."""
    middle, classes = LOSSES[run.experiment.loss].middle, max(2, a.shape[-2])
    margin = np.nan_to_num(margins(a, middle), posinf=1).clip(0, 1)
    strength = np.round(np.sqrt(margin) * (2 ** shift(classes) - 1)).astype(int)
    return (predicted(a, middle) << shift(classes) | strength).astype("u1")


def margins(a: Array, middle: float) -> Array:
    """By how much the largest output exceeds the next, (T, cells²).

    One output stands for two: as far above the middle as the other one is below it.
    """
    if a.shape[-2] == 1:
        return 2 * abs(a[..., 0, :] - middle)
    second, first = np.moveaxis(np.partition(a, -2, -2)[..., -2:, :], -2, 0)
    return first - second


def heights(run: Run, a: Array) -> Array:
    """The first output as bytes, 0 ... 255 over the range of the targets."""
    low, high = target_range(run)
    return np.round(255 * np.nan_to_num((a[:, 0] - low) / (high - low)).clip(0, 1)).astype("u1")


def target_range(run: Run) -> tuple[float, float]:
    y = everything(run)[1][0]
    return (float(y.min()), float(y.max())) if y.max() > y.min() else (y[0] - 1, y[0] + 1)


def wrong(run: Run, iterations: Array) -> Array:
    """A bit for each sample that is not answered right, (T, bytes), the lowest bit first."""
    x, y = everything(run)
    middle = LOSSES[run.experiment.loss].middle
    said = [predicted(w.now.a[w.network.L], middle) for w in answers(run, iterations, x, y)]
    return np.packbits(np.concatenate(said) != predicted(y), axis=-1, bitorder="little")


def lines(run: Run, networks: list[Network]) -> Array:
    """Where z = 0 for each unit of the first layer, cut to the picture, (T, n_1, 4); nan: nowhere.

    The line w x + b = 0 is p + s d, with p = -b w / |w|² and d at a right angle to w.
    """
    w, box = np.stack([network.W[1] for network in networks]), ranges(run)
    with np.errstate(all="ignore"):
        b = np.stack([offset(run, network) for network in networks])
        if w.shape[-1] == 1:
            x = -b / w
            x = np.where((x > box[0, 0]) & (x < box[0, 1]), x, np.nan)
            return np.concatenate([x, 0 * x + box[1, 0], x, 0 * x + box[1, 1]], -1).astype("f4")
        p, d = -b * w / (w**2).sum(-1, keepdims=True), w[..., ::-1] * [-1, 1]
        ends = np.sort([(edge - p) / d for edge in box.T], axis=0)  # s, (2, T, n_1, axis)
        s = np.stack([ends[0].max(-1), ends[1].min(-1)], -1)
        s = np.where(s[..., :1] < s[..., 1:], s, np.nan)[..., None]
        cut = p[..., None, :] + s * d[..., None, :]
        return cut.reshape(*cut.shape[:-2], 4).astype("f4")


def offset(run: Run, network: Network) -> Array:
    """b of the lines w x + b = 0, (n_1, 1): with batch normalisation sigma b - mean."""
    if not network.norm.of_batch:
        return network.b[1]
    now = measured(run, network)
    return now.sigma[1] * network.b[1] - now.mean[1]

"""The numbers that the stage plays: a window of iterations and samples around the cursor.

Each weight is sent once an iteration. A number that is not finite travels as a word.
"""

import hashlib
from collections.abc import Iterable
from typing import Any

import numpy as np

from engine.experiment.experiment import Experiment, asdict_shallow
from engine.experiment.state import ALL, Cursor, State
from engine.nn.backprop import slope
from engine.nn.losses import LOSSES
from engine.nn.network import Network, views
from engine.nn.normalisation import Norm
from engine.nn.workspace import Trace, output_of_f
from engine.training.descent import optimizer_of, rates
from engine.training.run import Run
from engine.training.updates import update, update_lines
from figures.stage.picture import drawn
from figures.style import number, word
from figures.window import Near

FEW_VALUES = 4  # up to here a sample is named by its values
SAMPLES = 24  # how many samples travel at once
FEW_SAMPLES = 12  # the same of a network that is too large to be drawn
NUMBERS = 1000  # about how many numbers travel for the iterations to come


def numbers(
    run: Run, state: State, m: int, move: str, sent: Near, ahead: bool = True
) -> dict[str, Any]:
    """What a seed or a cursor changes, of the layers and units that are to be sent."""
    e, cursor = state.experiment, state.cursor
    first, count = sample_window(cursor, m, SAMPLES if drawn(e.sizes) else FEW_SAMPLES)
    window = iteration_window(run, cursor.iteration, count, ahead)
    shown = slice(first, first + count)
    return {
        "id": fingerprint(e, state.seed, m),
        "move": move,
        "cursor": asdict_shallow(cursor) | {"unit": list(cursor.unit)},
        "presenter": state.view.presenter,
        "view": asdict_shallow(state.view),
        "last": run.last,
        "end": ending(run),
        "notice": notice(run),
        "m": m,
        "shown": {"first": first, "count": count},
        "traces": {str(t): trace_values(run, t, shown, sent) for t in window},
        "parameters": {str(t): parameter_values(run.network(t), sent)
                       for t in (*window, window[-1] + 1)},
    }


def fingerprint(*values: Any) -> str:
    return hashlib.sha256(repr(values).encode()).hexdigest()[:16]


def sample_window(cursor: Cursor, m: int, most: int) -> tuple[int, int]:
    """The first sample that travels, and how many: a full group with the chosen sample in it."""
    count = min(most, m)
    first = 0 if cursor.sample == ALL else cursor.sample // most * most
    return min(first, m - count), count


def iteration_window(run: Run, t: int, samples: int, ahead: bool = True) -> range:
    """The iterations that travel: whole blocks, so that small moves send nothing new.

    Of a larger network it is this one alone, unless those around it are asked for. All of them
    have batches of one size, which the words of a step depend on.
    """
    e = run.experiment
    symbols = 5 if e.norm == "none" else 8
    each = symbols * sum(e.sizes) * samples + 2 * run.blocks.shape[-1]
    if each > NUMBERS and not ahead:
        return range(t, t + 1)
    block = max(1, min(20, NUMBERS // each))
    start = t // block * block
    window = range(max(run.start, start - 1), min(run.last + 1, run.stop, start + 2 * block))
    alike = [s for s in window if e.batch_size(s) == e.batch_size(t)]
    first = next(s for s in alike if {*range(s, t)} <= {*alike})
    return range(first, next(s for s in range(t, window[-1] + 2) if s not in alike))


def sample_names(run: Run, m: int) -> list[str]:
    """What the chooser calls each sample: its number, and what is short enough to be said of it."""
    x, y, e = run.data.x, run.data.y, run.experiment
    if e.batch:
        return [f"{s + 1} of this batch" for s in range(m)]
    inputs = len(x) <= FEW_VALUES
    targets = len(y) <= FEW_VALUES and LOSSES[e.loss].has_target
    said = lambda column: ", ".join(map(number, column))
    return [f"{s + 1}" + (f": ({said(x[:, s])})" if inputs else "")
            + (f" → {said(y[:, s])}" if targets else "") for s in range(m)]


def notice(run: Run) -> str:
    """What has to be known about the whole run: that it diverges, and from where."""
    if run.overflow:
        return (f"This run diverges: at iteration {run.last}, {run.overflow} is no longer a finite "
                "number. It ends there. A smaller learning rate helps.")
    if run.alarm is not None:
        return (f"This run diverges: the cost is {number(run.costs[0])} at first and "
                f"{number(run.costs[run.alarm])} at iteration {run.alarm}. "
                "A smaller learning rate helps.")
    return ""


def ending(run: Run) -> str:
    if run.overflow:
        return f"The run ends here: after {run.overflow} overflowed nothing more can be computed."
    if run.last + 1 < run.experiment.iterations:
        return f"The run is computed up to here: {run.last + 1} iterations so far."
    return f"The run ends here, after {run.last + 1} iterations."


def trace_values(run: Run, t: int, shown: slice, sent: Near) -> dict[str, Any]:
    """The numbers of one iteration, for the samples that are shown."""
    network, now = run.network(t), run.trace(t)
    slopes = {l: slope(f, now.z[l], output_of_f(now, l))
              for l, f in network.activations.items() if f.elementwise and l in sent.layers}
    batch = {"z": now.z, "a": now.a, "da": now.da, "slope": slopes, "delta": now.delta,
             "u": now.u, "n": now.n, "f": now.f, "du": now.du}
    return {
        **{name: by_layer(values, sent, shown) for name, values in batch.items() if values},
        **mean_values(network.norm, now, shown, sent),
        "dW": by_layer(now.dW, sent, weights=True), "db": by_layer(now.db, sent),
        **sizes_of(run.experiment, now),
        "losses": plain(now.losses[None, shown]), "C": plain(now.C.reshape(1, 1)),
        "y": plain(now.y[:, shown]),
        **update_values(run, t, sent),
    }


def sizes_of(e: Experiment, now: Trace) -> dict[str, Any]:
    """Of a network that is not drawn: how large the numbers of each layer are, their rms."""
    if drawn(e.sizes):
        return {}
    batch = {"z": now.z, "a": now.a, "delta": now.delta, "dW": now.dW, "u": now.u, "n": now.n,
             "du": now.du}
    return {"sizes": {name: {str(l): plain(rms(v)) for l, v in values.items()}
                      for name, values in batch.items() if values}}


def rms(values: np.ndarray) -> np.ndarray:
    return np.sqrt(np.mean(values ** 2)).reshape(1)


def mean_values(norm: Norm, now: Trace, shown: slice, sent: Near) -> dict[str, Any]:
    """The means of normalised layers (figures/stage/steps/normalised.py)."""
    if not now.n:
        return {}
    error = {l: norm.average(now.delta[l]) for l in now.n}
    stretch = {l: norm.average(now.delta[l] * now.n[l]) for l in now.n}
    means = {"mean": now.mean, "sigma": now.sigma, "mean_delta": error, "mean_delta_n": stretch}
    if norm.of_batch:
        return {name: by_layer(values, sent) for name, values in means.items()}
    return {f"{name}_s": by_layer(values, sent, shown) for name, values in means.items()}


def update_values(run: Run, t: int, sent: Near) -> dict[str, Any]:
    """The numbers between the gradient and the new parameters (figures/stage/steps/update.py)."""
    e = run.experiment
    values = {"eta": {"0": [rates(e, t, t + 1)]}, "t": {"0": [[t + 1 - e.renewed]]}}
    if len(update_lines(e)) == 1:
        return values
    now = update(run, t)
    for name in optimizer_of(e)[0].state:
        values |= parted(e, f"{name}_{{}}_old", now.before[name], sent)
    for k, (entry, value) in enumerate(zip(now.lines[:-1], now.values[:-1], strict=True)):
        if entry.symbol == "norm":
            values["norm"] = {"0": plain(value.reshape(1, 1))}
        else:
            values |= parted(e, f"u{k}_{{}}", value, sent)
    return values


def parted(e: Experiment, name: str, flat: np.ndarray, sent: Near) -> dict[str, Any]:
    """A flat block as matrices by layer, those of the weights and those of the biases."""
    W, b = views(e.sizes, flat)
    return {name.format("W"): by_layer(W, sent, weights=True),
            name.format("b"): by_layer(b, sent)}


def parameter_values(network: Network, sent: Near) -> dict[str, Any]:
    return {"W": by_layer(network.W, sent, weights=True), "b": by_layer(network.b, sent)}


def by_layer(
    values: dict[int, np.ndarray], sent: Near, shown: slice = slice(None), weights: bool = False
) -> dict[str, Any]:
    """The layers that are sent; rows are units, columns samples or, of weights, units below."""
    return {str(l): part(array[:, shown], sent.units[l] if len(array) > 1 else None,
                         sent.units[l - 1] if weights else None)
            for l, array in values.items() if l in (0, *sent.layers)}


def part(array: np.ndarray, rows: list[int] | None, columns: list[int] | None) -> list | dict:
    """A matrix as lists, or as dicts by index where only some of its rows or columns are sent."""
    lines = plain(array if rows is None else array[rows]) if columns is None else [
        dict(zip(columns, plain(row[columns]), strict=True))
        for row in (array if rows is None else array[rows])]
    return lines if rows is None else dict(zip(rows, lines, strict=True))


def plain(array: np.ndarray) -> list:
    """Lists of numbers; one that is not finite becomes a word."""
    if np.isfinite(array).all():
        return array.tolist()
    return worded(array.tolist())


def worded(values: Iterable) -> list:
    return [worded(v) if isinstance(v, list) else v if np.isfinite(v) else word(v) for v in values]

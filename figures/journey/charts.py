"""The journey's charts: costs, scores, and the parameters that move most."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from engine.data.user_data import source_of
from engine.experiment.experiment import Experiment
from engine.nn.arrays import Array
from engine.nn.losses import LOSSES
from engine.training.descent import network_of
from engine.training.diagnostics import Diagnostics
from engine.training.run import Run
from engine.training.scores import predicted, score_name

FEW = 8  # lines of one chart
OWN_BATCH = "own batch"


class Seen(NamedTuple):
    """What the charts show of a run: at which iterations, and what was measured there."""

    run: Run
    shown: Array
    scores: dict[str, tuple[Array, Array]]
    diagnostics: Diagnostics


def whose(k: int) -> str:
    """In front of what belongs to the k-th run; nothing for the first, which is looked at."""
    return f"run {k + 1} " if k else ""


def chart(name: str, title: str, unit: str, choices: list[dict], **more: Any) -> dict[str, Any]:
    return {"name": name, "title": title, "unit": unit, "choices": choices} | more


def line(label: str, look: str, values: str, x: str = "iterations") -> dict[str, str]:
    return {"label": label, "look": look, "values": values, "x": x}


def choice(label: str, lines: list[dict], arrays: dict[str, Array], **more: Any) -> dict[str, Any]:
    """One set of lines, and the range of its axis: low, high, and the smallest above 0."""
    values = np.concatenate([np.ravel(arrays[a_line["values"]]) for a_line in lines])
    values = values[np.isfinite(values)]
    above = values[values > 0]
    low, high = (float(values.min()), float(values.max())) if len(values) else (0.0, 1.0)
    least = float(above.min()) if len(above) else None
    return {"label": label, "lines": lines, "low": low, "high": high, "least": least} | more


def costs(runs: list[Seen]) -> tuple[dict, dict[str, Array]]:
    """The cost over all training samples and all test samples, and that of each own batch."""
    lines, arrays = lines_of(runs, "cost", cost_lines)
    one = choice("", lines, arrays)
    one["low"], one["high"] = min(one["low"], 0), max(one["high"], 0)
    titles = dict.fromkeys(LOSSES[e.loss].title for r in runs for e in history(r.run.experiment))
    unit = f"{' or '.join(titles)}, mean over the samples"
    return chart("cost", "Cost: falls while the network learns", unit, [one], log=True), arrays


def history(e: Experiment) -> list[Experiment]:
    """The experiment and its pasts."""
    return [e, *(history(e.past) if e.forks else [])]


def lines_of(
    runs: list[Seen], name: str, values: Callable[[Seen], dict[str, Array]]
) -> tuple[list[dict], dict[str, Array]]:
    """The same lines of each run, and their arrays; those of other runs in a look of their own."""
    lines, arrays = [], {}
    for k, r in enumerate(runs):
        for part, array in values(r).items():
            if k and part == OWN_BATCH:  # noise that would hide the lines of the others
                continue
            key = f"{whose(k)}{name} {part}"
            look = f"other{k} {part}" if k else part
            lines.append(line(whose(k) + part, look, key, f"{whose(k)}iterations"))
            arrays[key] = array
    return lines, arrays


def cost_lines(r: Seen) -> dict[str, Array]:
    own = {OWN_BATCH: r.run.costs[r.shown]} if r.run.experiment.batch else {}
    return {part: cost for part, (cost, _) in r.scores.items()} | own


def score_lines(r: Seen) -> dict[str, Array]:
    return {part: values for part, (_, values) in r.scores.items() if np.isfinite(values).any()}


def first_layer(runs: list[Seen]) -> tuple[dict, dict[str, Array]]:
    """How large the error is that comes through to the first layer, of each run."""
    lines, arrays = lines_of(runs, "error", lambda r: {"layer 1": r.diagnostics.rms_delta[:, 0]})
    title = "First layer: the size of the error that reaches it"
    return chart("first", title, "rms δ[1]", [choice("", lines, arrays)], log=True), arrays


def score(runs: list[Seen]) -> tuple[dict | None, dict[str, Array]]:
    """Accuracy or R²; None where there is no target to meet, or all of them are alike."""
    name = score_name(runs[0].run.experiment)
    alike = lambda r: score_lines(r) if score_name(r.run.experiment) == name else {}
    lines, arrays = lines_of(runs, name, alike)
    if not name or not arrays:
        return None, {}
    title = ("Accuracy: the share of samples answered right" if name == "accuracy" else
             "R²: the share of the targets' variance that is explained")
    one = choice("", lines, arrays, note=missing(runs[0].run)) | {"high": 1.0}
    one["low"] = 0.0 if name == "accuracy" else max(-1.0, min(0.0, one["low"]))
    return chart("score", title, name, [one]), arrays


def missing(run: Run) -> str:
    """Which classes no sample of the test, or of the training, has: no score tells of them."""
    if score_name(run.experiment) != "accuracy":
        return ""
    parts = {"test": run.data.test_y, "training": run.data.y}
    lacking = {part: without(run.experiment, y) for part, y in parts.items() if y.shape[-1]}
    return "; ".join(f"no {part} sample is of the class {', '.join(names)}"
                     for part, names in lacking.items() if names)


def without(e: Experiment, y: Array) -> list[str]:
    """The classes that none of these targets is of."""
    there = {*predicted(y).tolist()}
    return [name for c, name in enumerate(source_of(e.data).targets) if c not in there]


def parameters(run: Run, shown: Array) -> tuple[dict, dict[str, Array]]:
    """Of each layer the parameters that change most."""
    net = network_of(run.experiment, np.stack([run.block(int(t))[0] for t in shown]))
    choices, arrays = [], {}
    for l in range(1, net.L + 1):
        names = [*(f"W[{l}] {j + 1},{i + 1}" for j, i in np.ndindex(net.W[l].shape[-2:])),
                 *(f"b[{l}] {j + 1}" for j in range(net.b[l].shape[-2]))]
        values = np.concatenate([net.W[l].reshape(len(shown), -1), net.b[l][..., 0]], -1)
        which = most_moving(values)
        with np.errstate(over="ignore"):  # of a run that diverges
            found = {f"parameter {names[i]}": values[:, i].astype("f4") for i in which}
        lines = [line(names[i], f"line{k}", f"parameter {names[i]}") for k, i in enumerate(which)]
        few = f"the {len(which)} of {len(names)} that change most" if len(names) > FEW else ""
        choices.append(choice(f"Layer {l}", lines, found, note=few))
        arrays |= found
    title = "Parameters: the path of weights and biases"
    return chart("parameters", title, "value", choices), arrays


def most_moving(values: Array) -> list[int]:
    """The columns of (T, n) with the widest range, FEW at most, in their order."""
    with np.errstate(all="ignore"):
        width = np.nan_to_num(values.max(0) - values.min(0))
    return np.sort(np.argsort(-width, kind="stable")[:FEW]).tolist()

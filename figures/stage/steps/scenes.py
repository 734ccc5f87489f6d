"""Scenes: what the stage shows at each stop of a walk. A stop is one step or several together.

A scene says what is known by then (`upto`), which symbol the units, connections and biases of each
layer show, what is lit, and which way the signal runs (1 right, -1 left, 0 nowhere).
"""

from typing import Any

from engine.experiment.experiment import Experiment
from engine.nn.steps import GRAINS, Step, walk
from figures.stage.steps.explain import EXPLAIN
from figures.stage.steps.explained_net import Explanation, Net, layer_name, net
from figures.stage.steps.formulas import math
from figures.stage.steps.phases import phase_told
from figures.window import ALL_LAYERS, ENDS

TITLES = {"forward": "Forward", "cost": "Cost", "backward": "Backward", "update": "Update"}
NAMES = {
    "u": "weighted sums u", "n": "normalised sums n", "du": "errors du of the sums",
    "z": "weighted sums z", "a": "activations a", "C": "cost C", "delta": "errors δ",
    "dW": "gradients of the weights", "db": "gradients of the biases",
    "W": "new weights", "b": "new biases",
}


def walks(
    experiment: Experiment, m: int, layers: tuple[int, ...]
) -> dict[str, list[dict[str, Any]]]:
    """The scenes of one training step on a batch of m samples, for each grain; to be read only.

    Only what happens in these layers is put into words: a scene elsewhere is `far`.
    """
    n = net(experiment, m)
    order = {step: position for position, step in enumerate(experiment.steps)}
    told = {step: EXPLAIN[step.symbol](n, step.layer) for step in order if step.layer in layers}
    return {grain: [scene(n, stop, grain, told, order[stop[-1]]) for stop in walk([*order], grain)]
            for grain in GRAINS}


def scene(n: Net, stop: list[Step], grain: str, told: dict[Step, Explanation],
          upto: int) -> dict[str, Any]:
    last = stop[-1]
    parts = [told[step] for step in stop if step in told]
    words = phase_words(n, last.phase) if grain == "phase" else together(parts)
    far = {} if parts or grain == "phase" else {"far": True}
    return {
        "steps": [str(step) for step in stop], "upto": upto,
        "phase": last.phase, "symbol": last.symbol, "layer": last.layer,
        "title": title(n, stop, grain),
        "whole": last.symbol in all_samples(n) or grain == "phase",
        **words, **far,
        **{part: changes(of) for part, of in shown(n, stop).items()}, **lit(n, stop),
    }


def title(n: Net, stop: list[Step], grain: str) -> str:
    last = stop[-1]
    if grain == "phase" or last.symbol == "C":
        return TITLES[last.phase]
    place = f"{TITLES[last.phase]} · {layer_name(n, last.layer)}"
    if last.symbol == "z" and last.layer in n.normalised:
        return f"{place} · shifted sums z"
    return place if grain == "layer" else f"{place} · {NAMES[last.symbol]}"


def all_samples(n: Net) -> set[str]:
    """The symbols whose formulas go over all samples."""
    return {"C", "dW", "db"} | ({"n", "du"} if n.norm.of_batch else set())


def together(parts: list[Explanation]) -> dict[str, Any]:
    """Several explanations as one: formulas below each other, matrices in lines."""
    matrices = [entry for part in parts for entry in ("\n", *part.matrices)][1:]
    sentences = [entry for part in parts for entry in (" ", *part.sentence)][1:]
    return {
        "sentence": sentences,
        "formula": [math(latex) for part in parts for latex in part.formula],
        "numbers": [pieces for part in parts for pieces in part.numbers],
        "numpy": [text for part in parts for text in part.numpy],
        "matrices": matrices,
    }


def phase_words(n: Net, phase: str) -> dict[str, Any]:
    """A whole phase: its formulas for any layer l, and the matrices that it ends with."""
    if phase == "cost":
        return together([EXPLAIN["C"](n, n.L)])
    formula, numpy, sentence, symbol = phase_told(n, phase)
    layers = range(n.L, 0, -1) if phase == "backward" else range(1, n.L + 1)
    if n.L > ALL_LAYERS:
        layers = (*layers[:ENDS], 0, *layers[-ENDS:])  # 0: those between
    matrices = [entry for l in layers
                for entry in (" ", EXPLAIN[symbol](n, l).matrices[0] if l else "⋯")][1:]
    return {"sentence": [sentence], "formula": [math(latex) for latex in formula], "numbers": [],
            "numpy": numpy, "matrices": matrices}


def changes(symbols: dict[str, str]) -> list[list]:
    """[layer, symbol] from the layer on, where it is another than below: short for many layers."""
    found: list[list] = []
    for l, symbol in symbols.items():
        if not found or found[-1][1] != symbol:
            found.append([int(l), symbol])
    return found


def symbols_shown(n: Net, last: Step, before: str, now: str) -> dict[str, str]:
    """`now` in the layers that the walk has reached, in its own direction; `before` elsewhere."""
    reached = range(last.layer, n.L + 1) if last.phase == "backward" else range(last.layer + 1)
    return {str(l): now if l in reached else before for l in range(1, n.L + 1)}


def shown(n: Net, stop: list[Step]) -> dict[str, dict[str, str]]:
    """Which symbol the units, the connections and the biases of each layer show."""
    last = stop[-1]
    plain = {"edges": symbols_shown(n, last, "W", "W"), "biases": symbols_shown(n, last, "b", "b")}
    units = {
        "forward": symbols_shown(n, last, "", "a"),
        "cost": symbols_shown(n, last, "a", "a"),
        "backward": symbols_shown(n, last, "a", "delta"),
        "update": symbols_shown(n, last, "delta", "delta"),
    }[last.phase]
    if last.symbol in ("u", "n", "z", "du"):
        units[str(last.layer)] = last.symbol
    for step in stop:
        if step.symbol in ("dW", "db"):
            plain["edges"] |= {str(step.layer): "dW"}
        if step.symbol == "db":
            plain["biases"] |= {str(step.layer): "db"}
    if last.phase == "update":
        plain["edges"] = symbols_shown(n, last, "W", "W_new")
        plain["biases"] = symbols_shown(n, last, "b", "b_new")
        if last.symbol == "W":
            plain["biases"] |= {str(last.layer): "b"}
    return {"units": {"0": "a"} | units, **plain}


def lit(n: Net, stop: list[Step]) -> dict[str, Any]:
    """What a stop lights up, and which way its signal runs."""
    units = {step.layer for step in stop if step.symbol not in ("dW", "W")}
    edges = {step.layer for step in stop if step.symbol in ("u", "z", "dW", "W")
             and not (step.symbol == "z" and step.layer in n.normalised)}
    edges |= {step.layer + 1 for step in stop if step.symbol == "delta" and step.layer < n.L}
    around = {step.layer + (step.symbol == "delta") for step in stop
              if step.symbol in ("a", "delta")} & {*n.skips}
    skips = {"skips": sorted(around)} if n.skips else {}
    return {"lit": {"units": sorted(units), "edges": sorted(edges), **skips},
            "direction": {"forward": 1, "backward": -1}.get(stop[-1].phase, 0)}

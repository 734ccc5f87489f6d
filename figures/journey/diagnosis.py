"""What a diagnosis says (engine/training/diagnosis.py), in sentences with places for the numbers.

    "... rms δ[1] is {reach} times rms δ[8] ..."        {reach}, of layer 3: {factor 3}

A sentence changes only where another rule holds, or a rule in other layers. The numbers in it are
those of the cursor: the player takes them from arrays over the iterations (assets/journey/), as
`spoken` does here.
"""

import re
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from engine.experiment.experiment import Experiment
from engine.nn.arrays import Array
from engine.training.diagnosis import FAR, GONE, LEAP, MOST, Diagnosis, Finding
from engine.training.diagnostics import SATURATED
from figures.style import number

PERCENT = "\N{NO-BREAK SPACE}%"
PLACE = re.compile(r"\{(\w+)(?: (\d+))?\}")


class Sentence(NamedTuple):
    """Its text has places for numbers; `good` where it names no fault."""

    text: str
    good: bool


def sentences(d: Diagnosis) -> list[tuple[Sentence, ...]]:
    """Those of each iteration, in the order of the rules."""
    known = {id(e): e for e in d.experiments}
    written = cache(lambda findings, which: tuple(sentence(f, known[which]) for f in findings))
    return [written(found, id(e)) for found, e in zip(d.findings, d.experiments, strict=True)]


def sentence(f: Finding, e: Experiment) -> Sentence:
    return Sentence(SENTENCES[f.rule](f, e), f.rule in GOOD)


def numbers(d: Diagnosis, said: list[Sentence]) -> dict[str, Array]:
    """Those of the measured numbers, (T,) each, that these sentences have a place for."""
    used = {name for text, _ in said for name, _ in PLACE.findall(text)}
    return {name: values for name, values in d.measured.items() if name in used}


def spoken(text: str, values: dict[str, Array], k: int) -> str:
    """A sentence with the numbers of the k-th iteration."""
    def value(place: re.Match) -> str:
        name, layer = place.groups()
        row = values[name][k]
        return number(float(row[int(layer) - 1] if layer else row))
    return PLACE.sub(value, text)


def place(name: str, layer: int | None = None) -> str:
    return f"{{{name} {layer}}}" if layer else f"{{{name}}}"


def part(share: float) -> str:
    return f"1/{1 / share:g}"


def layers(which: tuple[int, ...]) -> str:
    """layer 3; layers 1 to 4; layers 1, 2 and 5"""
    if len(which) == 1:
        return f"layer {which[0]}"
    if len(which) > 2 and all(b - a == 1 for a, b in pairwise(which)):
        return f"layers {which[0]} to {which[-1]}"
    return f"layers {', '.join(map(str, which[:-1]))} and {which[-1]}"


def slope_name(e: Experiment) -> str:
    """What stands between da[l] and δ[l]."""
    return "f′ with the skip's scale" if e.residual else "f′"


def weights_name(e: Experiment) -> str:
    """What stands between δ[l+1] and da[l]."""
    more = ["the norm"] * (e.norm != "none") + ["the skip"] * bool(e.residual)
    return " with ".join(["Wᵀ", " and ".join(more)] if more else ["Wᵀ"])


def overflow(f: Finding, e: Experiment) -> str:
    return (f"Overflow in {layers(f.layers)}: numbers there have become too large to compute with "
            "(rule: rms δ, ‖dW‖ or ‖W‖ is not finite).")


def learnt(f: Finding, e: Experiment) -> str:
    where = "at the output, in this batch," if e.batch else "at the output"
    return (f"Learnt: the error {where} is {place('left')} of what answering every sample with the "
            f"targets’ mean would leave (rule: at most {part(GONE)}). Small slopes and gradients "
            "are no fault now.")


def stopped(f: Finding, e: Experiment) -> str:
    l = f.most
    why = {"slopes": f"{slope_name(e)} of layer {l} lets nothing through",
           "zeros": f"all weights of layer {l + 1} are 0, and so is Wᵀδ",
           "weights": f"nothing comes through {weights_name(e)} of layer {l + 1}"}
    return (f"No error in {layers(f.layers)}, though there is one at the output (rule: δ is "
            f"exactly 0). Cause: {why[f.cause]}.")


def travelling(name: str, rule: str, verb: str) -> Callable[[Finding, Experiment], str]:
    """The sentence on an error that changes its size too much on its way."""
    def written(f: Finding, e: Experiment) -> str:
        slopes, weights = slope_name(e), weights_name(e)
        cause = {"slopes": "the slopes, more than the weights",
                 "weights": "the weights, more than the slopes"}
        most = (f" Layer {f.most} {verb} it most: factor {place('factor', f.most)} = "
                f"{place('gain', f.most)} by {weights} · {place('passed', f.most)} by {slopes}.")
        return (f"{name}: rms δ[1] is {place('reach')} times rms δ[{e.L}] (rule: {rule}). Cause: "
                f"{cause[f.cause]}. On the way {slopes} makes {place('slopes')} of it and "
                f"{weights} {place('weights')}; their product is that number."
                + most * (e.L > 2))
    return written


def saturated(f: Finding, e: Experiment) -> str:
    one = len(f.layers) == 1
    least = "" if one else f"{place('least_flat')} to "
    share = f"{least}{place('most_flat')}{PERCENT} of {'its' if one else 'their'}"
    names = sorted({e.activations[l - 1] for l in f.layers})
    return (f"{layers(f.layers).capitalize()} {'is' if one else 'are'} saturated: at {share} units "
            f"and samples the slope of {' and '.join(names)} is below {part(SATURATED)} of its "
            f"steepest (rule: at more than {100 * MOST:g}{PERCENT}).")


def dead(f: Finding, e: Experiment) -> str:
    units = sum(e.sizes[l] for l in f.layers)
    so = "" if e.norm != "none" else ", so their weights get no gradient"
    return (f"Dead units in {layers(f.layers)}: {place('dead_units')} of {units} have no slope on "
            f"any sample of the {'batch' if e.batch else 'data'} (rule: f′ = 0 on all of them). No "
            f"error gets through them{so}.")


def leaping(f: Finding, e: Experiment) -> str:
    where = "" if len(f.layers) == 1 else "up to "
    return (f"Large step in {layers(f.layers)}: the update is {where}{place('leap')} times "
            f"as large as the weights (rule: ‖ΔW‖ ÷ ‖W‖ above {LEAP:g}). The learning rate is too "
            "large for this gradient, or the weights are still tiny.")


def healthy(f: Finding, e: Experiment) -> str:
    size = (f"rms δ[1] is {place('reach')} times rms δ[{e.L}] (rule: between {part(FAR)} and "
            f"{1 / FAR:g}" if e.L > 1 else "the only layer gets it directly (rule: δ is not 0")
    return (f"Healthy: the error reaches every layer; {size}; no unit dead, no layer saturated, "
            "no update larger than its weights).")


SENTENCES: dict[str, Callable[[Finding, Experiment], str]] = {
    "overflow": overflow, "learnt": learnt, "stopped": stopped,
    "vanishing": travelling("Vanishing", f"below {part(FAR)}", "shrinks"),
    "exploding": travelling("Exploding", f"above {1 / FAR:g}", "raises"),
    "saturated": saturated, "dead": dead, "leaping": leaping, "healthy": healthy,
}
GOOD = ("learnt", "healthy")

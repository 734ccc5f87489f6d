"""What is said of a prediction: which mistake it looks like and why that is wrong; and hints.

    asks     for each step: what it computes, the numbers that are blank with it, and the first hint
    told     the sentence on a verdict (engine/teaching/marking.py)

A hint has three levels: what kind of quantity it is, then the step's formula, then the formula with
its numbers but the result. The first is here; the other two are the step's own
(figures/stage/steps/explain.py). Nothing is graded, and nothing counts how often somebody guessed.
"""

from typing import Any, NamedTuple

from engine.experiment.experiment import Experiment
from engine.experiment.state import FADES
from engine.nn.steps import Step
from engine.teaching.marking import Verdict, blanks, same_size
from engine.teaching.scratch import Address
from figures.stage.mistakes import SENTENCES
from figures.stage.steps.explained_net import Net, layer_name, net
from figures.stage.steps.update import Parameter
from figures.stage.steps.update import told as update_told
from figures.style import number

AXES = {"dW": "j i", "W": "j i", "db": "j 0", "b": "j 0", "C": "0 0"}  # else j s
MEANS = ("mean", "sigma", "mean_s", "sigma_s")
RESULTS = {  # what a step computes, its own number last
    "u": ("u",), "n": (*MEANS, "n"), "z": ("z",), "a": ("f", "a"), "C": ("losses", "C"),
    "delta": ("da", "slope", "delta"), "dW": ("dW",), "db": ("db",),
    "du": ("mean_delta", "mean_delta_n", "mean_delta_s", "mean_delta_n_s", "du"),
}


class Answer(NamedTuple):
    """What a learner answered in one iteration, and what was said of it."""

    iteration: int
    address: Address
    asked: str
    text: str
    kind: str
    told: str
    value: float | None = None

    def plain(self) -> dict[str, Any]:
        return self._asdict() | {"address": [str(self.address.step), *self.address[2:]]}


class Predicted(NamedTuple):
    """The answers so far in a run, and how many guesses of a player have been answered."""

    mount: str = ""
    count: int = 0
    answers: tuple[Answer, ...] = ()

    def plain(self) -> dict[str, Any]:
        return self._asdict() | {"answers": [answer.plain() for answer in self.answers]}


def asks(e: Experiment, m: int) -> dict[str, dict[str, Any]]:
    """For each step the numbers that are blank with it, where its own is, and the first hint."""
    n = net(e, m)
    return {str(step): {"results": results(n, step), "axes": AXES.get(step.symbol, "j s"),
                        "hint": hint(n, step)} for step in e.steps}


def results(n: Net, step: Step) -> list[str]:
    """Where the numbers stand that a step computes, as symbol and layer; its own is the last."""
    symbol, l = step
    if symbol in ("W", "b"):
        parameter = Parameter(symbol, l, "j", "i" if symbol == "W" else "0")
        refs = [line.ref for line in update_told(n.experiment, parameter)[:-1]]
        return [*(" ".join(ref.split()[:2]) for ref in refs), f"{symbol}_new {l}"]
    return [f"{name} {0 if symbol == 'C' else l}" for name in RESULTS[symbol]]


def blank_steps(e: Experiment) -> dict[str, list[str]]:
    """For each fade the steps whose numbers are to be predicted, as they are written in links."""
    return {fade: [str(step) for step in blanks(e, fade)] for fade in FADES}


# Hints
def hint(n: Net, step: Step) -> str:
    """The first hint: what kind of quantity it is."""
    symbol, l = step
    if symbol == "delta":
        return output_hint(n) if l == n.L else HIDDEN_HINT.format(**names(n, l))
    if symbol == "z" and l in n.normalised:
        return "The normalised sum, moved by the bias of this unit."
    return HINTS[symbol].format(**names(n, l))


def output_hint(n: Net) -> str:
    if n.canonical:
        return ("How fast this sample's loss grows with z of this output. Is the output above its "
                "target, or below?")
    return (f"How fast this sample's loss grows with this output, times how steep "
            f"{n.activations[n.L].name} is at its z.")


HIDDEN_HINT = ("What comes back to this unit from {above}, over all its connections together, "
               "times how steep {f} is at its z.")
HINTS = {
    "u": "A weighted sum: all that arrives at this unit, each with its own weight.",
    "n": "How many spreads σ this sum lies above its mean, or below it.",
    "z": "A weighted sum: all that arrives at this unit, each with its own weight, and its bias.",
    "a": "What {f} makes of the z of this unit.",
    "C": "How wrong the outputs are, in one number: the mean of the samples' losses.",
    "du": "The error of this unit, without what the normalisation undoes anyway, divided by σ.",
    "dW": "How fast the cost grows with this weight: the error at its end and the activation at "
          "its beginning have a part in it, as a mean over the samples.",
    "db": "How fast the cost grows with this bias: the errors of its unit have a part in it, as a "
          "mean over the samples.",
    "W": "The old weight, moved a little: against its gradient.",
    "b": "The old bias, moved a little: against its gradient.",
}


def names(n: Net, l: int) -> dict[str, Any]:
    """What the sentences call the things around a layer."""
    above = layer_name(n, l + 1) if l < n.L else "above"
    below = layer_name(n, l - 1) if l > 1 else "the inputs"
    return {"f": n.activations[l].name, "above": above, "below": below, "m": n.m, "K": n.K,
            "loss": n.loss.title, "paths": n.sizes[l + 1] if l < n.L else 0,
            "terms": n.sizes[l - 1]}


# Verdicts
def told(verdict: Verdict, p: Address, e: Experiment, m: int) -> str:
    """The sentence on a verdict at an address, in an iteration of m samples."""
    return KINDS[verdict.kind](verdict, p, net(e, m))


def right(v: Verdict, p: Address, n: Net) -> str:
    return f"Right: {QUALITY[v.asked](v.truth)}."


def rough(v: Verdict, p: Address, n: Net) -> str:
    return "Right as far as one digit goes. Give at least two digits."


def carried(v: Verdict, p: Address, n: Net) -> str:
    return ("This follows correctly from your earlier answer, so there is no new error in it. With "
            "the right number there, another one comes out here.")


def mistaken(v: Verdict, p: Address, n: Net) -> str:
    looks, why = SENTENCES[v.mistake, p.symbol].format(**names(n, p.layer)).split(" | ")
    return f"Not that: it looks as if {looks}. {why}"


def wrong(v: Verdict, p: Address, n: Net) -> str:
    return f"Not that. {NEARER[v.asked](v)}".strip()


def nearer(v: Verdict) -> str:
    """What is right about a number all the same."""
    sign, size = v.guess * v.truth > 0, same_size(v.guess, v.truth)
    words = {(True, True): "The sign and the order of size are right.",
             (True, False): "The sign is right, the order of size is not.",
             (False, True): "The order of size is right, the sign is not.",
             (False, False): "Neither the sign nor the order of size is right."}
    return words[sign, size]


def sign_in_words(value: float) -> str:
    return "it is " + ("positive" if value > 0 else "negative" if value < 0 else "0")


KINDS = {"right": right, "rough": rough, "carried": carried, "mistake": mistaken, "wrong": wrong}
QUALITY = {
    "number": lambda truth: f"it is {number(truth)}",
    "size": lambda truth: f"in size it is {number(abs(truth))}",
    "sign": sign_in_words,
}
NEARER = {
    "number": nearer,
    "size": lambda v: f"It is {'larger' if abs(v.truth) > abs(v.guess) else 'smaller'} in size.",
    "sign": lambda v: "",
}

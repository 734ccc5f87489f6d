"""What is said of a prediction: which mistake it looks like and why that is wrong; and hints.

    asks     for each step: what it computes, the numbers that are blank with it, and the first hint
    told     the sentence on a verdict (engine/marking.py)

A hint has three levels: what kind of quantity it is, then the step's formula, then the formula with
its numbers but the result. The first is here; the other two are the step's own
(figures/explain.py). Nothing is graded, and nothing counts how often somebody guessed.
"""

from typing import Any, NamedTuple

from engine.desk import Address
from engine.marking import Verdict, blanks, same_size
from engine.spec import FADES, Experiment
from engine.steps import Step
from figures.net import Net, layer_name, net
from figures.style import number
from figures.update import Parameter
from figures.update import told as update_told

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

SUM = ("all {m} samples were added up | The cost is the mean of their losses, so this is a mean, "
       "too: divide by m = {m}.")
ONE_SAMPLE = "this is one sample alone | It is the mean over all {m} of them."
ADDED = ("the step was added | The gradient points to where the cost grows, so the step goes the "
         "other way: it is subtracted.")
RATE = ("η was forgotten, and the whole gradient subtracted | The step is the learning rate times "
        "the gradient.")
UNCHANGED = "this is the old value | It still has to take its step against the gradient."
ALONE = ("this is the step alone | The new value is the old one, minus the step: a gradient says "
         "how to change a parameter, not what it becomes.")
GRADIENT = ("this is the gradient | The gradient is not the step, and the step is not the new "
            "value: that is the old value minus η times the gradient.")
OPPOSITE = "the sign is the wrong way round | The size is right."

SENTENCES = {  # looks as if ... | why that is wrong
    ("slope_forgotten", "delta"):
        "f' was forgotten | What arrives at a still has to go back through the unit: it is "
        "multiplied by the slope of {f} at this z, by how much a moves when z moves.",
    ("target_first", "delta"):
        "this is target minus output | δ says how fast the loss grows with z: an output above its "
        "target has a positive error, so it is output minus target.",
    ("transposed", "delta"):
        "W was used in the place of Wᵀ | A unit gets its error back over the connections that "
        "leave it: they are a column of W, which is a row of Wᵀ.",
    ("transposed", "z"):
        "Wᵀ was used in the place of W | On the way up a unit adds what arrives at it: its weights "
        "are a row of W.",
    ("transposed", "u"):
        "Wᵀ was used in the place of W | On the way up a unit adds what arrives at it: its weights "
        "are a row of W.",
    ("new_weights", "delta"):
        "the new weights of {above} were used | The whole backward pass uses the weights of the "
        "forward pass: it asks how the cost of just now came about. All updates come after it.",
    ("bias_forgotten", "z"):
        "the bias was forgotten | After the products of weights and activations, the unit adds its "
        "own bias.",
    ("z_for_a", "a"):
        "this is z itself | It has not gone through {f} yet.",
    ("z_for_a", "z"):
        "z of {below} was taken for its a | What a unit sends on is its activation.",
    ("z_for_a", "u"):
        "z of {below} was taken for its a | What a unit sends on is its activation.",
    ("z_for_a", "C"):
        "z of the outputs was taken for their a | The loss compares what {f} makes of z.",
    ("z_for_a", "delta"):
        "z was compared with the target | The output is a, what {f} makes of z.",
    ("z_for_a", "dW"):
        "z of {below} was taken for its a | What the weight carries is the activation.",
    ("sum_for_mean", "dW"): SUM, ("sum_for_mean", "db"): SUM, ("sum_for_mean", "C"): SUM,
    ("delta_itself", "dW"):
        "this is δ | δ belongs to a unit. The gradient of a weight is δ times the activation that "
        "the weight carries, as a mean over the samples.",
    ("a_forgotten", "dW"):
        "a was forgotten | The mean of δ alone is the gradient of the bias. A weight's gradient "
        "also has the activation that it carries.",
    ("added", "W"): ADDED, ("added", "b"): ADDED,
    ("rate_forgotten", "W"): RATE, ("rate_forgotten", "b"): RATE,
    ("unchanged", "W"): UNCHANGED, ("unchanged", "b"): UNCHANGED,
    ("step_alone", "W"): ALONE, ("step_alone", "b"): ALONE,
    ("gradient_alone", "W"): GRADIENT, ("gradient_alone", "b"): GRADIENT,
    ("skip_forgotten", "a"):
        "this is only what the layer itself adds | The residual connection keeps a of {below}, "
        "and the layer adds to it.",
    ("skip_forgotten", "delta"):
        "only the path through the weights was counted | The error also comes down the residual "
        "connection, around {above}.",
    ("spread_kept", "n"):
        "the mean was subtracted, and no more | The rest is divided by its spread σ.",
    ("mean_kept", "n"):
        "u was divided by σ, and no more | The mean is subtracted first.",
    ("delta_for_du", "du"):
        "this is δ | It still has to go back through the normalisation.",
    ("delta_for_du", "dW"):
        "δ was taken for du | The weights stand before the normalisation, so what counts is the "
        "error that has come back through it.",
    ("factor_of_square", "C"):
        "the ½ was forgotten | This loss is half the square.",
    ("factor_of_square", "delta"):
        "a factor of 2 is off | The slope of a square has a 2, which only a ½ in front of the "
        "square cancels: look at the loss, {loss}.",
    ("outputs_summed", "C"):
        "the {K} outputs were added up | This loss is a mean over its outputs: divide by {K}.",
    ("outputs_summed", "delta"):
        "the {K} outputs were not averaged | This loss is a mean over its outputs: divide by {K}.",
    ("slope_twice", "delta"):
        "f' was multiplied once too often | For {f} with {loss} output minus target is δ already: "
        "f' is contained in it.",
    ("one_path", "delta"):
        "only one path was counted | This unit has a part in all {paths} units of {above}, and the "
        "errors come back over all of these paths: they are added.",
    ("one_path", "z"):
        "only one product was counted | All {terms} products of a weight and what arrives are "
        "added.",
    ("one_path", "u"):
        "only one product was counted | All {terms} products of a weight and what arrives are "
        "added.",
    ("one_sample", "dW"): ONE_SAMPLE, ("one_sample", "db"): ONE_SAMPLE,
    ("one_sample", "C"): ONE_SAMPLE,
    ("slope_at_a", "delta"):
        "f' was taken at a | The slope of {f} is needed where the unit stands: at its z.",
    **{("opposite", symbol): OPPOSITE
       for symbol in ("u", "n", "z", "a", "C", "delta", "du", "dW", "db", "W", "b")},
}

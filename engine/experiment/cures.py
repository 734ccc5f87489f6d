"""The lab: what the depth lab looks at, beside the state's own experiment; and its cures.

A cure is a few fields of the experiment that get another value. What they were before it is kept
(`before`, as in a fork), so that the picture without the cure stays visible, and switching the cure
off gives the old values back.

    matched      the first weights that suit the activation; the gain is 1
    relu, selu   another activation in all hidden layers; selu with its own first weights
    orthogonal   first weights that keep every length; the gain is 1
    batch, layer what every hidden layer is normalised by
    residual     each hidden layer only adds to the one below it
    clip         no gradient is longer than 1
    rate         ten times the learning rate: no cure at all
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from engine.data.tables import shown

Values = dict[str, Any]
Before = tuple[tuple[str, Any], ...]

LOOKS = {
    "spread": "Histograms", "singular": "Singular values", "sigma": "Map σ_w × σ_b",
    "gain": "Map gain × depth", "chart": "Weights × activation", "race": "Race",
    "lottery": "Lottery",
}
LOTTERIES = {"": "nothing yet", "seeds": "Draw the seeds", "widths": "Does width help?"}
QUANTITIES = ("rms_delta", "norm_dW", "relative", "std_z", "std_a", "mean_slope", "gain", "passed",
              "saturated", "dead")
MOST_NETWORKS = 200
MATCHED = {"sigmoid": "xavier_normal", "tanh": "xavier_normal", "identity": "lecun_normal",
           "selu": "lecun_normal", "softplus": "xavier_normal"}  # all others: He


@dataclass(frozen=True)
class Lab:
    """What only the lab needs.

    networks   how many seeds the band is of
    quantity   what the profile shows of each layer
    look       what is shown below it
    drawn      which lottery is, for this experiment: it takes a while, so somebody has to ask
    before     fields of the experiment that cures have changed, with their values before
    """

    networks: int = 100
    quantity: str = "rms_delta"
    look: str = "spread"
    drawn: str = ""
    before: Before = ()

    def fitted(self) -> "Lab":
        return replace(self, **{name: getattr(Lab(), name) for name in lab_problems(self)})


def lab_problems(lab: Lab) -> dict[str, str]:
    """What cannot be looked at: field -> sentence."""
    found = {}
    if not isinstance(lab.networks, int) or not 1 <= lab.networks <= MOST_NETWORKS:
        found["networks"] = (f"networks must be a whole number from 1 to {MOST_NETWORKS} "
                             f"(got {shown(lab.networks)})")
    for name, known in (("quantity", QUANTITIES), ("look", LOOKS), ("drawn", LOTTERIES)):
        if (value := getattr(lab, name)) not in known:
            allowed = ", ".join(filter(None, known))
            found[name] = f"{name} must be one of {allowed} (got {shown(value)})"
    names = [name for name, _ in lab.before]
    if strange := [name for name in names if name not in CURED]:
        found["before"] = f"before must be of {', '.join(CURED)} (got {shown(strange[0])})"
    elif twice := [name for i, name in enumerate(names) if name in names[:i]]:
        found["before"] = f"before must have each field once (got {twice[0]} twice)"
    return found


class Cure(NamedTuple):
    """fields: what it gives an experiment; usual: what these are without it, if nobody knows."""

    name: str
    title: str
    fields: Callable[[Any], Values]
    usual: Callable[[Any], Values]
    help: str = ""

    def is_on(self, e: Any) -> bool:
        return all(getattr(e, name) == value for name, value in self.fields(e).items())


def activation_of(e: Any) -> str:
    """That of the first hidden layer."""
    return e.hidden[0].activation if e.hidden else "tanh"


def with_activation(e: Any, f: str) -> Values:
    return {"hidden": tuple(layer._replace(activation=f, alpha=None) for layer in e.hidden)}


def matched(e: Any) -> Values:
    return {"initializer": MATCHED.get(activation_of(e), "he_normal"), "gain": 1.0}


CURES = {
    cure.name: cure
    for cure in (
        Cure("matched", "matched first weights", matched,
             lambda e: {"initializer": "pytorch", "gain": 1.0},
             "Xavier for sigmoid and tanh, He for the ReLU family, LeCun for SELU."),
        Cure("relu", "ReLU", lambda e: with_activation(e, "relu"),
             lambda e: with_activation(e, "tanh")),
        Cure("selu", "SELU", lambda e: with_activation(e, "selu") | {
            "initializer": "lecun_normal", "gain": 1.0}, lambda e: with_activation(e, "tanh"),
             "With the first weights that it needs."),
        Cure("orthogonal", "orthogonal weights",
             lambda e: {"initializer": "orthogonal", "gain": 1.0},
             lambda e: {"initializer": "pytorch", "gain": 1.0}),
        Cure("batch", "batch normalisation", lambda e: {"norm": "batch"},
             lambda e: {"norm": "none"}),
        Cure("layer", "layer normalisation", lambda e: {"norm": "layer"},
             lambda e: {"norm": "none"}),
        Cure("residual", "residual connections", lambda e: {"residual": e.residual or 1.0},
             lambda e: {"residual": 0.0}, "Only between layers of the same width."),
        Cure("clip", "gradient clipping", lambda e: {"clip": e.clip or 1.0},
             lambda e: {"clip": 0.0}),
    )
}
CURED = ("hidden", "initializer", "gain", "norm", "residual", "clip", "learning_rate")
FASTER = 10.0


def switched(e: Any, before: Before, name: str, on: bool) -> tuple[Values, Before]:
    """The fields that a switch changes, and what is known then of the values before."""
    cure, known = CURES[name], dict(before)
    if on:
        fields = cure.fields(e)
        changed = {n: getattr(e, n) for n, v in fields.items() if getattr(e, n) != v}
        return fields, tuple((changed | known).items())
    back = {n: known.pop(n) for n in cure.fields(e) if n in known}
    return cure.usual(e) | back, tuple(known.items())


def without(e: Any, before: Before) -> Any:
    """The experiment as it was before its cures; itself where that cannot be."""
    try:
        return replace(e, **dict(before))
    except ValueError:
        return e

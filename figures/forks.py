"""Runs side by side, in words: in what they differ, and from which iteration on.

    differences   what two runs do not share: (what, of the one, of the other), a row each
    told          the sentence that names them
"""

from collections.abc import Callable
from typing import Any

from engine.data.user_data import source_of
from engine.experiment import link_fields
from engine.experiment.experiment import Experiment, asdict_shallow
from engine.experiment.forks import FORKS, Fork
from engine.experiment.layers import Layer
from engine.experiment.state import Pinned
from engine.nn.initializers import BIASES, INITIALIZERS
from engine.nn.losses import LOSSES
from engine.nn.normalisation import NORMS
from engine.nn.optimizers import OPTIMIZERS
from engine.nn.schedules import SCHEDULES
from figures.style import number

Row = tuple[str, str, str]
NAMES = {
    "hidden": "hidden layers", "output": "output activation", "initializer": "first weights",
    "parameters": "typed-in weights", "learning_rate": "learning rate", "split": "test share",
    "bias": "first biases", "bias_scale": "scale of the first biases", "l1": "L1 penalty",
    "l2": "L2 penalty", "schedule": "learning rate over time", "batch": "samples in a batch",
    "clip": "largest gradient norm", "settings": "settings of the optimizer",
    "standardise": "scaling", "huber_delta": "Huber's δ", "norm": "normalisation",
    "residual": "scale of the residual branch",
}
MANY = 4  # differences that are named one by one


def of_table(table: dict[str, Any]) -> Callable[[str], str]:
    return lambda name: table[name].title


def layers(hidden: tuple[Layer, ...]) -> str:
    return ", ".join(f"{layer.width} {activation(layer)}" for layer in hidden) or "none"


def activation(layer: Layer) -> str:
    alpha = "" if layer.alpha is None else f" ({number(layer.alpha)})"
    return f"{layer.activation.replace('_', ' ')}{alpha}"


def forks(entries: tuple[Fork, ...]) -> str:
    return ", ".join(f"{FORKS[fork.names[0]].title} at iteration {fork.iteration}"
                     for fork in entries) or "none"


VALUES: dict[str, Callable[[Any], str]] = {  # how a value of a field is written in a sentence
    "data": lambda data: source_of(data).title,
    "hidden": layers,
    "loss": of_table(LOSSES),
    "initializer": of_table(INITIALIZERS),
    "bias": of_table(BIASES),
    "optimizer": of_table(OPTIMIZERS),
    "schedule": of_table(SCHEDULES),
    "norm": of_table(NORMS),
    "parameters": lambda values: f"{len(values)} numbers" if values else "none",
    "forks": forks,
}


def value(name: str, what: Any) -> str:
    if name in VALUES:
        return VALUES[name](what)
    if isinstance(what, float):
        return number(what)
    return link_fields.FORMS[name].write(what) or "as usual"


def named(name: str) -> str:
    return NAMES.get(name, name)


def row(name: str, one: Any, other: Any) -> Row:
    """What a field is called, and its two values; of the layers only what differs."""
    if name == "hidden" and [layer.width for layer in one] == [layer.width for layer in other]:
        texts = [named_value(name, hidden) for hidden in (one, other)]
        return ("activation", *(texts if texts[0] != texts[1] else map(layers, (one, other))))
    return named(name), value(name, one), value(name, other)


def named_value(name: str, what: Any) -> str:
    """A value that a field may be forked to, as it is offered."""
    if name == "hidden":
        return ", ".join(dict.fromkeys(map(activation, what)))
    return value(name, what)


def differences(one: Pinned, other: Pinned) -> list[Row]:
    """The fields that differ, each with its values in the one run and in the other."""
    pairs = zip(asdict_shallow(one.experiment).items(),
                asdict_shallow(other.experiment).values(), strict=True)
    rows = [row(name, mine, theirs) for (name, mine), theirs in pairs if mine != theirs]
    if one.seed != other.seed:
        rows.append(("seed", str(one.seed), str(other.seed)))
    return rows


def told(one: Pinned, other: Pinned, name: str = "run 2") -> str:
    """In what the other run, called `name`, differs from this one."""
    text = in_words(one, other, name)
    return text[0].upper() + text[1:]


def in_words(one: Pinned, other: Pinned, name: str) -> str:
    if one == other:
        return f"{name} is the same run as this one."
    if one.seed == other.seed and is_past(other.experiment, one.experiment):
        return forked(one.experiment, "this run", name)
    if one.seed == other.seed and is_past(one.experiment, other.experiment):
        return forked(other.experiment, name, "this run")
    return listed(differences(one, other), name)


def is_past(past: Experiment, e: Experiment) -> bool:
    """Whether `past` is an experiment before its last fork."""
    return bool(e.forks) and e.past == past


def forked(e: Experiment, fork: str, past: str) -> str:
    """The one thing in which a run, called `fork`, differs from its past, and since when."""
    t, name = e.forks[-1].iteration, e.forks[-1].names[0]
    _, now, before = row(name, getattr(e, name), getattr(e.past, name))
    what = (f"at iteration {t}, the weights of {fork} are drawn anew ({now})"
            if name == "initializer" else
            f"from iteration {t} on, {fork} has the {FORKS[name].title} {now}; "
            f"{past} keeps {before}")
    return f"{what}. Nothing else differs."


def listed(rows: list[Row], name: str) -> str:
    said = [f"{what} {theirs} instead of {mine}" for what, mine, theirs in rows[:MANY]]
    more = f", and in {len(rows) - MANY} things more" if len(rows) > MANY else ""
    start = "differs in one thing" if len(rows) == 1 else "differs from this run"
    return f"{name} {start}: {'; '.join(said)}{more}."

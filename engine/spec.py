"""What decides everything that a page shows: one frozen State, of plain values, validated here.

    State(experiment, seed, cursor)
    Experiment   the data, the network, the loss, how it starts and how it learns
    Cursor       where in the run one looks: iteration, sample, step, unit; and the grain of a step

`problems` is the border: it names what is wrong with the values of an experiment, a field at a time.
Inside, values are trusted.
"""

from dataclasses import dataclass, field, fields, replace
from math import isfinite
from typing import Any, NamedTuple

import numpy as np

from engine.activations import ACTIVATIONS
from engine.datasets import DATASETS, output_names
from engine.initializers import INITIALIZERS
from engine.losses import LOSSES
from engine.network import parameter_count
from engine.steps import GRAINS, steps

MAX_HIDDEN = 8
MAX_WIDTH = 32
MAX_SEED = 999_999
MAX_ITERATIONS = 100_000
MAX_LEARNING_RATE = 1e9
ALL = -1  # the cursor's sample when it looks at all of them

STREAMS = ("data", "weights", "batches")


class Layer(NamedTuple):
    """A hidden layer."""

    width: int
    activation: str


@dataclass(frozen=True)
class Experiment:
    """All that a run depends on, apart from the seed.

    parameters   typed-in values for W[1], b[1], W[2], b[2], ...; empty: drawn by the initializer
    frozen       parameters that the update leaves alone: "W1", "b2", ...
    iterations   how many updates the run has
    """

    data: str = "xor"
    hidden: tuple[Layer, ...] = (Layer(4, "tanh"),)
    output: str = "sigmoid"
    loss: str = "bce"
    initializer: str = "xavier_uniform"
    parameters: tuple[float, ...] = ()
    frozen: tuple[str, ...] = ()
    learning_rate: float = 1.0
    iterations: int = 200

    def __post_init__(self) -> None:
        for sentence in problems(asdict_shallow(self)).values():
            raise ValueError(sentence)

    @property
    def sizes(self) -> tuple[int, ...]:
        """n_0 ... n_L: the ends follow the data and the output."""
        return sizes(self.data, self.hidden, self.output)

    @property
    def activations(self) -> tuple[str, ...]:
        return (*(layer.activation for layer in self.hidden), self.output)

    @property
    def L(self) -> int:
        return len(self.hidden) + 1

    @property
    def samples(self) -> int:
        return DATASETS[self.data].samples


@dataclass(frozen=True)
class Cursor:
    """A moment of a run. `step` is written as in engine/steps.py: z1, delta2, C.

    `unit` is (), (layer, unit) or, for a connection, (layer, to, from), all counted from 0.
    """

    iteration: int = 0
    sample: int = 0
    step: str = "z1"
    unit: tuple[int, ...] = ()
    grain: str = "formula"

    def fitted(self, experiment: Experiment) -> "Cursor":
        """The nearest cursor that this experiment has."""
        reset = {name: getattr(START, name) for name in cursor_problems(self, experiment)}
        return replace(self, **reset)


START = Cursor()


@dataclass(frozen=True)
class State:
    """Everything. The link holds it, and a page shows it."""

    experiment: Experiment = field(default_factory=Experiment)
    seed: int = 0
    cursor: Cursor = START


def asdict_shallow(data: Any) -> dict[str, Any]:
    return {f.name: getattr(data, f.name) for f in fields(data)}


def sizes(data: str, hidden: tuple[Layer, ...], output: str) -> tuple[int, ...]:
    source = DATASETS[data]
    widths = (layer.width for layer in hidden)
    return (len(source.inputs), *widths, len(output_names(source, output)))


def parameter_names(L: int) -> tuple[str, ...]:
    """W1, b1, W2, b2, ...: the parameters that can be frozen."""
    return tuple(f"{symbol}{l}" for l in range(1, L + 1) for symbol in ("W", "b"))


def stream(seed: int, name: str) -> np.random.Generator:
    """One seed feeds separate streams: new data does not reshuffle the weights."""
    return np.random.default_rng([seed, STREAMS.index(name)])


# The border: what each field allows. A check returns a sentence, or "" where all is well.


def whole(name: str, value: Any, low: int, high: int) -> str:
    if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
        return ""
    return f"{name} must be a whole number from {low} to {high} (got {shown(value)})"


def one_of(name: str, value: Any, table: Any) -> str:
    if isinstance(value, str) and value in table:
        return ""
    return f"{name} must be one of {', '.join(table)} (got {shown(value)})"


def shown(value: Any) -> str:
    """A value as a sentence may quote it: never more than 40 characters."""
    text = str(value)
    return text if len(text) <= 40 else text[:37] + "..."


def check_hidden(hidden: tuple[Layer, ...]) -> str:
    if len(hidden) > MAX_HIDDEN:
        return f"hidden must have at most {MAX_HIDDEN} layers (got {len(hidden)})"
    for layer in hidden:
        problem = whole("width of a hidden layer", layer.width, 1, MAX_WIDTH)
        problem = problem or one_of("activation", layer.activation, ACTIVATIONS)
        if problem:
            return problem
    return ""


def check_learning_rate(rate: Any) -> str:
    if isinstance(rate, int | float) and 0 < rate <= MAX_LEARNING_RATE:
        return ""
    return f"learning_rate must be above 0 and at most {MAX_LEARNING_RATE:g} (got {shown(rate)})"


ALONE = {  # each field by itself
    "data": lambda value: one_of("data", value, DATASETS),
    "hidden": check_hidden,
    "output": lambda value: one_of("output", value, ACTIVATIONS),
    "loss": lambda value: one_of("loss", value, LOSSES),
    "initializer": lambda value: one_of("initializer", value, INITIALIZERS),
    "learning_rate": check_learning_rate,
    "iterations": lambda value: whole("iterations", value, 1, MAX_ITERATIONS),
}


def outputs(loss: str) -> tuple[str, ...]:
    """The output activations that keep this loss finite."""
    return LOSSES[loss].outputs or tuple(ACTIVATIONS)


def losses(data: str) -> tuple[str, ...]:
    """The losses that fit the targets of this data."""
    fits = {"classes": ("classes", "unit", "numbers"), "unit": ("unit", "numbers"),
            "numbers": ("numbers",)}[DATASETS[data].kind]
    return tuple(name for name, loss in LOSSES.items() if loss.needs in fits)


def check_loss(v: dict[str, Any]) -> str:
    if v["loss"] in losses(v["data"]):
        return ""
    return (f"loss must suit the targets of {v['data']}: {', '.join(losses(v['data']))} "
            f"(got {v['loss']})")


def check_output(v: dict[str, Any]) -> str:
    if v["output"] in outputs(v["loss"]):
        return ""
    return (f"output must be {' or '.join(outputs(v['loss']))} for the loss {v['loss']}, "
            f"which could meet the logarithm of 0 otherwise (got {v['output']})")


def check_parameters(v: dict[str, Any]) -> str:
    given, count = v["parameters"], parameter_count(sizes(v["data"], v["hidden"], v["output"]))
    if not all(isfinite(number) for number in given):
        return "parameters must be finite numbers (got one that is not)"
    if given and len(given) != count:
        return f"parameters must be {count} numbers for this network (got {len(given)})"
    return ""


def check_frozen(v: dict[str, Any]) -> str:
    names = parameter_names(len(v["hidden"]) + 1)
    strange = [name for name in v["frozen"] if name not in names]
    return f"frozen must be among {', '.join(names)} (got {shown(strange[0])})" if strange else ""


TOGETHER = {  # in this order: each may rely on those before it
    "loss": check_loss, "output": check_output,
    "parameters": check_parameters, "frozen": check_frozen,
}


def problems(values: dict[str, Any]) -> dict[str, str]:
    """What is wrong with the values of an experiment: field -> sentence. Empty where all is well."""
    found = {name: text for name, check in ALONE.items() if (text := check(values[name]))}
    if not found:
        found = {name: text for name, check in TOGETHER.items() if (text := check(values))}
    return dict(list(found.items())[:1])


def mended(values: dict[str, Any]) -> tuple[Experiment, list[str]]:
    """The nearest experiment to these values, and a sentence for each field that had to change."""
    sentences, values = [], dict(values)
    while found := problems(values):
        (name, sentence), = found.items()
        values[name] = fallback(name, values)
        sentences.append(sentence)
    return Experiment(**values), sentences


def fallback(name: str, values: dict[str, Any]) -> Any:
    """What stands in for a field that does not fit: something that always does."""
    if name == "loss":
        return "half_sum"
    if name == "output":
        loss = LOSSES.get(values["loss"])
        return loss.outputs[0] if loss and loss.outputs else "identity"
    return {f.name: f.default for f in fields(Experiment)}[name]


def cursor_problems(cursor: Cursor, experiment: Experiment) -> dict[str, str]:
    """What is wrong with a cursor into this experiment: field -> sentence."""
    known = [str(step) for step in steps(experiment.L)]
    found = {
        "iteration": whole("iteration", cursor.iteration, 0, experiment.iterations - 1),
        "sample": whole("sample", cursor.sample, ALL, experiment.samples - 1),
        "step": one_of("step", cursor.step, known),
        "unit": check_unit(cursor.unit, experiment.sizes),
        "grain": one_of("grain", cursor.grain, GRAINS),
    }
    return {name: sentence for name, sentence in found.items() if sentence}


def check_unit(unit: tuple[int, ...], sizes: tuple[int, ...]) -> str:
    if not unit:
        return ""
    layer, *rest = unit
    limits = sizes[layer::-1] if 0 <= layer < len(sizes) else ()
    if 0 < len(rest) <= min(2, len(limits)) and all(
        0 <= i < n for i, n in zip(rest, limits, strict=False)
    ):
        return ""
    return f"unit must be a unit or a connection of this network (got {'.'.join(map(str, unit))})"

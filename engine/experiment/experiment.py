"""All that a run depends on, apart from the seed: the data, the network, the loss, how it learns.

`mended` makes the nearest experiment of any values; `suited` and `edited` are what changes when
somebody's own data comes in. What the values may be stands in engine/experiment/limits.py.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from types import NoneType
from typing import Any

import numpy as np

from engine.data import batches
from engine.data.user_data import Data, Own, source_of
from engine.experiment.checks import whole
from engine.experiment.forks import Fork, past_of, renewed_at
from engine.experiment.layers import Layer, losses, sizes, training_samples
from engine.experiment.limits import MAX_ITERATIONS, most_iterations, problems
from engine.nn import costs
from engine.nn.losses import LOSSES
from engine.nn.steps import Step, steps

MANY, BATCH = 1000, 32  # more samples than that begin with batches of so many
STREAMS = ("data", "weights", "batches")


PLAIN = (str, int, float, bool, NoneType, Own)


def plain(name: str, value: Any) -> Any:
    """A list as a tuple, NumPy's numbers as Python's, and [4, (3, "relu")] as hidden layers."""
    if isinstance(value, np.generic):
        return value.item()
    if name == "hidden" and isinstance(value, list | tuple | np.ndarray):
        return tuple(map(plain_layer, value))
    return tuple(np.asarray(value).tolist()) if isinstance(value, list | np.ndarray) else value


def plain_layer(one: Any) -> Any:
    """A layer that was given as its width alone, or as a pair of width and activation."""
    if isinstance(one, int | np.integer):
        return Layer(int(one), "tanh")
    return Layer(*one) if type(one) in (tuple, list) and 2 <= len(one) <= 3 else one


@dataclass(frozen=True)
class Experiment:
    """All that a run depends on, apart from the seed.

    parameters   typed-in values for W[1], b[1], W[2], b[2], ...; empty: drawn by the initializer
    frozen       parameters that the update leaves alone: "W1", "b2", ...
    iterations   how many updates the run has
    noise, size, standardise   None: as the data has it; split: the share of test samples
    gain         what the drawn weights are multiplied by, as bias_scale the drawn biases
    settings     those of the optimizer, in its order; empty: its own
    warmup       iterations in which the learning rate rises to its value
    every, factor   of the schedule "step"
    batch        samples of an iteration; 0: all
    clip         the largest norm that a gradient may keep; 0: any
    l1, l2       the penalties l1 Σ|W| + l2/2 ΣW², which are not a part of the cost that is shown
    huber_delta  where Huber's loss turns from a parabola into a line
    norm         what every hidden layer is normalised by
    residual     the scale of what a hidden layer adds to the one below it; 0: no such connections
    forks        from which iteration on something is as it is now, and what it was before
    """

    data: Data = "xor"
    hidden: tuple[Layer, ...] = (Layer(4, "tanh"),)
    output: str = "sigmoid"
    loss: str = "bce"
    initializer: str = "xavier_uniform"
    parameters: tuple[float, ...] = ()
    frozen: tuple[str, ...] = ()
    learning_rate: float = 1.0
    iterations: int = 200
    noise: float | None = None
    size: int | None = None
    split: float = 0.0
    standardise: bool | None = None
    gain: float = 1.0
    bias: str = "zeros"
    bias_scale: float = 1.0
    optimizer: str = "gradient_descent"
    settings: tuple[float, ...] = ()
    schedule: str = "constant"
    warmup: int = 0
    every: int = 100
    factor: float = 0.5
    batch: int = 0
    clip: float = 0.0
    l1: float = 0.0
    l2: float = 0.0
    huber_delta: float = 1.0
    norm: str = "none"
    residual: float = 0.0
    forks: tuple[Fork, ...] = ()

    def __post_init__(self) -> None:
        for name, value in asdict_shallow(self).items():
            if type(value) not in PLAIN:
                object.__setattr__(self, name, plain(name, value))
        for sentence in problems(asdict_shallow(self)).values():
            raise ValueError(sentence)

    @property
    def sizes(self) -> tuple[int, ...]:
        """n_0 ... n_L: the ends follow the data, the output and the loss."""
        return sizes(self.data, self.hidden, self.output, self.loss)

    @property
    def activations(self) -> tuple[str, ...]:
        return (*(layer.activation for layer in self.hidden), self.output)

    @property
    def L(self) -> int:
        return len(self.hidden) + 1

    @property
    def steps(self) -> list[Step]:
        """The steps of one training step, in order."""
        return steps(self.L, normalised=self.norm != "none")

    @property
    def samples(self) -> int:
        """The training samples: all but those held back for the test."""
        return training_samples(self.data, self.size, self.split)

    @property
    def past(self) -> "Experiment":
        """The experiment before its last fork."""
        return Experiment(**past_of(asdict_shallow(self)))

    @property
    def renewed(self) -> int:
        """The iteration from which on the optimizer counts its updates."""
        return renewed_at(self.forks)

    def at(self, iteration: int) -> "Experiment":
        """The experiment as it is at an iteration: before its later forks."""
        later = self.forks and iteration < self.forks[-1].iteration
        return self.past.at(iteration) if later else self

    def forked(self, iteration: int, **fields: Any) -> "Experiment":
        """This experiment, in which from the iteration on these fields are different."""
        now = self.at(iteration)
        before = tuple((name, getattr(now, name)) for name in fields)
        return replace(now, forks=(*now.forks, Fork(iteration, before)), **fields)

    def batch_size(self, iteration: int) -> int:
        """The samples of one iteration."""
        return batches.size(iteration, self.samples, self.batch)

    @property
    def seconds(self) -> float:
        """How long its run takes, as engine/nn/costs.py estimates it."""
        return self.iterations * self.seconds_of_update()

    def seconds_of_update(self, seeds: int = 1) -> float:
        return costs.seconds_of_update(asdict_shallow(self), self.sizes, self.batch_size(0), seeds)

    def memory(self, seeds: int = 1) -> int:
        """The bytes that its run takes while it is computed."""
        return costs.bytes_of_run(asdict_shallow(self), self.sizes, self.batch_size(0),
                                  self.iterations, seeds)

    def epoch(self, iteration: int) -> int:
        """The pass over the data that an iteration belongs to, counted from 0."""
        return batches.epoch(iteration, self.samples, self.batch)


def asdict_shallow(data: Any) -> dict[str, Any]:
    return {f.name: getattr(data, f.name) for f in fields(data)}


def stream(seed: int, name: str) -> np.random.Generator:
    """One seed feeds separate streams: new data does not reshuffle the weights."""
    return np.random.default_rng([seed, STREAMS.index(name)])


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
    if name == "iterations":  # a large network has less of them
        return fewer(values)
    return {f.name: f.default for f in fields(Experiment)}[name]


def fewer(values: dict[str, Any]) -> int:
    """As many as there are by default; where even those are too much work, as many as may be."""
    usual = Experiment.iterations
    known = not whole("iterations", values["iterations"], 1, MAX_ITERATIONS)
    return min(usual, most_iterations(values)) if known else usual


def forkable(e: Experiment, iteration: int, name: str, values: Iterable[Any]) -> list[Any]:
    """Those of the values with which a field can be forked at an iteration."""
    now = getattr(e.at(iteration), name)
    return [value for value in values if value != now and is_possible(e, iteration, name, value)]


def is_possible(e: Experiment, iteration: int, name: str, value: Any) -> bool:
    try:
        e.forked(iteration, **{name: value})
    except ValueError:
        return False
    return True


def suited(own: Own, standardise: bool = False) -> dict[str, Any]:
    """The fields of an experiment that own data begins with when it comes in."""
    source = own.source
    classes = source.kind == "classes"
    output, loss = (("identity", "mse") if not classes else ("softmax", "cross_entropy")
                    if len(source.targets) > 2 else ("sigmoid", "bce"))
    return {
        "data": own, "output": output, "loss": loss, "learning_rate": 0.5 if classes else 0.1,
        "noise": None, "size": None, "standardise": standardise or None,
        "batch": BATCH if source.samples > MANY else 0,
    }


def edited(own: Own, now: Experiment) -> dict[str, Any]:
    """The fields that change when what is looked at was edited: all others that fit remain."""
    before, after = source_of(now.data), own.source
    scaled = before.standardise if now.standardise is None else now.standardise
    same = len(before.targets) == len(after.targets) and now.loss in losses(own) and (
        (before.kind == "classes") == (after.kind == "classes"))
    if not same:
        return suited(own, scaled)
    return {"data": own, "noise": None, "size": None, "standardise": scaled or None}

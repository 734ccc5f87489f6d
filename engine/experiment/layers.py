"""The layers of an experiment: how wide each is, and which losses and outputs fit its data.

    sizes -> (n_0, ..., n_L)
"""

from typing import NamedTuple

from engine.data.datasets import output_names, test_count
from engine.data.user_data import Data, source_of
from engine.nn.activations import ACTIVATIONS
from engine.nn.losses import LOSSES


class Layer(NamedTuple):
    """A hidden layer; alpha is its activation's parameter, None: as the activation has it."""

    width: int
    activation: str
    alpha: float | None = None


def sizes(data: Data, hidden: tuple[Layer, ...], output: str, loss: str = "") -> tuple[int, ...]:
    """n_0 ... n_L: the ends follow the data, the output and the loss."""
    source, rows = source_of(data), bool(loss) and LOSSES[loss].needs == "classes"
    widths = (layer.width for layer in hidden)
    return (len(source.inputs), *widths, len(output_names(source, output, rows)))


def parameter_names(L: int) -> tuple[str, ...]:
    """W1, b1, W2, b2, ...: the parameters that can be frozen."""
    return tuple(f"{symbol}{l}" for l in range(1, L + 1) for symbol in ("W", "b"))


def training_samples(data: Data, size: int | None, split: float) -> int:
    """How many samples there are without those held back for the test."""
    total = source_of(data).samples if size is None else size
    return total - test_count(total, split)


def outputs(loss: str) -> tuple[str, ...]:
    """The output activations that keep this loss finite."""
    return LOSSES[loss].outputs or tuple(ACTIVATIONS)


def losses(data: Data) -> tuple[str, ...]:
    """The losses that fit the targets of this data."""
    fits = {"classes": ("classes", "unit", "numbers"), "unit": ("unit", "numbers"),
            "numbers": ("numbers",)}[source_of(data).kind]
    return tuple(name for name, loss in LOSSES.items() if loss.needs in fits)

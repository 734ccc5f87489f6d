"""What an explanation is made of: the network that it tells of, its matrices, and its parts.

Matrices are items and operators in a row. An item names its values (`ref`), its true shape, which
of its axes is samples, and which row or column belongs to the unit in focus (`mark`).
"""

import re
from typing import Any, NamedTuple

import numpy as np

from engine.experiment.experiment import Experiment
from engine.nn.activations import Activation
from engine.nn.losses import Loss
from engine.nn.network import parameter_count
from engine.nn.normalisation import Norm
from engine.training.descent import network_of
from figures.stage.steps.formulas import Piece, math, sym


class Net(NamedTuple):
    """What the explanations need to know of an experiment, and of its batch of m samples."""

    experiment: Experiment
    sizes: tuple[int, ...]
    activations: dict[int, Activation]
    loss: Loss
    m: int
    norm: Norm
    normalised: list[int]
    skips: list[int]

    @property
    def L(self) -> int:
        return len(self.sizes) - 1

    @property
    def K(self) -> int:
        return self.sizes[-1]

    @property
    def r(self) -> float:
        """The scale of the residual connections."""
        return self.experiment.residual

    @property
    def canonical(self) -> bool:
        return self.loss.canonical == self.activations[self.L].name

    def of_f(self, l: int) -> str:
        """What f gives is called a, or f where it is only added to the layer below."""
        return "f" if l in self.skips else "a"

    def error(self, l: int) -> str:
        """The error that goes back through the weights: delta, or du behind a normalisation."""
        return "du" if l in self.normalised else "delta"


class Explanation(NamedTuple):
    """One step, explained. `formula` is LaTeX; `numbers` a line of pieces for each formula."""

    formula: list[str]
    numbers: list[list[Piece]]
    numpy: list[str]
    matrices: list[Any]
    sentence: list[Any]


def net(e: Experiment, m: int) -> Net:
    shape = network_of(e, np.empty(parameter_count(e.sizes)))
    return Net(e, e.sizes, shape.activations, shape.loss, m, shape.norm, shape.normalised,
               shape.skips)


def item(name: str, ref: str, rows: int, cols: int, samples: str = "",
         mark: tuple[str, str] = ("j", ""), transpose: bool = False) -> dict[str, Any]:
    return {"name": math(name), "ref": ref, "rows": rows, "cols": cols, "samples": samples,
            "mark": list(mark), "transpose": transpose}


def weights(n: Net, symbol: str, l: int) -> dict[str, Any]:
    """W, dW or the new W of a layer."""
    return item(sym(symbol, l), f"{symbol} {l}", n.sizes[l], n.sizes[l - 1], mark=("j", "i"))


def biases(n: Net, symbol: str, l: int) -> dict[str, Any]:
    return item(sym(symbol, l), f"{symbol} {l}", n.sizes[l], 1)


def batch(n: Net, symbol: str, l: int, mark: str = "j") -> dict[str, Any]:
    """A quantity that each sample has: its columns are samples."""
    name = f"f'({sym('z', l)})" if symbol == "slope" else sym(symbol, l)
    return item(name, f"{symbol} {l}", n.sizes[l], n.m, "cols", (mark, "s"))


def layer_name(n: Net, l: int) -> str:
    return "the output layer" if l == n.L else f"layer {l}"


def samples_phrase(n: Net) -> str:
    return "over the one sample" if n.m == 1 else f"over the {n.m} samples"


def code(text: str, **names: str) -> str:
    """NumPy text of the engine's tables with z, a and y replaced by the arrays of a layer."""
    return re.sub(r"\b[zay]\b", lambda found: names.get(found[0], found[0]), text)

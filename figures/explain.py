"""What each step says: its formula in symbols and with numbers, its matrices, its line of NumPy,
and a sentence. One function a symbol; each reads like the formula that it explains.

Matrices are items and operators in a row. An item names its values (`ref`), its true shape, which
of its axes is samples, and which row or column belongs to the unit in focus (`mark`).
"""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from engine.activations import Activation
from engine.descent import network_of, optimizer_of
from engine.losses import Loss
from engine.network import parameter_count
from engine.spec import Experiment
from figures.formulas import (
    Piece,
    activation_in_numbers,
    activation_in_symbols,
    each,
    grad_in_numbers,
    grad_in_symbols,
    index,
    line,
    loss_in_numbers,
    loss_in_symbols,
    math,
    mean,
    mean_of_outputs,
    slope_in_numbers,
    slope_in_symbols,
    slot,
    sym,
    wrapped,
)
from figures.update import Parameter, told

Matrix = Callable[["Net", str, int], dict[str, Any]]


class Net(NamedTuple):
    """What the explanations need to know of an experiment, and of its batch of m samples."""

    experiment: Experiment
    sizes: tuple[int, ...]
    activations: dict[int, Activation]
    loss: Loss
    m: int

    @property
    def L(self) -> int:
        return len(self.sizes) - 1

    @property
    def K(self) -> int:
        return self.sizes[-1]

    @property
    def canonical(self) -> bool:
        return self.loss.canonical == self.activations[self.L].name


class Explanation(NamedTuple):
    """One step, explained. `formula` is LaTeX; `numbers` a line of pieces for each formula."""

    formula: list[str]
    numbers: list[list[Piece]]
    numpy: list[str]
    matrices: list[Any]
    sentence: list[Any]


def net(e: Experiment, m: int) -> Net:
    shape = network_of(e, np.empty(parameter_count(e.sizes)))
    return Net(e, e.sizes, shape.activations, shape.loss, m)


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


def z_step(n: Net, l: int) -> Explanation:
    W, a, b = sym("W", l, "j i"), sym("a", l - 1, "i"), sym("b", l, "j")
    product = rf"{wrapped(f'W {l} j i')} \cdot {wrapped(f'a {l - 1} i s')}"
    return Explanation(
        [rf"{sym('z', l, 'j')} = \sum_{{i}} {W}\, {a} + {b}"],
        [line(f"{sym('z', l, index('j'))} =", each("i", n.sizes[l - 1], product),
              f"{{}} + {wrapped(f'b {l} j 0')}", f"= {slot(f'z {l} j s')}")],
        [f"z[{l}] = W[{l}] @ a[{l - 1}] + b[{l}]"],
        [batch(n, "z", l), "=", weights(n, "W", l) | {"mark": ["j", ""]}, "·",
         batch(n, "a", l - 1, ""), "+", biases(n, "b", l)],
        [f"Each unit of {layer_name(n, l)} multiplies what arrives by its weights, adds the "
         "products, and adds its bias."],
    )


def a_step(n: Net, l: int) -> Explanation:
    f = n.activations[l]
    whom = "each z" if f.elementwise else "all its z together"
    return Explanation(
        [activation_in_symbols(f, l)],
        [activation_in_numbers(f, l, n.sizes[l])],
        [f"a[{l}] = {code(f.code, z=f'z[{l}]')}"],
        [batch(n, "a", l), f"= {f.name} of", batch(n, "z", l)],
        [f"{layer_name(n, l)} passes {whom} through {f.name}: its activation.".capitalize()],
    )


def C_step(n: Net, l: int) -> Explanation:
    outputs = item("y", "y 0", n.K, n.m, "cols", ("", "s"))
    losses = item("C_{i}", "losses 0", 1, n.m, "cols", ("", "s"))
    cost = item("C", "C 0", 1, 1, mark=("", ""))
    both = ["of", batch(n, "a", l, ""), *(["and", outputs] if n.loss.has_target else [])]
    return Explanation(
        loss_in_symbols(n.loss, l, n.K),
        loss_in_numbers(n.loss, l, n.K, n.m),
        [f"C = ({code(n.loss.code, a=f'a[{l}]')}).mean()"],
        [cost, "= mean of", losses, f"= {n.loss.title}", *both],
        [loss_words(n), f"The cost is the mean {samples_phrase(n)}: ", {"ref": "C 0 0 0"}, "."],
    )


def loss_words(n: Net) -> str:
    if not n.loss.has_target:
        return "There is no target here: the loss is the output itself. "
    return (f"How wrong is it? The loss ({n.loss.title}) compares each sample's output with its "
            "target. ")


def delta_step(n: Net, l: int) -> Explanation:
    if l < n.L:
        return hidden_error(n, l)
    return canonical_error(n, l) if n.canonical else output_error(n, l)


def canonical_error(n: Net, l: int) -> Explanation:
    factor = mean_of_outputs(n.loss, n.K)
    bracket = (lambda text: rf"{factor} ({text})") if factor else (lambda text: text)
    difference = bracket(f"{slot(f'a {l} j s')} - {wrapped('y 0 j s')}")
    numpy = f"a[{l}] - y" if not factor else f"(a[{l}] - y) / {n.K}"
    y = item("y", "y 0", n.K, n.m, "cols", ("j", "s"))
    return Explanation(
        [f"{sym('delta', l, 'j')} = {bracket(sym('a', l, 'j') + ' - y_{j}')}"],
        [line(f"{sym('delta', l, index('j'))} =", difference, f"= {slot(f'delta {l} j s')}")],
        [f"delta[{l}] = {numpy}"],
        [batch(n, "delta", l), f"= 1/{n.K} · (" if factor else "=", batch(n, "a", l), "−", y,
         *([")"] if factor else [])],
        [f"The error δ of an output says how fast this sample's loss grows with its z. For "
         f"{n.activations[l].name} with {n.loss.title} it is simply output minus target."],
    )


def output_error(n: Net, l: int) -> Explanation:
    f = n.activations[l]
    da_code = code(n.loss.grad_code, a=f"a[{l}]")
    da = rf"\frac{{\partial C_{{i}}}}{{\partial {sym('a', l, 'j')}}}"
    gradient = f"{da} = {grad_in_symbols(n.loss, l, n.K)}"
    da_line = line(f"{da} =", grad_in_numbers(n.loss, l, n.K), f"= {slot(f'da {l} j s')}")
    symbols, numbers, numpy, matrices = through_activation(n, l, da)
    return Explanation(
        [gradient, *symbols], [da_line, *numbers], [f"da[{l}] = {da_code}", numpy], matrices,
        [f"The error δ of an output: how fast this sample's loss grows with the output, and from "
         f"there through {f.name} with its z."],
    )


def hidden_error(n: Net, l: int) -> Explanation:
    up, f = l + 1, n.activations[l]
    arriving = rf"\sum_{{k}} {sym('W', up, 'k j')}\, {sym('delta', up, 'k')}"
    product = rf"{wrapped(f'W {up} k j')} \cdot {wrapped(f'delta {up} k s')}"
    sum_line = line(f"{sym('da', l, index('j'))} =", each("k", n.sizes[up], product),
                    f"= {slot(f'da {l} j s')}")
    symbols, numbers, numpy, _ = through_activation(n, l, sym("da", l, "j"))
    back = item(rf"{sym('W', up)}{{}}^{{\top}}", f"W {up}", n.sizes[l], n.sizes[up],
                mark=("j", ""), transpose=True)
    product_of = [batch(n, "delta", l), "= (", back, "·", batch(n, "delta", up, ""), ")"]
    return Explanation(
        [f"{sym('da', l, 'j')} = {arriving}", *symbols],
        [sum_line, *numbers],
        [f"da[{l}] = W[{up}].T @ delta[{up}]", numpy],
        [*product_of, *(["⊙", batch(n, "slope", l)] if f.elementwise else [f"through {f.name}"])],
        [f"The errors of {layer_name(n, up)} come back through the same weights, every path is "
         f"added, and the sum is multiplied by the slope of {f.name} at this z."],
    )


def through_activation(n: Net, l: int, da: str) -> tuple[list, list, str, list]:
    """How what arrives at a[l] becomes delta[l]: formulas, numbers, NumPy and matrices."""
    f, lhs = n.activations[l], f"{sym('delta', l, index('j'))} ="
    delta, result = sym("delta", l, "j"), f"= {slot(f'delta {l} j s')}"
    da_slot, a_slot = wrapped(f"da {l} j s"), slot(f"a {l} j s")
    if f.elementwise:
        slope = rf"\cdot {wrapped(f'slope {l} j s')}"
        numpy = f"delta[{l}] = da[{l}] * ({code(f.slope_code, z=f'z[{l}]', a=f'a[{l}]')})"
        return ([slope_in_symbols(f, l), rf"{delta} = {da} \cdot f'({sym('z', l, 'j')})"],
                [slope_in_numbers(f, l), line(lhs, slot(f"da {l} j s"), slope, result)],
                numpy, [batch(n, "delta", l), "=", batch(n, "da", l), "⊙", batch(n, "slope", l)])
    products = each("k", n.sizes[l], rf"{slot(f'a {l} k s')} \cdot {wrapped(f'da {l} k s')}")
    total = rf"\sum_{{k}} {sym('a', l, 'k')}\, {sym('da', l, 'k')}"
    return ([rf"{delta} = {sym('a', l, 'j')} \left({da} - {total}\right)"],
            [line(lhs, rf"{a_slot} \cdot ({da_slot} - (", products, "))", result)],
            f"delta[{l}] = a[{l}] * (da[{l}] - (a[{l}] * da[{l}]).sum(0))",
            [batch(n, "delta", l), f"= through {f.name}:",
             batch(n, "a", l), "and", batch(n, "da", l)])


def dW_step(n: Net, l: int) -> Explanation:
    product = rf"{wrapped(f'delta {l} j s')} \cdot {wrapped(f'a {l - 1} i s')}"
    back = item(rf"{sym('a', l - 1)}{{}}^{{\top}}", f"a {l - 1}", n.m, n.sizes[l - 1], "rows",
                ("s", "i"), transpose=True)
    return Explanation(
        [rf"{sym('dW', l, 'j i')} = \frac{{1}}{{m}} \sum_{{s}} {sym('delta', l, 'j s')}\, "
         rf"{sym('a', l - 1, 'i s')}"],
        [line(f"{sym('dW', l, index('j'), index('i'))} =", *mean(n.m, product),
              f"= {slot(f'dW {l} j i')}")],
        [f"dW[{l}] = delta[{l}] @ a[{l - 1}].T / m"],
        [weights(n, "dW", l), f"= 1/{n.m} ·", batch(n, "delta", l), "·", back],
        [f"The gradient of a weight is the error that it leads to times the activation that it "
         f"carries: the mean {samples_phrase(n)}."],
    )


def db_step(n: Net, l: int) -> Explanation:
    return Explanation(
        [rf"{sym('db', l, 'j')} = \frac{{1}}{{m}} \sum_{{s}} {sym('delta', l, 'j s')}"],
        [line(f"{sym('db', l, index('j'))} =", *mean(n.m, wrapped(f"delta {l} j s")),
              f"= {slot(f'db {l} j 0')}")],
        [f"db[{l}] = delta[{l}].mean(axis=1, keepdims=True)"],
        [biases(n, "db", l), "= mean over samples of", batch(n, "delta", l)],
        [f"The gradient of a bias is the mean of its unit's errors {samples_phrase(n)}."],
    )


def W_step(n: Net, l: int) -> Explanation:
    return update(n, Parameter("W", l, "j", "i"), weights)


def b_step(n: Net, l: int) -> Explanation:
    return update(n, Parameter("b", l, "j", "0"), biases)


def update(n: Net, p: Parameter, matrix: Matrix) -> Explanation:
    """The optimizer's formulas, or the old value again where it is frozen."""
    symbol, l = p.symbol, p.layer
    old, new = matrix(n, symbol, l), matrix(n, f"{symbol}_new", l)
    new = new | {"name": math(rf"\text{{new}}\;{sym(symbol, l)}")}
    if f"{symbol}{l}" in n.experiment.frozen:
        return frozen(p, [new, "=", old])
    steps = told(n.experiment, p)
    by = [new, "=", old, "− η ·", matrix(n, f"d{symbol}", l)]
    if len(steps) > 1:
        title = optimizer_of(n.experiment)[0].title
        by = [new, f"= {title} from", old, "and", matrix(n, f"d{symbol}", l)]
    return Explanation([step.symbols for step in steps], [step.numbers for step in steps],
                       [step.numpy for step in steps], by, update_words(n, p))


def frozen(p: Parameter, matrices: list[Any]) -> Explanation:
    name, now = (sym(p.symbol, p.layer, *at) for at in (p.letters, map(index, p.letters)))
    here = f"{p.symbol}[{p.layer}]"
    return Explanation(
        [rf"{name} \leftarrow {name}"],
        [line(rf"{now} \leftarrow", slot(f"{p.symbol} {p.place}"),
              f"= {slot(f'{p.symbol}_new {p.place}')}")],
        [f"{here} = {here}  # frozen"], matrices,
        [f"{here} is frozen: its gradient is known, and the update leaves it alone."])


def update_words(n: Net, p: Parameter) -> list[Any]:
    what = "weights" if p.symbol == "W" else "biases"
    optimizer = optimizer_of(n.experiment)[0]
    if optimizer.state:
        return [f"The {what} of {layer_name(n, p.layer)} change as {optimizer.title} says: what it "
                "remembers of earlier gradients has a part in the step."]
    return [f"The {what} of {layer_name(n, p.layer)} take one step against their gradient: η = ",
            {"ref": "eta 0 0 0"}, " times the gradient is subtracted. Where the gradient is "
            "positive, the value falls."]


EXPLAIN = {"z": z_step, "a": a_step, "C": C_step, "delta": delta_step, "dW": dW_step,
           "db": db_step, "W": W_step, "b": b_step}

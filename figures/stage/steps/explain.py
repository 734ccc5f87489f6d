"""What each step says: its formula in symbols and with numbers, its matrices, its line of NumPy,
and a sentence. One function a symbol; each reads like the formula that it explains.
"""

from collections.abc import Callable
from typing import Any

from engine.training.descent import optimizer_of
from figures.stage.steps.backward import db_step, delta_step, dW_step
from figures.stage.steps.explained_net import Explanation, Net, biases, layer_name, weights
from figures.stage.steps.formulas import index, line, math, slot, sym
from figures.stage.steps.forward import C_step, a_step, z_step
from figures.stage.steps.normalised import du_step, n_step, u_step
from figures.stage.steps.update import Parameter, told

Matrix = Callable[[Net, str, int], dict[str, Any]]


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


EXPLAIN = {"u": u_step, "n": n_step, "z": z_step, "a": a_step, "C": C_step, "delta": delta_step,
           "du": du_step, "dW": dW_step, "db": db_step, "W": W_step, "b": b_step}

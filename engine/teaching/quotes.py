"""Numbers by their names, as a text quotes them: they are looked up in a run, never typed in.

    z[1][2]   a[0][1]   delta[2][1]   slope[1][2]   da[1][1]     a unit's, for the moment's sample
    W[2][1,3]   dW[2][1,3]   b[2][1]   db[2][1]                  to unit 1 from unit 3; of unit 1
    x[1]   y[1]   loss   losses[2]   C   eta   m   samples       m samples are a batch
    N   L                                                        parameters, layers
    C @ 10                                                       the same at iteration 10
    2 * z[1][1] - 1   abs(z[1][1])   norm(dW[1])   rms(delta[1])   delta[1][1,4]  (of sample 4)
    abs(delta[1][1]) < abs(delta[2][1])                          true or false: a claim

Layers are numbered as in the formulas; units and samples are counted from 1.
"""

import ast
import operator
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from engine.data.tables import shown
from engine.experiment.state import ALL, State
from engine.nn.arrays import Array
from engine.nn.backprop import slope
from engine.nn.network import parameter_count
from engine.nn.workspace import output_of_f
from engine.training.descent import rates
from engine.training.run import Run

OPERATORS: dict[type, Callable] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.USub: operator.neg,
    ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,
    ast.Eq: operator.eq, ast.NotEq: operator.ne,
}
FUNCTIONS: dict[str, Callable] = {
    "abs": abs, "round": round, "norm": lambda v: np.sqrt(np.square(v).sum()),
    "rms": lambda v: np.sqrt(np.square(v).mean()), "min": np.min, "max": np.max,
    "sum": np.sum, "mean": np.mean,
}


class Moment(NamedTuple):
    """Where a number is looked up; a sample may be ALL."""

    run: Run
    iteration: int
    sample: int


class Rows(NamedTuple):
    """A matrix whose rows belong to units; the columns of a batch are samples."""

    matrix: Array
    batch: bool


def value(text: str, run: Run, state: State) -> float | bool:
    """The number, or the truth of the claim. ValueError: a sentence that says what is wrong."""
    at = Moment(run, state.cursor.iteration, state.cursor.sample)
    try:
        found = evaluated(ast.parse(text.strip(), mode="eval").body, at)
        return found if isinstance(found, bool | np.bool_) else float(plain(found))
    except (SyntaxError, TypeError, LookupError, ValueError, ArithmeticError, RecursionError,
            MemoryError) as problem:
        raise ValueError(f"{shown(text)} is no number of this network") from problem


def evaluated(node: ast.expr, at: Moment) -> Any:
    if type(node) not in READ:
        raise SyntaxError
    return READ[type(node)](node, at)


def constant(node: ast.Constant, at: Moment) -> float:
    if type(node.value) not in (int, float):
        raise TypeError
    return node.value


def named(node: ast.Name, at: Moment) -> Any:
    return NAMES[node.id](at)


def subscript(node: ast.Subscript, at: Moment) -> Any:
    """A layer of a quantity; then a row of its matrix, in the moment's column or in another one."""
    whole = evaluated(node.value, at)
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    where = [operator.index(evaluated(part, at)) for part in parts]
    if isinstance(whole, dict):
        (layer,) = where
        return whole[layer]
    if not isinstance(whole, Rows) or min(where) < 1:
        raise IndexError
    return whole.matrix[where[0] - 1, column(whole, where[1:], at)]


def column(whole: Rows, given: list[int], at: Moment) -> int:
    if given:
        (k,) = given
        return k - 1
    if whole.batch and at.sample != ALL:
        return at.sample
    if whole.matrix.shape[1] != 1:
        raise IndexError
    return 0


def binary(node: ast.BinOp, at: Moment) -> Any:
    """left @ t is what stands left, at iteration t."""
    right = plain(evaluated(node.right, at))
    if isinstance(node.op, ast.MatMult):
        last = len(at.run.costs) - 1
        if not 0 <= operator.index(right) <= last:
            raise IndexError
        return evaluated(node.left, at._replace(iteration=right))
    return OPERATORS[type(node.op)](plain(evaluated(node.left, at)), right)


def unary(node: ast.UnaryOp, at: Moment) -> Any:
    return OPERATORS[type(node.op)](plain(evaluated(node.operand, at)))


def comparison(node: ast.Compare, at: Moment) -> bool:
    values = [plain(evaluated(part, at)) for part in (node.left, *node.comparators)]
    return all(OPERATORS[type(op)](left, right)
               for op, left, right in zip(node.ops, values, values[1:], strict=False))


def both(node: ast.BoolOp, at: Moment) -> bool:
    join = all if isinstance(node.op, ast.And) else any
    return join(bool(plain(evaluated(part, at))) for part in node.values)


def call(node: ast.Call, at: Moment) -> Any:
    if node.keywords or not isinstance(node.func, ast.Name):
        raise SyntaxError
    return FUNCTIONS[node.func.id](*(plain(evaluated(part, at)) for part in node.args))


def plain(found: Any) -> Any:
    """A number or a matrix to compute with; a quantity of all layers is none."""
    if isinstance(found, dict):
        raise TypeError
    return found.matrix if isinstance(found, Rows) else found


READ: dict[type, Callable[[Any, Moment], Any]] = {
    ast.Constant: constant, ast.Name: named, ast.Subscript: subscript, ast.BinOp: binary,
    ast.UnaryOp: unary, ast.Compare: comparison, ast.BoolOp: both, ast.Call: call,
}


def of_trace(symbol: str) -> Callable[[Moment], dict[int, Rows]]:
    """A quantity that each sample has."""
    return lambda at: {l: Rows(v, True)
                       for l, v in getattr(at.run.trace(at.iteration), symbol).items()}


def of_gradient(symbol: str) -> Callable[[Moment], dict[int, Rows]]:
    return lambda at: {l: Rows(v, False)
                       for l, v in getattr(at.run.trace(at.iteration), symbol).items()}


def of_network(symbol: str) -> Callable[[Moment], dict[int, Rows]]:
    """The parameters before the update of an iteration."""
    return lambda at: {l: Rows(v, False)
                       for l, v in getattr(at.run.network(at.iteration), symbol).items()}


def slopes(at: Moment) -> dict[int, Rows]:
    """f'(z) of the layers whose activation is elementwise."""
    net, now = at.run.network(at.iteration), at.run.trace(at.iteration)
    return {l: Rows(slope(f, now.z[l], output_of_f(now, l)), True)
            for l, f in net.activations.items() if f.elementwise}


def loss(at: Moment) -> float:
    losses = at.run.trace(at.iteration).losses
    if at.sample == ALL:
        raise IndexError
    return losses[at.sample]


NAMES: dict[str, Callable[[Moment], Any]] = {
    "z": of_trace("z"), "a": of_trace("a"), "da": of_trace("da"), "delta": of_trace("delta"),
    "slope": slopes, "dW": of_gradient("dW"), "db": of_gradient("db"),
    "W": of_network("W"), "b": of_network("b"),
    "x": lambda at: Rows(at.run.trace(at.iteration).a[0], True),
    "y": lambda at: Rows(at.run.trace(at.iteration).y, True),
    "loss": loss,
    "losses": lambda at: Rows(at.run.trace(at.iteration).losses[:, None], False),
    "C": lambda at: at.run.trace(at.iteration).C,
    "m": lambda at: at.run.experiment.batch_size(at.iteration),
    "samples": lambda at: at.run.experiment.samples,
    "N": lambda at: parameter_count(at.run.experiment.sizes),
    "L": lambda at: at.run.experiment.L,
    "eta": lambda at: rates(at.run.experiment, at.iteration, at.iteration + 1)[0],
}

"""The update as the stage tells it: the optimizer's own formulas, with one parameter's numbers.

The numbers have a place each among those of an iteration (figures/stage/payload.py):

    W 1 j i          the parameter before the update         W_new 1 j i    after it
    v_W_old 1 j i    what the optimizer remembered           u2_W 1 j i     what line 2 gives
    eta, t, norm     the learning rate, the number of the update, the length of the gradient
"""

import re
from typing import NamedTuple

from engine.experiment.experiment import Experiment
from engine.nn.optimizers import Line
from engine.training.descent import optimizer_of
from engine.training.updates import penalty_lines, update_lines
from figures.stage.steps.formulas import Piece, index, line, put, slot, sym, with_numbers, wrapped
from figures.style import number

HATS = {"mhat": "m̂", "vhat": "v̂"}
REMEMBERED = ("m", "v", "s", *HATS)
NORM = r"\Vert g \Vert"


class Told(NamedTuple):
    """One line of the update: in symbols, with numbers, in NumPy; its name, and where it is."""

    symbols: str
    numbers: list[Piece]
    numpy: str
    name: str
    ref: str


class Parameter(NamedTuple):
    """The symbol W or b, its layer (or the letter l), and its row and column as variables."""

    symbol: str
    layer: int | str
    row: str
    column: str

    @property
    def place(self) -> str:
        return f"{self.layer} {self.row} {self.column}"

    @property
    def letters(self) -> list[str]:
        return [letter for letter in (self.row, self.column) if letter != "0"]

    def letter(self, what: str) -> str:
        """What a symbol of the optimizer's formulas is called here: p is W or b, g is dW or db."""
        return {"p": self.symbol, "g": f"d{self.symbol}"}.get(what, what)


def numbered_lines(e: Experiment, symbol: str) -> list[tuple[int, Line]]:
    """The formulas of a weight or a bias with their numbers; a bias has no penalty."""
    spared = len(penalty_lines(e)) if symbol == "b" else 0
    return list(enumerate(update_lines(e)))[spared:]


def told(e: Experiment, p: Parameter) -> list[Told]:
    """Every line of the update of one parameter, in order."""
    refs = {"p": f"{p.symbol} {p.place}", "g": f"d{p.symbol} {p.place}"}
    refs |= {name: f"{name}_{p.symbol}_old {p.place}" for name in optimizer_of(e)[0].state}
    wanted, found = numbered_lines(e, p.symbol), []
    for k, entry in wanted:
        result = result_ref(k, entry, p, last=k == wanted[-1][0])
        found.append(tell(e, entry, p, refs, result))
        refs = refs | {entry.symbol: result}
    return found


def result_ref(k: int, entry: Line, p: Parameter, last: bool) -> str:
    if entry.symbol == "norm":
        return "norm 0 0 0"
    return f"{p.symbol}_new {p.place}" if last else f"u{k}_{p.symbol} {p.place}"


def tell(e: Experiment, entry: Line, p: Parameter, refs: dict[str, str], result: str) -> Told:
    arrow = r"\leftarrow" if entry.symbol in refs else "="
    names = {what: called(what, p, *p.letters) for what in ("p", "g", *REMEMBERED)}
    slots = {what: wrapped(ref) for what, ref in refs.items()}
    lhs = called(entry.symbol, p, *map(index, p.letters))
    return Told(
        f"{called(entry.symbol, p, *p.letters)} {arrow} "
        + put(entry.latex, norm=NORM, clip="c", **names),
        line(f"{lhs} {arrow}",
             with_numbers(with_settings(e, entry.latex), clip=number(e.clip), **slots),
             f"= {slot(result)}"),
        in_numpy(entry, p),
        HATS.get(entry.symbol, p.letter(entry.symbol)),
        result,
    )


def called(what: str, p: Parameter, *indices: str) -> str:
    """A symbol of the optimizer's formulas in LaTeX, for this parameter."""
    if what == "norm":
        return NORM
    letter = rf"\hat{{{what[0]}}}" if what in HATS else p.letter(what)
    return sym(letter, p.layer, *indices)


def with_settings(e: Experiment, latex: str) -> str:
    """A formula with the optimizer's settings, the penalties, η and t as numbers."""
    optimizer, settings = optimizer_of(e)
    values = {s.symbol: number(v) for s, v in zip(optimizer.settings, settings, strict=True)}
    values |= {r"\lambda_{2}": number(e.l2), r"\lambda_{1}": number(e.l1)}
    values |= {r"\eta": slot("eta 0 0 0"), "^{t}": f"^{{{slot('t 0 0 0')}}}"}
    for symbol, value in values.items():
        latex = latex.replace(symbol, value)
    return latex


def in_numpy(entry: Line, p: Parameter) -> str:
    """v_W[1] = mu * v_W[1] + dW[1]"""
    arrays = {what: f"{what}_{p.symbol}[{p.layer}]" for what in REMEMBERED}
    arrays |= {what: f"{p.letter(what)}[{p.layer}]" for what in ("p", "g")}
    code = re.sub(r"(?<![\w.])\w+", lambda word: arrays.get(word[0], word[0]), entry.code)
    return f"{arrays.get(entry.symbol, entry.symbol)} = {code}"

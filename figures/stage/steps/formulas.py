"""The formulas of a training step, as LaTeX and as the MathML that the stage shows.

Layers are superscripts in brackets, as the code writes them: z[1] is z^{[1]}. A number in a formula
is a slot that the player fills: `slot("W 1 j i")` is the weight in layer 1 from unit i to unit j.

    pieces   one line of a formula with its numbers: a list of MathML strings and of repetitions
             {each: variable, count, join, math}
"""

import re
from functools import lru_cache
from typing import Any

from latex2mathml.converter import convert

from engine.nn.activations import Activation
from engine.nn.losses import Loss

Piece = str | dict[str, Any]
SLOT = re.compile(r"<mtext>⟦(\(?)([^⟧]*)⟧</mtext>")  # data-wrap is "(" or empty
INDEX = re.compile(r"<mtext>⟨(\w+)⟩</mtext>")
KEPT = 10_000  # formulas in MathML, about 12 MB; a network of 100 layers has some 6000
LETTERS = {
    "delta": r"\delta", "da": r"\mathrm{d}a", "dW": r"\mathrm{d}W", "db": r"\mathrm{d}b",
    "du": r"\mathrm{d}u", "mean": r"\mu", "sigma": r"\sigma",
    "mean_delta": r"\overline{\delta}", "mean_delta_n": r"\overline{\delta n}",
}


@lru_cache(maxsize=KEPT)
def math(latex: str) -> str:
    """MathML of a formula, its slots made elements that the player can fill."""
    text = convert(latex).replace("&#x000A0;", " ")
    text = text.replace("<mrow /><mo>", '<mo form="infix">')  # {} + x: with room around the sign
    text = SLOT.sub(r'<mn data-ref="\2" data-wrap="\1"></mn>', text)
    return INDEX.sub(r'<mn data-index="\1"></mn>', text)


def slot(ref: str) -> str:
    """The place of a number."""
    return rf"\text{{⟦{ref}⟧}}"


def wrapped(ref: str) -> str:
    """The place of a number that has parentheses around it when it is negative."""
    return slot("(" + ref)


def index(variable: str) -> str:
    """The place of an index, counted from 1."""
    return rf"\text{{⟨{variable}⟩}}"


def sym(symbol: str, layer: int | str, *indices: str) -> str:
    """z^{[1]}_{j}: a quantity of a layer, with its indices."""
    subscript = f"_{{{' '.join(indices)}}}" if indices else ""
    return f"{LETTERS.get(symbol, symbol)}^{{[{layer}]}}{subscript}"


def put(template: str, **values: str) -> str:
    r"""A formula of the engine's tables with \z, \a and \y replaced."""
    for name, value in values.items():
        template = re.sub(rf"\\{name}(?![a-zA-Z])", lambda m, v=value: v, template)
    return template


def with_numbers(template: str, **values: str) -> str:
    r"""The same with slots in their places: what stands side by side gets a sign between."""
    return put(template.replace(r"\,", r" \cdot "), **values)


def each(variable: str, count: int, latex: str, join: str = "+") -> Piece:
    return {"each": variable, "count": count, "join": join, "math": math(latex)}


def line(*parts: str | Piece) -> list[Piece]:
    """Pieces from LaTeX strings and repetitions."""
    return [math(part) if isinstance(part, str) else part for part in parts]


def mean_of_outputs(loss: Loss, K: int) -> str:
    """The factor 1/K of a loss that averages over the outputs; nothing where K is 1."""
    return rf"\tfrac{{1}}{{{K}}}" if loss.mean and K > 1 else ""


def activation_in_symbols(f: Activation, l: int | str, out: str = "a") -> str:
    """`out` is the symbol of what f gives."""
    z, a = sym("z", l, "j"), sym(out, l, "j")
    body = put(f.formula, z=z, a=a).replace("z_{k}", sym("z", l, "k"))
    return f"{a} = {body}"


def activation_in_numbers(f: Activation, l: int, width: int, out: str = "a") -> list[Piece]:
    lhs, result = f"{sym(out, l, index('j'))} =", f"= {slot(f'{out} {l} j s')}"
    if f.elementwise:
        return line(lhs, with_numbers(f.formula, z=wrapped(f"z {l} j s")), result)
    top, bottom = (f"e^{{{slot(f'z {l} {v} s')}}}" for v in "jk")
    return line(lhs, rf"{top} \;/\; (", each("k", width, bottom), ")", result)


def slope_in_symbols(f: Activation, l: int | str, out: str = "a") -> str:
    return f"f'({sym('z', l, 'j')}) = {put(f.slope, z=sym('z', l, 'j'), a=sym(out, l, 'j'))}"


def slope_in_numbers(f: Activation, l: int, out: str = "a") -> list[Piece]:
    body = with_numbers(f.slope, z=wrapped(f"z {l} j s"), a=wrapped(f"{out} {l} j s"))
    return line(f"f'({slot(f'z {l} j s')}) =", body, f"= {slot(f'slope {l} j s')}")


def loss_in_symbols(loss: Loss, L: int | str, K: int) -> list[str]:
    """The loss of one sample, and the cost: the mean over the samples."""
    total = r"\sum_{k}" if K > 1 else ""
    term = put(loss.term, a=sym("a", L, "k"), y="y_{k}")
    return [rf"C_{{i}} = {mean_of_outputs(loss, K)} {total} {term}",
            r"C = \tfrac{1}{m} \sum_{i} C_{i}"]


def loss_in_numbers(loss: Loss, L: int, K: int, m: int) -> list[list[Piece]]:
    term = with_numbers(loss.term, a=wrapped(f"a {L} k s"), y=wrapped("y 0 k s"))
    if K > 1 and term.startswith("-"):
        term = rf"\left({term}\right)"
    factor = mean_of_outputs(loss, K)
    body = [rf"{factor} (", each("k", K, term), ")"] if factor else [each("k", K, term)]
    return [
        line(f"C_{{{index('s')}}} =", *body, f"= {slot('losses 0 0 s')}"),
        line("C =", *mean(m, wrapped("losses 0 0 s")), f"= {slot('C 0 0 0')}"),
    ]


def mean(m: int, term: str) -> list[str | Piece]:
    """A mean over the samples, written out."""
    return [rf"\tfrac{{1}}{{{m}}} (", each("s", m, term), ")"]


def grad_in_numbers(loss: Loss, L: int, K: int) -> str:
    term = with_numbers(loss.grad_term, a=wrapped(f"a {L} j s"), y=wrapped("y 0 j s"))
    return rf"{mean_of_outputs(loss, K)} \left({term}\right)"


def grad_in_symbols(loss: Loss, L: int, K: int) -> str:
    term = put(loss.grad_term, a=sym("a", L, "j"), y="y_{j}")
    return rf"{mean_of_outputs(loss, K)} \left({term}\right)"

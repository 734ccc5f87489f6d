"""A whole phase in a few lines: its formulas and its NumPy for any layer l, and a sentence.

What is special to normalised layers and to those with a skip has lines of its own; where a network
has none, nothing of it is said.
"""

from typing import NamedTuple

from figures.stage.steps.explained_net import Net
from figures.stage.steps.formulas import sym
from figures.stage.steps.normalised import EPS_CODE, along
from figures.stage.steps.update import Parameter, told
from figures.style import number

Lines = tuple[list[str], list[str]]  # formulas, and NumPy


class Phase(NamedTuple):
    """`symbol` is what the phase ends with."""

    formula: list[str]
    numpy: list[str]
    sentence: str
    symbol: str


def phase_told(n: Net, phase: str) -> Phase:
    """Forward, backward or update; the cost has no layers."""
    return {"forward": forward, "backward": backward, "update": update}[phase](n)


def forward(n: Net) -> Phase:
    return Phase(*joined(sums(n), activations(n)),
                 "Forward: layer after layer, weighted sums and activations, from inputs to "
                 f"outputs.{special(n)}", "a")


def backward(n: Net) -> Phase:
    return Phase(*joined(errors(n), errors_of_sums(n), gradients(n)),
                 "Backward: layer after layer, errors come back through the old weights, from the "
                 "outputs to the first layer; each layer's gradients follow from its error."
                 f"{special(n)}", "dW")


def joined(*parts: Lines) -> Lines:
    return [line for formula, _ in parts for line in formula], [
        line for _, numpy in parts for line in numpy]


def sums(n: Net) -> Lines:
    product = f"{sym('W', 'l')} {sym('a', 'l-1')}"
    if not n.normalised:
        return [f"{sym('z', 'l')} = {product} + {sym('b', 'l')}"], ["z[l] = W[l] @ a[l-1] + b[l]"]
    u, mu, sigma = (sym(symbol, "l") for symbol in ("u", "mean", "sigma"))
    return [f"{u} = {product}", rf"{sym('n', 'l')} = \frac{{{u} - {mu}}}{{{sigma}}}",
            f"{sym('z', 'l')} = {sym('n', 'l')} + {sym('b', 'l')}"], [
        "u[l] = W[l] @ a[l-1]", f"mean[l] = u[l].mean({along(n)})",
        f"sigma[l] = np.sqrt(u[l].var({along(n)}) + {EPS_CODE})",
        "n[l] = (u[l] - mean[l]) / sigma[l]", "z[l] = n[l] + b[l]"]


def activations(n: Net) -> Lines:
    f, a, of_z = sym("f", "l"), sym("a", "l"), f"f({sym('z', 'l')})"
    if not n.skips:
        return [f"{a} = {of_z}"], ["a[l] = f(z[l])"]
    return [f"{f} = {of_z}", rf"{a} = {sym('a', 'l-1')} + r\, {f}"], [
        "f[l] = f(z[l])", f"a[l] = a[l-1] + {n.r!r} * f[l]"]


def errors(n: Net) -> Lines:
    error, delta = error_symbol(n), sym("delta", "l")
    comes = rf"{sym('W', 'l+1')}{{}}^{{\top}} {sym(error, 'l+1')}"
    slope = rf"\odot f'({sym('z', 'l')})"
    if not n.skips:
        return [rf"{delta} = ({comes}) {slope}"], [
            f"delta[l] = (W[l+1].T @ {error}[l+1]) * slope(z[l])"]
    return [f"{sym('da', 'l')} = {comes} + {sym('da', 'l+1')}",
            rf"{delta} = r\, {sym('da', 'l')} {slope}"], [
        f"da[l] = W[l+1].T @ {error}[l+1] + da[l+1]", f"delta[l] = {n.r!r} * da[l] * slope(z[l])"]


def error_symbol(n: Net) -> str:
    return "du" if n.normalised else "delta"


def errors_of_sums(n: Net) -> Lines:
    if not n.normalised:
        return [], []
    first, second, sigma = (sym(s, "l") for s in ("mean_delta", "mean_delta_n", "sigma"))
    rest = rf"{sym('delta', 'l')} - {first} - {sym('n', 'l')} \odot {second}"
    return [rf"{sym('du', 'l')} = \frac{{{rest}}}{{{sigma}}}"], [
        f"part = (delta[l] * n[l]).mean({along(n)})",
        f"du[l] = (delta[l] - delta[l].mean({along(n)}) - n[l] * part) / sigma[l]"]


def gradients(n: Net) -> Lines:
    error, below = error_symbol(n), rf"{sym('a', 'l-1')}{{}}^{{\top}}"
    return [rf"{sym('dW', 'l')} = \frac{{1}}{{m}} {sym(error, 'l')} {below}",
            rf"{sym('db', 'l')} = \frac{{1}}{{m}} \sum_{{s}} {sym('delta', 'l', 's')}"], [
        f"dW[l] = {error}[l] @ a[l-1].T / m", "db[l] = delta[l].mean(axis=1, keepdims=True)"]


def special(n: Net) -> str:
    """Which layers the formulas of normalised layers, and of those with a skip, are true of."""
    found = []
    if n.normalised:
        found.append(f"The hidden layers are normalised, {n.norm.over}; the output layer is not.")
    if n.skips:
        layers = "layer" if len(n.skips) == 1 else "layers"
        found.append(f"A path goes around {layers} {spans(n.skips)}, to which r = {number(n.r)} "
                     "times f is added.")
    return "".join(f" {sentence}" for sentence in found)


def spans(layers: list[int]) -> str:
    """2, 4 to 7"""
    first = [l for l in layers if l - 1 not in layers]
    last = [l for l in layers if l + 1 not in layers]
    return ", ".join(f"{a} to {b}" if a < b else str(a) for a, b in zip(first, last, strict=True))


def update(n: Net) -> Phase:
    """The optimizer's formulas."""
    lines = [line for p in (Parameter("W", "l", "j", "i"), Parameter("b", "l", "j", "0"))
             for line in told(n.experiment, p)]
    return Phase([line.symbols for line in lines], [line.numpy for line in lines],
                 "Update: every weight and bias takes its step, all at once, after the whole "
                 "backward pass.", "W")

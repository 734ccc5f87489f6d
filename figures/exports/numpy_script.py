"""One training step as a script in plain NumPy, and as parts that a notebook can be made of.

The lines are those that the stage shows (figures/stage/steps/explain.py); around them stand the
samples of the iteration, the parameters before its update, what the optimizer remembered, and the
settings, each number written out exactly. Names of inputs and outputs are somebody's words: they
are written as Python's own literals, and nowhere else.
"""

from collections.abc import Iterator
from textwrap import fill
from typing import Any, NamedTuple

from engine.experiment.experiment import Experiment
from engine.experiment.layers import parameter_names
from engine.nn.activation_functions import NEAR
from engine.nn.arrays import Array
from engine.nn.network import Network, views
from engine.nn.steps import Step
from engine.training.descent import optimizer_of, rates
from engine.training.run import Run
from engine.training.updates import NORM, update
from figures.exports.literals import WIDTH, assigned, bracketed, by_layer
from figures.stage.numbers import trace_values
from figures.stage.payload import layers
from figures.stage.steps.explain import EXPLAIN
from figures.stage.steps.explained_net import Net, code, net
from figures.stage.steps.scenes import TITLES, title
from figures.stage.steps.update import HATS
from figures.style import number
from figures.window import everything

SHAPES = ("Columns are samples. W[l], b[l], z[l], a[l] and delta[l] belong to layer l; a[0] is the "
          "input x.")


class Part(NamedTuple):
    """One step: what is said, its LaTeX, its lines of NumPy, and what they give: name and value."""

    title: str
    sentence: str
    formula: list[str]
    code: list[str]
    result: str
    value: Array


def numpy_script(run: Run, t: int) -> str:
    """Iteration t of a run of one seed: its forward pass, cost, gradients and update."""
    told = parts(run, t)
    about = f"One training step in plain NumPy: {heading(run, t)}.\n\n{described(run)}\n{SHAPES}"
    return "\n\n".join([
        f'"""{about}\n"""', "\n".join(imports(told)), *given(run, t), empty(run.experiment),
        *map(commented, told), 'print("C =", float(C))\n'])


KEEP = "gradients = dict(dW), dict(db)  # the update adds penalties to them, or makes them shorter"
GIVE_BACK = "dW, db = gradients  # those of C"


def empty(e: Experiment) -> str:
    """The dictionaries that the lines fill."""
    n, lines = net(e, 1), ["z, a, da, delta, dW, db = {}, {0: x}, {}, {}, {}, {}"]
    lines += ["u, mean, sigma, n, du = {}, {}, {}, {}, {}"] if n.normalised else []
    return "\n".join([*lines, *(["f = {}"] if n.skips else [])])


def heading(run: Run, t: int) -> str:
    return f"iteration {t} of {run.last}"


def described(run: Run) -> str:
    """The network in a line; no word of it comes from the data."""
    e = run.experiment
    n = net(e, 1)
    hidden = [f"{n.norm.title} normalisation"] if n.normalised else []
    hidden += [f"residual connections times {number(n.r)}"] if n.skips else []
    return "; ".join([f"{'-'.join(map(str, e.sizes))} units", ", ".join(e.activations), *hidden,
                      n.loss.title, optimizer_of(e)[0].title]) + "."


def imports(told: list[Part]) -> list[str]:
    """NumPy, and the complementary error function if a line needs it."""
    if not any("erfc(" in line for part in told for line in part.code):
        return ["import numpy as np"]
    return ["import math", "", "import numpy as np", "",
            "erfc = np.vectorize(math.erfc, otypes=[float])"]


def commented(part: Part) -> str:
    words = fill(f"{part.title}. {part.sentence}", WIDTH, initial_indent="# ",
                 subsequent_indent="# ", break_on_hyphens=False)
    return "\n".join([words, *part.code])


# The steps, told in order
def parts(run: Run, t: int) -> list[Part]:
    """The steps of iteration t. Where gradients are clipped, the update begins with their norm."""
    n = net(run.experiment, run.experiment.batch_size(t))
    results = run.trace(t)._asdict() | run.network(t + 1)._asdict()
    numbers = trace_values(run, t, slice(1), everything(run.experiment))
    found = [part(n, step, results, numbers) for step in run.experiment.steps]
    e, learned = run.experiment, learning(run.experiment)
    found = with_norm(run, t, found, learned) if e.clip and learned else found
    return gradients_kept(found) if e.clip or e.l1 or e.l2 else found


def part(n: Net, step: Step, results: dict[str, Any], numbers: dict[str, Any]) -> Part:
    told = EXPLAIN[step.symbol](n, step.layer)
    value = results[step.symbol]
    return Part(title(n, [step], "formula"), said(told.sentence, numbers), told.formula,
                exact(n, step, told.numpy, results),
                "C" if step.symbol == "C" else f"{step.symbol}[{step.layer}]",
                value[step.layer] if isinstance(value, dict) else value)


def exact(n: Net, step: Step, lines: list[str], results: dict[str, Any]) -> list[str]:
    """Those of an error where some a is so near 1 that the lines of the stage lose its digits."""
    l = step.layer
    out = f"{n.of_f(l)}[{l}]"
    if step.symbol != "delta" or not (results[n.of_f(l)][l] > NEAR).any():
        return lines
    if l == n.L and n.canonical:
        error = code(n.loss.error_code, a=out, z=f"z[{l}]")
        return [f"delta[{l}] = ({error})" + (f" / {n.K}" if n.loss.mean and n.K > 1 else "")]
    if n.activations[l].elementwise:
        return lines
    return [*lines[:-1], f"arrives = da[{l}] - np.where({out} > {NEAR}, da[{l}], 0).sum(0)",
            lines[-1].replace(f"da[{l}]", "arrives")]


def said(sentence: list[Any], numbers: dict[str, Any]) -> str:
    """The sentence with its numbers put in."""
    return "".join(piece if isinstance(piece, str) else number_at(numbers, piece["ref"])
                   for piece in sentence)


def number_at(numbers: dict[str, Any], ref: str) -> str:
    symbol, layer, row, column = ref.split()
    found = numbers[symbol]
    value = (found[layer] if isinstance(found, dict) else found)[int(row)][int(column)]
    return value if isinstance(value, str) else number(value)


def learning(e: Experiment) -> list[str]:
    """W[1], b[1], ...: the parameters that are not frozen."""
    return [f"{name[0]}[{name[1:]}]" for name in parameter_names(e.L) if name not in e.frozen]


def with_norm(run: Run, t: int, found: list[Part], learned: list[str]) -> list[Part]:
    """The norm is that of all gradients, so what comes before it is done for all of them first."""
    first = len(found) - 2 * run.experiment.L
    halves = [around_norm(part.code) for part in found[first:]]
    gradients = ", ".join(f"d{name}" for name in learned)
    norm = Part(
        f"{TITLES['update']} · the length of the gradient",
        "All gradients together are one long arrow; the update makes it shorter where it is longer "
        f"than {number(run.experiment.clip)}.",
        [r"\Vert g \Vert = " + NORM.latex],
        [*(line for before, _ in halves for line in before),
         f"g = np.concatenate([{gradients}], axis=None)", f"norm = {NORM.code}"],
        "norm", update(run, t).after["norm"])
    return [*found[:first], norm,
            *(p._replace(code=after) for p, (_, after) in zip(found[first:], halves, strict=True))]


def gradients_kept(found: list[Part]) -> list[Part]:
    """Penalties and clipping change dW and db, which are the gradient of C again at the end."""
    last = next(k for k, part in enumerate(found) if part.result == "db[1]")
    found[last] = found[last]._replace(code=[*found[last].code, KEEP])
    found[-1] = found[-1]._replace(code=[*found[-1].code, GIVE_BACK])
    return found


def around_norm(lines: list[str]) -> tuple[list[str], list[str]]:
    """The lines before that of the norm, and those after it; all are after it if there is none."""
    at = next((k for k, line in enumerate(lines) if line.startswith("norm =")), -1)
    return lines[: max(at, 0)], lines[at + 1 :]


# What the lines start from
def given(run: Run, t: int) -> list[str]:
    """What a script in NumPy starts from, as paragraphs."""
    samples, parameters, needed = known(run, t, "np")
    formed = {line.symbol for line in optimizer_of(run.experiment)[0].lines}
    return [samples, parameters + "\nW_old, b_old = dict(W), dict(b)",
            "\n".join([needed, *(f"{name}_W, {name}_b = {{}}, {{}}"
                                   for name in HATS if name in formed)])]


def known(run: Run, t: int, library: str) -> list[str]:
    """The samples and names of iteration t, parameters, settings and memory, as paragraphs."""
    (x, y), now, shown = run.samples(t), run.network(t), layers(run.experiment)
    names = [f"{what} = {bracketed(map(repr, shown[l]['units']), len(what) + 4)}"
             for what, l in (("inputs", 0), ("outputs", -1))]
    return [
        "\n".join(["# The samples of this iteration, and what their rows are.", *names,
                   assigned("x", x, library), assigned("y", y, library), "m = x.shape[1]"]),
        "\n".join(["# The parameters before the update.",
                   by_layer("W", now.W, library), by_layer("b", now.b, library)]),
        "\n".join(["# What the update needs to know.", *settings(run.experiment, t),
                   *memory(run, t, now, library)]),
    ]


def settings(e: Experiment, t: int) -> Iterator[str]:
    optimizer, values = optimizer_of(e)
    yield f"eta = {rates(e, t, t + 1)[0]!r}  # the learning rate of this iteration"
    yield f"t = {t + 1 - e.renewed}  # updates are counted from 1"
    for setting, value in zip(optimizer.settings, values, strict=True):
        yield f"{setting.name} = {value!r}"
    for name in ("l1", "l2", "clip"):
        if value := getattr(e, name):
            yield f"{name} = {value!r}"


def memory(run: Run, t: int, now: Network, library: str) -> Iterator[str]:
    """What the optimizer remembers of earlier gradients."""
    optimizer = optimizer_of(run.experiment)[0]
    for name, block in zip(optimizer.state, run.block(t)[1:], strict=True):
        for symbol, values in zip("Wb", views(now.sizes, block), strict=True):
            zeros = f"{{l: {library}.zeros_like({symbol}[l]) for l in {symbol}}}"
            yield (by_layer(f"{name}_{symbol}", values, library) if block.any()
                   else f"{name}_{symbol} = {zeros}")

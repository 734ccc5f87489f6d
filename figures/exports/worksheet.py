"""Worksheets to be printed: some pages for each student, and the answer keys on pages of their own.

One HTML file that needs no server and no script, and asks for nothing. Every number of it comes
from engine/teaching/homework.py: the given ones exactly, the others with four significant digits,
as on the stage. What is blank is decided by the fade levels of engine/teaching/marking.py.
"""

from collections.abc import Iterable
from html import escape

import numpy as np

from engine.data.tables import numeral
from engine.experiment.experiment import Experiment
from engine.nn.arrays import Array
from engine.nn.steps import Step
from engine.teaching.homework import Homework, homework
from engine.teaching.marking import blanks
from figures.exports.diagram import diagram
from figures.exports.walk import font_face
from figures.stage.payload import layers
from figures.stage.steps.explain import EXPLAIN
from figures.stage.steps.explained_net import Net, net
from figures.stage.steps.formulas import math, sym
from figures.stage.steps.scenes import NAMES, TITLES
from figures.style import MINUS, PALETTE, number

POLICY = ("default-src 'none'; style-src 'unsafe-inline'; font-src data:; base-uri 'none'; "
          "form-action 'none'")
PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
{style}</style>
</head>
<body>
<main>
{sheets}
</main>
</body>
</html>
"""
STYLE = """
@page {{ margin: 14mm 15mm; }}
* {{ box-sizing: border-box; }}
body {{ margin: 0 auto; max-width: 180mm; padding: 8mm 4mm; color: {ink}; background: {page};
  font: 10.5pt/1.35 system-ui, sans-serif; font-variant-numeric: tabular-nums; }}
math {{ font-family: "STIX Two Math", math; font-size: 1.08em; }}
article {{ break-after: page; margin-bottom: 20mm; }}
article:last-child {{ break-after: auto; }}
header {{ display: flex; justify-content: space-between; gap: 8mm; align-items: baseline;
  border-bottom: 1.5pt solid {ink}; padding-bottom: 1.5mm; }}
h1 {{ margin: 0; font-size: 14pt; }}
h2 {{ margin: 4mm 0 1.5mm; font-size: 11.5pt; break-after: avoid; }}
p {{ margin: 1.5mm 0; }}
h2 + p {{ break-after: avoid; }}
.line {{ display: inline-block; width: 45mm; border-bottom: 0.75pt solid {ink}; }}
.given {{ display: flex; flex-wrap: wrap; gap: 3mm 7mm; align-items: flex-start; }}
svg {{ display: block; width: 100%; height: auto; max-height: 82mm; }}
.step {{ display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 1mm 6mm;
  align-items: start; break-inside: avoid; padding: 1.5mm 0; border-top: 0.5pt solid {line}; }}
.step h3 {{ grid-column: 1 / -1; margin: 0; font-size: 10.5pt; }}
.formula > div {{ padding: 0.4mm 0; }}
.working {{ grid-column: 1 / -1; width: 100%; height: 15mm;
  border: 0.5pt dotted {muted}; border-radius: 1mm; }}
table {{ border-collapse: collapse; font-size: 10pt; }}
caption {{ text-align: left; }}
th {{ padding: 0.3mm 1.5mm; font-weight: 400; font-size: 8.5pt; color: {muted};
  text-align: right; }}
td {{ min-width: 11mm; height: 5.5mm; padding: 0.2mm 1.5mm; text-align: right;
  border: 0.5pt solid {line}; white-space: nowrap; }}
td.blank {{ min-width: 16mm; height: 7.5mm; border: 0.75pt solid {ink}; }}
td.asked {{ font-weight: 700; }}
.wide table {{ font-size: 7pt; }}
.wide :is(td, th) {{ min-width: 0; padding-inline: 0.5mm; font-size: 7pt; }}
.wide .step {{ grid-template-columns: minmax(0, 1fr); justify-items: start; }}
.wide td.blank {{ min-width: 11mm; }}
table {{ break-inside: avoid; }}
@media screen {{ body {{ margin-block: 6mm; }} }}
@media print {{ body {{ max-width: none; padding: 0; }} article {{ margin-bottom: 0; }} }}
"""
ETA = math(r"\eta")
HOW = ("Round answers to four significant digits, but keep your calculator's full value for the "
       "steps after. One sample: m = 1.")


def worksheets(
    e: Experiment, seed: int, sample: int, count: int, fade: str, decimals: int
) -> str:
    """Sheets for the seeds from `seed` on, numbered, and then their keys, as one HTML file."""
    tasks = [homework(e, seed + k, sample, decimals) for k in range(count)]
    asked = {*blanks(e.at(0), fade)}
    parts = [article(task, place(k, count), asked, key) for key in (False, True)
             for k, task in enumerate(tasks, 1)]
    return PAGE.format(policy=POLICY, title=title(e), sheets="\n".join(parts),
                       style=font_face() + STYLE.format(**PALETTE["light"]))


def title(e: Experiment) -> str:
    return f"Backpropagation by hand: a {'-'.join(map(str, e.sizes))} network"


def place(k: int, count: int) -> str:
    return f"sheet {k} of {count}" if count > 1 else "sheet"


def article(task: Homework, name: str, asked: set[Step], key: bool) -> str:
    """One sheet, or its key."""
    n = net(task.experiment, 1)
    whose = "Answer key" if key else 'Name <span class="line"></span>'
    head = (f"<header><h1>{title(task.experiment)}</h1><span>{name} · seed {task.seed}</span>"
            f"</header><p>{whose}</p>")
    steps = "\n".join(step(n, task, k, each, asked, key) for k, each in enumerate(task.steps, 1))
    wide = " wide" if max(n.sizes) > 8 else ""
    return (f'<article class="{"key" if key else "sheet"}{wide}" data-seed="{task.seed}">{head}\n'
            f"{given(n, task, key)}\n<h2>The steps</h2>{'' if key else f'<p>{HOW}</p>'}\n{steps}\n"
            "</article>")


def given(n: Net, task: Homework, key: bool) -> str:
    """What the sheet gives: the drawn network, its parameters, the sample, the learning rate."""
    tables = [parameters(task, l) for l in range(1, n.L + 1)]
    sample = [row("x", sym("a", 0), task.x, task.data.inputs),
              *([row("y", "y", task.y, task.data.outputs)] if n.loss.has_target else [])]
    rate = f" Learning rate {ETA} = {exact(task.eta)}." if task.after else ""
    target = task.y if n.loss.has_target else None
    picture = "" if key else diagram(layers(task.experiment), task.network, target)
    return (f"<h2>Given</h2><p>{escape(described(n))}{rate}</p>{picture}"
            f'<div class="given">{"".join([*sample, *tables])}</div>')


def described(n: Net) -> str:
    functions = [f"layer {l}: {n.activations[l].name}" for l in range(1, n.L)]
    return (", ".join([*functions, f"output: {n.activations[n.L].name}"]).capitalize()
            + f". Loss: {n.loss.title}.")


def parameters(task: Homework, l: int) -> str:
    """W and b of a layer: a row for each unit, its bias at the end."""
    values = np.hstack([task.network.W[l], task.network.b[l]])
    head = [*map(str, range(1, values.shape[1])), "b"]
    return table(f"W b {l}", f"{math(sym('W', l))} and {math(sym('b', l))}", head,
                 [[exact(v) for v in line] for line in values])


def row(name: str, latex: str, column: Array, names: Iterable[str]) -> str:
    """A column of one sample, lying on its side."""
    values = [exact(v) for v in column[:, 0]]
    return table(name, math(latex), [escape(word) for word in names], [values])


def step(n: Net, task: Homework, k: int, each: Step, asked: set[Step], key: bool) -> str:
    """A formula, and the boxes of its results: filled in, or blank."""
    told, is_asked = EXPLAIN[each.symbol](n, each.layer), each in asked
    lines = "".join(f"<div>{math(latex)}</div>" for latex in told.formula)
    working = '<div class="working"></div>' if is_asked and not key else ""
    where = "" if each.symbol == "C" else f", {layer(n, each.layer)}"
    return (f'<section class="step"><h3>{k}. {TITLES[each.phase]}: {NAMES[each.symbol]}{where}</h3>'
            f'<div class="formula">{lines}</div>{results(task, each, is_asked, key)}{working}'
            "</section>")


def layer(n: Net, l: int) -> str:
    return "output layer" if l == n.L else f"layer {l}"


def results(task: Homework, each: Step, asked: bool, key: bool) -> str:
    values = value(task, each)
    lying = values.T if values.shape[1] == 1 else values
    texts = [[number(float(v)) for v in line] for line in lying]
    kind = "asked" if asked and key else "blank" if asked else ""
    name = each.symbol if each.symbol == "C" else f"{each.symbol} {each.layer}"
    head = [str(j + 1) for j in range(lying.shape[1])] if each.symbol != "C" else []
    latex = "C" if each.symbol == "C" else sym(each.symbol, each.layer)
    new = r"\text{new}\;" if each.phase == "update" else ""
    return table(name, math(new + latex), head,
                 [["" if kind == "blank" else text for text in line] for line in texts], kind)


def value(task: Homework, each: Step) -> Array:
    """What a step computes, (n_l, 1) or (n_l, n_{l-1})."""
    if each.symbol == "C":
        return task.trace.C.reshape(1, 1)
    source = task.after if each.phase == "update" else task.trace
    return getattr(source, each.symbol)[each.layer]


def table(name: str, caption: str, head: list[str], lines: list[list[str]], kind: str = "") -> str:
    """Numbers with the units that they belong to; `name` tells a reader of the file what it is."""
    named = len(lines) > 1
    corner = '<th scope="col">unit</th>' if named else ""
    top = "".join(f'<th scope="col">{text}</th>' for text in head)
    cell = f'<td class="{kind}">' if kind else "<td>"
    body = "".join(
        f"<tr>{f'<th scope=row>{j}</th>' if named else ''}"
        + "".join(f"{cell}{text}</td>" for text in line) + "</tr>"
        for j, line in enumerate(lines, 1))
    above = f"<thead><tr>{corner}{top}</tr></thead>" if head else ""
    return (f'<table data-name="{name}"><caption>{caption}</caption>{above}'
            f"<tbody>{body}</tbody></table>")


def exact(value: float) -> str:
    """A given number: all of it."""
    return numeral(float(value)).replace("-", MINUS)

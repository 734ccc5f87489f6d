"""Derivations: where the number of one unit or of one connection comes from, product by product.

A block is shown once its step is known. Its table lists what is added or averaged; its rows end
with the result. Environment: j the unit (or the unit that a connection leads to), i the unit that a
connection comes from, s the sample.
"""

from typing import Any

from engine.experiment.experiment import Experiment
from figures.stage.steps.explained_net import Net, net
from figures.stage.steps.normalised import place
from figures.stage.steps.update import Parameter, told
from figures.style import number

Block = dict[str, Any]
Blocks = list[Block]


def derivations(
    experiment: Experiment, m: int, layers: tuple[int, ...]
) -> dict[str, dict[str, Blocks]]:
    """The blocks of every unit and connection of these layers; to be read only."""
    n = net(experiment, m)
    inputs = [input_block(str(experiment.steps[0]))]
    return {
        "unit": {"0": inputs} | {str(l): unit_blocks(n, l) for l in layers},
        "edge": {str(l): edge_blocks(n, l) for l in layers},
    }


def block(known: str, symbol: str, title: str, rows: list, table: dict | None = None,
          curve: int | None = None) -> Block:
    return {"known": known, "symbol": symbol, "title": title, "rows": rows, "table": table,
            "curve": curve}


def table(head: list[str], each: str, count: int, names: int | None, cells: list) -> dict[str, Any]:
    return {"head": head, "each": each, "count": count, "names": names, "cells": cells}


def input_block(known: str) -> Block:
    return block(known, "a", "x: an input, given by the data", [["value", "a 0 j s"]])


def unit_blocks(n: Net, l: int) -> Blocks:
    sums = [sum_block(n, l)]
    if l in n.normalised:
        sums = [sum_block(n, l, "u"), n_block(n, l), shifted_block(l)]
    return [*sums, a_block(n, l), *([C_block(n)] if l == n.L else []), delta_block(n, l),
            *([du_block(n, l)] if l in n.normalised else []), db_block(n, l),
            update_block(n, Parameter("b", l, "j", "0"))]


def edge_blocks(n: Net, l: int) -> Blocks:
    known = f"u{l}" if l in n.normalised else f"z{l}"
    carried = block(known, "W", "W: the weight and what it carries",
                    [["weight W", f"W {l} j i"], ["carries a", f"a {l - 1} i s"],
                     ["W a", {"product": [f"W {l} j i", f"a {l - 1} i s"]}]])
    return [carried, dW_block(n, l), update_block(n, Parameter("W", l, "j", "i"))]


def sum_block(n: Net, l: int, symbol: str = "z") -> Block:
    """The products of z with the bias; of u without it."""
    W, a = f"W {l} j r", f"a {l - 1} r s"
    cells = [{"ref": W}, {"ref": a}, {"product": [W, a]}]
    bias = [["bias b", f"b {l} j 0"]] if symbol == "z" else []
    return block(
        f"{symbol}{l}", symbol, f"{symbol}: the weighted sum",
        [*bias, [f"sum {symbol}", f"{symbol} {l} j s"]],
        table(["from", "weight W", "activation a", "W a"], "r", n.sizes[l - 1], l - 1, cells))


def n_block(n: Net, l: int) -> Block:
    return block(
        f"n{l}", "n", f"n: {n.norm.title} normalisation",
        [["mean μ", place(n, "mean", l)], ["spread σ, with the root of ε", place(n, "sigma", l)],
         ["sum u", f"u {l} j s"], ["n = (u − μ) / σ", f"n {l} j s"]],
        averaged(n, l, ["sum u"], [{"ref": f"u {l} @"}]))


def du_block(n: Net, l: int) -> Block:
    delta, normal = f"delta {l} @", f"n {l} @"
    cells = [{"ref": delta}, {"ref": normal}, {"product": [delta, normal]}]
    return block(
        f"du{l}", "du", "du: the error, back through the normalisation",
        [["mean of δ", place(n, "mean_delta", l)], ["mean of δ n", place(n, "mean_delta_n", l)],
         ["error δ", f"delta {l} j s"], ["n", f"n {l} j s"],
         ["spread σ", place(n, "sigma", l)],
         ["du = (δ − mean of δ − n · mean of δ n) / σ", f"du {l} j s"]],
        averaged(n, l, ["error δ", "n", "δ n"], cells))


def averaged(n: Net, l: int, head: list[str], cells: list) -> dict[str, Any]:
    """The table of what a mean goes over: @ is each sample of a unit, or each unit of a sample."""
    if n.norm.of_batch:
        return table(["sample", *head], "r", n.m, None, counted(cells, "j r"))
    return table(["unit", *head], "r", n.sizes[l], l, counted(cells, "r s"))


def counted(cells: list, at: str) -> list:
    put = lambda ref: ([put(one) for one in ref] if isinstance(ref, list)
                       else ref.replace("@", at))
    return [{kind: put(ref) for kind, ref in cell.items()} for cell in cells]


def shifted_block(l: int) -> Block:
    return block(f"z{l}", "z", "z: the normalised sum with its bias",
                 [["n", f"n {l} j s"], ["bias b", f"b {l} j 0"], ["z = n + b", f"z {l} j s"]])


def a_block(n: Net, l: int) -> Block:
    f = n.activations[l]
    curve, z, a = l if f.elementwise else None, ["z", f"z {l} j s"], f"a {l} j s"
    if l not in n.skips:
        return block(f"a{l}", "a", f"a: {f.name} of z", [z, ["a", a]], curve=curve)
    return block(f"a{l}", "a", f"a: the layer below and {f.name} of z",
                 [z, [f"f: {f.name} of z", f"f {l} j s"],
                  ["a of the layer below", f"a {l - 1} j s"],
                  [f"a = a below + {number(n.r)} · f", a]], curve=curve)


def C_block(n: Net) -> Block:
    L = n.L
    target = [["target y", "y 0 j s"]] if n.loss.has_target else []
    return block("C", "C", f"C: {n.loss.title}",
                 [["output a", f"a {L} j s"], *target,
                  ["loss of this sample, all outputs", "losses 0 0 s"],
                  [f"cost: the mean over m = {n.m}", "C 0 0 0"]])


def delta_block(n: Net, l: int) -> Block:
    result = ["error δ", f"delta {l} j s"]
    slope = [["slope f'(z)", f"slope {l} j s"]] if n.activations[l].elementwise else []
    arrives = [f"da {l} j s"]
    if l == n.L and n.canonical:
        return block(f"delta{l}", "delta", "δ: output minus target",
                     [["output a", f"a {l} j s"], ["target y", "y 0 j s"], result])
    if l == n.L:
        return block(f"delta{l}", "delta", "δ: the loss's slope, through the activation",
                     [["∂C/∂a", *arrives], *slope, result])
    W, delta = f"W {l + 1} r j", f"{n.error(l + 1)} {l + 1} r s"
    cells = [{"ref": W}, {"ref": delta}, {"product": [W, delta]}]
    around = [[f"the path around layer {l + 1}", f"da {l + 1} j s"]] if l + 1 in n.skips else []
    if l in n.skips:
        result[0] = f"error δ, with the factor {number(n.r)} of the path through this layer"
    error = "du" if l + 1 in n.normalised else "δ"
    return block(
        f"delta{l}", "delta", "δ: what comes back, times the slope",
        [*around, ["sum over all paths", *arrives], *slope, result],
        table(["to", "weight W", f"error {error}", f"W {error}"], "r", n.sizes[l + 1], l + 1,
              cells))


def dW_block(n: Net, l: int) -> Block:
    delta, a = f"{n.error(l)} {l} j r", f"a {l - 1} i r"
    cells = [{"ref": delta}, {"ref": a}, {"product": [delta, a]}]
    error = "du" if l in n.normalised else "δ"
    return block(
        f"dW{l}", "dW", "dW: error times activation, averaged",
        [[f"mean over m = {n.m}: dW", f"dW {l} j i"]],
        table(["sample", f"error {error}", "activation a", f"{error} a"], "r", n.m, None, cells))


def db_block(n: Net, l: int) -> Block:
    return block(f"db{l}", "db", "db: the errors of this unit, averaged",
                 [[f"mean over m = {n.m}: db", f"db {l} j 0"]],
                 table(["sample", "error δ"], "r", n.m, None, [{"ref": f"delta {l} j r"}]))


def update_block(n: Net, p: Parameter) -> Block:
    """Old, gradient, every line of the optimizer, new."""
    what = {"W": "the weight", "b": "the bias"}[p.symbol]
    rows = [["old", f"{p.symbol} {p.place}"], ["gradient", f"d{p.symbol} {p.place}"]]
    if f"{p.symbol}{p.layer}" in n.experiment.frozen:
        return block(f"{p.symbol}{p.layer}", p.symbol, f"Update: {what}",
                     [*rows, ["frozen: new = old", f"{p.symbol}_new {p.place}"]])
    *between, last = told(n.experiment, p)
    new = "new" if between else "new = old − η · gradient"
    rows += [*([step.name, step.ref] for step in between), ["learning rate η", "eta 0 0 0"],
             [new, last.ref]]
    return block(f"{p.symbol}{p.layer}", p.symbol, f"Update: {what}", rows)

"""Derivations: where the number of one unit or of one connection comes from, product by product.

A block is shown once its step is known. Its table lists what is added or averaged; its rows end
with the result. Environment: j the unit (or the unit that a connection leads to), i the unit that a
connection comes from, s the sample.
"""

from typing import Any

from engine.spec import Experiment
from figures.explain import Net, net
from figures.update import Parameter, told

Block = dict[str, Any]
Blocks = list[Block]


def derivations(experiment: Experiment, m: int) -> dict[str, dict[str, Blocks]]:
    """The blocks of every unit and connection of a layer; to be read only."""
    n = net(experiment, m)
    layers = range(1, n.L + 1)
    return {
        "unit": {"0": [input_block()]} | {str(l): unit_blocks(n, l) for l in layers},
        "edge": {str(l): edge_blocks(n, l) for l in layers},
    }


def block(known: str, symbol: str, title: str, rows: list, table: dict | None = None,
          curve: int | None = None) -> Block:
    return {"known": known, "symbol": symbol, "title": title, "rows": rows, "table": table,
            "curve": curve}


def table(head: list[str], each: str, count: int, names: int | None, cells: list) -> dict[str, Any]:
    return {"head": head, "each": each, "count": count, "names": names, "cells": cells}


def input_block() -> Block:
    return block("z1", "a", "x: an input, given by the data", [["value", "a 0 j s"]])


def unit_blocks(n: Net, l: int) -> Blocks:
    return [z_block(n, l), a_block(n, l), *([C_block(n)] if l == n.L else []), delta_block(n, l),
            db_block(n, l), update_block(n, Parameter("b", l, "j", "0"))]


def edge_blocks(n: Net, l: int) -> Blocks:
    carried = block(f"z{l}", "W", "W: the weight and what it carries",
                    [["weight W", f"W {l} j i"], ["carries a", f"a {l - 1} i s"],
                     ["W a", {"product": [f"W {l} j i", f"a {l - 1} i s"]}]])
    return [carried, dW_block(n, l), update_block(n, Parameter("W", l, "j", "i"))]


def z_block(n: Net, l: int) -> Block:
    W, a = f"W {l} j r", f"a {l - 1} r s"
    cells = [{"ref": W}, {"ref": a}, {"product": [W, a]}]
    return block(
        f"z{l}", "z", "z: the weighted sum",
        [["bias b", f"b {l} j 0"], ["sum z", f"z {l} j s"]],
        table(["from", "weight W", "activation a", "W a"], "r", n.sizes[l - 1], l - 1, cells))


def a_block(n: Net, l: int) -> Block:
    f = n.activations[l]
    return block(f"a{l}", "a", f"a: {f.name} of z",
                 [["z", f"z {l} j s"], ["a", f"a {l} j s"]], curve=l if f.elementwise else None)


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
    W, delta = f"W {l + 1} r j", f"delta {l + 1} r s"
    cells = [{"ref": W}, {"ref": delta}, {"product": [W, delta]}]
    return block(
        f"delta{l}", "delta", "δ: what comes back, times the slope",
        [["sum over all paths", *arrives], *slope, result],
        table(["to", "weight W", "error δ", "W δ"], "r", n.sizes[l + 1], l + 1, cells))


def dW_block(n: Net, l: int) -> Block:
    delta, a = f"delta {l} j r", f"a {l - 1} i r"
    cells = [{"ref": delta}, {"ref": a}, {"product": [delta, a]}]
    return block(
        f"dW{l}", "dW", "dW: error times activation, averaged",
        [[f"mean over m = {n.m}: dW", f"dW {l} j i"]],
        table(["sample", "error δ", "activation a", "δ a"], "r", n.m, None, cells))


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

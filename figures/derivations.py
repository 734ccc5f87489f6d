"""Derivations: where the number of one unit or of one connection comes from, product by product.

A block is shown once its step is known. Its table lists what is added or averaged; its rows end
with the result. Environment: j the unit (or the unit that a connection leads to), i the unit that a
connection comes from, s the sample.
"""

from typing import Any

from engine.spec import Experiment
from figures.explain import Net, net

Block = dict[str, Any]
Blocks = list[Block]


def derivations(experiment: Experiment) -> dict[str, dict[str, Blocks]]:
    n = net(experiment)
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
            db_block(n, l), update_block(n, "b", l, "j 0")]


def edge_blocks(n: Net, l: int) -> Blocks:
    carried = block(f"z{l}", "W", "W: the weight and what it carries",
                    [["weight W", f"W {l} j i"], ["carries a", f"a {l - 1} i s"],
                     ["W a", {"product": [f"W {l} j i", f"a {l - 1} i s"]}]])
    return [carried, dW_block(n, l), update_block(n, "W", l, "j i")]


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


def update_block(n: Net, symbol: str, l: int, at: str) -> Block:
    what = {"W": "the weight", "b": "the bias"}[symbol]
    rows = [["old", f"{symbol} {l} {at}"], ["gradient", f"d{symbol} {l} {at}"],
            ["learning rate η", "eta"], ["new = old − η · gradient", f"{symbol}_new {l} {at}"]]
    if f"{symbol}{l}" in n.frozen:
        rows = [*rows[:2], ["frozen: new = old", f"{symbol}_new {l} {at}"]]
    return block(f"{symbol}{l}", symbol, f"Update: {what}", rows)

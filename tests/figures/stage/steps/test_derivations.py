"""Each derivation adds up to the number that it explains."""

import re
from itertools import product

import numpy as np
import pytest

from figures.stage.steps.derivations import derivations
from figures.stage.steps.explained_net import net
from tests.experiments import EXPERIMENTS, every_norm, name
from tests.figures.stage.test_payload import WHOLE, staged, value

HEADS = {  # what the cells below a head hold
    "weight W": "W", "activation a": "a", "error δ": "delta", "error du": "du", "sum u": "u",
    "n": "n", "sample": None, "unit": None, "from": None, "to": None,
}
PRODUCTS = {"W a": ("W", "a"), "W δ": ("W", "delta"), "W du": ("W", "du"), "δ a": ("delta", "a"),
            "du a": ("du", "a"), "δ n": ("delta", "n")}
each = pytest.mark.parametrize("e", [*EXPERIMENTS[::4], *every_norm()], ids=name)


def tables(e):
    """Every table of a network, with the layer and the block that it is in."""
    layers = tuple(range(1, e.L + 1))
    for kind in derivations(e, 3, layers).values():
        for l, blocks in kind.items():
            yield from ((int(l), block, block["table"]) for block in blocks if block["table"])


def held(cell):
    """The symbol of a cell, or the two of a product."""
    if "ref" in cell:
        return cell["ref"].split()[0]
    return tuple(ref.split()[0] for ref in cell["product"])


@each
def test_a_head_names_what_stands_below_it(e):
    for _, _, table in tables(e):
        first, *heads = table["head"]
        assert HEADS[first] is None
        assert [(HEADS | PRODUCTS)[head] for head in heads] == [
            held(cell) for cell in table["cells"]]


@each
def test_a_table_has_a_row_for_each_unit_of_the_layer_that_it_names_or_for_each_sample(e):
    for _, _, table in tables(e):
        named = table["names"]
        assert table["count"] == (3 if named is None else e.sizes[named])
        assert (named is None) == (table["head"][0] == "sample")


@each
def test_what_comes_from_is_one_layer_below_and_what_goes_to_is_one_above(e):
    for l, _, table in tables(e):
        place = {"from": l - 1, "to": l + 1, "unit": l, "sample": None}
        assert table["names"] == place[table["head"][0]]


@each
def test_a_block_is_known_once_its_own_step_is(e):
    steps = {*map(str, e.steps)}
    for kind in derivations(e, 3, tuple(range(1, e.L + 1))).values():
        for l, blocks in kind.items():
            for block in blocks:
                assert block["known"] in steps
                if l != "0" and block["known"] != "C":
                    assert block["known"].endswith(l)


@each
def test_only_what_acts_on_each_unit_alone_has_a_curve(e):
    n = net(e, 3)
    for l in range(1, e.L + 1):
        blocks = derivations(e, 3, (l,))["unit"][str(l)]
        curves = {block["symbol"]: block["curve"] for block in blocks}
        assert curves.pop("a") == (l if n.activations[l].elementwise else None)
        assert {*curves.values()} == {None}


@each
def test_the_error_of_a_layer_with_a_path_around_it_names_the_factor(e):
    n = net(e, 3)
    for l in range(1, e.L):
        blocks = derivations(e, 3, (l,))["unit"][str(l)]
        delta = next(block for block in blocks if block["symbol"] == "delta")
        words = [text for text, _ in delta["rows"]]
        assert ("factor" in words[-1]) == (l in n.skips)
        assert any(f"around layer {l + 1}" in text for text in words) == (l + 1 in n.skips)


@pytest.mark.parametrize("experiment", WHOLE, ids=name)
def test_each_derivation_adds_up_to_the_number_that_it_explains(experiment):
    """z: products and bias; da: products; dW and db: means; update: old - eta * gradient."""
    data, m, n = staged(experiment), experiment.batch_size(0), net(experiment, 1)
    for l in range(1, experiment.L + 1):
        units, inputs = experiment.sizes[l], experiment.sizes[l - 1]
        for j, i, s in product(range(units), range(inputs), range(m)):
            blocks = data["derivations"]["unit"][str(l)] + data["derivations"]["edge"][str(l)]
            for block in blocks:
                check_block(data, block, {"j": j, "i": i, "s": s},
                            experiment.residual if l in n.skips else 1)
                check_norm(data, block, {"j": j, "i": i, "s": s})


def check_norm(data, block, env):
    """n = (u - mu) / sigma, z = n + b, du; and a = a below + r f."""
    rows = [value(data, ref, env) for _, ref in block["rows"]]
    if block["symbol"] == "n":
        mu, sigma, u, n = rows
        assert n == pytest.approx((u - mu) / sigma, rel=1e-9, abs=1e-12)
        assert last_column(data, block, env).mean() == pytest.approx(mu, rel=1e-9, abs=1e-12)
        assert np.sqrt(last_column(data, block, env).var() + 1e-5) == pytest.approx(sigma, rel=1e-9)
    if block["symbol"] == "du":
        first, second, delta, n, sigma, du = rows
        assert du == pytest.approx((delta - first - n * second) / sigma, rel=1e-9, abs=1e-12)
        assert last_column(data, block, env).mean() == pytest.approx(second, rel=1e-9, abs=1e-12)
    if "n + b" in block["rows"][-1][0]:
        assert rows[2] == pytest.approx(rows[0] + rows[1], rel=1e-9, abs=1e-12)
    if "a below" in block["rows"][-1][0]:
        _, f, below, a = rows
        r = float(re.search(r"below \+ (\S+) ·", block["rows"][-1][0])[1])
        assert a == pytest.approx(below + r * f, rel=1e-9, abs=1e-12)


def last_column(data, block, env):
    table = block["table"]
    return np.array([value(data, table["cells"][-1].get("ref", table["cells"][-1]), env | {"r": r})
                     for r in range(table["count"])])


def check_block(data, block, env, scale):
    rows = [value(data, ref, env) for _, ref in block["rows"]]
    table = block["table"]
    if table and block["symbol"] not in ("n", "du"):
        divisor = table["count"] if block["symbol"] in ("dW", "db") else 1
        around = "around" in block["rows"][0][0]
        total = last_column(data, block, env).sum() / divisor
        total += rows[0] if block["symbol"] == "z" or around else 0
        claimed = rows[around] if block["symbol"] == "delta" else rows[-1]
        assert total == pytest.approx(claimed, rel=1e-9, abs=1e-12)
    if "new = old" in block["rows"][-1][0]:
        old, gradient, *eta, new = rows
        assert new == pytest.approx(old - sum(eta) * gradient, rel=1e-12, abs=1e-15)
    if any("slope" in label for label, _ in block["rows"]):
        *_, arrives, slope, delta = rows
        assert delta == pytest.approx(scale * arrives * slope, rel=1e-9, abs=1e-15)

"""Derivations: a table is as long as what it lists, and its heads name what stands below them."""

import pytest

from figures.derivations import derivations
from figures.net import net
from tests.experiments import EXPERIMENTS, every_norm, name

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

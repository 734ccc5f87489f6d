"""Scenes: what a stop shows in each layer, what it lights, and what it calls itself."""

from dataclasses import replace
from itertools import pairwise

import pytest

from engine.experiment.experiment import Experiment
from engine.experiment.layers import Layer
from engine.nn.steps import GRAINS, Step, walk
from figures.stage.steps.explained_net import net
from figures.stage.steps.scenes import NAMES, TITLES, changes, lit, shown, title, walks

PLAIN = Experiment(hidden=(Layer(3, "tanh"), Layer(2, "relu")))
NORMED = replace(PLAIN, norm="batch")
LAYERS = (1, 2, 3)


def shown_at(symbol: str, layer: int, e: Experiment = PLAIN) -> dict[str, str]:
    """The symbols of layers 1, 2, 3, in order, of each part."""
    found = shown(net(e, 4), [Step(symbol, layer)])
    return {part: " ".join(of.get(str(l), "-") or "." for l in LAYERS)
            for part, of in found.items()}


@pytest.mark.parametrize(("symbol", "layer", "units"), [
    ("z", 1, "z . ."), ("a", 1, "a . ."), ("z", 2, "a z ."), ("a", 3, "a a a"), ("C", 3, "a a a"),
    ("delta", 3, "a a delta"), ("dW", 3, "a a delta"), ("delta", 2, "a delta delta"),
    ("db", 1, "delta delta delta"), ("W", 1, "delta delta delta"), ("b", 3, "delta delta delta"),
])
def test_units_show_what_was_computed_last_in_their_layer(symbol, layer, units):
    assert shown_at(symbol, layer)["units"] == units
    assert shown(net(PLAIN, 4), [Step(symbol, layer)])["units"]["0"] == "a"


@pytest.mark.parametrize(("symbol", "layer", "units"), [
    ("u", 2, "a u ."), ("n", 2, "a n ."), ("du", 2, "a du delta"), ("dW", 2, "a delta delta"),
])
def test_units_of_a_normalised_layer_show_the_step_itself(symbol, layer, units):
    assert shown_at(symbol, layer, NORMED)["units"] == units


@pytest.mark.parametrize(("symbol", "layer", "edges", "biases"), [
    ("z", 2, "W W W", "b b b"), ("delta", 2, "W W W", "b b b"), ("dW", 2, "W dW W", "b b b"),
    ("db", 2, "W dW W", "b db b"), ("W", 1, "W_new W W", "b b b"),
    ("b", 1, "W_new W W", "b_new b b"), ("W", 2, "W_new W_new W", "b_new b b"),
    ("b", 3, "W_new W_new W_new", "b_new b_new b_new"),
])
def test_connections_and_biases_show_their_gradient_and_then_the_new_value(
        symbol, layer, edges, biases):
    found = shown_at(symbol, layer)
    assert (found["edges"], found["biases"]) == (edges, biases)


@pytest.mark.parametrize(("e", "symbol", "layer", "units", "edges"), [
    (PLAIN, "z", 2, [2], [2]), (PLAIN, "a", 2, [2], []), (PLAIN, "delta", 3, [3], []),
    (PLAIN, "delta", 2, [2], [3]), (PLAIN, "dW", 2, [], [2]), (PLAIN, "db", 2, [2], []),
    (PLAIN, "W", 3, [], [3]), (PLAIN, "b", 3, [3], []), (PLAIN, "C", 3, [3], []),
    (NORMED, "u", 2, [2], [2]), (NORMED, "z", 2, [2], []), (NORMED, "z", 3, [3], [3]),
])
def test_a_stop_lights_its_units_and_the_connections_that_its_formula_uses(
        e, symbol, layer, units, edges):
    found = lit(net(e, 4), [Step(symbol, layer)])
    assert found["lit"] == {"units": units, "edges": edges}


@pytest.mark.parametrize("e", [PLAIN, NORMED, replace(PLAIN, norm="layer")])
@pytest.mark.parametrize("grain", GRAINS)
def test_a_scene_is_of_all_samples_where_its_formula_goes_over_them(e, grain):
    over_samples = {"C", "dW", "db"} | ({"n", "du"} if e.norm == "batch" else set())
    for scene in walks(e, 4, LAYERS)[grain]:
        assert scene["whole"] == (grain == "phase" or scene["symbol"] in over_samples)


def test_a_scene_says_where_it_is():
    n = net(NORMED, 4)
    at = lambda grain, *steps: title(n, [Step(*step) for step in steps], grain)
    assert at("formula", ("a", 1)) == "Forward · layer 1 · activations a"
    assert at("formula", ("z", 1)) == "Forward · layer 1 · shifted sums z"
    assert at("formula", ("z", 3)) == "Forward · the output layer · weighted sums z"
    assert at("layer", ("dW", 2), ("db", 2)) == "Backward · layer 2"
    assert at("formula", ("C", 3)) == at("layer", ("C", 3)) == "Cost"
    assert at("phase", ("W", 1), ("b", 3)) == "Update"


def test_every_symbol_and_every_phase_has_a_name():
    symbols = {step.symbol for step in NORMED.steps}
    assert {*NAMES} == symbols
    assert {*TITLES} == {step.phase for step in NORMED.steps}


def test_a_scene_far_from_what_is_told_has_no_words():
    for near, far in pairwise([(1, 2, 3), (1,)]):
        for one, other in zip(walks(PLAIN, 4, near)["formula"], walks(PLAIN, 4, far)["formula"],
                              strict=True):
            assert "far" not in one
            assert one["sentence"]
            assert ("far" in other) == (one["layer"] != 1)
            assert bool(other["sentence"]) == (one["layer"] == 1)


def test_several_steps_are_told_below_each_other():
    by = {grain: walks(PLAIN, 4, LAYERS)[grain] for grain in ("formula", "layer")}
    first, of_z, of_a = by["layer"][0], *by["formula"][:2]
    assert first["steps"] == [*of_z["steps"], *of_a["steps"]]
    for part in ("formula", "numbers", "numpy"):
        assert first[part] == [*of_z[part], *of_a[part]]
    assert first["sentence"] == [*of_z["sentence"], " ", *of_a["sentence"]]
    assert first["matrices"] == [*of_z["matrices"], "\n", *of_a["matrices"]]


@pytest.mark.parametrize("phase", ["forward", "backward", "update"])
def test_a_phase_ends_with_the_matrices_of_its_layers_in_its_own_order(phase):
    scene = next(s for s in walks(PLAIN, 4, LAYERS)["phase"] if s["phase"] == phase)
    order = [3, 2, 1] if phase == "backward" else [1, 2, 3]
    assert [int(item["ref"].split()[1]) for item in scene["matrices"][::2]] == order
    assert {*scene["matrices"][1::2]} == {" "}


def test_of_a_deep_network_a_phase_shows_the_layers_at_both_ends():
    deep = replace(PLAIN, hidden=(Layer(2, "tanh"),) * 40)
    scene = next(s for s in walks(deep, 4, ())["phase"] if s["phase"] == "forward")
    items = scene["matrices"][::2]
    between = items.index("⋯")
    layers = [int(item["ref"].split()[1]) for item in items if item != "⋯"]
    assert layers == [*range(1, between + 1), *range(42 - between, 42)]
    assert between == len(items) // 2


def test_a_change_is_sent_once_for_all_layers_from_there_on():
    assert changes({"0": "a", "1": "a", "2": "z", "3": "", "4": ""}) == [
        [0, "a"], [2, "z"], [3, ""]]


def test_every_step_of_a_walk_belongs_to_one_scene():
    for grain in GRAINS:
        scenes = walks(NORMED, 4, LAYERS)[grain]
        assert [s for scene in scenes for s in scene["steps"]] == [*map(str, NORMED.steps)]
        assert len(scenes) == len(walk([*NORMED.steps], grain))
        assert [NORMED.steps[scene["upto"]] for scene in scenes] == [
            stop[-1] for stop in walk([*NORMED.steps], grain)]

"""What travels of a large network: enough for what is shown near the cursor, and not much more."""

import json

import numpy as np
import pytest

from engine.experiment.experiment import Experiment
from engine.experiment.layers import Layer
from engine.experiment.state import Cursor, State
from engine.nn.steps import steps
from engine.training.run import train
from figures.stage.payload import payload, stage, words
from figures.window import ALL_LAYERS, ALL_UNITS, layers_near, near, units_near

SMALL = 2_000_000  # bytes
DEEP = Experiment(hidden=(Layer(8, "tanh"),) * 100, learning_rate=0.01, iterations=2)
SIZES = [(20, 64), (50, 16), (100, 8), (7, 256), (30, 200)]


@pytest.mark.parametrize("step", [str(s) for s in steps(101)][::37])
def test_the_layers_around_a_step_travel_and_both_ends(step):
    layers = layers_near(DEEP, Cursor(step=step))
    here = int("".join(filter(str.isdigit, step)) or 101)
    assert {l for l in (here - 1, here, here + 1) if 1 <= l <= 101} <= {*layers}
    assert {1, 2, 100, 101} <= {*layers}
    assert len(layers) <= 16 + 3
    assert list(layers) == sorted({*layers})


def test_a_shallow_and_narrow_network_travels_whole():
    e = Experiment(hidden=(Layer(ALL_UNITS, "tanh"),) * (ALL_LAYERS - 1))
    sent = near(e, Cursor())
    assert sent.layers == tuple(range(1, ALL_LAYERS + 1))
    assert {*sent.units.values()} == {None}


@pytest.mark.parametrize("focus", [0, 5, 40, 63])
def test_units_in_focus_the_first_and_the_last_travel(focus):
    sent = units_near(64, focus)
    assert {focus, *range(12), 63} <= {*sent}
    assert {j for j in range(focus - 6, focus + 7) if 0 <= j < 64} <= {*sent}


def test_the_chosen_unit_and_where_its_connection_comes_from_travel():
    e = Experiment(hidden=(Layer(64, "tanh"),) * 40)
    sent = near(e, Cursor(step="z3", unit=(30, 50, 40)))
    assert {29, 30, 31} <= {*sent.layers}
    assert 50 in sent.units[30]
    assert 40 in sent.units[29]


def test_what_travels_of_a_wide_layer_are_the_engines_numbers_in_their_places():
    e = Experiment(hidden=(Layer(64, "tanh"),) * 3, learning_rate=0.01, iterations=2)
    run, state = train(e, 3), State(e, 3, Cursor(unit=(2, 40)))
    data, now = json.loads(payload(run, state, "0", words(e, 4)))["numbers"], run.trace(0)
    W, dW = data["parameters"]["0"]["W"]["2"], data["traces"]["0"]["dW"]["2"]
    for j in (0, 11, 40, 63):
        assert data["traces"]["0"]["z"]["2"][str(j)] == now.z[2][j].tolist()
        for i in (0, 11, 63):
            assert W[str(j)][str(i)] == run.network(0).W[2][j, i]
            assert dW[str(j)][str(i)] == now.dW[2][j, i]
    assert "20" not in W


def test_the_sizes_of_a_network_that_is_not_drawn_are_the_rms_of_each_layer():
    run = train(DEEP, 3)
    data, now = stage(run, State(DEEP, 3), "0"), run.trace(0)
    sizes = data["traces"]["0"]["sizes"]
    for symbol, values in (("z", now.z), ("delta", now.delta), ("dW", now.dW)):
        for l in range(1, 102):
            assert sizes[symbol][str(l)] == pytest.approx([np.sqrt((values[l] ** 2).mean())])
    assert "sizes" not in stage(train(Experiment(), 3), State(), "0")["traces"]["0"]


def test_what_happens_far_away_is_not_put_into_words_and_what_is_near_is():
    data = stage(train(DEEP, 3), State(DEEP, 3, Cursor(step="delta50")), "0")
    for walk in (data["walks"]["formula"], data["walks"]["layer"]):
        for scene in walk:
            assert scene.get("far", False) == (scene["layer"] not in data["told"])
            assert bool(scene["sentence"]) == (scene["layer"] in data["told"])
    assert not any(scene.get("far") for scene in data["walks"]["phase"])


@pytest.mark.parametrize(("depth", "width"), SIZES)
def test_a_message_is_small_whatever_the_network(depth, width):
    e = Experiment(hidden=(Layer(width, "tanh"),) * depth, iterations=1, optimizer="adam")
    state = State(e, 0, Cursor(step=f"delta{depth // 2}"))
    told = words(e, 4, building=True, layers_told=layers_near(e, state.cursor))
    assert len(payload(train(e, 0), state, "0", told)) < SMALL


def test_a_message_stays_small_with_many_samples():
    e = Experiment(data="noise", hidden=(Layer(140, "tanh"),) * 100, iterations=1)
    state = State(e, 0, Cursor(step="delta50"))
    told = words(e, 128, building=True, layers_told=layers_near(e, state.cursor))
    assert len(payload(train(e, 0), state, "0", told)) < SMALL


def test_other_layers_told_are_the_same_network_in_other_words():
    here, there = (json.loads(words(DEEP, 4, layers_told=layers_near(DEEP, Cursor(step=step))))
                   for step in ("z20", "z60"))
    assert here["network"] == there["network"]
    assert here["wording"] != there["wording"]


@pytest.mark.parametrize(("step", "middle"), [
    ("z50", range(46, 55)), ("z49", range(46, 55)), ("z51", range(46, 55)), ("z52", range(49, 58)),
    ("delta4", range(1, 10)), ("z1", range(1, 7)), ("C", range(97, 102)), ("W97", range(94, 102)),
])
def test_three_blocks_of_three_layers_travel_and_two_layers_at_each_end(step, middle):
    assert layers_near(DEEP, Cursor(step=step)) == tuple(sorted({1, 2, *middle, 100, 101}))


def test_a_chosen_unit_takes_the_layers_on_both_sides_along():
    found = layers_near(DEEP, Cursor(step="z50", unit=(80, 1)))
    assert {*found} - {1, 2, *range(46, 55), 100, 101} == {79, 80, 81}


@pytest.mark.parametrize(("n", "focus", "units"), [
    (32, 5, None), (33, 0, [*range(12), 32]), (64, 40, [*range(12), *range(28, 52), 63]),
    (64, 60, [*range(12), *range(48, 64)]), (40, 20, [*range(12), *range(12, 32), 39]),
])
def test_of_a_wide_layer_twelve_units_the_last_and_those_around_the_focus_travel(n, focus, units):
    assert units_near(n, focus) == (None if units is None else sorted({*units, *(
        j for j in range(focus - 12, focus + 12) if 0 <= j < n)}))

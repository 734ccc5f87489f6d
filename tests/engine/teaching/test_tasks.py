"""Each task begins unmet, can be met, and says what is measured."""

from dataclasses import replace

import numpy as np
import pytest

from engine.experiment import link
from engine.experiment.experiment import Experiment
from engine.experiment.layers import Layer
from engine.experiment.presets import PRESETS
from engine.experiment.state import Place
from engine.teaching.tasks import TASKS, percent
from engine.training.run import train
from figures.lessons.lesson import Task
from figures.lessons.places import lessons, moment_of

STARTS = {
    block.name: moment_of(Place(lesson.number, k))
    for lesson in lessons() for k, part in enumerate(lesson.parts, 1)
    for block in part.blocks if isinstance(block, Task)
}
SOLVED = {  # fields that solve each from where its lesson begins
    "neuron_is_or": {"parameters": (2.0, 2.0, -1.0)},
    "shape_three_by_five": {"hidden": (Layer(5, "tanh"), Layer(3, "tanh"))},
    "blame_of_the_sure": {"loss": "bce"},
    "nothing_comes_through": {"hidden": (Layer(1, "relu"),), "parameters": (-0.5, 0.0, 3.0, 0.0)},
    "one_without_blame": {"parameters": (.15, .2, .25, .3, .35, .35, 0., .45, 0., .55, .6, .6)},
    "errors_that_cancel": {"data": "xor"},
    "learned_in_fifty": {"learning_rate": 3.0},
    "many_parameters": {"hidden": (Layer(32, "tanh"), Layer(32, "tanh"))},
    "first_layer_learns": {"residual": 1.0},
}
NEARLY = {  # fields that look like a solution and are none
    "neuron_is_or": {"parameters": (2.0, 2.0, -3.0)},  # AND
    "shape_three_by_five": {"hidden": (Layer(3, "tanh"), Layer(5, "tanh"))},
    "blame_of_the_sure": {"loss": "mse"},
    "nothing_comes_through": {"parameters": (0.0, 0.0, 0.0, 0.0)},
    "one_without_blame": {"parameters": (.15, .2, .25, .3, .35, .35, 0., 0., 0., 0., .6, .6)},
    "errors_that_cancel": {"data": "and"},
    "learned_in_fifty": {"learning_rate": 12.0},
    "many_parameters": {"hidden": (Layer(32, "tanh"),)},
    "first_layer_learns": {"initializer": "he_normal"},
}


def verdict(name: str, fields: dict | None = None):
    state = STARTS[name]
    return TASKS[name].verdict(train(replace(state.experiment, **fields or {}), state.seed))


@pytest.mark.parametrize("name", TASKS)
def test_a_task_is_not_met_where_it_begins_and_says_what_is_measured(name):
    found = verdict(name)
    assert not found.met
    assert len(found.says) > 20


@pytest.mark.parametrize("name", TASKS)
def test_a_task_can_be_met(name):
    assert verdict(name, SOLVED[name]).met


@pytest.mark.parametrize("name", TASKS)
def test_what_only_looks_like_a_solution_is_none(name):
    assert not verdict(name, NEARLY[name]).met


@pytest.mark.parametrize("name", TASKS)
@pytest.mark.parametrize("data", ["line", "iris", "xor", "karpathy", "mazur", "or"])
def test_any_network_has_a_verdict(name, data):
    state, _ = link.read({"data": data, "hidden": "3softmax"})
    for hidden in ((), state.experiment.hidden, (Layer(2, "relu"),) * 3):
        e = replace(state.experiment, hidden=hidden, iterations=60)
        assert TASKS[name].verdict(train(e, 1)).says


def test_a_run_that_diverges_has_a_verdict():
    e = Experiment(learning_rate=1e9, hidden=(Layer(4, "relu"),), loss="mse", output="identity")
    for task in TASKS.values():
        assert task.verdict(train(e, 0)).says


def test_the_verdict_of_the_deep_task_has_the_shares_in_percent():
    assert "is 0.0252 % of the last layer's; it must be at least 1 %" in verdict(
        "first_layer_learns").says
    assert percent(0.125) == "12.5 %"


def test_a_dead_unit_has_no_error_and_does_not_count_as_one_without_blame():
    state = PRESETS["geoj"].state
    assert not TASKS["one_without_blame"].verdict(train(*state.run)).met


OTHER = [  # another network than the task is about, though its numbers would do
    ("neuron_is_or", {"parameters": (2.0, 2.0, -1.0), "data": "and"}),
    ("neuron_is_or", {"hidden": (Layer(2, "tanh"),), "parameters": ()}),
    ("neuron_is_or", {"parameters": (2.0, 2.0, -1.0), "output": "identity", "loss": "mse"}),
    ("shape_three_by_five", {"hidden": ()}),
    ("shape_three_by_five", {"hidden": (Layer(5, "tanh"), Layer(4, "tanh"))}),
    ("shape_three_by_five", {"hidden": (Layer(4, "tanh"), Layer(3, "tanh"))}),
    ("blame_of_the_sure", {"output": "identity", "loss": "mse", "parameters": (9.0, 9.0, 9.0)}),
    ("nothing_comes_through", {"hidden": (), "parameters": (), "frozen": ()}),
    ("one_without_blame", {"hidden": (), "parameters": (), "frozen": ()}),
    ("one_without_blame", {"hidden": (Layer(2, "softmax"),), "parameters": ()}),
    ("learned_in_fifty", {"learning_rate": 3.0, "optimizer": "momentum"}),
    ("learned_in_fifty", {"learning_rate": 3.0, "schedule": "cosine"}),
    ("learned_in_fifty", {"learning_rate": 3.0, "data": "or"}),
    ("learned_in_fifty", {"learning_rate": 3.0, "iterations": 50}),
    ("first_layer_learns", {"residual": 1.0, "hidden": (Layer(4, "sigmoid"),) * 6}),
    ("first_layer_learns", {"residual": 1.0, "hidden": (Layer(4, "sigmoid"),) * 8}),
    ("first_layer_learns", {"hidden": (*(Layer(4, "sigmoid"),) * 6, Layer(4, "tanh"))}),
]


@pytest.mark.parametrize(("name", "fields"), OTHER)
def test_a_network_of_another_kind_is_never_a_solution(name, fields):
    found = verdict(name, fields)
    assert not found.met
    assert not isinstance(found.met, np.bool_)  # it travels as JSON


@pytest.mark.parametrize("name", [name for name in TASKS if name != "learned_in_fifty"])
def test_what_happens_after_iteration_0_changes_no_verdict(name):
    state = STARTS[name]
    for fields in (SOLVED[name], NEARLY[name]):
        e = replace(state.experiment, iterations=9, **fields)
        calm, wild = (TASKS[name].verdict(train(replace(e, learning_rate=eta), state.seed))
                      for eta in (1e-3, 30.0))
        assert calm == wild


@pytest.mark.parametrize(("W1", "W2", "met"), [
    ((-0.5, -0.5), (3.0, 3.0), True), ((-0.5, -0.5), (3.0, 0.0), False),
    ((-0.5, 0.0), (3.0, 3.0), False), ((-0.5, -0.5), (0.0, 0.0), False),
])
def test_one_weight_that_is_0_is_enough_to_let_nothing_through_for_no_reason(W1, W2, met):
    found = verdict("nothing_comes_through", {
        "hidden": (Layer(2, "relu"),), "parameters": (*W1, 0.0, 0.0, *W2, 0.0)})
    assert found.met == met
    assert ("and no weight is 0. The" in found.says) == met


def test_learned_in_fifty_looks_at_the_cost_after_50_updates():
    state = STARTS["learned_in_fifty"]
    run = train(replace(state.experiment, learning_rate=3.0), state.seed)
    assert f"at iteration 50 is {run.costs[50]:.3g};" in TASKS["learned_in_fifty"].verdict(run).says
    assert "needs 51" in verdict("learned_in_fifty", {"iterations": 50}).says
    assert "cost at iteration 50" in verdict("learned_in_fifty", {"iterations": 51}).says


@pytest.mark.parametrize(("hidden", "count"), [
    ((Layer(249, "tanh"),), 997), ((Layer(250, "tanh"),), 1001),
    ((Layer(27, "tanh"), Layer(31, "tanh"), Layer(1, "tanh")), 983),
    ((Layer(37, "tanh"), Layer(22, "tanh"), Layer(2, "tanh")), 996),
])
def test_a_thousand_parameters_are_enough(hidden, count):
    found = TASKS["many_parameters"].verdict(train(Experiment(hidden=hidden, iterations=1), 0))
    assert found.met == (count >= 1000)
    assert f"It has {count:,} parameters" in found.says
    assert f"need {2 * count:,} forward passes" in found.says


def test_a_unit_of_the_first_layer_is_without_blame_in_a_deeper_network_too():
    hidden = STARTS["one_without_blame"].experiment.hidden * 2
    says = {W2: verdict("one_without_blame", {"hidden": hidden, "frozen": (), "parameters": (
        .15, .2, .25, .3, .35, .35, *W2, .35, .35, .4, .45, .5, .55, .6, .6)})
        for W2 in ((0., .45, 0., .55), (.4, .45, .5, .55))}
    assert [found.met for found in says.values()] == [True, False]

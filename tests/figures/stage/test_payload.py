"""What travels to the player: complete, resolvable, adding up, and nothing known too early."""

import json
import re
from bisect import bisect
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.experiment.experiment import Experiment
from engine.experiment.layers import Layer
from engine.experiment.presets import PRESETS
from engine.experiment.state import ALL, Cursor, State
from engine.training.run import train
from figures.stage.numbers import SAMPLES, sample_names, sample_window
from figures.stage.payload import Built, compact, expanded, layers, payload, stage, words
from tests.experiments import EXPERIMENTS, name

REF = re.compile(r'data-ref="([^"]*)"')
WHOLE = [e for e in EXPERIMENTS if e.batch_size(0) <= SAMPLES]  # all of their samples travel
DIVERGING = Experiment(data="mazur", output="identity", loss="half_sum", learning_rate=1e9)


@cache
def staged(experiment, **cursor):
    state = State(experiment, 3, Cursor(**cursor))
    return stage(train(experiment, 3), state, "0")


def value(data, ref, env, t=0):
    """What the player finds under a reference."""
    if isinstance(ref, dict):
        one, other = (value(data, r, env, t) for r in ref["product"])
        return one * other
    if ref == "m":
        return data["m"]
    symbol, layer, *at = ref.split()
    row, col = (env[i] if i in env else int(i) for i in at)
    if symbol in ("W", "b", "W_new", "b_new"):
        return data["parameters"][str(t + symbol.endswith("_new"))][symbol[0]][layer][row][col]
    values = data["traces"][str(t)][symbol]
    return (values if symbol in ("losses", "C", "y") else values[layer])[row][col]


def strings(tree):
    """All texts of a scene."""
    if isinstance(tree, str):
        yield tree
    elif isinstance(tree, dict):
        for branch in tree.values():
            yield from strings(branch)
    elif isinstance(tree, list):
        for branch in tree:
            yield from strings(branch)


@pytest.mark.parametrize("experiment", EXPERIMENTS, ids=name)
def test_every_formula_is_whole_mathml_and_every_slot_finds_its_number(experiment):
    data = staged(experiment)
    zeros = dict.fromkeys("jiksr", 0)
    for text in strings(data["walks"]):
        if text.startswith("<math"):
            assert not re.search(r"[⟦⟧⟨⟩\\]|&(?!#x)", text), text
            for ref in REF.findall(text):
                assert np.isfinite(value(data, ref, zeros))


@pytest.mark.parametrize("experiment", [EXPERIMENTS[0], DIVERGING])
def test_what_travels_is_json_without_nan_and_has_each_formula_once(experiment):
    run = train(experiment, 3)
    m = experiment.batch_size(run.last)
    sent = json.loads(
        payload(run, State(experiment, 3, Cursor(iteration=run.last)), "0", words(experiment, m)),
        parse_constant=pytest.fail,
    )
    formulas = [text for text in strings(sent) if text.startswith("<math")]
    assert len(formulas) == len(set(formulas))


@given(st.recursive(st.text() | st.sampled_from(["§0", "§9", "§", "<math>"]), lambda tree:
                    st.lists(tree) | st.dictionaries(st.text(), tree)))
def test_every_text_arrives_as_it_was_whatever_it_begins_with(tree):
    assert expanded(compact({"tree": tree})) == {"tree": tree}


def test_an_overflow_travels_as_a_word():
    run = train(DIVERGING, 3)
    data = stage(run, State(DIVERGING, 3, Cursor(iteration=run.last)), "0")
    assert "overflow" in strings(data["traces"][str(run.last)])
    assert "no longer a finite number" in data["notice"]
    assert "overflowed" in data["end"]


def test_a_cost_that_explodes_is_called_diverging_and_a_healthy_one_is_not():
    assert "diverges" in staged(Experiment(learning_rate=1e9))["notice"]
    assert staged(Experiment())["notice"] == ""


def each_layer(changes, L):
    """Layer and symbol, of what is sent where the symbol changes."""
    starts = [first for first, _ in changes]
    return [(l, changes[bisect(starts, l) - 1][1]) for l in range(starts[0], L + 1)]


@pytest.mark.parametrize("experiment", EXPERIMENTS, ids=name)
def test_nothing_is_shown_before_it_is_known(experiment):
    data = staged(experiment)
    order = data["order"]
    computed = {symbol: symbol for symbol in ("u", "n", "z", "delta", "du", "dW", "db")}
    computed |= {"W_new": "W", "b_new": "b"}
    for scene in (scene for walk in data["walks"].values() for scene in walk):
        shown = [(symbol, str(layer)) for part in ("units", "edges", "biases")
                 for layer, symbol in each_layer(scene[part], experiment.L)]
        for symbol, layer in shown:
            if symbol == "a" and layer != "0":
                assert order[f"a{layer}"] <= scene["upto"]
            elif symbol in computed:
                assert order[f"{computed[symbol]}{layer}"] <= scene["upto"]
        assert scene["upto"] == order[scene["steps"][-1]]


@pytest.mark.parametrize("grain", ["formula", "layer", "phase"])
def test_every_grain_visits_every_step_once_and_in_order(grain):
    data = staged(EXPERIMENTS[0])
    visited = [step for scene in data["walks"][grain] for step in scene["steps"]]
    assert visited == list(data["order"])


def test_backward_scenes_run_to_the_left_and_forward_scenes_to_the_right():
    for scene in staged(EXPERIMENTS[0])["walks"]["formula"]:
        expected = {"forward": 1, "backward": -1}.get(scene["phase"], 0)
        assert scene["direction"] == expected


def test_the_path_around_a_layer_is_lit_when_it_is_gone_in_either_direction():
    """A part of a[l], and on the way back of da[l-1]; layer 3 has other units than layer 2."""
    e = Experiment(hidden=(Layer(3, "tanh"), Layer(3, "tanh"), Layer(2, "relu")), residual=0.5)
    data = staged(e)
    lit = {step: scene["lit"]["skips"] for scene in data["walks"]["formula"]
           for step in scene["steps"]}
    assert {step for step, layers in lit.items() if layers == [2]} == {"a2", "delta1"}
    assert {*map(tuple, lit.values())} == {(), (2,)}
    assert data["picture"]["arcs"]["2"].count("M") == 3
    assert [*data["picture"]["arcs"]] == ["2"]
    assert "arcs" not in staged(Experiment())["picture"]


@pytest.mark.parametrize("t", [0, 1, 57, 198, 199])
def test_the_walk_finds_the_iterations_around_the_cursor_and_the_weights_after_them(t):
    data = staged(Experiment(), iteration=t)
    near = {max(0, t - 1), t, min(199, t + 1)}
    assert near <= {int(i) for i in data["traces"]}
    assert {int(i) + 1 for i in data["traces"]} <= {int(i) for i in data["parameters"]}


@pytest.mark.parametrize("sample", [0, 23, 24, 149, ALL])
def test_a_window_of_samples_holds_the_chosen_one(sample):
    e = PRESETS["iris"].state.experiment
    data, run = staged(e, sample=sample), train(e, 3)
    first, count = data["shown"].values()
    s = max(sample, 0)
    assert first <= s < first + count <= 150
    assert count <= SAMPLES
    assert data["traces"]["0"]["z"]["1"][0][s - first] == run.trace(0).z[1][0, s]


def test_the_cost_and_the_gradients_are_those_of_all_samples():
    e = PRESETS["iris"].state.experiment
    data, trace = staged(e), train(e, 3).trace(0)
    assert data["traces"]["0"]["C"] == [[trace.C]]
    assert data["traces"]["0"]["dW"]["1"] == trace.dW[1].tolist()


def test_the_id_follows_the_experiment_and_the_seed_and_not_the_cursor():
    here = staged(Experiment())
    assert here["id"] == staged(Experiment(), iteration=5)["id"]
    assert here["id"] != staged(Experiment(learning_rate=0.5))["id"]


def test_a_frozen_parameter_says_that_it_stays():
    e = replace(Experiment(), frozen=("b1",))
    data = staged(e)
    scene = next(s for s in data["walks"]["formula"] if s["steps"] == ["b1"])
    assert "frozen" in "".join(map(str, scene["sentence"]))
    assert data["parameters"]["0"]["b"]["1"] == data["parameters"]["1"]["b"]["1"]


def test_the_network_can_be_built_only_where_somebody_listens():
    e = Experiment()
    run, state = train(e, 0), State(e)
    alone, answered = stage(run, state, "0"), stage(run, state, "0", Built("here", 3, "Done."))
    assert alone["build"] is None
    assert "built" not in alone
    assert [head["title"] for head in answered["build"]["heads"]] == ["Input", "Layer 1", "Output"]
    assert answered["built"] == {"mount": "here", "count": 3, "told": "Done."}
    assert alone["wording"] != answered["wording"]


def test_layers_say_their_names():
    data = staged(Experiment(hidden=(Layer(3, "relu"),)))
    assert [layer["title"] for layer in data["layers"]] == ["Input", "Layer 1", "Output"]
    assert data["layers"][1]["activation"] == "relu"


@pytest.mark.parametrize(("sample", "m", "most", "window"), [
    (ALL, 150, 24, (0, 24)), (0, 150, 24, (0, 24)), (23, 150, 24, (0, 24)),
    (24, 150, 24, (24, 24)), (149, 150, 24, (126, 24)), (5, 10, 24, (0, 10)), (3, 4, 2, (2, 2)),
    (4, 5, 2, (3, 2)),
])
def test_samples_travel_in_whole_groups_that_end_with_the_batch(sample, m, most, window):
    assert sample_window(Cursor(sample=sample), m, most) == window


def test_a_sample_is_named_by_its_number_and_by_what_is_short():
    named = lambda e: sample_names(train(replace(e, iterations=1), 0), min(2, e.samples))
    xor, iris = Experiment(), PRESETS["iris"].state.experiment
    assert named(xor)[1] == "2: (1, 0) → 1"
    assert named(replace(iris, batch=0))[0].startswith("1: (")
    assert named(replace(iris, batch=0))[0].count(",") == 3 + 2
    assert named(replace(iris, batch=8)) == ["1 of this batch", "2 of this batch"]
    digits = Experiment(data="digits", size=20, hidden=(), output="softmax", loss="cross_entropy")
    assert named(digits) == ["1", "2"]
    assert named(Experiment(data="mazur", loss="output", output="identity"))[0] == "1: (0.05, 0.1)"


def test_a_column_has_its_title_its_activation_and_a_name_for_each_unit():
    found = layers(Experiment(data="mazur", hidden=(Layer(3, "tanh"),), loss="half_sum"))
    assert [column["activation"] for column in found] == ["", "tanh", "sigmoid"]
    assert [column["width"] for column in found] == [2, 3, 2]
    assert [column["units"] for column in found] == [["x1", "x2"], ["1", "2", "3"], ["y1", "y2"]]

"""Every control of the sidebar is a change of the state."""

import pytest

from engine.experiment import link
from engine.experiment.experiment import Experiment
from engine.experiment.layers import Layer
from engine.experiment.state import Cursor, State
from tests.ui.test_pages import control, opened, said, staged, state, whole


@pytest.mark.parametrize(("key", "value", "field"), [
    ("learning_rate", 0.25, "learning_rate"),
    ("frozen", ["W1"], "frozen"),
    ("loss", "mse", "loss"),
    ("initializer", "zeros", "initializer"),
    ("optimizer", "adam", "optimizer"),
    ("schedule", "cosine", "schedule"),
    ("batch", 2, "batch"),
    ("bias", "normal", "bias"),
    ("clip", 0.5, "clip"),
    ("l2", 0.01, "l2"),
    ("l1", 0.01, "l1"),
])
def test_every_control_changes_the_state_the_stage_and_the_link(key, value, field):
    app = opened()
    app.session_state["more about learning"] = True
    before = staged(whole(app.run()))["id"]
    whole(control(app, key).set_value(value).run())
    assert getattr(state(app).experiment, field) == (tuple(value) if key == "frozen" else value)
    assert staged(app)["id"] != before
    assert link.read(app.query_params)[0] == state(app)


def test_hidden_layers_grow_shrink_and_change_one_by_one():
    app = opened()
    whole(control(app, "layers").set_value(3).run())
    whole(control(app, "width 2").set_value(7).run())
    whole(control(app, "activation 3").select("relu").run())
    assert state(app).experiment.sizes == (2, 4, 7, 4, 1)
    assert state(app).experiment.activations == ("tanh", "tanh", "relu", "sigmoid")
    whole(control(app, "layers").set_value(0).run())
    assert state(app).experiment.sizes == (2, 1)


def test_a_deep_network_has_one_width_and_one_activation_for_all_layers():
    app = opened({"hidden": "8tanh*20"})
    assert "width 1" not in {w.key.partition("#")[0] for w in app.number_input}
    whole(control(app, "all widths").set_value(16).run())
    whole(control(app, "all activations").select("relu").run())
    assert link.write(state(app))["hidden"] == "16relu*20"
    whole(control(app, "layers").set_value(100).run())
    assert state(app).experiment.L == 101
    whole(control(app, "all widths").set_value(256).run())
    assert state(app).experiment.hidden[0].width == 16
    assert "at most 2,000,000 parameters in all layers together" in said(app)


def test_deep_layers_that_differ_are_said_to():
    app = opened({"hidden": "8tanh*9-3relu"})
    assert control(app, "all widths").value is None
    assert "1 to 9 are 8 tanh, 10 is 3 relu" in app.sidebar.caption[0].value
    whole(control(app, "all widths").set_value(5).run())
    assert link.write(state(app))["hidden"] == "5tanh*9-5relu"


def test_hidden_layers_are_normalised_and_have_paths_around_them_from_the_sidebar():
    app = opened(link.write(State(Experiment(hidden=(Layer(3, "tanh"),) * 2))))
    whole(control(app, "norm").select("layer").run())
    whole(control(app, "residual").set_value(0.5).run())
    assert (state(app).experiment.norm, state(app).experiment.residual) == ("layer", 0.5)
    assert {"u2", "n2", "du1"} <= staged(app)["order"].keys()
    assert [*staged(app)["picture"]["arcs"]] == ["2"]


def test_a_step_that_goes_with_the_normalisation_gives_way_to_another():
    cursor = Cursor(step="du1")
    app = opened(link.write(State(Experiment(norm="batch"), cursor=cursor)))
    assert state(app).cursor == cursor
    whole(control(app, "norm").select("none").run())
    assert state(app).cursor.step == "z1"


def test_a_change_that_forces_another_says_so():
    app = opened()
    whole(control(app, "data").select("iris").run())
    whole(control(app, "loss").select("cross_entropy").run())
    assert state(app).experiment.output == "softmax"
    assert "output must be softmax" in said(app)


@pytest.mark.parametrize("rate", [0.0, -1.0, 2e9])
def test_a_learning_rate_that_cannot_be_is_refused_with_a_sentence(rate):
    app = opened()
    whole(control(app, "learning_rate").set_value(rate).run())
    assert state(app) == State()
    assert "learning_rate must be above 0" in said(app)
    assert control(app, "learning_rate").value == state(app).experiment.learning_rate


def test_a_learning_rate_of_a_billion_is_run_and_shown_to_diverge():
    app = opened()
    whole(control(app, "learning_rate").set_value(1e9).run())
    assert state(app).experiment.learning_rate == 1e9
    assert "diverges" in staged(app)["notice"]


def test_an_old_value_that_the_browser_still_sends_is_not_taken_for_a_wish():
    """A preset sets many widgets; a change made before the browser hears of it undoes nothing."""
    app = opened()
    stale = control(app, "learning_rate")
    whole(control(app, "preset").select("mazur").run())
    assert control(app, "learning_rate").key != stale.key
    assert control(app, "seed").key.endswith("#0")


def test_a_seed_out_of_range_is_refused_with_a_sentence():
    app = opened()
    whole(control(app, "seed").set_value(-3).run())
    assert state(app).seed == 0
    assert "seed must be a whole number from 0" in said(app)

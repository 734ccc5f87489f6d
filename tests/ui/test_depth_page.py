"""The depth lab: it opens cold and by link, each control changes the state, and absurd links hold.
"""

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from engine.depth.initial_step import alike, here
from engine.depth.maps import at_cell
from engine.experiment import link
from engine.experiment.cures import CURES, LOOKS, Lab
from engine.experiment.experiment import Experiment
from engine.experiment.layers import Layer
from engine.experiment.presets import PRESETS
from engine.experiment.state import Pinned, State
from figures.depth.profile import QUANTITIES
from tests.ui.session import orders
from tests.ui.test_pages import ROOT, opened, said, state, whole
from ui.depth.lab import cell_of, mapping
from ui.session import gradual, workers

PAGE = "pages/22_depth.py"
SMALL = State(Experiment(hidden=(Layer(6, "tanh"),) * 5, iterations=4))


def lab(now: State = SMALL, **query: str) -> AppTest:
    return opened(link.write(now) | query, PAGE)


def widget(app: AppTest, name: str):
    kinds = (*app.slider, *app.selectbox, *app.number_input, *app.multiselect, *app.button_group)
    return next(w for w in kinds if w.key.partition("#")[0] == f"lab {name}")


def press(app: AppTest, label: str) -> AppTest:
    return whole(next(b for b in app.button if b.label == label).click().run())


def charts(app: AppTest) -> set[str]:
    return {chart.proto.id.rpartition("-")[2] for chart in app.get("plotly_chart")}


def test_who_comes_from_elsewhere_sees_the_own_network():
    app = opened(link.write(SMALL))
    app.switch_page(PAGE)
    assert state(whole(app.run())) == SMALL


def test_it_opens_in_a_cold_session_with_the_textbook_collapse():
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=20).switch_page(PAGE)
    assert state(whole(app.run())) == PRESETS["collapse"].state
    assert "depth lab" in app.title[0].value.lower()
    assert len(app.get("plotly_chart")) == 2


@pytest.mark.parametrize("look", LOOKS)
def test_each_look_opens_by_link(look):
    app = lab(replace(SMALL, lab=Lab(3, "rms_delta", look)))
    assert state(app).lab.look == look
    assert len(app.get("plotly_chart")) == (1 if look == "lottery" else 2)


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_each_quantity_is_drawn(quantity):
    whole(widget(app := lab(), "quantity").select(quantity).run())
    assert state(app).lab.quantity == quantity
    assert link.read(app.query_params)[0] == state(app)


@pytest.mark.parametrize(("name", "value", "of"), [
    ("depth", 9, lambda e: len(e.hidden)),
    ("width", 11, lambda e: e.hidden[4].width),
    ("activation", "relu", lambda e: e.hidden[4].activation),
    ("initializer", "he_normal", lambda e: e.initializer),
    ("gain", 2.5, lambda e: e.gain),
    ("bias", 0.5, lambda e: e.bias_scale),
    ("data", "moons", lambda e: e.data),
    ("rate", 0.02, lambda e: e.learning_rate),
    ("residual", 0.3, lambda e: e.residual),
    ("clip", 1.5, lambda e: e.clip),
])
def test_each_control_changes_the_experiment_and_the_link(name, value, of):
    app = lab()
    whole(widget(app, name).set_value(value).run())
    assert of(state(app).experiment) == value
    assert link.read(app.query_params)[0] == state(app)


def test_no_bias_scale_is_no_biases():
    app = lab()
    whole(widget(app, "bias").set_value(0.5).run())
    assert state(app).experiment.bias == "normal"
    whole(widget(app, "bias").set_value(0.0).run())
    assert (state(app).experiment.bias, state(app).experiment.bias_scale) == ("zeros", 1.0)


@pytest.mark.parametrize("name", ["layer", "residual", "matched", "clip"])
def test_a_cure_is_a_switch_and_what_was_before_stays(name):
    start = replace(SMALL, experiment=replace(SMALL.experiment, initializer="pytorch"))
    app = lab(start)
    whole(widget(app, "cures").set_value([name]).run())
    assert CURES[name].is_on(state(app).experiment)
    assert state(app).lab.before
    whole(widget(app, "cures").set_value([]).run())
    assert state(app).experiment == start.experiment
    assert state(app).lab.before == ()


def test_a_larger_learning_rate_is_said_to_be_no_cure():
    app = press(lab(), "Ten times the learning rate")
    assert state(app).experiment.learning_rate == 10 * SMALL.experiment.learning_rate
    assert any("is no cure" in m.value for m in app.markdown)


@pytest.mark.parametrize("name", [name for name, p in PRESETS.items() if p.deep])
def test_each_preset_of_the_lab_is_taken_as_it_is(name):
    app = lab()
    whole(widget(app, "preset").set_value(name).run())
    assert state(app) == PRESETS[name].state
    assert any(PRESETS[name].note in m.value for m in app.markdown)


def test_a_race_lines_up_other_values_of_one_field():
    app = press(lab(replace(SMALL, lab=Lab(look="race"))), "Race the learning rates")
    now = state(app)
    assert [run.experiment.learning_rate for run in now.pinned] == [10, 100]
    assert all(replace(run.experiment, learning_rate=1.0) == now.experiment for run in now.pinned)
    assert state(press(app, "Race alone")).pinned == ()


def test_the_lottery_is_drawn_when_somebody_asks_for_it():
    app = lab(replace(SMALL, lab=Lab(look="lottery")))
    press(app, "Draw the seeds")
    assert len(app.get("plotly_chart")) == 3
    assert len(lab(state(app)).get("plotly_chart")) == 3  # by its link
    whole(widget(app, "width").set_value(5).run())
    assert len(app.get("plotly_chart")) == 1  # another experiment waits until somebody asks


@pytest.mark.parametrize("kind", ["sigma", "gain", "chart"])
def test_a_point_of_a_map_is_chosen_without_a_pointer_and_the_map_stays(kind):
    app = lab(replace(SMALL, lab=Lab(look=kind)))
    before = alike(state(app).experiment, kind)
    for axis, at in (("x", 3), ("y", 2)):
        whole(next(w for w in app.selectbox if w.key == f"{kind} {axis}").set_value(at).run())
    press(app, "Set the lab to this point")
    found = gradual.first(mapping(before, 0, kind))
    assert state(app).experiment == at_cell(SMALL.experiment, found, 2, 3)
    assert alike(state(app).experiment, kind) == before


def test_the_experiment_stands_at_its_own_place_in_a_map():
    for kind, (i, j) in {"sigma": (4, 7), "gain": (3, 9), "chart": (2, 1)}.items():
        found = gradual.first(mapping(alike(SMALL.experiment, kind), 0, kind))
        e = at_cell(SMALL.experiment, found, i, j)
        x, y = here(e, found)
        assert y == pytest.approx(found.y[i]) if kind != "chart" else y == found.y[i]
        assert x == pytest.approx(found.x[j]) if kind != "chart" else x == found.x[j]


@pytest.mark.parametrize("query", [
    {"networks": "100000"}, {"look": "x"}, {"quantity": "1"}, {"before": "norm~what"},
    {"hidden": "256tanh*100"}, {"hidden": ""}, {"hidden": "4tanh-9relu-2elu", "look": "gain"},
    {"initializer": "constant", "look": "sigma"}, {"gain": "0", "look": "chart"},
    {"gain": "1000", "look": "singular"}, {"data": "iris", "loss": "mse", "look": "race"},
    {"hidden": "3softmax*3", "look": "sigma"}, {"parameters": "1,2", "look": "gain"},
])
def test_absurd_links_are_mended_and_never_break_the_page(query):
    app = lab(**query)
    assert link.read(app.query_params)[0] == state(app)


def test_layers_that_differ_are_said_to():
    app = lab(hidden="4tanh*3-9relu")
    assert any("1 to 3 are 4 tanh, 4 is 9 relu" in c.value for c in app.main.caption)


def test_the_largest_networks_are_refused_with_a_sentence():
    app = lab(hidden="8tanh*100")
    whole(widget(app, "width").set_value(256).run())
    assert "at most 2,000,000 parameters" in said(app)


def test_own_runs_beside_it_have_names_that_tell_them_apart():
    other = Pinned(replace(SMALL.experiment, initializer="he_normal"), 0)
    app = lab(replace(SMALL, pinned=(other,), lab=Lab(look="race")))
    assert any("He normal" in m.value for m in app.markdown)


def test_what_is_computed_little_by_little_comes_first_once_and_ends():
    one = workers.ask(orders.some, 4, digest=orders.plain)
    assert gradual.first(one) == 0
    workers.wait_for(one, lambda: one.done)
    assert (one.found, one.done) == (3, True)
    assert gradual.first(one) == 3


def test_widths_that_cannot_be_are_left_out_and_that_is_said():
    app = lab(data="digits", hidden="1tanh*70", output="softmax", loss="cross_entropy",
              iterations="1", look="lottery", drawn="widths")
    assert any("Without the width 32" in info.value for info in app.info)
    assert "lab widths" in charts(app) or len(app.get("plotly_chart")) == 2


@pytest.mark.parametrize("value", ["1e308", "-1e308"])
@pytest.mark.parametrize("look", ["spread", "singular", "race"])
def test_parameters_at_the_ends_of_a_float_are_drawn(value, look):
    app = lab(data="xor", hidden="4tanh", parameters="_".join([value] * 17), look=look)
    assert state(app).experiment.parameters
    assert len(app.get("plotly_chart")) == 2


@pytest.mark.parametrize(("custom", "cell"), [
    ([3, 7], (3, 7)), ({"0": 3, "1": 7}, (3, 7)), (None, None), ([], None)])
def test_a_click_is_understood_as_the_browser_sends_it(custom, cell):
    assert cell_of(custom) == cell

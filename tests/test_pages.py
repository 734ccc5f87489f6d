"""Every page opens cold and by link, follows its controls at once, and never shows a traceback."""

import re
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from engine import link
from engine.datasets import DATASETS
from engine.presets import PRESETS
from engine.spec import Cursor, Experiment, Layer, State
from figures.parcel import opened as unpacked
from figures.stage import Built, read
from ui.stage import unanswered

ROOT = Path(__file__).parent.parent
PAGES = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "pages").glob("*.py"))
STEP = "pages/10_step.py"


def opened(query: dict[str, str] | None = None, page: str = "") -> AppTest:
    """The app in a new session, at a page and with a query string: the Step page, and all else as
    it begins."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=20)
    for name, text in (query or {"v": "1"}).items():
        app.query_params[name] = text
    if page:
        app.switch_page(page)
    return whole(app.run())


def whole(app: AppTest) -> AppTest:
    assert not app.exception
    return app


def control(app: AppTest, name: str) -> Any:
    """The widget of the sidebar with this name."""
    widgets = (*app.selectbox, *app.number_input, *app.multiselect)
    return next(widget for widget in widgets if widget.key.partition("#")[0] == name)


def state(app: AppTest) -> State:
    return app.session_state["state"]


def staged(app: AppTest) -> dict:
    """What the stage was given: its message, and the cargo that this names."""
    sent = [element.proto.bytes for element in app.get("bidi_component")]
    opened_ones = [(data, unpacked(data)[0]) for data in sent if data]
    data, names = next((data, words["cargo"]) for data, words in opened_ones if "cargo" in words)
    cargo = {words["id"]: words for _, words in opened_ones if "kind" in words}
    words, samples = (cargo[names[kind]][kind] for kind in ("words", "samples"))
    return words | read(data) | {"samples": samples}


def said(app: AppTest) -> str:
    return re.sub(r"\\(.)", r"\1", " ".join(warning.value for warning in app.warning))


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_in_a_cold_session(page):
    app = opened(page=page)
    assert app.title[0].value
    assert control(app, "preset").value == "xor"


@pytest.mark.parametrize("page", PAGES)
def test_every_page_takes_up_the_state_of_a_link(page):
    there = State(Experiment(data="iris", hidden=(Layer(5, "relu"),), loss="mse"), 3)
    assert state(opened(link.write(there), page)) == there


def test_the_first_page_opens_with_a_curated_example_on_the_stage():
    app = opened()
    data = staged(app)
    assert data["picture"]["drawn"]
    assert data["cursor"]["step"] == "z1"
    assert preset_title() in [header.value for header in app.header]


def preset_title() -> str:
    return PRESETS["xor"].title


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_is_one_choice_away_and_names_its_source_and_its_error(name):
    preset = PRESETS[name]
    app = opened()
    whole(control(app, "preset").select(name).run())
    assert (state(app).experiment, state(app).seed) == (preset.state.experiment, preset.state.seed)
    words = " ".join(element.value for element in (*app.markdown, *app.warning))
    assert preset.note in words
    assert preset.source in words
    assert preset.error in words


@pytest.mark.parametrize("data", DATASETS)
def test_a_choice_of_data_is_on_the_stage_at_once(data):
    app = opened()
    whole(control(app, "data").select(data).run())
    assert state(app).experiment.data == data
    assert staged(app)["layers"][0]["units"] == list(DATASETS[data].inputs)


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


def test_the_iteration_moves_the_cursor_and_the_stage():
    app = opened()
    before = staged(app)
    whole(control(app, "iteration").set_value(37).run())
    assert state(app).cursor.iteration == 37
    assert staged(app)["cursor"]["iteration"] == 37
    assert staged(app)["move"] != before["move"]


def test_a_cursor_from_the_stage_is_kept_and_does_not_move_the_picture():
    app = opened()
    before = staged(app)
    app.session_state["stage"] = {"cursor": {}}
    app.session_state["state"] = State(cursor=Cursor(iteration=2, step="delta2", unit=(1, 3)))
    whole(app.run())
    assert staged(app)["move"] == before["move"]
    assert link.read(app.query_params)[0] == state(app)
    assert control(app, "iteration").value == 2


BAD = {
    "unknown key": ({"colour": "red"}, "colour is not a part of a link"),
    "wrong type": ({"seed": "seven"}, "seed must be a whole number (got seven)"),
    "absurd size": ({"hidden": "9999-9999"}, "hidden must be layers such as 4tanh-3relu"),
    "too wide": ({"hidden": "9999tanh"}, "width of a hidden layer must be a whole number from 1"),
    "not a number": ({"learning_rate": "nan"}, "learning_rate must be above 0"),
    "zero rate": ({"learning_rate": "0"}, "learning_rate must be above 0"),
    "negative rate": ({"learning_rate": "-1"}, "(got -1.0)"),
    "beyond the end": ({"iteration": "5000"}, "iteration must be a whole number from 0 to 199"),
    "no such sample": ({"sample": "4"}, "sample must be a whole number from -1 to 3 (got 4)"),
    "no such step": ({"step": "z9"}, "step must be one of z1"),
    "no such unit": ({"unit": "7.0"}, "unit must be a unit or a connection"),
    "another version": ({"v": "99"}, "v must be 1"),
    "markup": ({"data": "<script>alert(1)</script>"}, "data must be one of"),
}


@pytest.mark.parametrize("case", BAD)
@pytest.mark.parametrize("page", PAGES)
def test_a_bad_link_says_what_it_dropped_and_keeps_the_rest(case, page):
    query, sentence = BAD[case]
    good = {"frozen": "b1"}
    app = opened(good | query, page)
    assert sentence in said(app)
    assert state(app).experiment.frozen == ("b1",)


def test_what_a_link_says_is_shown_as_text_and_not_as_markup():
    app = opened({"data": "**b** <b>x</b> $z$ :red[y]"})
    assert r"\*\*b\*\* \<b\>x\<\/b\> \$z\$ \:red\[y\]" in app.warning[0].value


def test_each_wish_is_granted_once_however_often_and_late_it_is_repeated():
    def new(count, first, wishes, mount="here"):
        sent = {"mount": mount, "first": first, "wishes": wishes}
        return unanswered(Built("here", count, ""), sent)
    assert new(0, 0, "ab") == "ab"
    assert new(1, 0, "ab") == "b"
    assert new(2, 0, "ab") == ""
    assert new(2, 2, "c") == "c"
    assert new(7, 5, "cde", mount="there") == "cde", "a stage that this session has not heard yet"

"""Every page opens cold and by link, follows its controls at once, and never shows a traceback."""

import re
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from engine.data.datasets import DATASETS
from engine.experiment import link
from engine.experiment.experiment import Experiment
from engine.experiment.layers import Layer
from engine.experiment.presets import PRESETS
from engine.experiment.state import Cursor, State
from figures.parcels import opened as unpacked
from figures.stage.payload import Built, read
from ui.players.stage import unanswered

ROOT = Path(__file__).parent.parent.parent
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

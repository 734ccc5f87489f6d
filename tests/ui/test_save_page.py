"""The Save page: sizes stand beside what can be taken away, and a hostile file leaves all well."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from engine.experiment import link, savefile
from engine.experiment.experiment import Experiment
from engine.experiment.state import State
from tests.engine.experiment.test_savefile import HALVES
from tests.ui.test_pages import PAGES, opened, said, state, whole

SAVE = "pages/32_save.py"


def give(app: AppTest, text: str) -> AppTest:
    return whole(app.file_uploader[0].set_value(("a.json", text.encode(), "text/json")).run())


def buttons(app: AppTest) -> dict[str, bool]:
    """What the file of each download button is, and whether it can be had."""
    return {button.proto.help.partition(":")[0] or button.proto.label: not button.proto.disabled
            for button in app.get("download_button")}


@pytest.mark.parametrize("content", HALVES.values(), ids=HALVES)
def test_after_a_file_with_half_a_character_every_page_is_well(content):
    app = give(opened(page=SAVE), json.dumps({"backstep": 1, "state": content | {"seed": "7"}}))
    assert state(app).seed == 7
    assert len(app.warning) == 1
    for page in PAGES:
        app.switch_page(page)
        whole(app.run())
        assert state(app).seed == 7


def test_a_long_value_of_a_file_is_quoted_in_few_characters():
    long = {"unit": "1." * 100_000 + "1", "frozen": "W1," * 100_000 + "W1"}
    app = give(opened(page=SAVE), json.dumps({"backstep": 1, "state": long}))
    assert "unit must be" in said(app)
    assert len(said(app)) < 400
    assert sum(map(len, app.query_params)) < 2000


def test_a_file_that_is_too_large_for_a_saved_one_is_refused_by_its_size():
    before = state(app := opened({"seed": "3"}, SAVE))
    give(app, "[" * (savefile.MAX_BYTES + 1))
    assert said(app) == "a file must have at most 12 MB (got 12.0 MB)"
    assert state(app) == before
    assert any("at most 12 MB" in uploader.label for uploader in app.file_uploader)


def test_all_forms_of_a_small_network_can_be_had_and_nothing_is_said_of_sizes():
    app = opened(page=SAVE)
    assert all(buttons(app).values())
    assert " MB" not in " ".join(element.value for element in app.markdown)


def test_what_would_be_too_large_is_refused_and_what_fits_is_offered(monkeypatch):
    monkeypatch.setattr("ui.data.downloads.MAX_BYTES", 5_000)
    monkeypatch.setattr("ui.data.downloads.WORTH_SAYING", 4_500)
    app = opened(page=SAVE)
    had = buttons(app)
    refused = {title for title, is_had in had.items() if not is_had}
    assert refused >= {"CSV", "Jupyter notebook", "Walk as a web page"}
    assert not refused & {"CSV of one sample", "PyTorch script", "Save the file"}
    words = " ".join(element.value for element in app.markdown)
    assert "**It would have about 0 MB; a file has at most 0.005 MB.**" in words


def test_a_state_that_no_file_holds_is_not_saved(monkeypatch):
    monkeypatch.setattr(savefile, "MAX_BYTES", 200)
    app = opened(link.write(State(Experiment(parameters=(0.5,) * 17))), SAVE)
    assert not buttons(app)["Save the file"]
    assert "cannot be saved" in said(app)

"""Every way of bringing data ends on every page, or in a sentence with nothing changed."""

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from engine.data.table_text import read_table
from engine.data.user_data import Own
from engine.experiment import link
from engine.experiment.experiment import Experiment
from engine.experiment.state import State
from tests.ui.test_pages import STEP, control, opened, said, staged, state, whole

DATA = "pages/30_data.py"
PETS = "height,mass,kind\n1,10,cat\n2,20,dog\n3,31,cat\n"


def page(query: dict | None = None, way: str = "file") -> AppTest:
    app = opened(query, DATA)
    if way != "file":
        whole(app.segmented_control(key="way in").select(way).run())
    return app


def give(app: AppTest, content: str | bytes, name: str = "pets.csv") -> AppTest:
    raw = content if isinstance(content, bytes) else content.encode()
    return whole(app.file_uploader[0].set_value((name, raw, "text/csv")).run())


def type_in(app: AppTest, text: str) -> AppTest:
    return whole(app.text_area[0].set_value(text).run())


def widget(app: AppTest, name: str):
    widgets = (*app.selectbox, *app.multiselect, *app.segmented_control, *app.checkbox,
               *app.number_input)
    return next(w for w in widgets if w.key.partition("#")[0] == name)


def own(app: AppTest) -> Own:
    found = state(app).experiment.data
    assert isinstance(found, Own)
    return found


def shown(app: AppTest) -> str:
    return " ".join(element.value for element in (*app.markdown, *app.caption))


@pytest.mark.parametrize("data", ["xor", "iris", "mazur", "geoj", "digits", "sine"])
@pytest.mark.parametrize("way", ["file", "text", "grid", "draw"])
def test_the_page_shows_the_data_of_every_link_in_every_way(data, way):
    app = page({"data": data, "loss": "half_sum", "output": "identity"}, way)
    assert "samples" in shown(app) or "sample with" in shown(app)
    assert state(app).experiment.data == data


def test_a_file_is_at_once_the_data_with_settings_that_suit_it():
    app = give(page(), PETS)
    assert own(app) == Own(read_table(PETS), ("height", "mass"), ("kind",))
    e = state(app).experiment
    assert (e.output, e.loss, e.standardise, e.batch) == ("sigmoid", "bce", True, 0)
    assert "pets\\.csv\\: 3 samples with 2 inputs and 2 classes" in shown(app)
    assert not app.warning
    app.switch_page(STEP)
    assert staged(whole(app.run()))["layers"][0]["units"] == ["height", "mass"]


def test_the_bytes_of_a_file_are_not_kept():
    app = give(page(), PETS)
    assert app.file_uploader[0].value is None
    assert give(app, PETS.replace("31", "32")).file_uploader[0].value is None
    assert own(app).table.column("mass").values.tolist() == [10, 20, 32]


def test_undo_brings_back_what_was_there():
    app = give(page(), PETS)
    whole(app.button[0].click().run())
    assert state(app) == State()


def test_missing_values_are_named_with_their_rows_and_dropped_or_filled():
    app = give(page(), "height,mass,kind\n1,10,cat\n,20,dog\n3,,dog\n5,7,?\n4,4,dog\n")
    text = shown(app).replace("\\", "")
    assert "height has no value in row 2." in text
    assert "mass has no value in row 3." in text
    assert "kind has no value in row 4." in text
    assert "3 rows of 5 left out." in text


def test_where_rows_are_missing_the_user_says_what_becomes_of_them():
    rows = "".join(f"{i},{i * i},{'ab'[i % 2]}\n" for i in range(6))
    app = give(page(), "x,z,kind\n,5,a\n" + rows)
    assert own(app).source.samples == 6
    whole(widget(app, "own missing").select("fill").run())
    assert (own(app).missing, own(app).source.samples) == ("fill", 7)
    assert state(app).experiment.standardise is True


def test_a_column_of_nothing_and_a_constant_target_are_said():
    app = give(page(), "x,empty,y\n1,,3.5\n2,,3.5\n")
    assert own(app).inputs == ("x",)
    assert "y is 3.5 in every row: there is nothing to learn." in shown(app).replace("\\", "")


def test_one_row_is_enough():
    app = give(page(), "a,b\n1,x\n")
    assert (own(app).source.samples, own(app).targets) == (1, ("a",))


def test_one_class_is_no_target_but_may_be_chosen_away():
    app = give(page(), "x,y,kind\n1,0.5,cat\n2,0.75,cat\n")
    assert own(app).targets == ("y",)
    whole(widget(app, "own target").select("kind").run())
    assert "kind must have 2 to 20 classes (got 1)" in said(app)
    assert own(app).targets == ("y",)


def test_columns_are_chosen_and_a_wrong_choice_changes_nothing():
    app = give(page(), PETS)
    whole(widget(app, "own inputs").set_value(["mass"]).run())
    assert own(app).inputs == ("mass",)
    assert state(app).experiment.standardise is True
    whole(widget(app, "own inputs").set_value([]).run())
    assert "inputs must be one column or more (got none)" in said(app)
    assert own(app).inputs == ("mass",)
    assert widget(app, "own inputs").value == ["mass"]
    whole(widget(app, "own kind").set_value("numbers").run())
    assert "kind must be numbers (got cat in row 1)" in said(app)
    assert (own(app).kind, widget(app, "own kind").value) == ("classes", "classes")


def test_a_choice_of_targets_brings_the_loss_that_suits_it():
    app = give(page(), PETS)
    whole(widget(app, "own target").select("height").run())
    assert (own(app).targets, own(app).kind) == (("height",), "classes")
    whole(widget(app, "own kind").set_value("numbers").run())
    whole(widget(app, "own targets").set_value(["mass"]).run())
    assert (own(app).inputs, own(app).targets) == (("kind",), ("height", "mass"))
    e = state(app).experiment
    assert (e.loss, e.output, e.sizes[-1]) == ("mse", "identity", 2)


def test_scaling_and_the_test_share_are_choices_for_our_data_too():
    app = page({"data": "iris", "hidden": "5relu"})
    assert widget(app, "standardise").value is True
    whole(widget(app, "standardise").uncheck().run())
    whole(widget(app, "split of the data").set_value(0.2).run())
    assert (state(app).experiment.standardise, state(app).experiment.split) == (False, 0.2)
    assert "30 of them are held back" in shown(app)
    whole(widget(app, "split of the data").set_value(0.0).run())
    assert "held back for" not in shown(app)


def test_the_present_data_is_there_as_text_to_be_edited():
    app = page(way="text")
    assert app.text_area[0].value == "x1,x2,class\n1,1,0\n1,0,1\n0,1,1\n0,0,0\n"
    type_in(app, app.text_area[0].value.replace("1,1,0", "0.1234567890123,1,0"))
    assert own(app).table.column("x1").values[0] == 0.1234567890123
    e = state(app).experiment
    assert replace(e, data="xor") == Experiment()
    assert link.read(app.query_params)[0] == state(app)
    assert "travels in the link" in shown(app)


def test_large_data_is_not_there_as_text_or_in_the_grid():
    for way in ("text", "grid"):
        app = page({"data": "digits", "loss": "half_sum", "output": "identity"}, way)
        assert "more than 200 numbers" in shown(app)
    assert page({"data": "iris"}, "text").text_area[0].value == ""


def test_a_refused_text_stays_until_it_is_discarded_or_other_data_is_looked_at():
    app = type_in(page(way="text"), "a,b\nhello world")
    assert "row 1 must have 2 values" in said(app)
    assert app.text_area[0].value == "a,b\nhello world"
    whole(app.run())
    assert app.text_area[0].value == "a,b\nhello world"
    whole(next(b for b in app.button if b.label == "Discard").click().run())
    assert app.text_area[0].value.startswith("x1,x2,class")
    type_in(app, "a")
    whole(control(app, "data").select("and").run())
    assert app.text_area[0].value.startswith("x1,x2,class")
    type_in(type_in(app, "b"), "x,y\n1,0.5\n2,0.25\n")
    assert (own(app).targets, state(app).experiment.loss) == (("y",), "mse")


def test_a_large_pasted_table_is_scaled_as_a_file_is():
    rows = "".join(f"{i},{i % 3}\n" for i in range(150))
    app = type_in(page(way="text"), f"x,y\n{rows}")
    assert state(app).experiment.standardise is True
    assert app.text_area[0].value == ""
    assert "only named in it" in shown(app)


def test_a_link_with_own_data_opens_the_page():
    there = state(type_in(page(way="text"), PETS))
    app = page(link.write(there))
    assert state(app) == there
    assert widget(app, "own target").value == "kind"

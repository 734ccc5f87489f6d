"""Every way of bringing data ends on every page, or in a sentence with nothing changed."""

import json
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from engine import link
from engine.own import Own
from engine.spec import Experiment, State
from engine.tables import MAX_ROWS, read_table
from tests.test_pages import STEP, control, opened, said, staged, state, whole
from ui.bring import edited_rows

DATA = "pages/30_data.py"
PETS = "height,mass,kind\n1,10,cat\n2,20,dog\n3,31,cat\n"
STRANGE = "**b** <img src=x onerror=alert(1)> $x$ :red[r]"


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


WRONG = {
    "empty": (b"", "a table must have a header and a row or more (got 0 lines)"),
    "one column": (b"a\n1\n", "a table must have 2 to 100 columns (got 1)"),
    "a header alone": (b"a,b\n", "a table must have a header and a row or more (got 1 lines)"),
    "300 columns": (",".join(f"c{i}" for i in range(300)).encode() + b"\n1\n",
                    "a table must have 2 to 100 columns (got 300)"),
    "a million rows": (b"a,b\n" + b"1,2\n" * 10**6, f"at most {MAX_ROWS} rows"),
    "6 MB": (b"1" * 6_000_000, "a file must have at most 5 MB (got 6.0 MB)"),
    "binary": (bytes(range(256)), "the file must be text in UTF-8"),
    "a spreadsheet's own file": (b"PK\x03\x04\x00\x00", "the file must be text"),
    "ragged": (b"a,b\n1,2\n3\n", "row 2 must have 2 values, like the header (got 1)"),
    "an open quote": (b'a,b\n"1,2\n', "the table must be text with commas"),
    "a name twice": (b"a,a\n1,2\n", "every column must have its own name (got a twice)"),
    "no values": (b"a,b\n,\n,\n", "a column must be numbers, or 2 to 20 classes"),
    "infinite": (b"a,b\n1e999,1\n2,0\n", "a must be finite numbers (got 1e999 in row 1)"),
}
TYPED = [case for case in WRONG if case not in (
    "binary", "a spreadsheet's own file", "6 MB", "a million rows")]  # a text area holds no such


@pytest.mark.parametrize(("way", "case"), [
    *(("file", case) for case in WRONG), *(("text", case) for case in TYPED)])
def test_a_wrong_table_gets_its_sentence_and_changes_nothing(way, case):
    content, sentence = WRONG[case]
    before = state(app := page({"seed": "7"}, way))
    give(app, content) if way == "file" else type_in(app, content.decode())
    assert sentence in said(app)
    assert state(app) == before
    if way == "text":
        assert app.text_area[0].value == content.decode()


READ = {
    "semicolons and decimal commas": "height;mass;kind\n1;10;cat\n2;2e1;dog\n3,0;31;cat\n",
    "tabs": PETS.replace(",", "\t"),
    "quotes": '"height","mass","kind"\r\n1,10,"cat"\r\n2,20,dog\r\n"3",31,cat\r\n',
}


@pytest.mark.parametrize("case", READ)
@pytest.mark.parametrize("way", ["file", "text"])
def test_other_ways_of_writing_a_table_are_read_alike(case, way):
    app = page(way=way)
    give(app, READ[case]) if way == "file" else type_in(app, READ[case])
    assert own(app).table == read_table(PETS)
    if way == "file":
        again = give(page(), PETS.encode("utf-16"))
        assert own(again).table == read_table(PETS)


def test_formulas_and_markup_in_a_table_are_words():
    app = give(page(), f"{STRANGE},kind\n=1+1,<b>a</b>\n@SUM(A1),b\n")
    assert own(app).inputs == (STRANGE,)
    assert own(app).source.inputs == (f"{STRANGE} = =1+1", f"{STRANGE} = @SUM(A1)")
    assert not [m for m in app.markdown if "<img" in m.value or "=1+1" in m.value]


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


EDITS = {"edited_rows": {}, "added_rows": [], "deleted_rows": []}


@pytest.mark.parametrize(("edits", "rows"), [
    ({}, [["1", "a"], ["2", "b"]]),
    ({"edited_rows": {1: {"0": "2,5"}}}, [["1", "a"], ["2,5", "b"]]),
    ({"edited_rows": {0: {"1": None}}}, [["1", ""], ["2", "b"]]),
    ({"deleted_rows": [0], "edited_rows": {0: {"0": "7"}, 1: {"0": "8"}}}, [["8", "b"]]),
    ({"added_rows": [{"1": "c", "0": "3"}, {}, {"0": "4"}]},
     [["1", "a"], ["2", "b"], ["3", "c"], ["4", ""]]),
    ({"edited_rows": {1: {"0": None, "1": ""}}}, [["1", "a"]]),
])
def test_edits_of_the_grid_are_rows(edits, rows):
    assert edited_rows([("1", "a"), ("2", "b")], EDITS | edits) == rows


def gridded(edits: dict) -> AppTest:
    """A page on which the editor has said this of XOR."""
    def script():
        import streamlit as st

        from engine.spec import own_of
        from ui import bring, session

        start = own_of(session.state())
        st.session_state["grid"] = {}
        bring.take_edits(start, st.session_state["said"])

    app = AppTest.from_function(script, default_timeout=20)
    app.session_state["said"] = EDITS | edits
    return whole(app.run())


def test_an_edit_of_the_grid_is_the_data_at_once_and_leaves_the_network():
    app = gridded({"edited_rows": {0: {"0": "0,25"}}})
    assert own(app).table.column("x1").values.tolist() == [0.25, 1, 0, 0]
    assert replace(state(app).experiment, data="xor") == Experiment()


def test_an_edit_of_the_grid_that_cannot_be_gets_its_sentence():
    for edits, sentence in [
        ({"deleted_rows": [1, 2]}, "class must have 2 to 20 classes (got 1)"),
        ({"deleted_rows": [0, 1, 2, 3]}, "a table must have a row or more (got none)"),
        ({"edited_rows": {1: {"0": "1e999"}}}, "x1 must be finite numbers"),
    ]:
        app = gridded(edits)
        assert state(app) == State()
        assert sentence in app.session_state["notes"][0]


def drawn(app: AppTest) -> dict:
    return json.loads(app.get("bidi_component")[0].proto.json)


def test_the_plane_begins_with_data_that_fits_it():
    data = drawn(page(way="draw"))
    assert data["points"] == [[1, 1, 0], [1, 0, 1], [0, 1, 1], [0, 0, 0]]
    assert (data["labels"], data["axes"]) == (["0", "1"], ["x1", "x2"])
    assert drawn(page({"data": "mazur", "loss": "half_sum"}, "draw"))["points"] == []
    line = drawn(page({"data": "line", "loss": "mse", "output": "identity"}, "draw"))
    assert (len(line["points"]), line["labels"], line["axes"]) == (40, [], ["x", "y"])


def test_another_number_of_classes_keeps_the_points():
    app = page(way="draw")
    whole(widget(app, "drawing").set_value(4).run())
    assert drawn(app)["labels"] == ["0", "1", "A", "B"]
    assert state(app) == State()
    whole(widget(app, "drawing").set_value(0).run())
    assert (own(app).targets, own(app).kind) == (("y",), "numbers")
    assert len(drawn(app)["points"]) == 4


def drawing(*batches: list) -> AppTest:
    """A page whose plane, of Mazur's data, has said these points, one after the other."""
    def script():
        import streamlit as st

        from engine.spec import Experiment, State
        from ui import bring

        st.session_state.setdefault("state", State(Experiment(data="mazur", loss="half_sum")))
        for points in st.session_state["said"]:
            bring.take_points(points)
        st.session_state["drawing"] = bring.drawing_now()

    app = AppTest.from_function(script, default_timeout=20)
    app.session_state["said"] = batches
    return whole(app.run())


def test_points_are_kept_until_they_are_data():
    few = drawing([(0.5, 0.5, 0)], [(0.5, 0.5, 0), (1.0, 0.25, 0)])
    assert state(few).experiment.data == "mazur"
    assert few.session_state["drawing"].points == [(0.5, 0.5, 0), (1.0, 0.25, 0)]
    enough = drawing([(0.5, 0.5, 0)], [(0.5, 0.5, 0), (1.0, 0.25, 1)])
    assert own(enough).table == read_table("x1,x2,class\n0.5,0.5,A\n1,0.25,B\n")
    assert state(enough).experiment.loss == "bce"


def test_data_stays_when_its_points_are_erased():
    app = drawing([(0.5, 0.5, 0), (1.0, 0.25, 1)], [(0.5, 0.5, 0)], [])
    assert own(app).table.rows == 2
    assert app.session_state["drawing"].points == []


def test_a_link_with_own_data_opens_the_page():
    there = state(type_in(page(way="text"), PETS))
    app = page(link.write(there))
    assert state(app) == there
    assert widget(app, "own target").value == "kind"

"""Data drawn on the plane."""

import json

from streamlit.testing.v1 import AppTest

from engine.data.table_text import read_table
from engine.experiment.state import State
from tests.ui.data.test_data_input import own, page, widget
from tests.ui.test_pages import state, whole


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

        from engine.experiment.experiment import Experiment
        from engine.experiment.state import State
        from ui.data import drawing as bring

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

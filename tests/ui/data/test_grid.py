"""Data edited in a grid."""

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from engine.experiment.experiment import Experiment
from engine.experiment.state import State
from tests.ui.data.test_data_input import own
from tests.ui.test_pages import state, whole
from ui.data.data_input import edited_rows

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

        from engine.experiment.state import own_of
        from ui.data import data_input
        from ui.session import session

        start = own_of(session.state())
        st.session_state["grid"] = {}
        data_input.take_edits(start, st.session_state["said"])

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

"""The session: every change can be undone; a link that needs a file gets it, or goes on without."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.data.table_text import read_table
from engine.data.user_data import suggested
from engine.experiment import link
from engine.experiment.experiment import Experiment
from engine.experiment.layers import Layer
from engine.experiment.state import State
from tests.ui.test_pages import control, opened, said, state, whole
from ui.data import files
from ui.session import session


def pets(rows: int) -> State:
    text = "height,mass,kind\n" + "".join(f"{i},{i / 7},{'ab'[i % 2]}\n" for i in range(rows))
    own = suggested(read_table(text, "pets.csv"))
    return State(Experiment(data=own, hidden=(Layer(3, "relu"),)), 5)


def button(app, label):
    return next(button for button in app.button if button.label == label)


def test_undo_goes_back_change_by_change_and_redo_forward():
    app = opened()
    assert button(app, "Undo").disabled
    for rate in (0.5, 0.25):
        whole(control(app, "learning_rate").set_value(rate).run())
    for name, rate in [("Undo", 0.5), ("Undo", 1.0), ("Redo", 0.5), ("Redo", 0.25), ("Undo", 0.5)]:
        whole(button(app, name).click().run())
        assert state(app).experiment.learning_rate == rate
        assert control(app, "learning_rate").value == rate
        assert link.read(app.query_params)[0] == state(app)
    whole(control(app, "seed").set_value(9).run())
    assert button(app, "Redo").disabled


def test_a_visit_that_begins_with_a_link_has_nothing_to_undo():
    assert button(opened(link.write(State(seed=3))), "Undo").disabled


def test_a_moved_cursor_is_not_a_change():
    app = opened()
    whole(control(app, "iteration").set_value(7).run())
    assert button(app, "Undo").disabled


@pytest.fixture
def visit(monkeypatch) -> dict:
    """A session without a page."""
    values: dict = {}
    monkeypatch.setattr(session.st, "session_state", values)
    return values


@settings(max_examples=60)
@given(st.lists(st.sampled_from([0, 1, 2, "undo", "redo"]), max_size=20))
def test_any_changes_and_undos_keep_past_and_future_in_order(moves):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(session.st, "session_state", {})
        line, place = [0], 0
        for move in moves:
            if move == "undo":
                session.undo()
                place = max(0, place - 1)
            elif move == "redo":
                session.redo()
                place = min(len(line) - 1, place + 1)
            elif move != line[place]:
                session.change_seed(move)
                line[place + 1 :] = [move]
                place += 1
            assert session.state().seed == line[place]
            assert [s.seed for s in session.past()] == line[:place]


def test_the_past_is_short_and_holds_few_tables(visit):
    session.show(State(), [])
    for rows in range(70, 70 + 2 * session.OWN_TABLES):
        session.show(pets(rows), [])
    tables = {s.experiment.data for s in session.past()}
    assert len(tables) <= session.OWN_TABLES
    for seed in range(1, 3 * session.HISTORY):
        session.change_seed(seed)
    assert len(session.past()) == session.HISTORY


def test_a_link_that_needs_a_file_asks_for_it_by_name_rows_and_fingerprint():
    wanted = pets(90)
    app = opened(link.write(wanted))
    assert "this link needs the file pets.csv (90 rows, fingerprint " in said(app)
    assert state(app).experiment.hidden == wanted.experiment.hidden
    assert state(app).experiment.data == "xor"
    assert link.needs(app.query_params)  # a reload asks again
    whole(button(app, "Go on without it").click().run())
    assert not app.warning
    assert not [b for b in app.button if b.label == "Go on without it"]


def test_the_file_that_fits_brings_back_everything(visit):
    wanted = pets(90)
    text = "height;mass;kind\n" + "".join(f"{i};{i / 7};{'ab'[i % 2]}\n" for i in range(90))
    session.take_link(link.write(wanted))
    files.take_missing(text, "renamed.csv")
    assert (session.state(), session.notes(), session.pending()) == (wanted, [], None)


def test_another_file_is_refused_with_what_it_is_and_what_is_needed(visit):
    session.take_link(link.write(pets(90)))
    before = session.state()
    with pytest.raises(ValueError, match=r"this link needs the file pets\.csv \(90 rows, .*\) "
                                         r"\(got other\.csv: 1 rows, fingerprint \w{10}\)"):
        files.take_missing("a,b\n1,2\n", "other.csv")
    assert session.state() == before
    assert session.pending()


def test_what_a_link_only_names_is_known_while_it_can_be_gone_back_to(visit):
    session.show(State(), [])
    session.show(pets(90), [])
    query = link.write(session.state())
    session.change_seed(7)
    assert link.read(query, session.kept()) == (pets(90), [])

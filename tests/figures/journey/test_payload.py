"""The Train page: one cursor for the page, the stage and the link."""

from engine.data.table_text import read_table
from engine.data.user_data import suggested
from engine.experiment import link
from engine.experiment.experiment import Experiment
from engine.experiment.layers import Layer
from engine.experiment.state import Cursor, State
from engine.training.run import train
from figures.exports.exports import EXPORTS
from figures.journey import payload as journey
from figures.parcels import opened as unpacked
from tests.ui.test_pages import opened, state, whole

TRAIN = "pages/20_train.py"


def test_the_train_page_takes_the_cursor_of_a_link_and_the_stage_below_stands_there():
    there = State(Experiment(data="moons", hidden=(Layer(3, "tanh"),)), 2, Cursor(iteration=37))
    app = opened(link.write(there), TRAIN)
    assert state(app) == there
    assert [element.key for element in app.get("bidi_component")] == [
        "journey", "cargo of the run", "cargo of the sample",
        "stage", "stage: words", "stage: samples", "keeper"]


def test_a_run_that_diverges_and_data_of_every_kind_can_be_travelled():
    for e in (Experiment(data="mazur", output="identity", loss="half_sum", learning_rate=1e9),
              Experiment(data="sine", output="identity", loss="mse"),
              Experiment(data="iris", hidden=(), output="softmax", loss="cross_entropy", split=0.3),
              Experiment(data="karpathy", hidden=(), output="tanh", loss="output")):
        whole(opened(link.write(State(e)), TRAIN))


def test_a_test_split_without_a_class_says_which_class_is_missing():
    own = suggested(read_table("x,kind\n" + "\n".join(f"{x},cat" for x in range(40)) + "\n9,dog\n"))
    notes = set()
    for seed in range(20):
        e = Experiment(data=own, output="sigmoid", loss="bce", split=0.5, iterations=3)
        run = train(e, seed)
        words, _ = unpacked(journey.payload(run))
        score = next(chart for chart in words["charts"] if chart["name"] == "score")
        dogs = int(run.data.test_y.sum())
        part = "training" if dogs else "test"
        assert score["choices"][0]["note"] == f"no {part} sample is of the class dog"
        notes.add(part)
    assert notes == {"training", "test"}


def test_what_the_save_page_offers_can_be_taken_away_here_too():
    there = link.write(State(cursor=Cursor(iteration=37)))
    train, save = opened(there, TRAIN), opened(there, "pages/32_save.py")
    labels = lambda app: [button.label for button in app.get("download_button")]
    assert labels(train) == [], "drawn once it is opened"
    train.session_state["take it away"] = True
    assert labels(whole(train.run())) == labels(save)[1:] == ["Download"] * (len(EXPORTS) + 1)

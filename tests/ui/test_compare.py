"""What if: forks and pinned runs, in words, in the session, on the page and in its link."""

from dataclasses import replace

import pytest

from engine.experiment import link
from engine.experiment.experiment import Experiment, forkable
from engine.experiment.layers import Layer
from engine.experiment.state import MAX_PINNED, Cursor, Pinned, State
from figures.forks import differences, told
from figures.parcels import opened as unpacked
from tests.figures.journey.test_payload import TRAIN
from tests.ui.test_pages import opened, state, whole
from ui import frame

BASE = Experiment(data="moons", hidden=(Layer(3, "tanh"),), iterations=80)
THERE = State(BASE, 2, Cursor(iteration=37))


def press(app, label):
    button = next(button for button in app.button if button.label == label)
    return whole(button.click().run())


def journey(app):
    """The words of what the journey is sent."""
    sent = [element.proto.bytes for element in app.get("bidi_component")]
    words = [unpacked(data)[0] for data in sent if data]
    return next(found for found in words if found.get("kind") == "run")


def test_a_fork_changes_one_thing_from_here_on_and_the_run_stays_beside_it():
    app = opened(link.write(THERE), TRAIN)
    press(app, "Fork at iteration 37")
    now = state(app)
    assert now.experiment == BASE.forked(37, learning_rate=0.1)
    assert now.pinned == (Pinned(BASE, 2),)
    assert now.cursor.iteration == 37
    sentence = ("From iteration 37 on, this run has the learning rate 0.1; run 2 keeps 1. Nothing "
                "else differs.")
    assert frame.plain(sentence) in [text.value for text in app.markdown]
    labels = [line["label"] for line in journey(app)["charts"][0]["choices"][0]["lines"]]
    assert labels == ["train", "run 2 train"]
    assert "stage beside" in [element.key for element in app.get("bidi_component")]


def test_a_link_brings_the_fork_and_the_run_beside_it_and_undo_takes_them_back():
    app = press(opened(link.write(THERE), TRAIN), "Fork at iteration 37")
    again = opened(link.write(state(app)), TRAIN)
    assert state(again) == state(app)
    assert state(press(app, "Undo")).run == THERE.run


def test_any_run_can_be_pinned_looked_at_and_removed():
    app = press(opened(link.write(THERE), TRAIN), "Pin this run")
    other = next(box for box in app.selectbox if box.label == "Example")
    whole(other.set_value("iris").run())
    assert state(app).experiment.data == "iris"
    assert state(app).pinned == (THERE.run,)
    press(app, "Look at run 2")
    assert state(app).run == THERE.run
    assert state(app).pinned[0].experiment.data == "iris"
    press(app, "Remove run 2")
    assert state(app).pinned == ()


def test_a_fork_of_a_fork_of_a_fork_is_shown_for_what_it_is():
    e = BASE.forked(5, learning_rate=0.1).forked(9, loss="mse").forked(20, initializer="he_normal")
    app = whole(opened(link.write(State(e, 2, Cursor(iteration=3), (Pinned(e.past, 2),))), TRAIN))
    assert journey(app)["forks"] == [5, 9, 20]
    assert any("weights of this run are drawn anew" in text.value for text in app.markdown)
    for t in (0, 5, 8, 9, 19, 20, 79):
        whole(opened(link.write(State(e, 2, Cursor(iteration=t), (Pinned(BASE, 2),))), TRAIN))


def test_at_most_three_runs_stand_beside_another():
    app = opened(link.write(State(BASE, 2)), TRAIN)
    for seed in range(3, 8):
        press(app, "Pin this run")
        next(n for n in app.number_input if n.label == "Seed").set_value(seed).run()
    assert [run.seed for run in state(app).pinned] == [6, 5, 4]
    with pytest.raises(ValueError, match=f"at most {MAX_PINNED}"):
        State(pinned=4 * (THERE.run,))


def test_an_edit_that_changes_the_shape_drops_the_fork_and_says_so():
    hidden = (Layer(3, "sigmoid"),)
    app = opened(link.write(State(BASE.forked(37, hidden=hidden), 2)), TRAIN)
    layers = next(n for n in app.number_input if n.label.startswith("Hidden layers"))
    whole(layers.set_value(2).run())
    assert state(app).experiment.forks == ()
    assert "forks must keep the units" in app.warning[0].value


ONE = Pinned(BASE, 2)


@pytest.mark.parametrize(("other", "sentence"), [
    (ONE, "Run 2 is the same run as this one."),
    (Pinned(BASE, 3), "Run 2 differs in one thing: seed 3 instead of 2."),
    (Pinned(replace(BASE, learning_rate=0.5), 2),
     "Run 2 differs in one thing: learning rate 0.5 instead of 1."),
    (Pinned(replace(BASE, hidden=(Layer(3, "relu"),)), 2),
     "Run 2 differs in one thing: activation relu instead of tanh."),
    (Pinned(replace(BASE, optimizer="adam", batch=10), 2),
     "Run 2 differs from this run: optimizer Adam instead of gradient descent; "
     "samples in a batch 10 instead of 0."),
    (Pinned(BASE.forked(9, loss="mse"), 2),
     "From iteration 9 on, run 2 has the loss mean squared error; this run keeps binary "
     "cross-entropy. Nothing else differs."),
    (Pinned(BASE.forked(9, initializer="zeros"), 2),
     "At iteration 9, the weights of run 2 are drawn anew (all zero). Nothing else differs."),
])
def test_the_sentence_names_what_differs(other, sentence):
    assert told(ONE, other) == sentence


def test_every_field_that_differs_is_named():
    other = Experiment(data="iris", hidden=(), output="softmax", loss="cross_entropy",
                       initializer="zeros", noise=0.1, size=90, split=0.2, clip=1.0,
                       standardise=False, schedule="cosine", frozen=("b1",))
    rows = differences(ONE, Pinned(other, 2))
    assert len(rows) == 13
    assert all(all(row) for row in rows)


def test_only_what_is_possible_is_offered():
    losses = forkable(BASE, 37, "loss", ["bce", "mse", "cross_entropy", "output"])
    assert losses == ["mse"], "the output stays as it is, and there is something to change"

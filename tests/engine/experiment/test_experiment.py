"""The state: what is valid, how it is mended, and that one seed feeds separate streams."""

from dataclasses import FrozenInstanceError, fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data.datasets import DATASETS
from engine.data.table_text import read_table
from engine.data.user_data import Own
from engine.experiment.experiment import (
    STREAMS,
    Experiment,
    asdict_shallow,
    edited,
    mended,
    stream,
    suited,
)
from engine.experiment.layers import Layer, losses, outputs, parameter_names
from engine.experiment.limits import problems
from engine.experiment.state import Cursor, cursor_problems
from engine.nn.losses import LOSSES
from engine.training.run import train
from tests.states import experiments, own_data, states


@given(experiments())
def test_valid_experiments_have_no_problems_and_mend_to_themselves(experiment):
    values = asdict_shallow(experiment)
    assert problems(values) == {}
    assert mended(values) == (experiment, [])


plain = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
inside = {  # what tuples may hold: the link and the widgets see to the types
    "hidden": st.tuples() | st.tuples(st.builds(Layer, plain, plain)),
    "parameters": st.lists(st.floats(), max_size=18).map(tuple),
    "frozen": st.lists(st.sampled_from(["W1", "b2", "W9", ""]), max_size=2).map(tuple),
}
changes = st.fixed_dictionaries(
    {}, optional={f.name: inside.get(f.name, plain) for f in fields(Experiment)})


@given(changes)
def test_anything_can_be_mended_and_each_change_is_said(changes):
    values = asdict_shallow(Experiment()) | changes
    experiment, sentences = mended(values)
    assert problems(asdict_shallow(experiment)) == {}
    assert bool(sentences) == bool(problems(values))


@given(states())
def test_a_valid_cursor_is_fitted_already(state):
    assert cursor_problems(state.cursor, state.experiment) == {}
    assert state.cursor.fitted(state.experiment) == state.cursor


@given(states(), experiments())
def test_a_cursor_fits_any_other_experiment_after_fitting(state, other):
    assert cursor_problems(state.cursor.fitted(other), other) == {}


@pytest.mark.parametrize("name", DATASETS)
def test_every_dataset_has_a_loss_and_every_loss_an_output(name):
    for loss in losses(name):
        for output in outputs(loss):
            experiment, sentences = mended(
                asdict_shallow(Experiment()) | {"data": name, "loss": loss, "output": output})
            assert sentences == []
            assert experiment.sizes[0] == len(DATASETS[name].inputs)
    assert "half_sum" in losses(name)


def test_a_logarithm_never_meets_a_zero():
    for loss in LOSSES.values():
        if "log" in loss.code:
            assert set(outputs(loss.name)) <= {"sigmoid", "softmax", "identity"}
            assert loss.canonical in ("", *outputs(loss.name))


def test_an_experiment_that_does_not_fit_cannot_be_made():
    with pytest.raises(ValueError, match=r"learning_rate must be above 0 .* \(got -3\)"):
        Experiment(learning_rate=-3)
    with pytest.raises(ValueError, match="output must be sigmoid for the loss bce"):
        Experiment(output="tanh")


def test_an_experiment_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        Experiment().learning_rate = 2


def test_the_shapes_follow_data_and_output():
    e = Experiment(data="iris", hidden=(Layer(6, "relu"),), output="softmax", loss="cross_entropy")
    assert (e.sizes, e.activations, e.L, e.samples) == ((4, 6, 3), ("relu", "softmax"), 2, 150)
    assert parameter_names(2) == ("W1", "b1", "W2", "b2")


def test_one_seed_feeds_separate_streams():
    first = [stream(3, name).normal() for name in STREAMS]
    assert len(set(first)) == len(STREAMS)
    assert first == [stream(3, name).normal() for name in STREAMS]


def test_a_units_address_counts_from_zero_and_connections_start_at_layer_one():
    e = Experiment()  # 2-4-1
    fits = lambda *unit: cursor_problems(Cursor(unit=unit), e) == {}
    assert fits(0, 1)
    assert fits(1, 3)
    assert fits(1, 3, 1)
    assert fits(2, 0, 3)
    assert not fits(0, 1, 0)
    assert not fits(1, 4)
    assert not fits(3, 0)
    assert not fits(1, 0, 2)
    assert not fits(-1, 0)
    assert not fits(1)
    assert not fits(1, 0, 0, 0)


def test_the_cursor_counts_from_the_data_of_the_run():
    e = Experiment(iterations=3)
    assert train(e, 0).data.x.shape[1] == e.samples
    assert "sample" in cursor_problems(Cursor(sample=e.samples), e)
    assert np.isfinite(e.learning_rate)


@given(own_data(), st.booleans())
def test_what_suits_own_data_is_valid_whatever_was_before(own, standardise):
    values = asdict_shallow(Experiment(data="iris", hidden=(), parameters=(0.5,) * 15, loss="mse",
                                       output="softmax", batch=150, noise=1.0, size=150))
    e, _ = mended(values | suited(own, standardise))
    assert (e.data, e.noise, e.size, bool(e.standardise)) == (own, None, None, standardise)
    assert not problems(values | suited(own, standardise)).keys() & suited(own).keys()


def own_of_rows(target: str, *rows: str) -> Own:
    return Own(read_table("x,y\n" + "".join(f"{i},{row}\n" for i, row in enumerate(rows))),
               ("x",), ("y",), target)


TWO, THREE = own_of_rows("classes", "a", "b"), own_of_rows("classes", "a", "b", "c")
CURVE = own_of_rows("numbers", "0.5", "7")
MANY = own_of_rows("classes", *["a", "b"] * 501)


@pytest.mark.parametrize(("own", "output", "loss", "batch"), [
    (TWO, "sigmoid", "bce", 0), (THREE, "softmax", "cross_entropy", 0),
    (CURVE, "identity", "mse", 0), (MANY, "sigmoid", "bce", 32),
])
def test_own_data_begins_with_the_output_and_the_loss_that_suit_it(own, output, loss, batch):
    fields = suited(own)
    assert (fields["output"], fields["loss"], fields["batch"]) == (output, loss, batch)


def test_after_an_edit_all_that_fits_remains():
    now = Experiment(loss="mse", output="tanh", learning_rate=3.0, standardise=True, noise=0.5)
    assert edited(TWO, now) == {"data": TWO, "noise": None, "size": None, "standardise": True}
    assert edited(TWO, Experiment(data="iris", loss="mse"))["loss"] == "bce"
    for own in (THREE, CURVE):
        assert edited(own, now) == suited(own, standardise=True)


def test_an_edit_of_scaled_data_leaves_it_scaled_and_of_typed_data_as_typed():
    iris = Experiment(data="iris", output="softmax", loss="cross_entropy", size=30)
    assert edited(THREE, iris)["standardise"] is True
    assert edited(TWO, Experiment())["standardise"] is None


def test_an_edit_that_leaves_the_range_of_the_loss_begins_anew():
    unit = Experiment(data="mazur", loss="bce", output="sigmoid")
    pair = Own(read_table("x,y,z\n1,0,5\n"), ("x",), ("y", "z"), "numbers")
    assert edited(pair, unit)["loss"] == "mse"
    assert "loss" not in edited(pair, Experiment(data="mazur", loss="half_sum"))

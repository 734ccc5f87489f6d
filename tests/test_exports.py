"""Every form that can be taken away: made for any state, quickly, with a name that a disk takes."""

import re
from dataclasses import replace
from time import process_time

import pytest

from engine.spec import Cursor, Experiment, Layer, State
from engine.training import train
from figures.exports import EXPORTS
from tests.test_numpy_script import DIVERGING

XOR = State(Experiment(), 3, Cursor(iteration=7, sample=2))
LARGE = State(Experiment(data="digits", hidden=(Layer(32, "relu"),), output="softmax", batch=32,
                         loss="cross_entropy", iterations=3), 3, Cursor(iteration=1))
each = pytest.mark.parametrize("export", EXPORTS.values(), ids=EXPORTS)


@each
def test_a_file_has_a_name_of_its_own_that_every_system_takes(export):
    run = train(XOR.experiment, XOR.seed)
    name = export.file_name(run, XOR)
    assert re.fullmatch(r"backstep-2-4-1-iteration-7[a-z-]*\.[a-z]+", name)
    names = {e.file_name(run, XOR) for e in EXPORTS.values()}
    assert len(names) == len(EXPORTS)


@each
def test_the_numbers_are_those_of_the_cursors_iteration(export):
    run = train(XOR.experiment, XOR.seed)
    later = replace(XOR, cursor=Cursor(iteration=8))
    assert export.make(run, XOR) != export.make(run, later)
    number = repr(float(run.network(7).W[1][0, 0]))
    assert number in export.make(run, XOR)


@each
def test_a_cursor_beyond_the_end_of_the_run_is_taken_to_its_end(export):
    beyond = State(DIVERGING, 3, Cursor(iteration=DIVERGING.iterations - 1))
    run = train(DIVERGING, 3)
    at_end = replace(beyond, cursor=Cursor(iteration=run.last))
    assert run.last < beyond.cursor.iteration
    assert export.make(run, beyond) == export.make(run, at_end)
    assert export.file_name(run, beyond) == export.file_name(run, at_end)


@each
@pytest.mark.parametrize(("state", "seconds"), [(XOR, 0.05), (LARGE, 1.0)], ids=["xor", "digits"])
def test_a_file_is_there_before_anybody_waits(export, state, seconds):
    """The processor's time: how busy the machine is beside it is not what is measured."""
    run, times = train(state.experiment, state.seed), []
    for _ in range(5):
        start = process_time()
        export.make(run, state).encode()
        times.append(process_time() - start)
    assert min(times) < seconds

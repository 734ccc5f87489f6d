"""Workers: what nobody waits for ends, what is short goes first, what dies is told; same results.
"""

import os
import subprocess
import sys
from dataclasses import replace
from time import monotonic, sleep

import numpy as np
import pytest

from engine.depth import lottery, measure
from engine.experiment.experiment import Experiment
from engine.experiment.layers import Layer
from engine.experiment.state import Cursor, State, View
from engine.teaching.tasks import TASKS
from engine.training.light import cut, is_light, light, run_without_parameters
from engine.training.run import pieces, train
from figures.stage.payload import words, words_cargo
from tests.ui.session import orders
from ui.session import answers, bounds, lanes, workers
from ui.session.bench import RunOf, run_key

PATIENCE = 60.0  # seconds that a busy machine may take for what takes one
FORKED = Experiment(data="moons", hidden=(Layer(5, "tanh"),) * 2, iterations=60, batch=16,
                    optimizer="adam").forked(20, learning_rate=0.01).forked(40, loss="mse")


@pytest.fixture
def crew(monkeypatch):
    """Real processes, and none that is left."""
    workers.end()
    monkeypatch.setenv("BACKSTEP_WORKERS", "2")
    yield workers.CREW
    processes = [one.process for one in workers.CREW.workers.values() if one.process]
    workers.end()
    for process in processes:
        process.wait(PATIENCE)


def eventually(holds) -> bool:
    end = monotonic() + PATIENCE
    while not holds() and monotonic() < end:
        sleep(0.02)
    return holds()


def result(function, *args, **more):
    task = workers.ask(function, *args, **more)
    workers.wait_for(task, lambda: task.done, PATIENCE)
    return task.found


def test_the_work_is_done_in_another_process_and_in_this_one_where_there_is_none(crew, monkeypatch):
    assert result(orders.pid) != os.getpid()
    workers.end()
    monkeypatch.setenv("BACKSTEP_WORKERS", "0")
    assert result(orders.pid) == os.getpid()


def asked_of_a_run():
    """Every question about a run, with its arguments."""
    e = FORKED
    told = {"words": words_cargo(words(e.at(30), e.batch_size(30))).name}
    yield answers.stage, (Cursor(iteration=30), View(), "0", told, None, False, False, None)
    yield answers.travel, ((),)
    yield answers.sample, (3,)
    yield answers.at_moment, ((), 30, 3, 0)
    yield answers.raced, ("a name",)
    yield answers.table, ()
    yield answers.verdict, ("rates",) if "rates" in TASKS else (next(iter(TASKS)),)
    yield answers.answer_to, (Cursor(iteration=30), "number", "0.5", ["z", 1, 0, 0], {})
    for title in answers.FORMS:
        yield answers.export, (State(e, 3, Cursor(iteration=30)), title)


def test_what_a_worker_answers_of_a_run_is_the_same_to_the_last_bit(crew):
    run = train(FORKED, 3)
    for function, args in asked_of_a_run():
        there = result(function, RunOf(FORKED, 3, FORKED.iterations), *args)
        assert repr(there) == repr(function(run, *args)), function.__name__


def test_what_a_worker_finds_of_a_start_is_the_same_to_the_last_bit(crew):
    e = Experiment(hidden=(Layer(4, "tanh"),) * 3, iterations=4)
    asked = [(measure.measuring, (e, (0, 1, 2))), (lottery.drawing, (e, (0, 1))),
             (lottery.by_width, (e, (1, 2), (0, 1))), (answers.map_of, (e, 0, "chart"))]
    with np.printoptions(floatmode="unique", threshold=sys.maxsize):
        for function, args in asked:
            *_, here = function(*args)
            assert repr(result(function, *args, digest=answers.same)) == repr(here)
        for function in (measure.histograms, measure.singular_values):
            assert repr(result(function, e, 0)) == repr(function(e, 0))


def test_a_run_in_a_worker_is_the_run_without_its_parameters(crew):
    task = workers.run_task(FORKED, 3, pieces, light, None)
    workers.wait_for(task, lambda: task.done, PATIENCE)
    run = train(FORKED, 3)
    here = run_without_parameters(task.found, FORKED, 3, run.data)
    np.testing.assert_array_equal(here.costs, run.costs)
    assert is_light(here)
    for t in (0, 19, 20, 39, 40, 59):
        one, other = here.at(t), run.at(t)
        assert (one.experiment, one.start, one.stop, one.stride) == (
            other.experiment, other.start, other.stop, other.stride)


def test_a_run_that_is_cut_is_the_run_as_it_was():
    e = replace(FORKED, data="circles", iterations=400)
    found = [*pieces(e, 3)]
    for so_far in (one for one in found if len(one.costs)):
        again = cut(found[-1], len(so_far.costs))
        assert again.experiment == so_far.experiment
        np.testing.assert_array_equal(again.costs, so_far.costs)
        np.testing.assert_array_equal(again.blocks, so_far.blocks)


def test_what_nobody_wants_any_more_ends_and_goes_on_when_somebody_does(crew):
    task = workers.ask(orders.endless, digest=orders.plain)
    workers.wait_for(task, lambda: task.found is not None, PATIENCE)
    worker = crew.worker(task.lane)
    assert eventually(lambda: not task.running and not worker.dropped and worker.at is None)
    so_far = task.found
    workers.want(task)
    workers.advance(task, PATIENCE)
    assert task.found > so_far


def test_what_hangs_is_left_and_the_next_one_is_computed(crew):
    task = workers.ask(orders.hanging)
    worker = crew.worker(task.lane)
    assert eventually(lambda: workers.want(task) or worker.at == task.order.number)
    workers.drop(task)
    assert result(orders.pid)
    assert worker.at != task.order.number


@pytest.mark.parametrize(("function", "sentence"), [
    (orders.deadly, lanes.GONE), (orders.greedy, "more memory"), (orders.broken, "Everything")])
def test_what_fails_is_told_in_a_sentence_and_nothing_else_fails(crew, function, sentence):
    other = workers.ask(orders.endless, digest=orders.plain)
    with pytest.raises(workers.FailedError, match=sentence):
        result(function)
    workers.wait_for(other, lambda: other.found is not None and other.found >= 0, PATIENCE)
    assert result(orders.pid)


def test_what_failed_is_tried_again_at_a_later_click(crew, monkeypatch):
    monkeypatch.setattr(workers, "AGAIN", 0.0)
    for _ in range(2):
        with pytest.raises(workers.FailedError):
            result(orders.broken)


def test_a_worker_ends_when_the_process_that_started_it_is_killed():
    program = ("from tests.ui.session import orders; from ui.session import workers; import time\n"
               "task = workers.ask(orders.pid); workers.wait_for(task, lambda: task.done)\n"
               "print(task.found, flush=True); time.sleep(600)")
    with subprocess.Popen([sys.executable, "-c", program], cwd=lanes.ROOT, text=True,
                          env=os.environ | {"BACKSTEP_WORKERS": "2"},
                          stdout=subprocess.PIPE) as web:
        worker = int(web.stdout.readline())
        web.kill()
    assert eventually(lambda: not is_alive(worker))


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    with open(f"/proc/{pid}/stat") as stat:
        return stat.read().rpartition(")")[2].split()[0] != "Z"


def test_results_are_kept_within_their_bounds(monkeypatch):
    workers.end()
    monkeypatch.setitem(bounds.CACHES, "results", bounds.Bound(3, 10**6))
    for n in range(1, 9):
        result(orders.some, n, digest=orders.plain)
    assert len(workers.CREW.tasks) <= 3
    workers.end()


@pytest.mark.parametrize("is_open", [True, False])
def test_what_no_open_page_looks_at_is_forgotten(monkeypatch, is_open):
    workers.end()
    monkeypatch.setattr(workers, "FORGOTTEN", -1.0)
    monkeypatch.setattr(workers, "IS_OPEN", [lambda session: is_open])
    task = workers.ask(orders.some, 3, digest=orders.plain, session="a")
    workers.wait_for(task, lambda: task.done)
    workers.forget()
    assert bool(workers.CREW.tasks) == is_open
    workers.turn_page("a")  # it goes on, and looks at something else
    workers.forget()
    assert not workers.CREW.tasks
    workers.end()


def test_the_same_run_is_computed_once_for_all():
    workers.end()
    e = Experiment(data="circles", iterations=3000)
    tasks = {id(workers.run_task(e, 0, pieces, light, str(k))) for k in range(30)}
    assert len(tasks) == 1
    assert run_key(e, 0) in workers.CREW.tasks
    workers.end()

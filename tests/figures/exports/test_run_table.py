"""The run as a table: a program reads the engine's numbers from it, to the last bit."""

import csv
from dataclasses import replace
from io import StringIO
from math import isinf, isnan
from time import perf_counter

import numpy as np
import pytest

from engine.data.table_text import read_table
from engine.data.user_data import suggested
from engine.experiment.experiment import Experiment
from engine.experiment.layers import Layer
from engine.training.diagnostics import Diagnostics, diagnostics
from engine.training.run import train
from figures.exports.numbers_table import FORMULA
from figures.exports.run_table import extent, run_csv, run_csv_size, run_pieces
from figures.journey.payload import iterations
from tests.figures.exports.test_numpy_script import DIVERGING

MOONS = Experiment(data="moons", hidden=(Layer(3, "tanh"), Layer(4, "relu")), iterations=30)
BATCHES = replace(MOONS, batch=16, split=0.25)


def read(run):
    """The head's first words, and the lines by (iteration, layer)."""
    head, *lines = csv.reader(StringIO(run_csv(run), newline=""))
    names = [title.partition(" (")[0] for title in head]
    assert len({*names}) == len(names)
    assert all(len(line) == len(head) for line in lines)
    named = [dict(zip(names, line, strict=True)) for line in lines]
    return head, {(int(line["iteration"]), int(line["layer"])): line for line in named}


@pytest.mark.parametrize("e", [MOONS, BATCHES], ids=["whole", "batches"])
def test_every_quantity_is_read_back_to_the_last_bit(e):
    run = train(e, 2)
    d, (_, lines) = diagnostics(run, iterations(run)), read(run)
    assert [*lines] == [(t, l) for t in range(30) for l in (1, 2, 3)]
    for (t, l), line in lines.items():
        for name in Diagnostics._fields[1:]:
            np.testing.assert_array_equal(float(line[name]), getattr(d, name)[t, l - 1])
        assert line["activation"] == ("tanh", "relu", "sigmoid")[l - 1]


def test_the_factor_is_what_the_error_shrinks_by():
    run = train(MOONS, 2)
    _, lines = read(run)
    size = {l: np.sqrt(n) * float(lines[7, l]["rms_delta"]) for l, n in ((1, 3), (2, 4), (3, 1))}
    for l in (1, 2):
        assert float(lines[7, l]["factor"]) == pytest.approx(size[l] / size[l + 1], rel=1e-12)


def test_cost_and_score_are_those_of_the_network_at_that_iteration():
    run = train(BATCHES, 2)
    _, lines = read(run)
    for (t, _), line in lines.items():
        for part, x, y in (("train", run.data.x, run.data.y),
                           ("test", run.data.test_x, run.data.test_y)):
            a, net = x, run.network(t)
            for l, f in enumerate((np.tanh, lambda z: np.maximum(z, 0), sigmoid), start=1):
                a = f(net.W[l] @ a + net.b[l])
            cost = -(y * np.log(a) + (1 - y) * np.log(1 - a)).mean()
            assert float(line[f"cost {part}"]) == pytest.approx(cost, rel=1e-9)
            assert float(line[f"accuracy {part}"]) == pytest.approx(((a > 0.5) == y).mean())
        assert float(line["cost own batch"]) == run.trace(t).C


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def test_without_a_test_or_batches_there_is_no_column_for_them():
    head, _ = read(train(MOONS, 2))
    assert [name for name in head if name.startswith(("cost", "accuracy"))] == [
        "cost train", "accuracy train"]


def test_what_does_not_exist_is_nan():
    _, lines = read(train(MOONS, 2))
    assert all(isnan(float(line["gain"])) == (l == 3) for (_, l), line in lines.items())


def test_a_run_that_diverges_is_written_to_its_last_iteration():
    run = train(DIVERGING, 3)
    _, lines = read(run)
    assert max(lines)[0] == run.last < DIVERGING.iterations - 1
    values = [float(v) for line in lines.values() for k, v in line.items() if k != "activation"]
    assert any(map(isinf, values))


def test_a_fork_has_its_past_before_it_with_the_activations_of_then():
    relu = (Layer(3, "relu"), Layer(4, "relu"))
    past, run = train(MOONS, 2), train(MOONS.forked(10, hidden=relu), 2)
    (_, before), (_, lines) = read(past), read(run)
    assert [line["activation"] for (_, l), line in lines.items() if l == 1] == (
        ["tanh"] * 10 + ["relu"] * 20)
    assert {at: line for at, line in lines.items() if at[0] < 10} == {
        at: line for at, line in before.items() if at[0] < 10}
    assert lines[12, 1]["rms_delta"] != before[12, 1]["rms_delta"]


def test_of_a_long_run_some_iterations_are_written_and_the_text_says_which():
    run = train(replace(MOONS, iterations=1500), 2)
    _, lines = read(run)
    kept = sorted({t for t, _ in lines})
    assert kept == [*range(0, 1500, 2), 1499]
    assert extent(run) == "1 iteration in 2, and the last: 751 of 1,500"
    assert extent(train(MOONS, 2)) == "every iteration: 30 of 30"


def test_no_cell_is_a_formula_whatever_somebody_has_named():
    own = suggested(read_table("=1+1,@b,kind\n" + "1,10,=cat\n2,20,+dog\n4,31,=cat\n" * 4))
    head, lines = read(train(replace(MOONS, data=own), 2))
    words = [*head, *(line["activation"] for line in lines.values())]
    assert not any(FORMULA.match(word) for word in words)


def test_the_pieces_of_a_long_table_are_the_whole(monkeypatch):
    run = train(MOONS, 2)
    monkeypatch.setattr("figures.exports.numbers_table.PIECE", 100)
    assert len([*run_pieces(run)]) > 10
    assert "".join(run_pieces(run)) == run_csv(run)


@pytest.mark.parametrize("run", [
    train(MOONS, 2), train(BATCHES, 2),
    train(replace(MOONS, hidden=(Layer(5, "tanh"),) * 40, iterations=200), 1)])
def test_its_size_is_known_before_it_is_made(run):
    assert 1 / 1.3 < run_csv_size(run) / len(run_csv(run).encode()) < 1.3


def test_a_long_run_is_written_before_anybody_waits():
    """The best of three: how busy the machine is beside it is not what is measured."""
    e = Experiment(data="moons", hidden=(Layer(8, "tanh"),) * 2, iterations=2000)
    run, times = train(e, 1), []
    for _ in range(3):
        start = perf_counter()
        run_csv(run).encode()
        times.append(perf_counter() - start)
    assert min(times) < 4

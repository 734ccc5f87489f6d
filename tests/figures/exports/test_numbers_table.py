"""The tables have every number to the last bit, and no name in them is ever a formula."""

import csv
import io
import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.experiment.experiment import Experiment
from engine.experiment.layers import Layer
from engine.training.run import train
from figures.exports.numbers_table import HEAD, as_text, step_csv, step_sheet
from tests.figures.exports.test_numpy_script import DIVERGING, some_runs

XOR = Experiment(iterations=3)
RISKY = tuple("=+-@\t\r\n＝＋－＠")
hostile = st.text(st.sampled_from([*RISKY, *" ,;|\"'<1+A()"]), max_size=8) | st.text(max_size=8)


def read(text):
    """quantity -> layer -> matrix, from the lines of the CSV alone."""
    cells = {}
    for line in csv.DictReader(io.StringIO(text, newline="")):
        place = int(line["row"]), int(line["column"])
        layers = cells.setdefault(line["quantity"], {})
        layers.setdefault(int(line["layer"]), {})[place] = float(line["value"])
    return {quantity: {l: matrix(found) for l, found in layers.items()}
            for quantity, layers in cells.items()}


def matrix(cells):
    rows = sorted({r for r, _ in cells})
    return np.array([[v for (r, _), v in sorted(cells.items()) if r == row] for row in rows])


def wanted(run, t):
    now, before, after = run.trace(t), run.network(t), run.network(t + 1)
    L = run.experiment.L
    found = {"y": {L: now.y}, "losses": {L: now.losses[None]}, "C": {L: np.array([[now.C]])},
             "W": before.W, "b": before.b, "W_new": after.W, "b_new": after.b}
    found |= {name: getattr(now, name) for name in (
        "u", "mean", "sigma", "n", "z", "f", "a", "da", "delta", "du", "dW", "db")}
    return {name: layers for name, layers in found.items() if layers}


def same(found, expected):
    assert found.keys() == expected.keys()
    for name, layers in expected.items():
        assert found[name].keys() == layers.keys()
        for l in layers:
            np.testing.assert_array_equal(found[name][l], layers[l])


@some_runs
def test_what_is_read_back_is_the_trace_to_the_last_bit(experiment, t):
    run = train(experiment, 3)
    t = min(t, run.last)
    same(read(step_csv(run, t)), wanted(run, t))


@some_runs
def test_the_sheet_has_the_same_matrices(experiment, t):
    run = train(experiment, 3)
    t = min(t, run.last)
    lines = list(csv.reader(io.StringIO(step_sheet(run, t), newline=""), "excel-tab"))
    found = {}
    while lines:
        end = lines.index([])
        (title, shape), _, *rows = lines[:end]
        name, l = re.fullmatch(r"(\w+?)(?:\[(\d+)\])?", title).groups()
        values = np.array([[float(cell) for cell in row[1:]] for row in rows])
        assert shape == f"{values.shape[0]} × {values.shape[1]}"
        found.setdefault(name, {})[int(l or experiment.L)] = values
        lines = lines[end + 1:]
    same(found, wanted(run, t))


def test_one_sample_alone_has_its_own_number():
    run = train(XOR, 3)
    found = list(csv.DictReader(io.StringIO(step_csv(run, 0, 2), newline="")))
    z = [line for line in found if line["quantity"] == "z" and line["layer"] == "1"]
    assert [float(line["value"]) for line in z] == run.trace(0).z[1][:, 2].tolist()
    assert {(line["column"], line["column name"]) for line in z} == {("3", "sample 3")}
    assert len([line for line in found if line["quantity"] == "dW"]) == 4 * 2 + 1 * 4


def test_rows_and_columns_are_named():
    run = train(replace(XOR, hidden=(Layer(2, "tanh"),)), 3)
    text = step_csv(run, 0)
    assert text.startswith(",".join(HEAD) + "\r\n")
    assert f"W,1,2,1,unit 2,x1,{float(run.network(0).W[1][1, 0])!r}\r\n" in text
    assert f"\r\na,0,2,4,x2,sample 4,{float(run.data.x[1, 3])!r}\r\n" in text
    assert "\r\nW[1]\t2 × 2\r\n\tx1\tx2\r\nunit 1\t" in step_sheet(run, 0)


def test_an_overflow_is_read_back_too():
    run = train(DIVERGING, 3)
    same(read(step_csv(run, run.last)), wanted(run, run.last))


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1",
                                  "a;=1+1", "a\t=1+1", "a\n=1+1", "-1|cmd"])
def test_a_name_that_looks_like_a_formula_is_made_text(name):
    assert "'" in as_text(name)


@pytest.mark.parametrize("name", ["x1", "sepal length (cm)", "a-b", "1+1", "", "'=1"])
def test_an_honest_name_stays_as_it_is(name):
    assert as_text(name) == name


@given(st.lists(hostile, min_size=2, max_size=2), hostile)
def test_no_cell_with_a_name_begins_like_a_formula_wherever_a_cell_is_thought_to_begin(
    inputs, output
):
    run = train(XOR, 3)
    units = [{"units": inputs}, {"units": list("1234")}, {"units": [output]}]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("figures.exports.numbers_table.layers", lambda e: units)
        table, sheet = step_csv(run, 0), step_sheet(run, 0)
    same(read(table), wanted(run, 0))
    for text, dialect in ((table, "excel"), (sheet, "excel-tab")):
        for row in csv.reader(io.StringIO(text, newline=""), dialect):
            words = [cell for cell in row if not is_number(cell)]
            for part in (part for word in words for part in re.split("[,;|\t\r\n]", word)):
                assert not part.lstrip().startswith(RISKY)


def is_number(cell):
    try:
        return repr(float(cell)) == cell or cell.isdigit()
    except ValueError:
        return False

"""The script does what the app does: it is run, and its variables are held against the engine."""

import ast
import contextlib
import io
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.experiment.experiment import Experiment
from engine.experiment.layers import Layer
from engine.experiment.presets import PRESETS
from engine.training.run import train
from figures.exports.literals import bracketed, literal
from figures.exports.numpy_script import numpy_script
from figures.style import number
from tests.experiments import EXPERIMENTS, name

XOR = Experiment()
FROZEN = ("W1", "b1", "W2", "b2")
SATURATED = Experiment(hidden=(), parameters=(400.0, -300.0, 90.0), iterations=2)
DIVERGING = Experiment(data="mazur", output="identity", loss="half_sum", learning_rate=1e9)
SPECIAL = [
    SATURATED, DIVERGING,
    replace(XOR, frozen=FROZEN, clip=0.01, l2=0.1, optimizer="momentum"),
    replace(XOR, frozen=("W1", "b2"), clip=0.01, l1=0.1, optimizer="adamw"),
    Experiment(data="moons", size=10, batch=4, iterations=7, schedule="step", every=2),
    Experiment(hidden=()), Experiment(hidden=(Layer(3, "gelu"), Layer(2, "softmax"))),
]
RUNS = [(e, t) for e in [*EXPERIMENTS, *SPECIAL] for t in (0, e.iterations - 1)]


def over(runs):
    """A test for each of these runs and iterations."""
    return pytest.mark.parametrize(
        ("experiment", "t"), runs, ids=[f"{name(e)}-{t}" for e, t in runs])


each_run, some_runs = over(RUNS), over(RUNS[::10] + RUNS[-2 * len(SPECIAL):])


def ran(text):
    """The variables of a script at its end, and what it printed."""
    values, said = {}, io.StringIO()
    with np.errstate(all="ignore"), contextlib.redirect_stdout(said):
        exec(compile(text, "script", "exec"), values)
    return values, said.getvalue()


def check(values, run, t):
    """Every quantity of iteration t against the engine."""
    trace, before, after = run.trace(t), run.network(t), run.network(t + 1)
    close = lambda found, wanted: np.testing.assert_allclose(found, wanted, rtol=1e-9, atol=1e-12)
    close(values["C"], trace.C)
    np.testing.assert_array_equal(values["y"], trace.y)
    for symbol in ("u", "mean", "sigma", "n", "z", "f", "a", "da", "delta", "du", "dW", "db"):
        wanted = getattr(trace, symbol)
        assert values.get(symbol, {}).keys() == wanted.keys()
        for l in wanted:
            close(values[symbol][l], wanted[l])
    for l in after.W:
        np.testing.assert_array_equal(values["W_old"][l], before.W[l])
        np.testing.assert_array_equal(values["b_old"][l], before.b[l])
        close(values["W"][l], after.W[l])
        close(values["b"][l], after.b[l])


@each_run
def test_the_script_gives_the_numbers_of_the_app(experiment, t):
    run = train(experiment, 3)
    t = min(t, run.last)
    values, said = ran(numpy_script(run, t))
    check(values, run, t)
    assert said == f"C = {float(values['C'])!r}\n"


def test_it_says_what_the_stage_says():
    run = train(XOR, 3)
    text = numpy_script(run, 7).replace("\n# ", " ")
    assert "The cost is the mean over the 4 samples: " + number(run.trace(7).C) in text
    assert "delta[2] = a[2] - y\n" in text
    assert text.startswith('"""One training step in plain NumPy: iteration 7 of 199.')


def test_a_cost_that_is_computed_from_z_is_shown_so():
    lines = numpy_script(train(SATURATED, 3), 0).split("\n")
    assert ("C = ((((z[1] > 0) - y) * z[1] + np.log1p(np.exp(-abs(z[1])))).mean(0)).mean()"
            in lines)


def test_where_outputs_are_sure_the_error_keeps_its_digits():
    """σ(30) - 1 = -9.36e-14, of which a - 1 has three digits, and 0 from z = 37 on."""
    for z in (30.0, 36.0, 400.0):
        e = Experiment(data="or", hidden=(), parameters=(z, z, 0.0), iterations=1)
        run = train(e, 3)
        values, _ = ran(numpy_script(run, 0))
        assert run.trace(0).delta[1][0, 1] != 0
        for symbol in ("delta", "dW", "db"):
            np.testing.assert_allclose(values[symbol][1], getattr(run.trace(0), symbol)[1],
                                       rtol=1e-12)
        np.testing.assert_allclose(values["C"], run.trace(0).C, rtol=1e-12)
    assert "delta[2] = a[2] - y\n" in numpy_script(train(XOR, 3), 0)


def test_only_the_batch_of_the_iteration_is_in_it():
    run = train(Experiment(data="moons", size=10, batch=4, iterations=5), 3)
    values, _ = ran(numpy_script(run, 2))
    np.testing.assert_array_equal(values["x"], run.samples(2)[0])
    assert values["m"] == run.experiment.batch_size(2) == 2


@given(st.lists(st.text(), min_size=2, max_size=2), st.text())
def test_names_from_outside_stay_text(inputs, output):
    """Nothing that a name says is run, and every name is there as it was."""
    run = train(replace(XOR, iterations=1), 3)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("figures.exports.numpy_script.layers", lambda e: [{"units": inputs},
                                                                {"units": [output]}])
        text = numpy_script(run, 0)
    assert all(len(line) < 120 or repr(output) in line or repr(inputs[0]) in line
               or repr(inputs[1]) in line for line in text.split("\n"))
    values, _ = ran(text)
    assert values["inputs"] == inputs
    assert values["outputs"] == [output]
    check(values, run, 0)


@given(st.lists(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=3, max_size=3),
                min_size=1, max_size=9))
def test_a_matrix_is_read_back_to_the_last_bit(rows):
    text = literal(np.array(rows), "np", 4)
    assert np.array_equal(eval(text, {"np": np}), np.array(rows))


@given(st.lists(st.text(), max_size=40))
def test_a_list_of_words_is_read_back(words):
    assert ast.literal_eval(bracketed(map(repr, words), 4)) == words


@pytest.mark.parametrize("preset", [name for name, p in PRESETS.items() if not p.deep])
def test_no_line_is_wider_than_a_page(preset):
    text = numpy_script(train(PRESETS[preset].state.experiment, 3), 0)
    data = ("C = ", "a[", "da[", "delta[")  # formulas of one line, as the stage has them
    assert not [line for line in text.split("\n") if len(line) > 104 and not line.startswith(data)]

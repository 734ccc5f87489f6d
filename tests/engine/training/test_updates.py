"""The update is what its printed lines say."""

from dataclasses import replace

import numpy as np
import pytest

from engine.nn.backprop import flat_gradient
from engine.training.descent import masks
from engine.training.run import train
from engine.training.updates import update, update_lines
from tests.engine.training.test_run import ALL_OPTIONS, XOR


def test_a_step_of_gradient_descent_is_minus_the_rate_times_the_gradient():
    run = train(XOR, 3)
    for t in (0, 17, run.last):
        expected = run.network(t).flat - XOR.learning_rate * flat_gradient(run.trace(t))
        np.testing.assert_allclose(run.network(t + 1).flat, expected, atol=1e-15)


@pytest.mark.parametrize("t", [0, 1, 17, 38])
def test_an_update_is_what_its_printed_formulas_say(t):
    """The gradient of the trace, the penalties and the clipping by hand, then the printed lines."""
    run, e = train(ALL_OPTIONS, 3), ALL_OPTIONS
    weights, learns = masks(e)
    names = {"p": run.network(t).flat, "g": flat_gradient(run.trace(t)), "l1": e.l1 * weights,
             "l2": e.l2 * weights, "clip": e.clip, "np": np}
    penalty, _, clipping = update_lines(e)[:3]
    names["g"] = eval(penalty.code, names) * learns
    names["norm"] = np.linalg.norm(names["g"])
    by_hand = eval(clipping.code, names)
    values = update(run, t).after
    np.testing.assert_allclose(values["g"], by_hand, rtol=1e-12, atol=1e-17)
    np.testing.assert_allclose(values["p"], run.network(t + 1).flat, rtol=1e-13, atol=1e-16)
    np.testing.assert_allclose(values["m"], run.block(t + 1)[1], rtol=1e-12, atol=1e-17)
    assert np.linalg.norm(values["g"]) <= e.clip


def test_the_lines_of_an_update_name_only_what_is_wished():
    symbols = lambda **changes: [line.symbol for line in update_lines(replace(XOR, **changes))]
    assert symbols() == ["p"]
    assert symbols(l2=0.1) == ["g", "p"]
    assert symbols(clip=1.0) == ["norm", "g", "p"]
    assert symbols(optimizer="adam", clip=1.0) == ["norm", "g", "m", "v", "mhat", "vhat", "p"]


def test_an_l2_penalty_is_its_derivative_and_spares_the_biases():
    plain, held = train(XOR, 3), train(replace(XOR, l2=0.1), 3)
    p, weights = plain.network(0).flat, masks(XOR)[0]
    added = update(held, 0).after["g"] - update(plain, 0).before["g"]
    np.testing.assert_allclose(added, 0.1 * p * weights)
    assert train(replace(XOR, l1=0.3), 3).network(30).W[2].std() < plain.network(30).W[2].std()

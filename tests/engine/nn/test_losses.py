"""Losses: values, derivatives, texts and stability, for the whole table."""

import re

import numpy as np
import pytest
from latex2mathml.converter import convert

from engine.nn.activations import ACTIVATIONS
from engine.nn.losses import LOSSES, huber
from engine.nn.losses import loss as loss_of

each = pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES.keys())
CANONICAL = [loss for loss in LOSSES.values() if loss.canonical]
canonical = pytest.mark.parametrize("loss", CANONICAL, ids=[loss.name for loss in CANONICAL])
NAMES = {"np": np}


def answers(loss, *axes: int) -> tuple[np.ndarray, np.ndarray]:
    """Outputs that the loss can meet, and targets of the kind that it needs."""
    rng = np.random.default_rng(5)
    a, y = rng.uniform(0.1, 0.9, (*axes, 3, 4)), rng.uniform(0.05, 0.95, (3, 4))
    a = a * 4 - 2 if "identity" in loss.outputs or not loss.outputs else a
    return a, np.eye(3)[:, [0, 2, 1, 2]] if loss.needs == "classes" else y


@each
def test_grad_is_the_derivative_of_cost(loss):
    (a, y), h = answers(loss), 1e-6
    nudge = h * np.eye(3)[:, :, None]
    expected = (loss.cost(a + nudge, y) - loss.cost(a - nudge, y)) / (2 * h)
    np.testing.assert_allclose(loss.grad(a, y), expected, atol=2e-9)


@each
def test_each_sample_has_its_own_loss(loss):
    a, y = answers(loss)
    assert loss.cost(a, y).shape == (4,)
    np.testing.assert_allclose(loss.cost(a[:, :1], y[:, :1]), loss.cost(a, y)[:1], rtol=1e-13)


@each
def test_replicate_axes_are_separate_outputs(loss):
    a, y = answers(loss, 2, 3)
    assert loss.cost(a, y).shape == (2, 3, 4)
    for i in np.ndindex(2, 3):
        np.testing.assert_allclose(loss.cost(a, y)[i], loss.cost(a[i], y), rtol=1e-13)
        np.testing.assert_allclose(loss.grad(a, y)[i], loss.grad(a[i], y), rtol=1e-13)


@each
def test_the_printed_numpy_is_what_is_computed(loss):
    a, y = answers(loss)
    printed = {"a": a, "y": y}
    np.testing.assert_allclose(eval(loss.code, NAMES, printed), loss.cost(a, y), rtol=1e-13)
    np.testing.assert_allclose(eval(loss.grad_code, NAMES, printed), loss.grad(a, y), rtol=1e-13)


@each
def test_mean_says_whether_the_outputs_are_averaged(loss):
    a, y = answers(loss)
    twice = loss.cost(np.vstack([a, a]), np.vstack([y, y]))
    if "softmax" not in loss.outputs and "logits" not in loss.name:
        np.testing.assert_allclose(twice, loss.cost(a, y) * (1 if loss.mean else 2), rtol=1e-12)


@canonical
def test_the_cost_from_z_is_the_cost(loss):
    z, y = np.random.default_rng(6).normal(size=(3, 4)), answers(loss)[1]
    a = ACTIVATIONS[loss.canonical].f(z)
    np.testing.assert_allclose(loss.cost_from_z(z, y), loss.cost(a, y), rtol=1e-12)
    printed = eval(loss.code_from_z, NAMES, {"z": 50 * z, "y": y})
    np.testing.assert_allclose(printed, loss.cost_from_z(50 * z, y), rtol=1e-12)


@canonical
def test_the_error_of_a_canonical_pair_is_a_minus_y(loss):
    z, y = np.random.default_rng(6).normal(size=(3, 4)), answers(loss)[1]
    f = ACTIVATIONS[loss.canonical]
    a = f.f(z)
    y = y / y.sum(-2) if loss.canonical == "softmax" else y
    expected = (a - y) / (3 if loss.mean else 1)
    np.testing.assert_allclose(f.vjp(loss.grad(a, y), z, a), expected, atol=1e-14)


@canonical
def test_the_cost_from_z_is_finite_for_saturated_outputs(loss):
    z = np.array([[1e4, -1e4, 40.0], [-1e4, 1e4, -40.0], [0.0, 0.0, 0.0]])
    y = np.eye(3)
    assert np.isfinite(loss.cost_from_z(z, y)).all()
    assert loss.cost_from_z(z, y)[0] < 1e4 + 1


def test_published_values_of_the_losses():
    """Printed in the docstrings of keras 2.15 (the mean over the samples)."""
    y, a = np.array([[0.0, 0], [1, 0]]), np.array([[1.0, 1], [1, 0]])
    assert LOSSES["mse"].cost(a, y).mean() == 0.5


def test_kl_is_zero_for_equal_distributions_and_positive_for_others():
    y = np.array([[0.2, 0.5], [0.3, 0.5], [0.5, 0.0]])
    kl = LOSSES["kl"]
    np.testing.assert_allclose(kl.cost(np.where(y > 0, y, 1e-300), y), 0, atol=1e-15)
    a = np.array([[0.5, 0.4], [0.25, 0.4], [0.25, 0.2]])
    by_hand = 0.2 * np.log(0.4) + 0.3 * np.log(1.2) + 0.5 * np.log(2), np.log(1.25)
    np.testing.assert_allclose(kl.cost(a, y), by_hand, rtol=1e-14)
    np.testing.assert_allclose(kl.cost_from_z(np.log(a), y), by_hand, rtol=1e-14)


def test_kl_and_cross_entropy_differ_by_the_entropy_of_the_targets():
    a, y = np.array([[0.5], [0.3], [0.2]]), np.array([[0.1], [0.6], [0.3]])
    entropy = -(y * np.log(y)).sum()
    difference = LOSSES["cross_entropy"].cost(a, y) - LOSSES["kl"].cost(a, y)
    np.testing.assert_allclose(difference, entropy)


def test_cross_entropy_from_logits_weighs_a_target_by_what_it_adds_up_to():
    """-Σ y ln softmax(z) for targets of any sum: the gradient is softmax(z) Σ y - y."""
    z, y = np.array([[0.3], [-1.2], [0.8]]), np.array([[0.5], [2.0], [1.0]])
    loss, h = LOSSES["cross_entropy_logits"], 1e-6
    nudge = h * np.eye(3)[:, :, None].transpose(1, 0, 2)
    slopes = [(loss.cost(z + n, y) - loss.cost(z - n, y)) / (2 * h) for n in nudge]
    np.testing.assert_allclose(loss.grad(z, y), slopes, atol=1e-8)


def test_huber_turns_at_one_unless_it_is_told():
    a, y = np.array([[0.5, 3.0]]), np.zeros((1, 2))
    for h in (LOSSES["huber"], loss_of("huber"), huber()):
        np.testing.assert_allclose(h.cost(a, y), [0.125, 2.5])


def test_the_formula_of_huber_names_its_turning_point():
    assert r"\le 4 \\ 4\,(\lvert \a - \y \rvert - 2)" in huber(4.0).term
    assert huber(4.0).grad_term == r"\min(\max(\a - \y, -4), 4)"


def test_huber_is_a_parabola_near_and_a_line_far_out():
    y = np.zeros((1, 4))
    a = np.array([[0.3, -2.0, 2.0, 7.0]])
    h = loss_of("huber", 2.0)
    np.testing.assert_allclose(h.cost(a, y), [0.045, 2, 2, 2 * (7 - 1)])
    np.testing.assert_allclose(h.grad(a, y), [[0.3, -2, 2, 2]])
    test_the_printed_numpy_is_what_is_computed(h)


@each
def test_the_gradient_goes_into_the_memory_that_is_given(loss):
    a, y = answers(loss, 2)
    out = np.full_like(a, np.nan)
    assert loss.grad(a, y, out) is out
    np.testing.assert_array_equal(out, loss.grad(a, y))


@each
def test_mathml_can_be_made_of_every_formula(loss):
    for latex in (loss.term, loss.grad_term):
        assert "merror" not in convert(re.sub(r"\\([ay])(?![a-zA-Z])", r"\1", latex))

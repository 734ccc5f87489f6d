"""The engine against numbers from elsewhere: PyTorch's autograd and published examples."""

import importlib.util
import json
import warnings
from pathlib import Path

import numpy as np
import pytest

from engine.nn.losses import LOSSES
from tests.truth_adapter import LOSS_NAMES, adapter

TRUTH = Path(__file__).parent / "data" / "truth"


@pytest.fixture(scope="module")
def verdict():
    spec = importlib.util.spec_from_file_location("check", TRUTH / "check.py")
    check = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(check)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # check.py does not close its files
        return check.check_dir(adapter, TRUTH, tol=1e-9, rtol_train=1e-7)


def test_every_number_agrees(verdict):
    assert verdict["fails"] == []
    assert len(verdict["max_err"]) >= 25


def test_no_loss_differs_by_a_factor(verdict):
    assert verdict["loss_scales"] == {}


def test_nothing_is_skipped(verdict):
    print(f"skipped {len(verdict['skipped'])}: {verdict['skipped']}")
    assert verdict["skipped"] == []


def test_all_cases_are_there():
    count = lambda file: len(json.loads((TRUTH / file).read_text())["cases"])
    assert count("golden_open.json") == 14
    assert count("worked_examples.json") >= 8


REFERENCE = ("mse", "mae", "huber", "bce", "bce_with_logits", "mse_half_sum", "mse_sum", "bce_sum",
             "cce", "cce_with_logits", "kl", "output")


@pytest.mark.parametrize("name", REFERENCE)
def test_every_loss_of_the_reference_has_an_answer_or_a_sentence(name):
    """The losses that the reference's README lists; the engine has no sum of mse or bce."""
    request = {"op": "fwd_bwd", "sizes": [1, 2], "activations": ["sigmoid"], "act_params": {},
               "loss": name, "loss_params": {}, "W": [np.array([[0.5], [-0.3]])],
               "b": [np.array([0.1, 0.2])], "X": np.array([[0.7]]), "Y": np.array([[1.0], [0.0]])}
    if name in ("mse_sum", "bce_sum"):
        with pytest.raises(NotImplementedError, match=r"loss must be one of .* \(got \w+_sum\)"):
            adapter(request)
    else:
        assert np.isfinite(adapter(request)["loss"])


def test_losses_that_keras_prints():
    """The values in the docstrings of Keras 2.15, and their gradients by PyTorch."""
    cases = json.loads((TRUTH / "worked_examples.json").read_text())["cases"]
    printed = next(case for case in cases if case["kind"] == "loss_values")["cases"]
    for case in printed:
        loss = LOSSES[LOSS_NAMES.get(case["loss"], case["loss"])]
        y, a = np.array(case["y_true"], float).T, np.array(case["y_pred"], float).T
        np.testing.assert_allclose(loss.cost(a, y).mean(), case["torch"], rtol=1e-9)
        np.testing.assert_allclose(loss.grad(a, y).T / y.shape[1], case["grad"], atol=1e-9)

"""The engine against numbers from elsewhere: PyTorch's autograd and published examples."""

import importlib.util
import json
import warnings
from pathlib import Path

import pytest

from tests.truth_adapter import adapter

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
    assert len(verdict["max_err"]) >= 14


def test_no_loss_differs_by_a_factor(verdict):
    assert verdict["loss_scales"] == {}


def test_what_is_not_offered_is_counted(verdict):
    skipped = sorted({what for _, _, what in verdict["skipped"]})
    print(f"skipped {len(verdict['skipped'])}: {', '.join(skipped)}")


def test_all_cases_are_there():
    count = lambda file: len(json.loads((TRUTH / file).read_text())["cases"])
    assert count("golden_open.json") == 14
    assert count("worked_examples.json") >= 8

"""For all tests: examples are drawn the same way every time, and a slow machine is no failure.

Tests marked with torch need PyTorch. Without it they are skipped, but in CI they fail.
"""

import importlib.util
import os

import pytest
from hypothesis import settings

os.environ.setdefault("BACKSTEP_WORKERS", "0")  # no processes, but where a test asks for them
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # each test runner has a core of its own

settings.register_profile("backstep", deadline=None, derandomize=True)
settings.load_profile("backstep")

NO_TORCH = "torch must be installed: python -m pip install --group torch (got none)"


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("torch") and not importlib.util.find_spec("torch"):
        (pytest.fail if os.environ.get("CI") else pytest.skip)(NO_TORCH)

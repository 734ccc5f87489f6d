"""The engine's own example runs as it is printed."""

import doctest

import engine


def test_the_example_of_the_engine_runs():
    result = doctest.testmod(engine)
    assert result.attempted > 7
    assert result.failed == 0

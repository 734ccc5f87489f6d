"""Every cache has a bound, in one table, and what is kept is within it."""

import ast
import logging
from pathlib import Path

import numpy as np
import pytest

from engine.experiment.experiment import Experiment
from engine.experiment.layers import Layer
from engine.training.run import Run, train
from ui.session import bounds, runs

ROOT = Path(__file__).parent.parent.parent.parent
KINDS = {"cached", "shared"}  # of ui/session/runs.py, the only file that asks Streamlit for a cache
STREAMLITS = {"cache_data", "cache_resource"}
HERE = ROOT / "ui" / "session" / "runs.py"


def name_of(node: ast.AST) -> str:
    return ast.unparse(node).partition("(")[0].rpartition(".")[2]


def named(call: ast.Call) -> bool:
    return len(call.args) == 2 and ast.unparse(call.args[1]).strip("'") in bounds.CACHES


def unbounded(source: str) -> list[str]:
    """Caches that have no row in the table."""
    nodes = [*ast.walk(ast.parse(source))]
    calls = [node for node in nodes if isinstance(node, ast.Call)]
    return [*(ast.unparse(call) for call in calls
              if name_of(call.func) in KINDS and not named(call)),
            *(ast.unparse(node) for node in nodes
              if isinstance(node, ast.Attribute | ast.Name) and name_of(node) in
              STREAMLITS | {"lru_cache"}),
            *(node.name for node in nodes if isinstance(node, ast.FunctionDef) and node.args.args
              and "cache" in map(name_of, node.decorator_list))]


def test_no_cache_is_without_a_bound_of_the_table():
    files = [f for room in ("ui", "pages") for f in (ROOT / room).rglob("*.py") if f != HERE]
    assert len(files) > 40
    assert not {f.name: found for f in files if (found := unbounded(f.read_text("utf-8")))}


def test_every_row_of_the_table_is_read():
    text = "".join(f.read_text("utf-8") for f in (ROOT / "ui").rglob("*.py")
                   if f.name != "bounds.py")
    assert [name for name in bounds.CACHES if f'"{name}"' not in text] == ["recomputed blocks"]


@pytest.mark.parametrize("source", [
    "@st.cache_data(max_entries=64)\ndef f(e): return e", "@st.cache_resource\ndef f(): return 1",
    "@lru_cache(maxsize=9)\ndef f(e): return e", "@cache\ndef f(e): return e",
    "known = cached(f, 64, 4)", "known = runs.cached(f, 'a name')", "known = shared(f)"])
def test_the_law_finds_an_offence(source):
    assert unbounded(source)


@pytest.mark.parametrize("source", [
    "@cache\ndef files(): return 1", "known = runs.cached(f, 'words')", "shared(f, 'runs')"])
def test_the_law_lets_the_rest_be(source):
    assert not unbounded(source)


def bytes_of(run: Run) -> int:
    data = sum(v.nbytes for v in run.data if isinstance(v, np.ndarray))
    return run.blocks.nbytes + run.costs.nbytes + data


LARGE = [Experiment(data=data, hidden=(Layer(width, "relu"),) * depth, iterations=iterations,
                    batch=batch)
         for data in ("xor", "circles", "digits") for width in (2, 16, 60, 100) for depth in (1, 6)
         for iterations in (1, 10, 50, 90) for batch in (0, 1)]


def test_a_run_that_is_kept_whole_has_its_share_of_the_bytes():
    quick = [e for e in LARGE if runs.is_quick(e)]
    assert 20 < len(quick) < len(LARGE)
    assert not [e for e in quick if bytes_of(train(e, 0)) > bounds.CACHES["runs"].each]


def test_what_takes_little_time_and_much_memory_is_not_kept_whole():
    e = Experiment(data="xor", hidden=(Layer(100, "relu"),) * 6, iterations=50, batch=1)
    assert e.seconds <= runs.AT_ONCE[0]
    assert e.memory() > 20 * bounds.MEGABYTE
    assert not runs.is_quick(e)


def test_a_distant_run_has_its_share_of_the_bytes():
    e = Experiment(data="digits", hidden=(Layer(2, "relu"),), iterations=100_000, batch=1)
    data = runs.loaded(e, 0)
    kept = e.iterations * 8 + sum(v.nbytes for v in data if isinstance(v, np.ndarray))
    assert kept <= bounds.CACHES["distant runs"].each


def test_the_bounds_are_logged_in_one_line_once(caplog):
    bounds.log_them.cache_clear()
    with caplog.at_level(logging.WARNING):
        bounds.log_them()
        bounds.log_them()
    assert [record.getMessage() for record in caplog.records] == [bounds.said()]
    assert "320 MB" in bounds.said()
    assert all(f"{name}: {bound}" in bounds.said() for name, bound in bounds.CACHES.items())
    assert "\n" not in bounds.said()

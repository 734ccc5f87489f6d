"""Breaks the engine and the figures in one place at a time, and looks whether a test fails.

    python tests/mutate.py 7               seed 7: COUNT places in each folder
    python tests/mutate.py 7 --count 250   so many
    python tests/mutate.py 7 --only engine/theory

cosmic-ray finds the places and breaks them, as tests/mutate.toml says; this draws some of them by a
seed and runs the tests that pass through the broken line, the narrowest first. Which these are is
read from .coverage, which `make mutate` writes. All of it happens in copies of the tree.

A mutant that cannot even be imported is none. One that no test notices is a survivor: it is printed
unless tests/mutants.toml says why nobody can or need notice it. The exit code is 1 where less than
SHARE of the others is killed.
"""

import argparse
import importlib
import os
import random
import re
import resource
import shutil
import signal
import sys
import tempfile
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from itertools import islice
from multiprocessing import Pool
from pathlib import Path
from typing import NamedTuple

import plotly.subplots
import pytest
from cosmic_ray import plugins
from cosmic_ray.ast import ast_nodes, get_ast_from_path
from cosmic_ray.config import load_config
from cosmic_ray.modules import find_modules
from cosmic_ray.mutating import use_mutation
from coverage import CoverageData

ROOT = Path(__file__).parent.parent
SHARE = {"engine": 0.95, "figures": 0.85}
COUNT = 125  # places in each folder
MOST = 100  # tests that a mutant is shown to
BROKEN = 3  # exit code: the module cannot be imported
FATES = {0: "survived", 5: "survived", BROKEN: "broken", -signal.SIGXCPU: "endless",
         -signal.SIGKILL: "endless"}  # by the exit code; all others are of tests that failed
LOADED = plotly.subplots  # once, before each mutant has a process of its own


class Place(NamedTuple):
    """Where an operator applies: the `occurrence`th time in a file."""

    path: str
    line: int
    column: int
    operator: str
    occurrence: int

    @property
    def folder(self) -> str:
        return self.path.split("/")[0]


class Found(NamedTuple):
    """`fate` is killed, endless, survived, listed or broken; before and after are code."""

    place: Place
    fate: str
    before: str
    after: str


def places(path: Path, operators: list[str]) -> Iterator[Place]:
    """Every place of a file."""
    nodes = [*ast_nodes(get_ast_from_path(path))]
    for name in operators:
        operator = plugins.get_operator(name)()
        starts = (start for node in nodes for start, _ in operator.mutation_positions(node))
        for k, (line, column) in enumerate(starts):
            yield Place(str(path), line, column, name, k)


def drawn(seed: int, count: int, only: str) -> list[Place]:
    """As many places of each folder, by a seed."""
    config = load_config(ROOT / "tests/mutate.toml")
    left_out = re.compile("|".join(config.sub("filters", "operators-filter")["exclude-operators"]))
    operators = [name for name in plugins.operator_names() if not left_out.match(name)
                 and not plugins.get_operator(name).arguments()]
    chosen = []
    for folder in config["module-path"]:
        files = sorted(path for path in find_modules([Path(folder)]) if only in str(path))
        every = [place for path in files for place in places(path, operators)]
        chosen += random.Random(seed).sample(every, min(count, len(every)))
    return chosen


# Which tests pass through a line


@cache
def covered() -> dict[str, dict[int, list[str]]]:
    """The tests of each line of each file."""
    data = CoverageData(str(ROOT / ".coverage"))
    data.read()
    return {str(Path(path).relative_to(ROOT)): data.contexts_by_lineno(path)
            for path in data.measured_files()}


@cache
def breadth() -> dict[str, int]:
    """The number of lines that a test passes through."""
    found: dict[str, int] = defaultdict(int)
    for lines in covered().values():
        for tests in lines.values():
            for test in tests:
                found[test] += 1
    return found


def tests_of(place: Place) -> list[str]:
    """Tests through the line, or the one above that has some; else all of the file's. Those that
    are named like the file come first, and of these the narrowest.
    """
    lines = covered().get(place.path, {})
    near = (lines.get(line, ()) for line in range(place.line, max(0, place.line - 12), -1))
    inside = next((tests for tests in near if any(tests)), ())
    found = {*inside} - {""} or {test for tests in lines.values() for test in tests} - {""}
    own = f"test_{Path(place.path).stem}.py"
    order = sorted(found, key=lambda test: (own not in test, breadth()[test], test))
    return [*dict.fromkeys(test.split("|")[0] for test in islice(order, MOST))]


# Breaking a place, in a process of its own


def fate(place: Place, seconds: int) -> str:
    """What becomes of a copy that is broken there."""
    if not (pid := os.fork()):
        os._exit(noticed(place, seconds))
    status = os.waitpid(pid, 0)[1]
    code = os.waitstatus_to_exitcode(status)
    return FATES.get(code, "killed")


def noticed(place: Place, seconds: int) -> int:
    """The exit code of the tests."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    try:
        importlib.import_module(place.path.removesuffix(".py").replace("/", "."))
    except Exception:
        return BROKEN
    return pytest.main(["-x", "-q", "-p", "no:cacheprovider", *tests_of(place)])


def as_it_is(place: Place) -> str:
    return fate(place, load_config(ROOT / "tests/mutate.toml")["timeout"])


def broken(place: Place) -> Found:
    """One place is broken, tested and mended."""
    config = load_config(ROOT / "tests/mutate.toml")
    path, operator = Path(place.path), plugins.get_operator(place.operator)()
    with use_mutation(path, operator, place.occurrence) as (code, mutated):
        before, after = (text.splitlines()[place.line - 1].strip() for text in (code, mutated))
        found = fate(place, config["timeout"])
    listed = found == "survived" and is_listed(place, code.splitlines()[place.line - 1])
    return Found(place, "listed" if listed else found, before, after)


@cache
def listed() -> dict[str, dict[str, str]]:
    return tomllib.loads((ROOT / "tests/mutants.toml").read_text())


def is_listed(place: Place, line: str) -> bool:
    """Whether the place lies within code that may change, as tests/mutants.toml says."""
    file = f"{place.folder}/{Path(place.path).stem}"
    codes = listed().get(place.folder, {}) | listed().get(file, {})
    return any(match.start() <= place.column < match.end()
               for code in codes for match in re.finditer(code, line))


def into_a_copy() -> None:
    """Each worker has a tree of its own."""
    copy = Path(tempfile.mkdtemp(dir=os.environ["MUTANTS"])) / "tree"
    left_out = shutil.ignore_patterns(".git", ".venv", ".coverage*", ".hypothesis", ".*_cache")
    shutil.copytree(ROOT, copy, ignore=left_out)
    os.chdir(copy)
    covered(), breadth()


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("seed", type=int)
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--only", default="")
    asked = parser.parse_args()
    sys.path[0], sys.dont_write_bytecode = "", True  # what is imported is that of a copy
    os.chdir(ROOT)
    fates: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    with tempfile.TemporaryDirectory() as os.environ["MUTANTS"], Pool(asked.jobs, into_a_copy) as p:
        chosen = drawn(asked.seed, asked.count, asked.only)
        if {*p.map(as_it_is, chosen[:: asked.count])} != {"survived"}:
            sys.exit("tests fail though nothing is broken: mend that first")
        for one in p.imap_unordered(broken, chosen):
            fates[one.place.folder][one.fate] += 1
            if one.fate == "survived":
                print(f"{one.place.path}:{one.place.line}: {one.before}\n    -> {one.after}",
                      flush=True)
    return summed(asked.seed, fates)


def summed(seed: int, fates: dict[str, dict[str, int]]) -> int:
    """The table; the exit code."""
    enough = True
    for folder, of in fates.items():
        noticed = of["killed"] + of["endless"]
        share = noticed / max(1, noticed + of["survived"])
        enough &= share >= SHARE[folder]
        print(f"seed {seed}  {folder}: {sum(of.values()) - of['broken']} mutants, "
              f"{noticed} killed ({of['endless']} endless), {of['survived']} survived, "
              f"{of['listed']} listed: {share:.1%} (at least {SHARE[folder]:.0%})")
    return 0 if enough else 1


if __name__ == "__main__":
    sys.exit(main())

"""The players' JavaScript: checked, tested and joined, and what it is sent arrives exactly."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from deno import find_deno_bin
from hypothesis import given
from hypothesis import strategies as st

from engine.experiment.experiment import Experiment
from engine.experiment.layers import Layer
from engine.experiment.state import Cursor, State
from engine.training.run import train
from figures import player
from figures.packing import packed, unpacked
from figures.player import joined, script
from figures.stage.payload import message, moment, read

ROOT = Path(__file__).parent.parent.parent.parent
PARTS = ("stage", "journey", "plane", "cargo", "heading")


@pytest.fixture(scope="session")
def deno(tmp_path_factory):
    """Runs deno without a network; its answer."""
    cache = tmp_path_factory.mktemp("deno")

    def run(*arguments: str, folder: Path = ROOT) -> subprocess.CompletedProcess:
        environment = {**os.environ, "DENO_DIR": str(cache), "NO_COLOR": "1",
                       "DENO_NO_UPDATE_CHECK": "1"}
        return subprocess.run([find_deno_bin(), *arguments], cwd=folder, env=environment,
                              capture_output=True, text=True, timeout=300)

    return run


@pytest.fixture
def copy(tmp_path):
    """The JavaScript alone, to be spoilt."""
    for part in ("assets", "tests/js"):
        shutil.copytree(ROOT / part, tmp_path / part)
    shutil.copy(ROOT / "deno.json", tmp_path)
    return tmp_path


def test_a_clean_tree_has_nothing_to_find(deno):
    found = deno("task", "check")
    assert found.returncode == 0, found.stdout + found.stderr


@pytest.mark.parametrize(("file", "more", "what"), [
    ("numbers.js", "const forgotten = 1;", "no-unused-vars"),
    ("stage/walking.js", 'export const wrong = nearestPlace("7");\n'
     "/** @param {number} v */\nfunction nearestPlace(v) { return v + 1; }", "TS2345"),
    ("journey/axes.js", "export const lost = missing + 1;", "TS2304"),
])
def test_what_is_planted_is_found(deno, copy, file, more, what):
    path = copy / "assets" / file
    path.write_text(f"{path.read_text('utf-8')}\n{more}\n", "utf-8")
    found = deno("task", "check", folder=copy)
    assert found.returncode != 0
    assert what in found.stdout + found.stderr


def test_a_broken_formula_fails_a_test(deno, copy):
    path = copy / "assets" / "journey" / "crossings.js"
    text = path.read_text("utf-8")
    assert "p / (p - q)" in text
    path.write_text(text.replace("p / (p - q)", "p / (p + q)"), "utf-8")
    assert deno("task", "test", folder=copy).returncode != 0


@pytest.mark.parametrize("part", PARTS)
def test_a_joined_script_is_a_module_that_needs_nothing_else(deno, tmp_path, part):
    (tmp_path / "alone.js").write_text(script(part), "utf-8")
    (tmp_path / "try.js").write_text(
        'import play from "./alone.js";\nif (typeof play !== "function") throw new Error("?");',
        "utf-8")
    ran = deno("run", "--no-check", "--no-remote", "try.js", folder=tmp_path)
    assert ran.returncode == 0, ran.stderr
    assert "\nimport " not in script(part)


def test_two_modules_with_one_name_for_two_things_are_refused():
    modules = {"a.js": "export const MOST = 1;\n", "b.js": "const MOST = 2;\n"}
    with pytest.raises(ValueError, match=r"names must differ \(MOST in a.js and b.js\)"):
        joined(modules)


def test_an_import_under_another_name_is_refused():
    with pytest.raises(ValueError, match="imports must keep their names"):
        joined({"a.js": 'import { one as two } from "./b.js";\n'})


def test_joined_modules_lose_imports_and_exports_and_nothing_else():
    modules = {"a.js": "export const one = 1;\n",
               "b.js": 'import { one } from "./a.js";\n\nexport default function mount() {}\n'}
    assert joined(modules) == "const one = 1;\n\nexport default function mount() {}\n"


def test_each_module_says_in_its_first_line_what_it_is_for():
    files = [*player.ASSETS.rglob("*.js")]
    assert len(files) > 50
    assert not [f.name for f in files if not f.read_text("utf-8").startswith("// ")]


def test_no_module_is_longer_than_250_lines():
    assert not [f.name for f in player.ASSETS.rglob("*.js")
                if len(f.read_text("utf-8").splitlines()) > 250]


NUMBERS = st.floats(width=64) | st.integers(-5, 5).map(float)
MATRICES = st.tuples(st.integers(1, 4), st.integers(1, 4)).flatmap(
    lambda shape: st.lists(st.lists(NUMBERS, min_size=shape[1], max_size=shape[1]),
                           min_size=shape[0], max_size=shape[0]))
NAMES = st.sampled_from(["0", "1", "2", "10", "W", "delta"])
TREES = st.recursive(MATRICES | NUMBERS | st.lists(NUMBERS, min_size=1),
                     lambda tree: st.dictionaries(NAMES, tree, min_size=1))


@given(TREES)
def test_packed_numbers_come_out_as_they_went_in(tree):
    def worded(branch):
        if isinstance(branch, dict):
            return {name: worded(value) for name, value in branch.items()}
        if isinstance(branch, list):
            return [worded(value) for value in branch]
        return unpacked(None, np.array([branch]))

    assert unpacked(*packed(tree)) == worded(tree)


OPENING = """
import { hold } from "./assets/hold.js";
import { opened } from "./assets/stage/unpacking.js";
const { cargo, file } = JSON.parse(Deno.readTextFileSync(Deno.args[0]));
globalThis.document = { dispatchEvent() {} };
hold({ kind: "words", id: cargo.words, words: { wording: "w" } });
hold({ kind: "samples", id: cargo.samples, samples: ["1"] });
const { numbers } = opened(Deno.readFileSync(file));
console.log(JSON.stringify(numbers));
"""


@pytest.mark.parametrize("experiment", [
    Experiment(), Experiment(hidden=(Layer(3, "relu"),) * 12, optimizer="adam"),
    Experiment(hidden=(Layer(200, "tanh"),)), Experiment(learning_rate=100),
], ids=["xor", "deep", "wide", "wild"])
def test_a_browser_opens_a_message_exactly(deno, copy, experiment):
    run, state = train(experiment, 3), State(experiment, 3, Cursor(iteration=11))
    cargo = {"words": "w1", "samples": "s1"}
    sent = message(run, state, "0", cargo)
    (copy / "message").write_bytes(sent)
    (copy / "given.json").write_text(json.dumps({"cargo": cargo, "file": "message"}))
    (copy / "open.js").write_text(OPENING)
    ran = deno("run", "--no-check", "--allow-read", "open.js", "given.json", folder=copy)
    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout)
    wanted = json.loads(json.dumps(moment(run, state, "0") | {"samples": ["1"]}))
    assert found == wanted == read(sent) | {"samples": ["1"]}

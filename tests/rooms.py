"""The map of the house: what each folder may import, and how large things may be.

tests/test_laws.py reads it. A folder may import only folders above it in the table; /* is all that
is in a folder.
"""

import ast
from collections.abc import Callable
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).parent.parent
FOLDERS = {  # folder -> what its files may import of the house
    "engine/nn": [],
    "engine/data": ["engine/nn"],
    "engine/experiment": ["engine/nn", "engine/data"],
    "engine/training": ["engine/nn", "engine/data", "engine/experiment"],
    "engine/depth": ["engine/nn", "engine/data", "engine/experiment", "engine/training"],
    "engine/teaching": ["engine/nn", "engine/data", "engine/experiment", "engine/training"],
    "engine": ["engine/*"],  # the face alone; nothing of the house imports it
    "figures": ["engine/*"],
    "figures/stage/steps": ["engine/*", "figures"],
    "figures/stage": ["engine/*", "figures", "figures/stage/steps"],
    "figures/journey": ["engine/*", "figures", "figures/stage"],
    "figures/depth": ["engine/*", "figures"],
    "figures/exports": ["engine/*", "figures", "figures/stage", "figures/stage/steps",
                        "figures/journey"],
    "figures/lessons": ["engine/*", "figures", "figures/stage"],
    "ui/session": ["engine/*", "figures", "figures/*"],
    "ui/serving": ["engine/*", "figures", "figures/*"],
    "ui/controls": ["engine/*", "figures", "figures/*", "ui/session"],
    "ui/players": ["engine/*", "figures", "figures/*", "ui/session"],
    "ui/data": ["engine/*", "figures", "figures/*", "ui/session", "ui/controls", "ui/players"],
    "ui/depth": ["engine/*", "figures", "figures/*", "ui/session", "ui/controls"],
    "ui/lessons": ["engine/*", "figures", "figures/*", "ui/session", "ui/controls", "ui/players"],
    "ui": ["engine/*", "figures", "figures/*", "ui/*"],
    "pages": ["engine/*", "figures", "figures/*", "ui", "ui/*"],
}
MOST_FILES, MOST_LINES, MOST_LINES_OF_A_FUNCTION = 13, 250, 25
# What is larger today; these three lists may only become shorter.
CROWDED = {"engine/nn", "tests/bench", "tests/browser"}
LONG = {
    "assets/journey.css", "assets/plane.css", "assets/stage.css", "engine/experiment/link.py",
    "engine/nn/losses.py", "engine/training/run.py", "tests/bench/browser.py",
    "tests/bench/peers.py", "tests/bench/sessions.py", "tests/browser/test_build.py",
    "tests/browser/test_plane.py", "tests/browser/test_stage.py",
    "tests/engine/data/test_datasets.py", "tests/engine/data/test_user_data.py",
    "tests/engine/depth/test_depth_pictures.py", "tests/engine/depth/test_theory.py",
    "tests/engine/experiment/test_link.py", "tests/engine/nn/test_digits.py",
    "tests/engine/teaching/test_marking.py", "tests/engine/training/test_diagnosis.py",
    "tests/figures/depth/test_charts.py", "tests/test_laws.py",
}
LONG_FUNCTIONS = {
    "figures/stage/payload.py", "tests/bench/engine.py", "tests/bench/peers.py",
    "tests/browser/test_plane.py", "tests/browser/test_predict.py", "tests/browser/test_restart.py",
    "tests/browser/test_train.py", "tests/figures/depth/test_charts.py", "tests/states.py",
}


def folders_imported(source: str) -> set[str]:
    """The folders of the house that a source imports from."""
    modules = [node.module.replace(".", "/") for node in ast.walk(ast.parse(source))
               if isinstance(node, ast.ImportFrom) and node.module]
    modules += [alias.name.replace(".", "/") for node in ast.walk(ast.parse(source))
                if isinstance(node, ast.Import) for alias in node.names]
    return {m if (ROOT / m).is_dir() else str(Path(m).parent) for m in modules
            if m.partition("/")[0] in {folder.partition("/")[0] for folder in FOLDERS}}


def upwards(folder: str) -> Callable[[str], set[str]]:
    """The folders that a source of this one must not import from."""
    return lambda source: {
        other for other in folders_imported(source) - {folder}
        if not any(fnmatch(other, allowed) for allowed in FOLDERS[folder])}


def modules_imported(file: Path) -> set[str]:
    """The modules of the house that a file imports, and of the folders that it runs through."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def is_long(source: str) -> bool:
    return source.count("\n") > MOST_LINES


def long_functions(source: str) -> list[str]:
    return [node.name for node in ast.walk(ast.parse(source))
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            and node.end_lineno - node.lineno >= MOST_LINES_OF_A_FUNCTION]

"""The laws of the house, held by reading the sources.

Each law is a function from a source text to its offences, so that a test can show it some: what
finds nothing in a clean tree must find something in a dirty one.
"""

import ast
import re
import sys
from collections.abc import Callable, Iterable
from fnmatch import fnmatch
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from tests.rooms import (
    CROWDED,
    FOLDERS,
    LONG,
    LONG_FUNCTIONS,
    MOST_FILES,
    MOST_LINES,
    MOST_LINES_OF_A_FUNCTION,
    is_long,
    long_functions,
    modules_imported,
    upwards,
)

ROOT = Path(__file__).parent.parent
ROOMS = {  # what the files of each folder may import besides the standard library
    "engine": {"numpy", "engine"},
    "figures": {"numpy", "plotly", "latex2mathml", "segno", "engine", "figures"},
    "ui": {"streamlit", "starlette", "uvicorn", "threadpoolctl", "engine", "figures", "ui"},
    "pages": {"streamlit", "engine", "figures", "ui"},
}
UNDECIDED = {"utils", "util", "helpers", "helper", "common", "base", "manager", "misc"}
COLOUR = re.compile(
    r"""(?<![\w.&])\#(?:[0-9a-f]{8}|[0-9a-f]{6}|[0-9a-f]{3,4})(?![\w(-])  # .#add() is none
      | \b(?:rgb|hsl)a?\(
      | :\s*(?:white|black|red|green|blue|yellow|orange|purple|gr[ae]y)\s*[;}"']""",
    re.VERBOSE | re.IGNORECASE,
)
OLD = re.compile(r"use_container_width|components\.v1|\bwhile True\b|\bsleep\(")
WAITING = re.compile(r"wait_for_timeout|\bsleep\(|setTimeout|slow_mo|networkidle|time\.monotonic")
PATIENT = {  # browser tests that may use a clock, and why
    "tests/live.py": "asks a server that is being started whether it is there",
    "tests/browser/test_plane.py": "makes the network slow, and waits for nothing by it",
}


def imports(source: str) -> set[str]:
    """The top-level names of the packages that a source imports, wherever in it that stands."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add("." * node.level + (node.module or "").partition(".")[0])
    return found


def foreign(room: str) -> Callable[[str], set[str]]:
    return lambda source: imports(source) - ROOMS[room] - sys.stdlib_module_names


def colours(source: str) -> list[str]:
    return COLOUR.findall(source)


def outdated(source: str) -> list[str]:
    return OLD.findall(source)


def fixed_waits(source: str) -> list[str]:
    """A test waits for the thing itself: however long it is given, a busy machine needs longer."""
    return WAITING.findall(source)


def calls_of_state(source: str) -> list[ast.Call]:
    """A page is a script that asks for the state, once, at its top level."""
    return [
        node for statement in ast.parse(source).body for node in ast.walk(statement)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("state", "frame.state")
        and not isinstance(statement, ast.FunctionDef)
    ]


def is_no_page(source: str) -> bool:
    return len(calls_of_state(source)) != 1 or not ast.get_docstring(ast.parse(source))


OURS = {"stored", "compiled"}  # what they are asked for are our own files, our own tables' lines


def unbounded(source: str) -> list[str]:
    """Caches that grow with what links bring: without a bound, and with arguments."""
    decorators = {"cache", "functools.cache", "lru_cache", "lru_cache()", "lru_cache(None)",
                  "lru_cache(maxsize=None)"}
    return [node.name for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)
            and decorators & {*map(ast.unparse, node.decorator_list)}
            and node.args.args and node.name not in OURS]


def offences(law: Callable, files: Iterable[Path]) -> dict[str, object]:
    """file -> what the law finds in it; the files must exist, or the law holds of nothing."""
    found = {str(file.relative_to(ROOT)): law(file.read_text("utf-8")) for file in files}
    assert found, "no file to look at"
    return {file: what for file, what in found.items() if what}


def sources(*rooms: str, suffixes: Iterable[str] = (".py",)) -> list[Path]:
    return [f for room in rooms for f in (ROOT / room).rglob("*") if f.suffix in suffixes]


@pytest.mark.parametrize("room", ROOMS)
def test_imports_point_one_way_and_each_layer_knows_one_foreign_package(room):
    assert not offences(foreign(room), sources(room))


@pytest.mark.parametrize("folder", FOLDERS)
def test_folders_import_one_way(folder):
    assert not offences(upwards(folder), (ROOT / folder).glob("*.py"))


def test_the_table_of_folders_is_whole_and_has_no_circle():
    assert {str(f.parent.relative_to(ROOT)) for f in sources(*ROOMS)} == FOLDERS.keys()
    below: set[str] = set()
    for folder, allowed in FOLDERS.items():
        assert all(any(fnmatch(other, one) for other in below) for one in allowed), folder
        assert folder not in allowed
        below.add(folder)


def test_no_module_imports_itself_by_way_of_others():
    names = {".".join(f.relative_to(ROOT).with_suffix("").parts): f
             for f in sources("engine", "figures", "ui") if f.stem != "__init__"}
    graph = {name: modules_imported(file) & names.keys() for name, file in names.items()}
    assert sum(map(len, graph.values())) > 300
    assert len([*TopologicalSorter(graph).static_order()]) == len(names)


def test_every_folder_opens_with_what_it_is_for():
    files = [ROOT / folder / "__init__.py" for folder in FOLDERS if folder != "pages"]
    assert not offences(lambda source: not ast.get_docstring(ast.parse(source)), files)


def test_a_folder_has_at_most_a_dozen_files_or_so():
    folders = {f.parent for f in sources(*ROOMS, "tests") if "data" not in f.parts[-3:]}
    crowded = {str(folder.relative_to(ROOT)) for folder in folders
               if len([f for f in folder.glob("*.py") if f.stem != "__init__"]) > MOST_FILES}
    assert crowded == CROWDED


def test_a_file_can_be_read_in_one_go():
    files = sources(*ROOMS, "tests", "assets", suffixes=(".py", ".js", ".css"))
    files = [f for f in files if not f.is_relative_to(ROOT / "tests" / "data")]
    assert offences(is_long, files).keys() == LONG


def test_a_function_can_be_seen_at_once():
    files = [f for f in sources(*ROOMS, "tests") if not f.is_relative_to(ROOT / "tests" / "data")]
    assert offences(long_functions, files).keys() == LONG_FUNCTIONS


def test_the_entry_knows_streamlit_and_the_frame():
    assert imports((ROOT / "app.py").read_text("utf-8")) <= {"pathlib", "streamlit", "ui"}


def test_pages_holds_page_scripts_alone():
    pages = list((ROOT / "pages").iterdir())
    strange = [p for p in pages if p.suffix != ".py" and p.name != "__pycache__"]
    assert not strange
    assert not offences(is_no_page, sources("pages"))


def test_every_file_has_a_name_that_says_what_is_in_it():
    files = [ROOT / "app.py", *sources(*ROOMS, "tests", "assets", suffixes=(".py", ".js", ".css"))]
    assert not [str(file) for file in files if file.stem in UNDECIDED]


def test_a_colour_is_named_in_one_place():
    files = sources(*ROOMS, "assets", suffixes=(".py", ".js", ".css", ".html"))
    files.remove(ROOT / "figures" / "style.py")
    assert not offences(colours, files)


def test_nothing_outdated_is_used_and_nothing_waits_in_a_loop():
    assert not offences(outdated, [ROOT / "app.py", *sources("pages", "ui")])


def test_a_cache_of_what_links_bring_has_a_bound():
    assert not offences(unbounded, sources("engine", "figures"))


def test_no_browser_test_waits_for_a_fixed_time():
    waiting = offences(fixed_waits, [ROOT / "tests" / "live.py", *sources("tests/browser")])
    assert waiting.keys() == PATIENT.keys()


@pytest.mark.parametrize(
    ("law", "text"),
    [
        (unbounded, "@cache\ndef math(latex): return latex"),
        (unbounded, "@lru_cache(maxsize=None)\ndef math(latex): return latex"),
        (foreign("engine"), "import streamlit as st"),
        (foreign("engine"), "def f():\n    from figures.style import PALETTE"),
        (foreign("figures"), "from ui import frame"),
        (foreign("ui"), "import numpy.linalg"),
        (foreign("pages"), "from pages import other"),
        (foreign("pages"), "from . import other"),
        (upwards("engine/nn"), "from engine.data.tables import Table"),
        (upwards("engine/data"), "def f():\n    from engine.experiment import link"),
        (upwards("engine/experiment"), "import engine"),
        (upwards("figures"), "from figures.stage.payload import words"),
        (upwards("ui/session"), "from ui import frame"),
        (is_long, "x = 1\n" * (MOST_LINES + 1)),
        (long_functions, "def f():\n" + "    x = 1\n" * MOST_LINES_OF_A_FUNCTION),
        (is_no_page, "'''Title.'''\ndef helper(): return frame.state()"),
        (is_no_page, "'''Title.'''\nframe.state()\nframe.state()"),
        (is_no_page, "frame.state()"),
        (colours, "fill = '#0b62a8'"),
        (colours, "a { color: #fff; }"),
        (colours, "a { color: white; }"),
        (colours, "stroke: rgba(0, 0, 0, 0.5)"),
        (outdated, "st.plotly_chart(figure, use_container_width=True)"),
        (outdated, "import streamlit.components.v1 as components"),
        (outdated, "while True:\n    time.sleep(1)"),
        (fixed_waits, "page.wait_for_timeout(300)"),
        (fixed_waits, "page.evaluate('new Promise((done) => setTimeout(done, 300))')"),
        (fixed_waits, "page.wait_for_load_state('networkidle')"),
    ],
)
def test_each_law_finds_an_offence(law, text):
    assert law(text)


@pytest.mark.parametrize(
    ("law", "text"),
    [
        (unbounded, "@cache\ndef font(): return 1\n@lru_cache(maxsize=9)\ndef f(x): return x"),
        (foreign("engine"), "from collections.abc import Callable\nimport numpy as np"),
        (upwards("engine/data"), "from engine.nn.network import views\nfrom math import pi"),
        (upwards("ui/data"), "from figures.exports import exports\nfrom figures import style"),
        (is_long, "x = 1\n" * MOST_LINES),
        (long_functions, "def f():\n" + "    x = 1\n" * (MOST_LINES_OF_A_FUNCTION - 1)),
        (is_no_page, "'''Title.'''\nstate = frame.state()\ndef f(): return state"),
        (colours, "#root { color: var(--ink); } this.#add(1); '&#169;'; # a remark"),
        (colours, "color-mix(in srgb, var(--hue) 12%, var(--page))"),
        (outdated, "while not done:\n    asleep()"),
        (fixed_waits, "page.wait_for_function('() => document.fonts.size')"),
    ],
)
def test_each_law_lets_the_rest_be(law, text):
    assert not law(text)

"""The settings that speed, privacy and safety rest on, read as Streamlit reads them."""

import os
import re
import subprocess
import sys
import tomllib
from itertools import chain
from pathlib import Path

import pytest
from streamlit import config

from figures.style import PALETTE

ROOT = Path(__file__).parent.parent
FILES = [".streamlit/config.toml", "requirements.txt", "pyproject.toml", "Makefile", ".ci/run"]
WRITTEN = tomllib.loads((ROOT / ".streamlit/config.toml").read_text("utf-8"))


@pytest.fixture(autouse=True)
def from_the_project_alone(monkeypatch):
    """As a server started in the project's folder reads them, by someone with no settings."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("HOME", os.devnull)
    for name in [name for name in os.environ if name.startswith("STREAMLIT_")]:
        monkeypatch.delenv(name)
    config.get_config_options(force_reparse=True)


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("browser.gatherUsageStats", False),    # no request to another host
        ("client.showErrorDetails", "none"),    # no traceback for a visitor
        ("client.showErrorLinks", False),
        ("client.toolbarMode", "viewer"),
        ("global.minCachedMessageSize", 1000),  # what has not changed is not sent again
        ("runner.magicEnabled", False),
        ("runner.postScriptGC", False),         # five to ten times the reruns per second
        ("server.address", "127.0.0.1"),
        ("server.enableCORS", True),            # the socket is open to the app's own pages alone
        ("server.enableXsrfProtection", True),
        ("server.enableAgentApi", False),
        ("server.enableStaticServing", True),   # the font
        ("server.fileWatcherType", "none"),
        ("server.maxUploadSize", 12),
    ],
)
def test_a_setting_that_matters_holds(option, value):
    assert config.get_option(option) == value


def test_every_line_is_an_option_that_streamlit_knows():
    assert set(names(WRITTEN)) <= config.get_config_options().keys()


def names(table: dict, section: str = "") -> list[str]:
    """The dotted names of all options in a table; a list of tables is one option."""
    found = []
    for name, value in table.items():
        found += names(value, f"{section}{name}.") if isinstance(value, dict) else [section + name]
    return found


def test_the_version_whose_settings_these_are_is_pinned():
    assert "streamlit==1.67.*" in (ROOT / "requirements.txt").read_text().split()


@pytest.mark.parametrize("file", FILES)
def test_nothing_here_depends_on_one_machine_or_another_host(file):
    text = (ROOT / file).read_text("utf-8")
    assert not re.search(r"://|index-url|\s[\"']?/(home|root|work|usr|opt|Users)\b", text)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_theme_is_the_palette(theme):
    written, palette = WRITTEN["theme"][theme], PALETTE[theme]
    assert written["backgroundColor"] == palette["page"]
    assert written["secondaryBackgroundColor"] == palette["panel"]
    assert written["borderColor"] == palette["line"]
    assert written["textColor"] == palette["ink"]
    assert written["linkColor"] == palette["forward"]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_primary_colour_is_read_on_the_page_and_white_is_read_on_it(theme):
    written = WRITTEN["theme"][theme]
    for ground in (written["backgroundColor"], written["secondaryBackgroundColor"]):
        assert contrast(written["primaryColor"], ground) >= 4.5
    assert contrast(written["primaryColor"], "#ffffff") >= 3


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_captions_can_be_read_though_streamlit_mixes_them_from_text_and_ground(theme):
    written = WRITTEN["theme"][theme]
    for ground in (written["backgroundColor"], written["secondaryBackgroundColor"]):
        assert contrast(mixed(written["textColor"], ground, 0.6), ground) >= 4.5


def mixed(one: str, other: str, share: float) -> str:
    """The colour that a share of one over another gives."""
    pairs = ((int(c[i : i + 2], 16) for c in (one, other)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(share * p + (1 - share) * q):02x}" for p, q in pairs)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours (WCAG 2.2)."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_contrast_is_that_of_the_standard():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_the_fonts_are_here():
    faces = WRITTEN["theme"]["fontFaces"]
    assert faces
    for face in faces:
        assert (ROOT / face["url"].removeprefix("app/")).is_file()


def test_what_others_made_has_its_licence_beside_it():
    made = list(chain(ROOT.glob("static/*.woff2"), ROOT.glob("assets/data/*.csv")))
    assert made
    for file in made:
        assert file.with_name(f"{file.stem}.LICENSE.txt").stat().st_size
    assert "MIT License" in (ROOT / "LICENSE").read_text()


def test_linear_algebra_runs_on_one_thread_however_the_app_is_started():
    """Small matrices gain nothing from a second, and thirty sessions share the cores."""
    code = ("import numpy, ui; from threadpoolctl import threadpool_info;"
            "print({one['num_threads'] for one in threadpool_info() if one['user_api'] == 'blas'})")
    environment = {k: v for k, v in os.environ.items() if not k.endswith("_NUM_THREADS")}
    command = [sys.executable, "-c", code]
    assert subprocess.check_output(command, cwd=ROOT, env=environment, text=True) == "{1}\n"


def test_streamlit_by_itself_is_called_by_the_names_of_this_machine_alone():
    assert config.get_option("server.address") == "127.0.0.1"
    assert set(config.get_option("server.allowedHosts")) == {"127.0.0.1", "localhost", "::1"}


def test_freed_memory_stays_in_the_process_however_the_app_is_started():
    """Arrays of 20 MB are not taken from the system one by one, as glibc does by itself."""
    code = (
        "import ctypes, sys\n"
        "from streamlit.testing.v1 import AppTest\n"
        "{start}\n"
        "libc = ctypes.CDLL(None, use_errno=True)\n"
        "if not hasattr(libc, 'mallinfo2'): sys.exit(print('not glibc'))\n"
        "class Info(ctypes.Structure): _fields_ = [(n, ctypes.c_size_t) for n in 'abcdefghij']\n"
        "libc.mallinfo2.restype = Info\n"
        "libc.malloc.restype = ctypes.c_void_p\n"
        "before = libc.mallinfo2().d\n"
        "libc.malloc(20_000_000)\n"
        "print(libc.mallinfo2().d - before)\n"
    )
    for start, taken in {"": "1\n", "import ui.server": "0\n",
                         "AppTest.from_file('app.py').run(timeout=60)": "0\n"}.items():
        command = [sys.executable, "-c", code.format(start=start)]
        said = subprocess.check_output(command, cwd=ROOT, text=True, stderr=subprocess.DEVNULL)
        assert said in (taken, "not glibc\n")

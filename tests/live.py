"""The real thing for tests and benchmarks: a started server, and a Chromium to look at it with."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).parent.parent
PATIENCE = 120  # seconds that a server may take to start on a busy machine
QUIET = ["--disable-gpu", "--disable-quic", "--disable-sync"]  # a test's browser calls nobody


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def command(*module: str, **environment: str) -> dict[str, Any]:
    """`python -m ui.server`, as `make run` starts it; with CI set, it opens no browser tab."""
    return {
        "args": [sys.executable, "-m", *(module or ["ui.server"])],
        "cwd": ROOT,
        "env": {**os.environ, "CI": "true", "HOST": "127.0.0.1",
                "BACKSTEP_WORKERS": "2", **environment},
        "stderr": subprocess.STDOUT,
        "text": True,
    }


def refusal(**environment: str) -> str:
    """What a server says that ends at once instead of starting."""
    ended = subprocess.run(**command(**environment), stdout=subprocess.PIPE, timeout=PATIENCE)
    assert ended.returncode == 1
    return ended.stdout


def is_healthy(url: str) -> bool:
    try:
        with urlopen(f"{url}/_stcore/health") as answer:
            return answer.status == 200
    except OSError:
        return False


@contextmanager
def serve(*module: str, port: int = 0, **environment: str) -> Iterator[str]:
    """A new server on this port, or a free one, killed on leaving; yields its address."""
    port = port or free_port()
    url = f"http://127.0.0.1:{port}"
    environment |= {"PORT": str(port), "STREAMLIT_SERVER_PORT": str(port)}
    with (
        tempfile.TemporaryFile("w+") as log,
        subprocess.Popen(**command(*module, **environment), stdout=log) as server,
    ):
        try:
            deadline = time.monotonic() + PATIENCE
            while not is_healthy(url):
                if server.poll() is not None or time.monotonic() > deadline:
                    log.seek(0)
                    raise RuntimeError(f"The server did not start:\n{log.read()}")
                time.sleep(0.05)
            yield url
        finally:
            server.kill()


def chromium() -> str:
    """The machine's Chromium, or the one that Playwright downloaded. To have none is a failure."""
    names = "chromium", "chromium-browser", "google-chrome"
    if found := next(filter(None, map(shutil.which, names)), None):
        return found
    with sync_playwright() as playwright:
        if Path(playwright.chromium.executable_path).exists():
            return playwright.chromium.executable_path
    raise RuntimeError(f"No browser found: install one of {', '.join(names)}, or run `make test`.")


@contextmanager
def browse() -> Iterator[Browser]:
    """A Chromium without a window."""
    executable = chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=QUIET)
        yield browser
        browser.close()

"""Backstep in a course page: a real frame on another origin, of 700 × 600 pixels."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import FrameLocator, expect

from tests.live import ROOT, serve

SNIPPET = re.compile(r"<iframe .*?></iframe>", re.DOTALL)


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


@contextmanager
def course(folder: Path) -> Iterator[str]:
    """Somebody else's site: its address."""
    site = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder))
    Thread(target=site.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{site.server_address[1]}"
    site.shutdown()
    site.server_close()


def course_page(app: str, query: str = "") -> str:
    """A page with the README's own snippet in it."""
    snippet = SNIPPET.search((ROOT / "README.md").read_text("utf-8"))[0]
    here = re.sub(r'src="[^?"]*', f'src="{app}/', snippet)
    return ('<!DOCTYPE html><title>Course</title><link rel="icon" href="data:,"><h1>Week 3</h1>'
            + here.replace("embed=true", f"embed=true{query}"))


@pytest.fixture
def framed(page, tmp_path) -> Iterator[FrameLocator]:
    """The frame in the course's page, which the app allows."""
    with course(tmp_path) as site, serve(BACKSTEP_FRAME_ANCESTORS=site) as app:
        (tmp_path / "week3.html").write_text(course_page(app, "&seed=5&step=delta1"), "utf-8")
        page.goto(f"{site}/week3.html")
        yield page.frame_locator("iframe")
        page.goto("about:blank")


def test_the_stage_fits_the_frame_and_keeps_its_place_and_its_dress(page, framed):
    stage = framed.get_by_test_id("stage")
    expect(stage).to_have_attribute("data-symbol", "delta")
    inside = page.frames[1]
    assert inside.evaluate("[innerWidth, innerHeight]") == [700, 600]
    expect(framed.get_by_test_id("stHeader")).to_be_hidden()
    assert inside.evaluate(
        "document.scrollingElement.scrollWidth <= document.scrollingElement.clientWidth")
    unit = stage.locator("[data-testid=unit][data-layer='2']")
    stage.locator("[data-testid=unit][data-layer='1']").last.scroll_into_view_if_needed()
    button = stage.get_by_role("button", name="Next step")
    for seen in (unit, button):  # the picture and what steps it, at once
        expect(seen).to_be_in_viewport(ratio=1)
    button.click()
    expect(stage).to_have_attribute("data-symbol", "dW")
    inside.wait_for_url(re.compile(r"step=dW1"))
    assert "embed=true" in inside.url
    assert "seed=5" in inside.url
    expect(framed.get_by_text("is not a part of a link")).to_have_count(0)


def test_a_site_that_is_not_named_may_not_frame_it(page, tmp_path, problems, server):
    with course(tmp_path) as site:
        (tmp_path / "week3.html").write_text(course_page(server), "utf-8")
        with page.expect_console_message(lambda said: "frame-ancestors" in said.text):
            page.goto(f"{site}/week3.html")
        expect(page.frame_locator("iframe").get_by_test_id("stage")).to_have_count(0)
        assert "frame-ancestors" in " ".join(problems)
    problems.clear()

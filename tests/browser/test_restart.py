"""The server is killed and started again: the tab that was open goes on, and nothing is lost."""

import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, expect

from engine.spec import Place
from figures.lessons import lessons
from tests.live import PATIENCE, command, free_port, is_healthy

LEFT = "JSON.parse(sessionStorage.getItem('backstep') ?? '{}')"


@contextmanager
def started(port: int) -> Iterator[None]:
    """A server that is killed on leaving."""
    environment = {"PORT": str(port), "STREAMLIT_SERVER_PORT": str(port)}
    with subprocess.Popen(**command(**environment), stdout=subprocess.DEVNULL) as server:
        try:
            deadline = time.monotonic() + PATIENCE
            while not is_healthy(f"http://127.0.0.1:{port}"):
                assert server.poll() is None
                assert time.monotonic() < deadline
                time.sleep(0.05)
            yield
        finally:
            server.kill()


def until(page: Page, what: str) -> None:
    """The page's own policy forbids Playwright to wait for this within it."""
    deadline = time.monotonic() + PATIENCE
    while not page.evaluate(what):
        assert time.monotonic() < deadline, what
        page.wait_for_timeout(100)


def choice() -> tuple[Place, str]:
    """The first question with answers to choose from, and what is said of the right one."""
    for lesson in lessons():
        for p, part in enumerate(lesson.parts, 1):
            for q in part.questions:
                if not q.wanted:
                    return Place(lesson.number, p), next(c.says for c in q.choices if c.right)
    raise AssertionError("no question has answers to choose from")


def test_answers_and_undo_are_there_again_after_a_restart(browser: Browser):
    port, (place, says) = free_port(), choice()
    context = browser.new_context(base_url=f"http://127.0.0.1:{port}")
    page = context.new_page()
    with started(port):
        page.goto("/?seed=3")
        rate = page.get_by_role("spinbutton", name="Learning rate").first
        expect(rate).to_be_visible()
        rate.fill("0.25")
        rate.press("Enter")
        expect(page).to_have_url(re.compile(r"learning_rate=0\.25"))
        page.get_by_role("link", name="Lessons", exact=True).click()
        page.get_by_role("button", name=f"{place.lesson}. ").first.click()
        for _ in range(place.part - 1):
            page.get_by_role("button", name="Next part").click()
        page.get_by_role("button", name="Show me").first.click()
        words = re.split(r"[$*{]", says)[0].strip()
        expect(page.get_by_text(words)).to_be_visible()
        until(page, f"{LEFT}.kept?.includes('lessons')")
        before = page.evaluate(f"{LEFT}.session")
    with started(port):
        until(page, f"{LEFT}.session !== '{before}'")
        expect(page.get_by_text(words)).to_be_visible()
        page.reload()
        expect(page.get_by_text(words)).to_be_visible()
        page.get_by_role("button", name="All lessons").first.click()
        expect(page.get_by_text(re.compile(r"^1 of \d+ predictions made"))).to_be_visible()
        page.get_by_role("link", name="Step", exact=True).click()
        page.get_by_role("button", name="Undo").click()
        expect(page).to_have_url(re.compile(r"learning_rate=0\.25"))
    context.close()

"""The server is killed and started again: the tab that was open goes on, and nothing is lost."""

import re
from contextlib import ExitStack

from playwright.sync_api import Browser, Page, expect

from engine.experiment.state import Place
from figures.lessons.places import lessons
from tests.browser.conftest import PATIENCE
from tests.live import free_port, serve

LEFT = "JSON.parse(sessionStorage.getItem('backstep') ?? '{}')"


def until(page: Page, what: str) -> None:
    """Until this is so in the tab, looked at whenever it draws."""
    page.evaluate(f"""() => new Promise((done, fail) => {{
        const end = performance.now() + {PATIENCE};
        const look = () => {{
            if ({what}) done();
            else if (performance.now() > end) fail(new Error(`never: {what}`));
            else requestAnimationFrame(look);
        }};
        look();
    }})""")


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
    with serve(port=port):
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
    with ExitStack() as stack:
        with page.expect_websocket():  # the tab is there again by itself
            stack.enter_context(serve(port=port))
        page.reload()
        expect(page.get_by_text(words)).to_be_visible()
        page.get_by_role("link", name="Step", exact=True).click()
        page.get_by_role("button", name="Undo").click()
        expect(page).to_have_url(re.compile(r"learning_rate=0\.25"))
    context.close()

"""The app is whole in itself: no page asks another host, and the policy blocks nothing it needs."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import at_rest, is_elsewhere
from tests.live import serve

CODE = re.compile(r"/code/stage-[0-9a-f]{16}\.js$")


def test_the_first_page_is_complete_and_asks_no_other_host(page: Page, requests, problems):
    page.goto("/?v=1")
    page.get_by_test_id("stage").wait_for()
    at_rest(page)
    assert any(url.endswith("stix-two-math.woff2") for url in requests), "the formulas' font"
    assert any(CODE.search(url) for url in requests), "the stage's code"
    assert not [url for url in requests if is_elsewhere(url)]
    assert not problems


def test_a_request_to_another_host_is_blocked_and_noticed(page: Page, requests, problems):
    page.goto("/?v=1")
    with page.expect_console_message(lambda said: "connect-src" in said.text):
        page.evaluate("fetch('https://example.org').catch(() => {})")
    assert "connect-src" in "".join(problems)
    problems.clear()


@pytest.mark.parametrize("url", ["https://example.org/a.js", "wss://example.org", "http://10.0.0.1"])
def test_another_host_is_told_from_this_one(url: str):
    assert is_elsewhere(url)
    assert not is_elsewhere("http://127.0.0.1:8501/static/a.js")
    assert not is_elsewhere("blob:http://127.0.0.1:8501/1-2")


def test_the_code_is_asked_for_once_however_many_pages_are_looked_at(page: Page, requests):
    page.goto("/train?v=1")
    page.get_by_test_id("stage").wait_for()
    page.get_by_role("link", name="Step", exact=True).click()
    expect(page.get_by_role("heading", name="One training step")).to_be_visible()
    page.get_by_role("button", name="Next step").click()
    expect(page.get_by_test_id("stage")).to_have_attribute("data-step", "1")
    assert len([url for url in requests if CODE.search(url)]) == 1


def test_code_that_does_not_arrive_is_told_and_a_reload_mends_it(page: Page, problems):
    page.route(CODE, lambda route: route.abort())
    page.goto("/?v=1")
    expect(page.get_by_text("A part of this page did not arrive. Please reload")).to_be_visible()
    page.unroute(CODE)
    page.reload()
    expect(page.get_by_test_id("stage")).to_be_visible()
    problems.clear()


def test_streamlit_alone_shows_the_same_stage(page: Page, requests):
    with serve("streamlit", "run", "app.py") as url:
        page.goto(f"{url}/?v=1")
        stage = page.get_by_test_id("stage")
        expect(stage).to_be_visible()
        page.get_by_role("button", name="Next step").click()
        expect(stage).to_have_attribute("data-step", "1")
        assert not any(CODE.search(address) for address in requests)

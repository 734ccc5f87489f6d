"""The app is whole in itself: no page asks another host, and the policy blocks nothing it needs."""

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import at_rest, is_elsewhere


def test_the_first_page_is_complete_and_asks_no_other_host(page: Page, requests, problems):
    page.goto("/?v=1")
    page.get_by_test_id("stage").wait_for()
    at_rest(page)
    assert any(url.endswith("stix-two-math.woff2") for url in requests), "the formulas' font"
    assert any(url.startswith("blob:") for url in requests), "the stage's script"
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

"""A font that comes late moves nothing on the stage, and one that never comes keeps nobody waiting.
"""

import re

from playwright.sync_api import Page, Route, expect

from engine.experiment.state import State, View
from tests.browser.conftest import frames
from tests.browser.test_stage import address

FONT = "**/stix-two-math.woff2"
MOMENT = address(State(seed=3, view=View("layer")))
RECORDED = """window.seen = new Set();
const roots = (node) => [node, ...[...node.querySelectorAll("*")].flatMap(
    ({ shadowRoot }) => (shadowRoot ? roots(shadowRoot) : []))];
(function look() {
    const stage = roots(document).map((root) => root.querySelector("[data-step]")).find(Boolean);
    const parts = stage?.querySelectorAll(".panel, .matrices, .diagram, .transport, .derivation");
    const box = ({ offsetTop, offsetHeight }) => [offsetTop, offsetHeight].map(Math.round);
    if (stage) window.seen.add(String([...parts].map(box)));
    requestAnimationFrame(look);
})();"""


def drawn(page: Page) -> None:
    expect(page.get_by_test_id("stage")).to_have_attribute("data-step", re.compile(r"\d+"))


def test_a_font_that_comes_late_moves_nothing(page):
    held: list[Route] = []
    page.route(FONT, lambda route: held.append(route))
    page.add_init_script(RECORDED)
    with page.expect_request(FONT):
        page.goto(MOMENT)
    frames(page, 10)  # in which a stage without its font would be seen
    for route in held:
        route.continue_()
    page.unroute(FONT)
    drawn(page)
    page.wait_for_function("document.fonts.check('16px \"STIX Two Math\"')")
    frames(page, 10)
    assert len(page.evaluate("[...window.seen]")) == 1


def test_a_stage_is_drawn_without_a_font_that_does_not_come(page, problems):
    page.route(FONT, lambda route: route.abort())
    page.goto(MOMENT)
    drawn(page)
    problems[:] = [problem for problem in problems if "ERR_FAILED" not in problem]


def test_a_stage_does_not_wait_for_ever(page):
    page.route(FONT, lambda route: None)
    page.goto(MOMENT)
    drawn(page)

"""axe finds nothing on any page, in light and in dark; what Streamlit alone can mend is named.

A page is loaded once: all rules in light, and then, as when somebody switches the system to dark,
those of colours again. The sidebar, which all pages share, is looked at on one of them.
"""

from importlib.resources import files

import pytest
from playwright.sync_api import Page, expect

from engine.experiment.experiment import Experiment
from figures.exports.worksheet import worksheets
from tests.browser.conftest import at_rest
from tests.browser.test_pages import PATHS

AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
STREAMLITS = {
    "presentation-role-conflict": "the drop zone of its file uploader has a name but no role",
}
COLOURS = ["color-contrast", "link-in-text-block"]
WHOLE = "/?seed=3"
MOMENTS = ["/learn?lesson=5&part=3", "/?presenter=yes&step=delta1&unit=1.0"]


def offences(page: Page, rules: list[str] | None = None, whole: bool = True) -> list[str]:
    """Each violation of a rule (of all rules for None), with what offends."""
    where = {} if whole else {"exclude": [["[data-testid=stSidebar]"]]}
    only = {"runOnly": {"type": "rule", "values": rules}} if rules else {}
    page.evaluate(f"{AXE};0")
    asked = [{"include": [["html"]]} | where, {"resultTypes": ["violations"]} | only]
    found = page.evaluate("([where, options]) => axe.run(where, options)", asked)
    return [f"{rule['impact']} {rule['id']}: {node['html'][:300]} {node['failureSummary']}"
            for rule in found["violations"] if rule["id"] not in STREAMLITS
            for node in rule["nodes"]]


def settled(page: Page) -> None:
    expect(page.get_by_role("heading", level=1).first).to_be_visible()
    at_rest(page)


@pytest.mark.parametrize("path", [*PATHS[1:], WHOLE, *MOMENTS])
def test_axe_finds_nothing_in_light_and_in_dark(page, path):
    page.goto(path)
    settled(page)
    assert not offences(page, whole=path == WHOLE)
    page.emulate_media(color_scheme="dark")
    at_rest(page)
    assert not offences(page, COLOURS, whole=path == WHOLE)


def test_axe_finds_nothing_in_a_worksheet(page):
    page.set_content(worksheets(Experiment(), 7, 0, 2, "layer", 1))
    assert not offences(page)


def test_axe_finds_an_image_without_a_name_and_grey_text(page):
    page.set_content("""<html lang="en"><title>t</title><main><h1>h</h1><img src="data:,">
        <p style="color: #aaa; background: #fff">grey</p></main></html>""")
    found = " ".join(offences(page))
    assert "image-alt" in found
    assert "color-contrast" in " ".join(offences(page, COLOURS))

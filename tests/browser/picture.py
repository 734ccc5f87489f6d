"""Takes the picture of the README from the real app: `make picture`."""

from urllib.parse import urlencode

from engine.experiment import link
from engine.experiment.presets import PRESETS
from engine.experiment.state import Cursor, State
from tests.browser.conftest import at_rest
from tests.live import ROOT, browse, serve

FILE = ROOT / "assets" / "step.png"
MAZUR = PRESETS["mazur"].state
MOMENT = State(MAZUR.experiment, MAZUR.seed, Cursor(step="delta1", unit=(1, 0)))


def main() -> None:
    with serve() as url, browse() as browser:
        page = browser.new_page(viewport={"width": 1440, "height": 940}, reduced_motion="reduce")
        page.goto(f"{url}/?{urlencode(link.write(MOMENT))}")
        page.get_by_test_id("stage").wait_for()
        at_rest(page)
        page.screenshot(path=FILE)


if __name__ == "__main__":
    main()

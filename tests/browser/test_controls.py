"""Two controls in the same moment: an answer to the first takes nothing away from the second."""

from playwright.sync_api import Page, WebSocketRoute, expect

from engine.training.run import train
from tests.browser.conftest import at_rest
from tests.browser.test_stage import XOR, opened


class Wire:
    """Between the page and its server: while it is `cut`, answers are kept back."""

    def __init__(self, page: Page) -> None:
        self.cut, self.kept = False, []
        page.route_web_socket("**/_stcore/stream", self.connect)

    def connect(self, socket: WebSocketRoute) -> None:
        self.socket = socket
        server = socket.connect_to_server()
        server.on_message(lambda answer: self.kept.append(answer) if self.cut
                          else socket.send(answer))

    def mend(self) -> None:
        self.cut = False
        for answer in self.kept:
            self.socket.send(answer)
        self.kept.clear()


def test_what_is_being_typed_stays_when_the_answer_to_another_control_comes(page):
    wire = Wire(page)
    stage = opened(page, XOR)
    at_rest(page)
    seed = page.get_by_role("spinbutton", name="Seed")
    rate = page.get_by_role("spinbutton", name="Learning rate")
    wire.cut = True
    seed.fill("5")
    seed.press("Enter")
    rate.fill("0.25")
    wire.mend()
    first = train(XOR.experiment, 5).trace(0).z[1][0, 0]
    unit = stage.locator("[data-testid=unit][data-layer='1'][data-unit='0']")
    expect(unit).to_have_attribute("data-value", str(first))
    at_rest(page)
    expect(rate).to_have_value("0.25")
    rate.press("Enter")
    page.wait_for_url(lambda url: "learning_rate=0.25" in url and "seed=5" in url)

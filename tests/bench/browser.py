"""What a visitor waits for, in a real Chromium against `python -m ui.server`.

Key to paint: from the key event's own timeStamp to the start of the frame after the first one that
shows the new step and its final numbers, so after that one was painted. The floor of this method
is about two frames. All steps of one iteration, there and back, so each is built once and shown
again; each press before the cursor comes to rest, so a request would be one for stepping.

Change to picture: from Enter in the seed's number input to the frame after the one that shows the
new seed's first weight, as the engine computes it, on the diagram.

Click to picture: from a click on − or + of the first layer, by its own timeStamp, to the frame
after the one that shows the diagram with one unit fewer or more, and its numbers. One at a time.

First visit: a new server and an empty cache, from the start of the navigation to the frame after
the first with a stage that has numbers. Bytes and requests until the page is quiet: bytes of HTTP
as they came over the wire, of the websocket before its compression.
"""

import random
import time
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from statistics import median
from typing import Any
from urllib.parse import urlencode

from playwright.sync_api import Browser, Page

from engine.experiment import link
from engine.experiment.experiment import Experiment
from engine.experiment.layers import Layer
from engine.experiment.state import State
from engine.training.run import train
from tests.bench import Row, p95
from tests.live import browse, serve

XOR = State()
MIDDLE = State(Experiment(data="iris", hidden=(Layer(6, "tanh"),) * 2, output="softmax",
                          loss="cross_entropy"))
LARGEST = State(Experiment(data="spirals", hidden=(Layer(12, "tanh"),) * 6))

VISITS = 3
CHANGES = 15
PRESSES, GAP = 20, 0.060  # seconds from press to press
FRAME = 0.017  # seconds: a press may come at any moment of it
PRESSED = 60  # at least so many for a percentile
VIEWPORT = {"width": 1440, "height": 900}

PROBE = """
window.bench = {
  root: () => [...document.querySelectorAll("[data-testid^=stBidiComponent]")]
    .flatMap((node) => [node, ...node.querySelectorAll("*")])
    .map((node) => (node.shadowRoot ?? node).querySelector("[data-testid=stage][data-step]"))
    .find((root) => root),
  step: (root) => `${root.dataset.iteration} ${root.dataset.step}`,
  numbers: (root) => [".row.numbers > .shown", ".matrices"]
    .map((part) => root.querySelector(part)?.textContent ?? "").join("|"),
  weight: (root) => Number(root.querySelector("[data-testid=edge]").dataset.value),
  frame: () => new Promise((done) => requestAnimationFrame(() => done(performance.now()))),
  event: (type) => new Promise((done) =>
    addEventListener(type, done, { capture: true, once: true })),

  async until(condition) {
    while (!condition()) await bench.frame();
    return bench.frame();
  },
  async firstPaint() {
    return bench.until(() => {
      const root = bench.root();
      return root && bench.numbers(root);
    });
  },
  async keyToPaint() {
    const root = bench.root(), before = bench.step(root), frames = [];
    const { timeStamp } = await bench.event("keydown");
    const seen = () => frames.at(-1)?.shown, still = () => frames.at(-4)?.shown === seen();
    while (!seen() || seen().startsWith(before + "|") || !still()) {
      const at = await bench.frame();
      frames.push({ at, shown: `${bench.step(root)}|${bench.numbers(root)}` });
    }
    return frames[frames.findIndex(({ shown }) => shown === seen()) + 1].at - timeStamp;
  },
  async changeToPicture(weight) {
    const root = bench.root(), { timeStamp } = await bench.event("keydown");
    return await bench.until(() => bench.weight(bench.root() ?? root) === weight) - timeStamp;
  },
  async clickToPicture(width) {
    const root = bench.root(), { timeStamp } = await bench.event("click");
    const units = () => [...root.querySelectorAll("[data-testid=unit][data-layer='1']")];
    const built = () => units().length === width && units().every((unit) => unit.dataset.value);
    return await bench.until(built) - timeStamp;
  },
};
bench.opened = bench.firstPaint();
"""


def measure() -> list[Row]:
    """All of the above."""
    with browse() as browser:
        with serve() as url:
            rows = [*stepping(browser, url, "4-6-6-3", MIDDLE),
                    *stepping(browser, url, "2-12 (six times)-1", LARGEST),
                    *changing(browser, url, "2-4-1", XOR),
                    *changing(browser, url, "2-12 (six times)-1", LARGEST),
                    *building(browser, url, "2-4-1", XOR),
                    *building(browser, url, "2-12 (six times)-1", LARGEST)]
        return rows + opening(browser)


def stepping(browser: Browser, url: str, name: str, state: State) -> list[Row]:
    with opened(browser, url, state) as page:
        traffic = listen(page)
        waits = presses(page)
        asked = len(traffic)
        taken = hurry(page)
    return [
        Row(f"key to paint, {name}: median of {len(waits)}", median(waits), "ms", "≤", 35),
        Row(f"key to paint, {name}: 95th percentile", p95(waits), "ms", "≤", 60),
        Row(f"requests and messages while stepping, {name}", asked, "", "=", 0),
        Row(f"steps of {PRESSES} presses {1000 * GAP:g} ms apart, {name}", taken, "", "=", PRESSES),
    ]


def changing(browser: Browser, url: str, name: str, state: State) -> list[Row]:
    with opened(browser, url, state) as page:
        waits = [change(page, replace(state, seed=state.seed + k)) for k in range(1, CHANGES + 1)]
    return [
        Row(f"seed to picture, {name}: median of {len(waits)}", median(waits), "ms", "≤", 200),
        Row(f"seed to picture, {name}: 95th percentile", p95(waits), "ms"),
    ]


def building(browser: Browser, url: str, name: str, state: State) -> list[Row]:
    width = state.experiment.hidden[0].width
    widths = [width - 1 - k for k in (0, 1, 2)] + [width - 2 + k for k in (0, 1, 2)]
    with opened(browser, url, state) as page:
        waits = [build(page, old, new) for old, new in pairwise([width, *widths * 3])]
    return [
        Row(f"click on + or − to picture, {name}: median of {len(waits)}", median(waits), "ms",
            "≤", 200),
        Row(f"click on + or − to picture, {name}: 95th percentile", p95(waits), "ms"),
    ]


def opening(browser: Browser) -> list[Row]:
    visits = [visit(browser) for _ in range(VISITS)]
    seconds, http, socket, requests = (median(column) for column in zip(*visits, strict=True))
    return [
        Row(f"first visit to painted stage: median of {VISITS}", seconds, "s", "≤", 2.5),
        Row("first visit: bytes transferred", (http + socket) / 1e6, "MB", "≤", 4),
        Row("first visit: of these by websocket", socket / 1e6, "MB"),
        Row("first visit: requests", requests),
    ]


@contextmanager
def opened(browser: Browser, url: str, state: State) -> Iterator[Page]:
    """A tab with a painted stage that has come to rest."""
    context = browser.new_context(viewport=VIEWPORT)
    page = context.new_page()
    page.add_init_script(PROBE)
    page.goto(f"{url}/?{urlencode(link.write(state))}")
    page.evaluate("bench.opened")
    settle(page)
    yield page
    context.close()


def settle(page: Page) -> None:
    """Until the script has ended and the cursor, too, has come to rest."""
    page.wait_for_load_state("networkidle")
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    page.wait_for_timeout(500)


def listen(page: Page) -> list[Any]:
    """All requests and websocket messages from now on, either way."""
    cdp, traffic = page.context.new_cdp_session(page), []
    for event in ("requestWillBeSent", "webSocketFrameSent", "webSocketFrameReceived"):
        cdp.on(f"Network.{event}", lambda event: traffic.append(event))
    cdp.send("Network.enable")
    return traffic


def presses(page: Page) -> list[float]:
    """Milliseconds from key to paint, through all steps of the iteration and back."""
    steps = int(page.get_by_test_id("stage").get_attribute("data-steps"))
    there_and_back = ["ArrowRight"] * (steps - 1) + ["ArrowLeft"] * (steps - 1)
    times = -(-PRESSED // len(there_and_back))
    return [press(page, key) for key in there_and_back * times]


def press(page: Page, key: str) -> float:
    page.evaluate("bench.wait = bench.keyToPaint(), null")
    time.sleep(random.uniform(0, FRAME))
    page.keyboard.press(key)
    return page.evaluate("bench.wait")


def hurry(page: Page) -> int:
    """How many steps the stage takes when the key is pressed again and again."""
    before, start = step(page), time.perf_counter()
    for k in range(PRESSES):
        time.sleep(max(0, start + k * GAP - time.perf_counter()))
        page.keyboard.press("ArrowRight")
    settle(page)
    return step(page) - before


def step(page: Page) -> int:
    """Counted through all iterations."""
    data = page.get_by_test_id("stage").evaluate("root => ({...root.dataset})")
    return int(data["iteration"]) * int(data["steps"]) + int(data["step"])


def change(page: Page, to: State) -> float:
    """Milliseconds from Enter to the picture of another seed."""
    seed = page.get_by_label("Seed").and_(page.locator("input"))
    seed.fill(str(to.seed))
    page.evaluate("weight => { bench.wait = bench.changeToPicture(weight) }", first_weight(to))
    seed.press("Enter")
    waited = page.evaluate("bench.wait")
    settle(page)
    return waited


def build(page: Page, old: int, new: int) -> float:
    """Milliseconds from the click to the picture of a wider or narrower first layer."""
    label = f"One unit {'more' if new > old else 'fewer'} in layer 1"
    button = page.get_by_role("button", name=label)
    button.scroll_into_view_if_needed()
    page.evaluate("width => { bench.wait = bench.clickToPicture(width) }", new)
    button.click()
    waited = page.evaluate("bench.wait")
    settle(page)
    return waited


def first_weight(state: State) -> float:
    run = train(replace(state.experiment, iterations=1), state.seed)
    return float(run.network(0).W[1][0, 0])


def visit(browser: Browser) -> tuple[float, int, int, int]:
    """A first visit: seconds, bytes by HTTP, bytes by websocket, requests."""
    context = browser.new_context(viewport=VIEWPORT)
    page = context.new_page()
    page.add_init_script(PROBE)
    transfer = weigh(page)
    with serve() as url:
        page.goto(url)
        seconds = page.evaluate("bench.opened") / 1000
        settle(page)
    context.close()
    return seconds, sum(transfer["http"]), sum(transfer["socket"]), len(transfer["requests"])


def weigh(page: Page) -> dict[str, list]:
    """The sizes of all that is transferred from now on, and the addresses that were asked for."""
    found = {"http": [], "socket": [], "requests": []}
    cdp = page.context.new_cdp_session(page)
    frame = lambda event: found["socket"].append(payload(event["response"]))
    cdp.on("Network.loadingFinished", lambda e: found["http"].append(e["encodedDataLength"]))
    cdp.on("Network.webSocketFrameReceived", frame)
    cdp.on("Network.webSocketFrameSent", frame)
    cdp.on("Network.requestWillBeSent", lambda e: asked(e["request"]["url"], found["requests"]))
    cdp.on("Network.webSocketCreated", lambda e: found["requests"].append(e["url"]))
    cdp.send("Network.enable")
    return found


def asked(url: str, requests: list[str]) -> None:
    """Count what goes over the network; blob: and data: do not."""
    if url.startswith("http"):
        requests.append(url)


def payload(frame: dict[str, Any]) -> int:
    """Bytes in a websocket message; binary ones are reported in base64."""
    data = frame["payloadData"]
    return len(b64decode(data)) if frame["opcode"] == 2 else len(data)

"""The journey through a run: how soon it can be travelled, how smoothly, and what it takes.

Change to journey: from Enter in the seed's number input to the frame after the one that shows the
new run (the player's own name of it) on the Train page; the run is of 2,000 iterations with all its
diagnostics, and no seed comes twice.

Scrubbing: for two seconds the slider gets another iteration in every frame; counted are the frames
in which the chart's point of now was painted elsewhere. Slider to exact picture: from the last
value of the slider to the frame that shows the boundary as Python has drawn it for that iteration;
first from the moment at which the player asks for it (after the slider has rested), then in all.

Memory: the bytes of ten runs and of all that their pages are sent, which is what the caches hold.

Digits: 64-32-10, 1,797 samples in mini-batches of 32, 20 epochs: from the run's beginning to its
end as the app computes it, part by part; and from a click on Stop to the frame that shows the
button that goes on.
"""

import time
from contextlib import contextmanager
from dataclasses import replace
from statistics import median
from urllib.parse import urlencode

from playwright.sync_api import Browser, Page

from engine.experiment import link
from engine.experiment.experiment import Experiment
from engine.experiment.layers import Layer
from engine.experiment.state import Cursor, State
from engine.training.run import train
from figures.journey import payload as journey
from tests.bench import Row, p95
from tests.live import browse, serve
from ui.session import runs

E = Experiment(data="moons", size=200, hidden=(Layer(8, "tanh"), Layer(8, "tanh")),
               iterations=2000, learning_rate=0.5)
DIGITS = Experiment(data="digits", hidden=(Layer(32, "relu"),), output="softmax",
                    loss="cross_entropy", initializer="he_normal", learning_rate=0.1, batch=32,
                    iterations=20 * 57)
CHANGES, RESTS, STOPS = 12, 12, 12
PROBE = """
window.bench = {
  root: () => [...document.querySelectorAll("[data-testid^=stBidiComponent]")]
    .flatMap((node) => [node, ...node.querySelectorAll("*")])
    .map((node) => (node.shadowRoot ?? node).querySelector("[data-testid=journey]"))
    .find((root) => root?.journey?.run),
  frame: () => new Promise((done) => requestAnimationFrame(() => done(performance.now()))),
  async until(condition) {
    while (!condition()) await bench.frame();
    return bench.frame();
  },
  async another() {
    const before = bench.root().journey.run.run;
    const { timeStamp } = await new Promise((done) =>
      addEventListener("keydown", done, { capture: true, once: true }));
    return await bench.until(() => bench.root()?.journey.run.run !== before) - timeStamp;
  },
  async stopped() {
    const { timeStamp } = await new Promise((done) =>
      addEventListener("click", done, { capture: true, once: true }));
    const buttons = () => [...document.querySelectorAll("button")];
    const goesOn = () => buttons().some((one) => one.textContent.includes("Go on computing"));
    return await bench.until(goesOn) - timeStamp;
  },
  slide(k) {
    const slider = bench.root().querySelector("input[type=range]");
    slider.value = k;
    slider.dispatchEvent(new Event("input", { bubbles: true }));
  },
  async scrub(seconds) {
    const root = bench.root(), start = performance.now(), places = new Set();
    let painted = 0, before = "";
    for (let k = 0; performance.now() - start < 1000 * seconds; k++) {
      bench.slide((7 * k) % 900);
      await bench.frame();
      const now = root.querySelector("line.now").getAttribute("x1");
      painted += now !== before;
      before = now;
    }
    return painted / seconds;
  },
  async exact(k) {
    const { journey } = bench.root(), tell = journey.tell, start = performance.now();
    let asked;
    journey.tell = (...said) => ((asked ??= performance.now()), tell(...said));
    bench.slide(k);
    const drawn = () => journey.picture.svg.dataset;
    const there = () => drawn().exact === "true" && Number(drawn().frame) === journey.t;
    const shown = await bench.until(() => asked && there());
    journey.tell = tell;
    return [shown - asked, shown - start];
  },
};
"""


def measure() -> list[Row]:
    with browse() as browser, serve() as url:
        return [*changing(browser, url), *scrubbing(browser, url), *memory(), *digits(),
                *stopping(browser, url)]


@contextmanager
def opened(browser: Browser, url: str, state: State):
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto(f"{url}/train?{urlencode(link.write(state))}")
    page.get_by_test_id("journey").wait_for()
    page.evaluate(PROBE)
    page.evaluate("bench.until(() => bench.root())")
    yield page
    context.close()


def changing(browser: Browser, url: str) -> list[Row]:
    with opened(browser, url, State(E)) as page:
        waits = [change(page, 101 + k) for k in range(CHANGES)]
    name = "seed to journey, 2-8-8-1, 200 samples, 2,000 iterations"
    return [Row(f"{name}: median of {len(waits)}", median(waits), "ms", "≤", 1000),
            Row(f"{name}: longest", max(waits), "ms", "≤", 1000)]


def change(page: Page, seed: int) -> float:
    field = page.get_by_role("spinbutton", name="Seed")
    field.fill(str(seed))
    page.evaluate("void (window.waited = bench.another())")
    field.press("Enter")
    return page.evaluate("window.waited")


def scrubbing(browser: Browser, url: str) -> list[Row]:
    with opened(browser, url, State(E)) as page:
        painted = page.evaluate("bench.scrub(2)")
        time.sleep(1.5)
        pairs = [page.evaluate(f"bench.exact({37 + 71 * k})") for k in range(RESTS)]
    asked, whole = zip(*pairs, strict=True)
    return [
        Row("updates a second while the slider moves", painted, "", "≥", 20),
        Row(f"exact picture after it was asked for: median of {RESTS}", median(asked), "ms", "≤",
            150),
        Row("exact picture after it was asked for: 95th percentile", p95(list(asked)), "ms"),
        Row("exact picture after the slider's last move: median", median(whole), "ms"),
    ]


def memory() -> list[Row]:
    total = 0
    for seed in range(10):
        run = train(E, seed)
        total += run.blocks.nbytes + run.costs.nbytes + len(journey.payload(run))
    return [Row("ten runs and their payloads", total / 1e6, "MB", "≤", 60)]


def digits() -> list[Row]:
    start = time.perf_counter()
    computation = runs.begun(DIGITS, 0)
    while not computation.done:
        computation.advance(runs.SHARE)
    computed = time.perf_counter() - start
    journey.payload(computation.found)
    return [Row("digits, 64-32-10, 20 epochs: computed", computed, "s", "≤", 10),
            Row("digits: computed, and all that is shown of it",
                time.perf_counter() - start, "s", "≤", 10)]


def stopping(browser: Browser, url: str) -> list[Row]:
    waits = []
    for seed in range(STOPS):
        there = State(replace(DIGITS, iterations=100_000), seed, Cursor(iteration=3))
        with opened(browser, url, there) as page:
            stop = page.get_by_role("button", name="Stop computing")
            stop.wait_for()
            time.sleep(0.5 + 0.13 * seed)
            page.evaluate("void (window.waited = bench.stopped())")
            stop.click()
            waits.append(page.evaluate("window.waited"))
    name = "click on Stop until it has stopped"
    return [Row(f"{name}: median of {STOPS}", median(waits), "ms", "≤", 300),
            Row(f"{name}: longest", max(waits), "ms", "≤", 300)]

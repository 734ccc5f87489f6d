"""The depth lab: a network at its start, a hundred of them, and a map of 1,600.

Depth 20 and width 64 on 128 samples, tanh with Xavier's weights, as a visitor sees it: with the
histograms and the singular values, for one seed; for a hundred the bands alone. The memory is the
peak of all arrays while three seeds of the largest setting are measured: 100 layers of 140 units.

Slider to new picture: in a browser, from the key that moves the first slider of the page to the
frame after the one that shows other curves than before; a hundred seeds are then still to come.
"""

import time
import tracemalloc
from collections.abc import Callable, Iterable
from dataclasses import replace
from statistics import median
from time import perf_counter
from urllib.parse import urlencode

from playwright.sync_api import Page

from engine import link
from engine.depth import histograms, measuring, singular_values
from engine.depth_map import chart, gain_map, sigma_map
from engine.lottery import drawing
from engine.spec import Experiment, Layer, State
from tests.bench import Row, p95
from tests.live import browse, serve

MOVES = 12
PROBE = """
window.another = async () => {
  const frame = () => new Promise((done) => requestAnimationFrame(() => done(performance.now())));
  const curves = () => document.querySelector(".js-plotly-plot .scatterlayer")?.innerHTML;
  const before = curves();
  const { timeStamp } = await new Promise((done) =>
    addEventListener("keydown", done, { capture: true, once: true }));
  while ([before, undefined].includes(curves())) await frame();
  return await frame() - timeStamp;
};
"""


def chain(depth: int, width: int) -> Experiment:
    return Experiment(data="noise", hidden=(Layer(width, "tanh"),) * depth, iterations=1)


def seconds(what: Callable[[], object], repeats: int = 3) -> float:
    """The median of a few."""
    found = []
    for _ in range(repeats):
        start = perf_counter()
        what()
        found.append(perf_counter() - start)
    return median(found)


def gone_through(parts: Iterable) -> int:
    return sum(1 for _ in parts)


def picture(e: Experiment) -> None:
    gone_through(measuring(e, (0,)))
    histograms(e, 0)
    singular_values(e, 0)


def peak(e: Experiment) -> float:
    """MB"""
    tracemalloc.start()
    gone_through(measuring(e, (0, 1, 2)))
    found = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return found / 1e6


def moving() -> list[Row]:
    """The waits for the slider's new picture."""
    state = State(replace(chain(20, 64), size=128, iterations=50))
    with browse() as browser, serve() as url:
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(f"{url}/depth?{urlencode(link.write(state))}")
        page.locator(".js-plotly-plot .scatterlayer").first.wait_for()
        page.evaluate(PROBE)
        waits = [move(page) for _ in range(MOVES)]
    name = "depth 20, width 64: slider to new picture"
    return [Row(f"{name}: median of {MOVES}", median(waits), "ms", "≤", 300),
            Row(f"{name}: 95th percentile", p95(waits), "ms", "≤", 300)]


def move(page: Page) -> float:
    time.sleep(2.5)  # until all seeds are there
    page.get_by_role("slider").first.focus()
    page.evaluate("void (window.waited = another())")
    page.keyboard.press("ArrowRight")
    return page.evaluate("window.waited")


def measure() -> list[Row]:
    lab = chain(20, 64)
    lottery = Experiment(hidden=(Layer(4, "tanh"),), iterations=1000)
    return [
        *moving(),
        Row("depth 20, width 64: one seed in all", 1000 * seconds(lambda: picture(lab), 9), "ms",
            "≤", 100),
        Row("depth 20, width 64: a hundred seeds",
            seconds(lambda: gone_through(measuring(lab, tuple(range(100))))), "s", "≤", 1.5),
        Row("map σ_w × σ_b, 40 × 40", seconds(lambda: gone_through(sigma_map(lab, 0))), "s",
            "≤", 4),
        Row("map gain × depth, 40 × 40", seconds(lambda: gone_through(gain_map(lab, 0))), "s",
            "≤", 4),
        Row("chart initializer × activation", seconds(lambda: gone_through(chart(lab, 0))), "s"),
        Row("lottery: 200 networks for XOR, 1,000 iterations",
            seconds(lambda: gone_through(drawing(lottery, tuple(range(200))))), "s"),
        Row("largest setting: memory of all arrays", peak(chain(100, 140)), "MB", "≤", 1000),
    ]

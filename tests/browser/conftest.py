"""A page of the real app in a real Chromium, for everything that only a browser can show.

A test asks for `page` and goes where it wants: page.goto("/forward_pass?v=1&…"). It may choose
`viewport`, `color_scheme` and `reduced_motion` by parametrizing them:

    @pytest.mark.parametrize("viewport", [PHONE, LAPTOP])

Whatever else it asserts, it fails if a page reported an error or asked another host for anything.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect
from playwright.sync_api import TimeoutError as TooLate

from figures.style import PALETTE
from tests.live import browse, serve

HERE = Path(__file__).parent
PATIENCE = 120_000  # milliseconds; a busy machine may be slow, and what never comes still fails
expect.set_options(timeout=PATIENCE)
PROBES = ("/_stcore/health", "/_stcore/host-config")
DESKTOP, LAPTOP, PHONE = (1440, 900), (1024, 768), (390, 844)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of one server for all tests."""
    with serve() as url:
        yield url


@pytest.fixture
def cold_server() -> Iterator[str]:
    """The address of a server that nobody has visited yet."""
    with serve() as url:
        yield url


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Not for the whole session: Playwright keeps an event loop running, which others must not."""
    with browse() as browser:
        yield browser


@pytest.fixture
def viewport() -> tuple[int, int]:
    return DESKTOP


@pytest.fixture
def color_scheme() -> str:
    return "light"


@pytest.fixture
def reduced_motion() -> str:
    """`reduce` for a visitor who wants nothing to move, and for tests that need not wait for it."""
    return "reduce"


@pytest.fixture
def requests() -> list[str]:
    """The addresses that the pages of the context asked for."""
    return []


@pytest.fixture
def problems() -> list[str]:
    """What went wrong in the browser. A test that provokes an error removes it from here."""
    return []


@pytest.fixture
def context(
    browser: Browser, server: str, viewport: tuple[int, int], color_scheme: str,
    reduced_motion: str, requests: list[str], problems: list[str],
) -> Iterator[BrowserContext]:
    """A new visitor, with an empty cache; further pages are further tabs."""
    context = browser.new_context(
        base_url=server,
        viewport=dict(zip(("width", "height"), viewport, strict=True)),
        color_scheme=color_scheme,
        reduced_motion=reduced_motion,
        permissions=["clipboard-read", "clipboard-write"],
    )
    context.set_default_timeout(PATIENCE)
    context.on("request", lambda request: requests.append(request.url))
    context.on("weberror", lambda error: problems.append(f"uncaught: {error.error}"))
    context.on("console", lambda said: is_error(said) and problems.append(said.text))
    yield context
    context.close()
    problems += [f"another host: {url}" for url in requests if is_elsewhere(url)]
    assert not problems, "\n".join(problems)


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A tab of the context."""
    return context.new_page()


def looks(
    page: Page, viewports: Iterable[tuple[int, int]] = (DESKTOP, LAPTOP, PHONE)
) -> Iterator[tuple[tuple[int, int], str]]:
    """The open page at each width, from wide to narrow, in light and in dark."""
    for width, height in viewports:
        page.set_viewport_size({"width": width, "height": height})
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            at_rest(page)
            yield (width, height), theme


AT_REST = """(colours) => {
    const roots = (node) => [node, ...[...node.querySelectorAll("*")].flatMap(
        ({ shadowRoot }) => (shadowRoot ? roots(shadowRoot) : []))];
    const everywhere = roots(document);
    const all = (query) => everywhere.flatMap((root) => [...root.querySelectorAll(query)]);
    const theme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    const app = document.querySelector("[data-testid=stApp]"), ground = app ?? document.body;
    const done = {
        answered: !app || app.dataset.testScriptState === "notRunning",
        painted: getComputedStyle(ground).backgroundColor === colours[theme],
        themed: all("[data-theme]").every(({ dataset }) => dataset.theme === theme),
        drawn: all("[data-testid=stage]").every(({ dataset }) => dataset.step),
        spoken: all("[data-testid=stage] [aria-live]").every((node) => node.textContent),
        charted: all("[data-testid=stPlotlyChart]").every((chart) => {
            const width = chart.querySelector(".main-svg")?.clientWidth;
            return width && Math.abs(width - chart.clientWidth) < 2;
        }),
        still: everywhere.flatMap((root) => root.getAnimations?.() ?? []).every((moving) =>
            moving.playState !== "running" || moving.effect.getTiming().iterations === Infinity),
    };
    window.missing = Object.keys(done).filter((what) => !done[what]);
    window.rested = window.missing.length ? 0 : (window.rested ?? 0) + 1;
    return window.rested > 2; // frames
}"""


def at_rest(page: Page) -> None:
    """Waits until the page stands there whole: the server has said its last word, players, charts
    and colours fit the window, and nothing moves for some frames."""
    page.evaluate("window.rested = 0")
    colours = {theme: rgb(palette["page"]) for theme, palette in PALETTE.items()}
    try:
        page.wait_for_function(AT_REST, arg=colours, polling="raf")
    except TooLate as error:
        raise AssertionError(f"not yet: {page.evaluate('window.missing')}") from error


def rgb(colour: str) -> str:
    """#0b62a8 -> rgb(11, 98, 168), as a browser says it."""
    return f"rgb({', '.join(str(int(colour[k:k + 2], 16)) for k in (1, 3, 5))})"


def stop_time(page: Page) -> None:
    """From now on, the page's timers fire when `page.clock` is moved on, and only then."""
    page.clock.install()
    page.clock.pause_at(page.evaluate("Date.now()") + 1000)


def frames(page: Page, count: int = 2) -> None:
    """Waits until the page has been drawn so many times: two, and what was changed is seen."""
    page.evaluate("""(count) => new Promise((done) => {
        const next = (left) => (left ? requestAnimationFrame(() => next(left - 1)) : done());
        next(count);
    })""", count)


def never_scrolls_sideways(page: Page) -> bool:
    return page.evaluate(
        "document.scrollingElement.scrollWidth <= document.scrollingElement.clientWidth")


def is_error(said: ConsoleMessage) -> bool:
    """Streamlit looks for its server below the page's own address first: a 404 that is none."""
    return said.type == "error" and not said.location["url"].endswith(PROBES)


def is_elsewhere(url: str) -> bool:
    """Whether the request left this machine; data: and blob: never do."""
    return urlsplit(url).scheme not in ("data", "blob") and urlsplit(url).hostname != "127.0.0.1"

"""What the server says about itself: whether it is well, and nothing more.

Without one of the files that the app needs besides its sources, the server would start, call itself
healthy and show an error on every page. So it does not start, and one that is running says which
file is gone to whoever asks for its health. How many sessions it has and what its caches hold is
for those who run it: /_stcore/metrics is there where BACKSTEP_METRICS is "yes".
"""

import os
from collections.abc import Iterator
from pathlib import Path

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from figures import player

ROOT = Path(__file__).parent.parent.parent
PLAYERS = ("stage", "journey", "plane", "heading", "cargo", "keeper")
STYLED = PLAYERS[:4]
OTHERS = ("assets/embed.css", "assets/presenter.css", "assets/icon.svg", "assets/data/digits.csv",
          "assets/data/iris.csv", "assets/data/penguins.csv", "lessons/for_teachers.md",
          "static/stix-two-math.woff2")
HEALTH, METRICS = "/_stcore/health", "/_stcore/metrics"


def needed() -> Iterator[str]:
    """The players' modules with all that they import, their styles, the lessons, and the others."""
    for part in PLAYERS:
        yield from (str(file.relative_to(ROOT)) for file in player.modules_of(player.begin(part)))
    yield from (f"assets/{part}.css" for part in STYLED)
    yield from OTHERS
    numbers = [int(file.name.split("_")[0]) for file in ROOT.glob("lessons/[0-9]*_*.md")]
    yield from (f"lessons/{n}_*.md" for n in range(1, max(numbers, default=1) + 1))


def missing() -> str:
    """A sentence about the first file that is not there, or nothing."""
    try:
        gone = next((name for name in needed() if not any(ROOT.glob(name))), "")
    except FileNotFoundError as error:  # a module that another one imports
        gone = str(Path(error.filename).relative_to(ROOT))
    return f"{gone} is missing: Backstep cannot work without it." if gone else ""


def has_metrics() -> bool:
    said = os.environ.get("BACKSTEP_METRICS", "no")
    if said not in ("yes", "no"):
        raise SystemExit(f"BACKSTEP_METRICS must be yes or no (got {said[:80]!r})")
    return said == "yes"


class Health:
    def __init__(self, app: ASGIApp, metrics: bool) -> None:
        self.app, self.metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path, app = scope.get("path", ""), self.app
        if path.endswith(METRICS) and not self.metrics:
            app = PlainTextResponse("Not Found", 404)
        elif path.endswith(HEALTH) and (sentence := missing()):
            app = PlainTextResponse(sentence, 503)
        await app(scope, receive, send)

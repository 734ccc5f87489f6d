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

ROOT = Path(__file__).parent.parent.parent
NEEDED = {
    "assets": "cargo.js dom.js embed.css heading.css heading.js icon.svg journey.css journey.js "
              "plane.css plane.js presenter.css stage.css stage.js",
    "assets/data": "digits.csv iris.csv penguins.csv",
    "lessons": "1_one_neuron.md 2_nested_functions.md 3_how_wrong.md 4_one_path.md "
               "5_going_backwards.md 6_errors_to_gradients.md 7_the_update.md 8_why_it_is_fast.md "
               "9_deep_trouble.md for_teachers.md",
    "static": "stix-two-math.woff2",
}
HEALTH, METRICS = "/_stcore/health", "/_stcore/metrics"


def needed() -> Iterator[str]:
    return (f"{folder}/{name}" for folder, names in NEEDED.items() for name in names.split())


def missing() -> str:
    """A sentence about the first file that is not there, or nothing."""
    gone = [name for name in needed() if not (ROOT / name).is_file()]
    more = f", and {len(gone) - 1} more" if len(gone) > 1 else ""
    return f"{gone[0]} is missing{more}: Backstep cannot work without it." if gone else ""


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

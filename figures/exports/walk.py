"""The walk as one HTML file: the stage with its scenes inside, for any web page or course system.

It needs no server and asks for nothing, and its own policy forbids it to: the player's script runs
by its hash alone. What the stage would send for at a later iteration or another sample is not there
(figures/stage/payload.py says what travels at once), so the file names what it has, and offers no
more. Whatever somebody has named is data in JSON; no < of it is left to end the element around it.
"""

import json
from base64 import b64encode
from functools import cache
from hashlib import sha256
from html import escape
from typing import Any

from engine.experiment.state import State
from engine.training.run import Run
from figures import player
from figures.exports.numpy_script import described
from figures.stage.payload import payload, words
from figures.style import PALETTE
from figures.window import layers_near

WHOLE = 20_000  # parameters: a larger network is there only around the cursor
MOST = 10**6  # bytes: a file that would be larger does without the font of the formulas
PLAYED = """
mount({
  data: new TextEncoder().encode(document.getElementById("scenes").textContent),
  parentElement: document.getElementById("walk"),
});
"""
POLICY = {  # beside the script's own hash
    "default-src": "'none'",
    "style-src": "'unsafe-inline'",  # the player sets custom properties on its elements
    "font-src": "data:",
    "img-src": "data:",
    "base-uri": "'none'",
    "form-action": "'none'",
}
PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="data:image/svg+xml;base64,{icon}">
<style>
{css}</style>
</head>
<body>
<header>
<h1>{title}</h1>
<p>{about}</p>
</header>
<main id="walk"></main>
<noscript><p>The steps are played by a script, which is switched off here.</p></noscript>
<script type="application/json" id="scenes">{scenes}</script>
<script type="module">{script}</script>
</body>
</html>
"""
FRAME = """
:root { color-scheme: light dark; }
body { max-width: 1400px; margin: 0 auto; padding: 12px 20px; font: 16px/1.5 system-ui; }
header h1 { margin: 0; font-size: 22px; line-height: 1.35; }
header p { margin: 2px 0 14px; max-width: 100ch; font-size: 15px; }
"""
TITLE = "Backpropagation, step by step"
KEYS = ("The keys → and ← step, Space plays, and a click on a unit or a connection shows where its "
        "number comes from.")


def walk_html(run: Run, state: State) -> str:
    """The run around the state's cursor, which must be one of the run's."""
    e, t = state.experiment, state.cursor.iteration
    whole = run.blocks.shape[-1] <= WHOLE
    told = words(e, e.batch_size(t), layers_told=None if whole else layers_near(e, state.cursor))
    scenes = json.loads(payload(run, state, "0", told, whole=whole))
    data = fenced(scenes["numbers"])
    parts = {
        "title": TITLE, "about": escape(f"{described(run)} {contents(run, data)} {KEYS}"),
        "policy": policy(script := player.script("stage") + PLAYED),
        "icon": b64encode(player.icon()).decode(), "script": script,
        "scenes": in_script(scenes | {"numbers": data}),
    }
    page = PAGE.format(css=style(font_face()), **parts)
    return page if len(page.encode()) <= MOST else PAGE.format(css=style(""), **parts)


def policy(script: str) -> str:
    """What the page may do: run this script, and ask nobody for anything."""
    mark = b64encode(sha256(script.encode()).digest()).decode()
    known = POLICY | {"script-src": f"'sha256-{mark}'"}
    return "; ".join(f"{name} {value}" for name, value in known.items())


def fenced(data: dict[str, Any]) -> dict[str, Any]:
    """The numbers with an end at the iterations and samples that are there."""
    there, shown = sorted(map(int, data["traces"])), data["shown"]
    held = range(shown["first"], shown["first"] + shown["count"])
    names = [name if s in held else "" for s, name in enumerate(data["samples"])]
    found = data | {"first": there[0], "last": there[-1], "samples": names}
    if there[-1] < data["last"]:
        found["end"] = f"The file ends here: it has {iterations(found)}."
    return found


def contents(run: Run, data: dict[str, Any]) -> str:
    """What the file has of the run; nothing more can be sent for."""
    first, count = data["shown"].values()
    samples = (f" and the samples {first + 1} to {first + count} of {data['m']}; its costs and "
               "gradients are those of all samples") if count < data["m"] else ""
    around = "" if run.blocks.shape[-1] <= WHOLE else (
        " Of this large network it has the layers and units around the moment that it opens at.")
    return f"This file has {iterations(data)} of a run of {run.last + 1}{samples}.{around}"


def iterations(data: dict[str, Any]) -> str:
    first, last = data["first"], data["last"]
    return f"the iterations {first} to {last}" if first < last else f"iteration {last}"


def in_script(data: Any) -> str:
    """JSON that ends no element and begins no comment, whatever its texts are."""
    text = json.dumps(data, allow_nan=False, ensure_ascii=False, separators=(",", ":"))
    return text.translate({ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"})


def style(font: str) -> str:
    themes = (f"@media (prefers-color-scheme: {theme}) {{ body {{ color: {colours['ink']}; "
              f"background: {colours['page']}; }} }}" for theme, colours in PALETTE.items())
    return "\n".join([font, FRAME, *themes, player.look("stage")])


@cache
def font_face() -> str:
    """The font of the formulas, as the app serves it; it is under the SIL Open Font License."""
    return ('@font-face { font-family: "STIX Two Math"; src: url(data:font/woff2;base64,'
            f"{b64encode(player.font()).decode()}) format(\"woff2\"); }}")

"""`python -m tests.bench` runs all benchmarks; `python -m tests.bench browser` those it names."""

import sys
from importlib import import_module

from tests.bench import show

TOPICS = {
    "costs": "An update: as long as the estimate says that it takes",
    "engine": "The engine: one training step beside other libraries'",
    "depth": "The depth lab: one network, a hundred, and a map",
    "torch_script": "The exported PyTorch script beside the app",
    "browser": "In a browser: stepping, changing, opening",
    "journey": "The journey: how soon, how smoothly, at what cost",
    "wire": "On the wire: what a change costs",
    "sessions": "Fifty sessions against one server",
}

names = sys.argv[1:] or [*TOPICS]
if unknown := {*names} - {*TOPICS}:
    raise SystemExit(f"no benchmark {', '.join(unknown)}; there are: {', '.join(TOPICS)}")
for name in names:
    show(TOPICS[name], import_module(f"tests.bench.{name}").measure())

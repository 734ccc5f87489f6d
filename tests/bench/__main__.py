"""Runs the benchmarks that are named, or all."""

import importlib
import pkgutil
import sys

from tests import bench

NOT_A_TOPIC = {"__main__", "peers", "timing", "workloads"}
TOPICS = [m.name for m in pkgutil.iter_modules(bench.__path__) if m.name not in NOT_A_TOPIC]

for topic in sys.argv[1:] or TOPICS:
    if topic not in TOPICS:
        sys.exit(f"topic must be one of {', '.join(TOPICS)} (got {topic})")
    importlib.import_module(f"tests.bench.{topic}").main()

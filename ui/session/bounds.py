"""Bounds: how much may be kept of whatever grows with what visitors ask for, in one place.

    CACHES     name -> Bound, of what the process that draws pages keeps
    WORKERS    lane -> bytes that each worker process may take
    PAGES      sessions whose page numbers are known before those that are closed are sorted out

The values of a cache are counted in bytes (ui/session/runs.py), but for runs, which all sessions
use as they are: a run that is kept has at most `each` bytes. So has a distant one, which is its
costs and its data alone: its iterations and its samples are limited. The server logs all bounds in
one line.
"""

import logging
from functools import cache
from typing import NamedTuple

from engine.training import run

MEGABYTE = 2**20

log = logging.getLogger(__name__)


class Bound(NamedTuple):
    """Of all sessions together; each session has `own` entries of its own data beside them."""

    entries: int
    bytes: int
    own: int = 0

    @property
    def each(self) -> int:
        """An entry's share."""
        return self.bytes // self.entries

    def __str__(self) -> str:
        own = f" (and {self.own} a session)" * bool(self.own)
        return f"{self.entries}{own}, {self.bytes // MEGABYTE} MB"


WORKERS = {"quick": 320 * MEGABYTE, "long": 940 * MEGABYTE}
PAGES = 400
CACHES = {
    "runs": Bound(64, 128 * MEGABYTE, 4),
    "distant runs": Bound(64, 128 * MEGABYTE, 4),
    "words": Bound(64, 64 * MEGABYTE, 4),
    "samples": Bound(64, 16 * MEGABYTE, 4),
    "journeys": Bound(64, 64 * MEGABYTE, 2),
    "journeys of a sample": Bound(64, 32 * MEGABYTE, 8),
    "courses": Bound(64, 32 * MEGABYTE, 8),
    "sizes of files": Bound(64, MEGABYTE, 4),
    "results": Bound(400, 64 * MEGABYTE),
    "recomputed blocks": Bound(*run.REMEMBERED),
}


def said() -> str:
    """All of them in one line."""
    lanes = ", ".join(f"{lane} {size // MEGABYTE} MB" for lane, size in WORKERS.items())
    return f"Bounds: workers: {lanes}; " + "; ".join(
        f"{name}: {bound}" for name, bound in CACHES.items())


@cache
def log_them() -> None:
    """Once in a process, where it starts."""
    log.warning("%s", said())

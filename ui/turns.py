"""Pages are drawn in turn: who else has just clicked waits, for a few hundredths of a second.

Python computes on one core however many threads there are, and NumPy passes that core on at every
operation. Fifty pages drawn at once therefore take twice the time of fifty pages drawn one after
the other, and all of them are late; in turn, the first ones are there at once. Somebody who has
waited long goes ahead all the same: no page stands in the way of the others.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

PATIENCE = 20.0  # seconds; a class of fifty that clicks at once is through in five
TURN = Lock()


@contextmanager
def turn() -> Iterator[None]:
    """Nobody else is in here meanwhile, but for those whose patience is over."""
    mine = TURN.acquire(timeout=PATIENCE)
    try:
        yield
    finally:
        if mine:
            TURN.release()

"""Pages are drawn in turn: who else has just clicked waits, for a few hundredths of a second.

Python computes on one core however many threads there are, and NumPy passes that core on at every
operation. Fifty pages drawn at once therefore take twice the time of fifty pages drawn one after
the other, and all of them are late; in turn, the first ones are there at once.

Nothing long happens in a turn: who waits for a worker does so `aside`, and asks for another turn
after that. Somebody who has waited long for one goes ahead all the same.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock, local

PATIENCE = 5.0  # seconds; a class of fifty that clicks at once is through in that time
TURN = Lock()
HERE = local()


@contextmanager
def turn() -> Iterator[None]:
    """Nobody else is in here meanwhile, but for those whose patience is over."""
    before, HERE.mine = getattr(HERE, "mine", False), TURN.acquire(timeout=PATIENCE)
    try:
        yield
    finally:
        give_back()
        HERE.mine = before


@contextmanager
def aside() -> Iterator[None]:
    """Others have their turn meanwhile; who was in a turn is in one again, unless it is left."""
    had = give_back()
    yield
    if had:
        HERE.mine = TURN.acquire(timeout=PATIENCE)


def give_back() -> bool:
    """Whether there was a turn of this thread's to be given back."""
    had, HERE.mine = getattr(HERE, "mine", False), False
    if had:
        TURN.release()
    return had

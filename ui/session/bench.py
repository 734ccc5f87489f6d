"""The bench of a worker: what it is asked for, what is under way, and whose turn it is.

An order is a function with its arguments. The results of a generator are sent as they come, a
tenth of a second apart; RunOf among the arguments stands for the run so far. What was computed is
kept within a number of bytes and gone on with.

The session that has had the least time lately goes next, and of its orders the one that has had the
least (`Bench.step`): what is short never waits for what is long, what is long is shared evenly, and
whoever asks for twenty things waits for them, not the one who asks for one.
"""

import ctypes
import sys
import traceback
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import perf_counter
from typing import Any, NamedTuple

from engine.experiment.experiment import Experiment
from engine.training.light import cut
from engine.training.run import pieces

OFTEN = 0.1  # seconds between two answers of one order
LATELY = 2.0  # seconds after which what a session has had counts for half
NEXT_TO_NOTHING = 1e-3  # seconds
NO_MEMORY = ("This takes more memory than a computation may have. A smaller network, fewer samples "
             "or fewer iterations help.")
BROKEN = "This could not be computed. Everything else goes on; another setting helps."


class RunOf(NamedTuple):
    """Stands in an order for a run, as far as so many iterations; the worker computes them."""

    experiment: Experiment
    seed: int
    computed: int


class Order(NamedTuple):
    """What is to be computed. `digest` is made of each result of a generator; None: no generator.

    key      names the computation that is under way, for this order and for all later ones
    bytes    about what it takes
    session  who asked for it
    """

    number: int
    key: str
    function: Callable
    args: tuple
    digest: Callable | None
    bytes: int
    session: str | None = None


@dataclass
class Opened:
    """A generator that is under way, and what it has found."""

    rest: Iterator[Any]
    bytes: int
    found: Any = None
    done: bool = False


@dataclass
class Job:
    order: Order
    spent: float = 0.0
    sent: float = 0.0


class Had(NamedTuple):
    """Seconds of computing up to a time; they count for half after LATELY, and so on."""

    seconds: float
    until: float

    def at(self, now: float) -> float:
        return self.seconds * 0.5 ** ((now - self.until) / LATELY)


class Abandoned(BaseException):
    """Nobody waits for what is being computed any more."""


class Bench:
    """What is to be done, and what is there; `send` takes (number, kind, value, done, spent)."""

    def __init__(self, send: Callable[[tuple], None], room: int) -> None:
        self.pipe, self.room = send, room
        self.jobs: dict[int, Job] = {}
        self.had: dict[str | None, Had] = {}
        self.opened: OrderedDict[str, Opened] = OrderedDict()
        self.now: int | None = None
        self.told: tuple[int | None, float] = (None, 0.0)
        self.sending = False
        self.abandoned: set[int] = set()

    def send(self, answer: tuple) -> None:
        self.sending = True
        try:
            self.pipe(answer)
        finally:
            self.sending = False

    def take(self, order: Order) -> None:
        self.jobs[order.number] = Job(order)

    def drop(self, number: int) -> None:
        self.jobs.pop(number, None)
        self.abandoned.discard(number)
        self.send((number, "dropped", None, True, 0.0))

    def forget(self, keys: list[str]) -> None:
        if [self.opened.pop(key) for key in keys if key in self.opened]:
            trim()

    def step(self) -> None:
        """A part of what has had the least time, of the session that has had the least."""
        start = perf_counter()
        job = min(self.jobs.values(), key=lambda job: (self.had_by(job, start), job.spent))
        self.now = job.order.number
        self.tell_what(job, start)
        try:
            self.work_on(job)
        except Abandoned:
            self.drop(job.order.number)
        except MemoryError:
            self.opened.clear()
            trim()
            self.finish(job, "failed", NO_MEMORY)
        except Exception:
            traceback.print_exc()
            self.finish(job, "failed", BROKEN)
        finally:
            self.now = None
            self.charge(job, start, perf_counter())

    def had_by(self, job: Job, now: float) -> float:
        """The seconds that the session of a job has had lately."""
        had = self.had.get(job.order.session)
        return had.at(now) if had else 0.0

    def charge(self, job: Job, start: float, now: float) -> None:
        job.spent += now - start
        had = Had(self.had_by(job, now) + now - start, now)
        self.had = {one: had for one, had in self.had.items() if had.at(now) > NEXT_TO_NOTHING}
        self.had[job.order.session] = had

    def tell_what(self, job: Job, now: float) -> None:
        """Which order it is at: whoever waits may then know that it hangs, or why it died."""
        if self.told[0] != self.now or now - self.told[1] > 1:
            self.told = self.now, now
            self.send((self.now, "begun", None, False, job.spent))

    def work_on(self, job: Job) -> None:
        order = job.order
        if order.digest:
            one = self.under_way(order.key, order.function, order.args, order.bytes)
            self.advance(order.key, one)
            self.tell(job, one)
        elif missing := next(filter(self.is_missing, refs(order.args)), None):
            self.advance(key_of(missing), self.run_under_way(missing))
        else:
            self.finish(job, "part", order.function(*self.filled(order.args)))

    def tell(self, job: Job, one: Opened) -> None:
        now = perf_counter()
        if one.done:
            self.finish(job, "part", job.order.digest(one.found))
        elif now - job.sent >= OFTEN:
            job.sent = now
            self.send((job.order.number, "part", job.order.digest(one.found), False, job.spent))

    def finish(self, job: Job, kind: str, value: Any) -> None:
        self.jobs.pop(job.order.number, None)
        self.send((job.order.number, kind, value, True, job.spent))

    def under_way(self, key: str, function: Callable, args: tuple, size: int) -> Opened:
        if key not in self.opened:
            self.make_room(size)
            self.opened[key] = Opened(iter(function(*args)), size)
        self.opened.move_to_end(key)
        return self.opened[key]

    def run_under_way(self, ref: RunOf) -> Opened:
        e = ref.experiment
        return self.under_way(key_of(ref), pieces, (e, ref.seed), e.memory())

    def make_room(self, size: int) -> None:
        """What was looked at longest ago gives way."""
        while self.opened and sum(one.bytes for one in self.opened.values()) + size > self.room:
            self.opened.popitem(last=False)
            trim()

    def advance(self, key: str, one: Opened) -> None:
        """The next result. A generator that was left by an exception has no more."""
        try:
            part = None if one.done else next(one.rest, None)
        except BaseException:
            self.opened.pop(key, None)
            raise
        one.found, one.done = (one.found, True) if part is None else (part, False)

    def is_missing(self, ref: RunOf) -> bool:
        one = self.run_under_way(ref)
        return not one.done and (one.found is None or len(one.found.costs) < ref.computed)

    def filled(self, args: Any) -> Any:
        """The arguments with their runs."""
        if isinstance(args, RunOf):
            return cut(self.run_under_way(args).found, args.computed)
        plain = type(args) is tuple
        return tuple(map(self.filled, args)) if plain else args


def refs(args: Any) -> Iterator[RunOf]:
    if isinstance(args, RunOf):
        yield args
    elif type(args) is tuple:
        for each in args:
            yield from refs(each)


def key_of(ref: RunOf) -> str:
    return run_key(ref.experiment, ref.seed)


def run_key(e: Experiment, seed: int) -> str:
    return f"run {seed} {e!r}"


def trim() -> None:
    """Gives freed memory back to the system, where the C library keeps it otherwise."""
    if sys.platform == "linux" and hasattr(ctypes.CDLL(None), "malloc_trim"):
        ctypes.CDLL(None).malloc_trim(0)

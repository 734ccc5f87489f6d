"""The workers as the pages see them: what is asked of them, what it has come to, who looks at it.

    ask(function, *args)             a Task whose `found` is the result, once it is `done`
    ask(..., digest=…)               of a generator: `found` is the last result so far

A task that nobody has wanted for ABANDONED seconds is taken from its worker; what it has found so
far stays, and it goes on when somebody wants it again. A worker that dies, or that is killed
because it hangs, is replaced; only the task that it was at fails, with a sentence. What no open
page looks at is forgotten after FORGOTTEN seconds, here and in the workers.

There are two processes (LANES), so that what is short never waits for what is long; with
BACKSTEP_WORKERS=0 there are none, and who waits computes. Neither concurrent.futures nor loky can
stop a task that runs, or show what it has so far; so this is written on plain pipes.
"""

import logging
import os
import pickle
import subprocess
import sys
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from threading import Condition, Event, Thread
from time import monotonic
from typing import Any

from ui.session.worker import MEGABYTE, Bench, Order, key_of, refs, run_key, trim

# As a module, so that pickles find its classes.
PROGRAM = "from ui.session.worker import main; main()"
ROOT = Path(__file__).parent.parent.parent
LANES = {"quick": 320 * MEGABYTE, "long": 940 * MEGABYTE}  # and the memory of each process
QUICK = 1.0, 48 * MEGABYTE  # seconds and bytes up to which a task is a quick one
ABANDONED, HANGING, DEADLINE = 1.0, 0.7, 60.0  # seconds
FORGOTTEN = 20.0
KEPT = 400, 64 * MEGABYTE  # results in this process: entries, and their bytes
AGAIN = 2.0  # seconds after which what failed may be tried again
TICK = 0.2
GONE = ("The computation was ended, because it took too much memory or too long. A smaller one "
        "helps.")
ALONE = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")

log = logging.getLogger(__name__)


class FailedError(Exception):
    """A computation has failed; its text is what the visitor reads."""


@dataclass(eq=False)
class Task:
    """Something that was asked for.

    wanted   when somebody wanted it to go on last; seen: when somebody looked at it
    lookers  session -> the number of the page, in that session, that looked at it last
    budget   seconds that it may have at a time; then it is `paused` until somebody wants more
    """

    order: Order
    lane: str
    budget: float
    found: Any = None
    done: bool = False
    failed: str = ""
    paused: bool = False
    running: bool = False
    changes: int = 0
    wanted: float = 0.0
    seen: float = 0.0
    size: int = 0
    lookers: dict[str, int] = field(default_factory=dict)

    @property
    def keys(self) -> set[str]:
        """What must be kept in a worker for it."""
        return {self.order.key, *(key_of(ref) for ref in refs(self.order.args))}

    def first(self) -> Any:
        """The first result, for whoever has no page to be drawn meanwhile."""
        wait_for(self, lambda: self.found is not None)
        return self.found

    def advance(self, seconds: float) -> None:
        """Waits so long for more."""
        want(self)
        wait(self, self.changes, seconds)


class Process:
    """One worker, started when it is needed first. Everything here happens under CREW's lock."""

    def __init__(self, name: str, size: int) -> None:
        self.name, self.size = name, size
        self.process: subprocess.Popen | None = None
        self.tasks: dict[int, Task] = {}
        self.at: int | None = None
        self.since = 0.0
        self.dropped: dict[int, float] = {}

    def send(self, kind: str, value: Any) -> None:
        if self.process is None:
            self.start()
        with suppress(OSError):  # it may just be ending, and `listen` sees to that
            pickle.dump((kind, value), self.process.stdin, pickle.HIGHEST_PROTOCOL)
            self.process.stdin.flush()

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(self.size)], cwd=ROOT, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, start_new_session=True, env={**os.environ, **ALONE})
        Thread(target=self.listen, args=(self.process,), daemon=True).start()

    def listen(self, process: subprocess.Popen) -> None:
        """Hears its answers until it ends."""
        try:
            while process.stdout:
                head = pickle.load(process.stdout)
                value = process.stdout.read(head[-1])
                with CREW.lock:
                    hear(self, head, value)
        except (EOFError, OSError, pickle.UnpicklingError):
            closed(process)
            with CREW.lock:
                if self.process is process:
                    bury(self)

    def kill(self) -> None:
        if self.process:
            self.process.kill()


class Here(Process):
    """No process at all: who waits computes a part, and hears the answer at once."""

    def __init__(self, name: str, size: int) -> None:
        super().__init__(name, size)
        self.bench = Bench(self.answer, size // 2)

    def answer(self, answer: tuple) -> None:
        number, kind, value, done, spent = answer
        hear(self, (number, kind, done, spent, 0), pickle.dumps(value))

    def send(self, kind: str, value: Any) -> None:
        getattr(self.bench, kind)(value)

    def work(self) -> None:
        if self.bench.jobs:
            self.bench.step()

    def kill(self) -> None:
        self.bench = Bench(self.answer, self.size // 2)


class Crew:
    """The lock, the workers, and all tasks by their keys; those looked at last are at the end."""

    def __init__(self) -> None:
        self.lock = Condition()
        self.tasks: OrderedDict[str, Task] = OrderedDict()
        self.pages: dict[str, int] = {}
        self.numbers = count()
        self.keeper: Thread | None = None
        self.workers: dict[str, Process] = {}

    def worker(self, lane: str) -> Process:
        if not self.workers:
            kind = Here if os.environ.get("BACKSTEP_WORKERS") == "0" else Process
            self.workers = {name: kind(name, size) for name, size in LANES.items()}
            if kind is Process:
                log.warning("%s", bounds())
                self.keeper = Thread(target=keep, args=(self,), daemon=True)
                self.keeper.start()
        return self.workers[lane]


def bounds() -> str:
    """What everything may take, in one line."""
    lanes = ", ".join(f"{name} {size // MEGABYTE} MB" for name, size in LANES.items())
    entries, size = KEPT
    return f"Bounds: workers {lanes}; results {entries} entries, {size // MEGABYTE} MB"


def ask(
    function: Callable, *args: Any, digest: Callable | None = None, key: str = "",
    seconds: float = 0.0, size: int = 0, budget: float = 60.0, session: str | None = None,
) -> Task:
    """The task for this, begun where it is new. `seconds` and `size` are what it is expected to
    take."""
    key = key or f"{function.__module__}.{function.__qualname__}{args!r}"
    with CREW.lock:
        task = CREW.tasks.get(key)
        if task is None or (task.failed and monotonic() - task.seen > AGAIN):
            lane = "quick" if seconds <= QUICK[0] and size <= QUICK[1] else "long"
            order = Order(next(CREW.numbers), key, function, args, digest, size)
            task = CREW.tasks[key] = Task(order, lane, budget)
            begin(task)
        CREW.tasks.move_to_end(key)
        look(task, session)
        return task


def run_task(e: Any, seed: int, pieces: Callable, digest: Callable, session: str | None) -> Task:
    """The task of a run, under the key by which workers find it for others."""
    return ask(pieces, e, seed, digest=digest, key=run_key(e, seed), seconds=e.seconds,
               size=e.memory(), budget=20.0, session=session)


def look(task: Task, session: str | None) -> None:
    """Somebody looks at what there is."""
    task.seen = monotonic()
    if session:
        task.lookers[session] = CREW.pages.setdefault(session, 0)


def want(task: Task, session: str | None = None) -> None:
    """Somebody wants it to go on."""
    with CREW.lock:
        look(task, session)
        task.wanted = task.seen
        if not (task.done or task.failed or task.running or task.paused):
            begin(task)


def begin(task: Task) -> None:
    task.running, task.wanted = True, monotonic()
    task.order = task.order._replace(number=next(CREW.numbers))
    worker = CREW.worker(task.lane)
    worker.tasks[task.order.number] = task
    worker.send("take", task.order)


def unpause(task: Task) -> None:
    """It may have its budget once more."""
    with CREW.lock:
        task.paused = False
        want(task)


def drop(task: Task) -> None:
    """Takes it from its worker; what it has found stays."""
    with CREW.lock:
        if task.running:
            task.running = False
            worker, number = CREW.worker(task.lane), task.order.number
            worker.tasks.pop(number, None)
            worker.dropped[number] = monotonic()
            worker.send("drop", number)


def wait(task: Task, changes: int, seconds: float) -> bool:
    """Until there is something new, or for so long; whether there is."""
    with CREW.lock:
        worker, end = CREW.worker(task.lane), monotonic() + seconds
        while task.changes == changes and task.running and (rest := end - monotonic()) > 0:
            if isinstance(worker, Here):
                worker.work()
            else:
                CREW.lock.wait(rest)
        return task.changes != changes


def wait_for(task: Task, enough: Callable[[], bool], seconds: float = 2 * DEADLINE) -> None:
    """The same until there is enough, for whoever has no page to be drawn meanwhile."""
    end = monotonic() + seconds
    while not (enough() or task.done or task.failed) and monotonic() < end:
        unpause(task)
        wait(task, task.changes, TICK)
    check(task)


def check(task: Task) -> None:
    if task.failed:
        raise FailedError(task.failed)


def hear(worker: Process, head: tuple, value: bytes) -> None:
    """An answer: of which order, of what kind, whether it is the last, after how many seconds."""
    number, kind, done, spent, _ = head
    if kind == "begun":
        worker.at, worker.since = number, monotonic()
        return
    worker.at = None if done and worker.at == number else worker.at
    worker.dropped.pop(number, None) if done else None
    task = worker.tasks.get(number)
    if task is None or kind == "dropped":
        return
    if kind == "part":
        task.found, task.size, task.done = pickle.loads(value), len(value), done
    if kind == "failed":
        task.failed, task.seen = pickle.loads(value), monotonic()
    if done:
        settle(worker, task)
    elif spent > task.budget:
        drop(task)
        task.paused = True
    task.changes += 1
    CREW.lock.notify_all()


def settle(worker: Process, task: Task) -> None:
    """It is at its end, good or bad."""
    worker.tasks.pop(task.order.number, None)
    task.running = False
    shrink()


def shrink() -> None:
    """The results that were looked at longest ago give way."""
    entries, size = KEPT
    total = sum(task.size for task in CREW.tasks.values())
    for key, task in [*CREW.tasks.items()]:
        if len(CREW.tasks) <= entries and total <= size:
            return
        if not task.running and len(CREW.tasks) > 1:
            total -= task.size
            del CREW.tasks[key]


def bury(worker: Process) -> None:
    """It has ended: what it was at has failed, everything else begins anew in another one."""
    worker.process, left = None, worker.tasks
    worker.tasks, worker.dropped, at, worker.at = {}, {}, worker.at, None
    for number, task in left.items():
        if number == at:
            task.failed, task.running, task.seen = GONE, False, monotonic()
            task.changes += 1
        else:
            begin(task)
    CREW.lock.notify_all()


def closed(process: subprocess.Popen) -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        with suppress(OSError):  # what was not written yet is for nobody
            pipe.close()


def keep(crew: Crew) -> None:
    """Looks after the workers, again and again, as long as they are there."""
    pause = Event()
    while crew.workers:
        with crew.lock:
            for worker in crew.workers.values():
                look_after(worker)
            forget()
        pause.wait(TICK)


def look_after(worker: Process) -> None:
    now = monotonic()
    for task in [*worker.tasks.values()]:
        if now - task.wanted > ABANDONED:
            drop(task)
    late = [since for since in worker.dropped.values() if now - since > HANGING]
    hangs = worker.at is not None and now - worker.since > DEADLINE
    if hangs or (late and worker.at in worker.dropped):
        worker.kill()


def forget() -> None:
    """What no open page looks at."""
    now = monotonic()
    old = {key: task for key, task in CREW.tasks.items()
           if not task.running and now - task.seen > FORGOTTEN and not is_looked_at(task)}
    if not old:
        return
    for key in old:
        del CREW.tasks[key]
    needed = set().union(*(task.keys for task in CREW.tasks.values()))
    gone = [key for task in old.values() for key in task.keys if key not in needed]
    for worker in CREW.workers.values():
        if worker.process:
            worker.send("forget", gone)
    trim()


def is_looked_at(task: Task) -> bool:
    return any(CREW.pages.get(session) == page and IS_OPEN[0](session)
               for session, page in task.lookers.items())


def turn_page(session: str | None) -> None:
    """A session draws its page anew: what it looks at, it will say."""
    if session:
        with CREW.lock:
            CREW.pages[session] = CREW.pages.get(session, 0) + 1
            if len(CREW.pages) > KEPT[0]:
                CREW.pages = {s: page for s, page in CREW.pages.items() if IS_OPEN[0](s)}


def end() -> None:
    """Ends all workers, and forgets everything."""
    with CREW.lock:
        workers, CREW.workers, CREW.pages = CREW.workers, {}, {}
        CREW.tasks.clear()
        for worker in workers.values():
            worker.tasks = {}
            worker.kill()


IS_OPEN: list[Callable[[str], bool]] = [lambda session: False]  # ui/session/gradual.py knows better
CREW = Crew()

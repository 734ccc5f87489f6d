"""The lanes: the processes that compute, the tasks that are in them, and what becomes of both.

There are two (bounds.WORKERS), so that what is short never waits for what is long; with
BACKSTEP_WORKERS=0 there are none, and who waits computes. Neither concurrent.futures nor loky can
stop a task that runs, or show what it has so far; so this is written on plain pipes.

A worker that dies, or that is killed because it hangs, is replaced; only the task that it was at
fails, with a sentence.
"""

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
from threading import Condition, Thread
from time import monotonic
from typing import Any

from ui.session import bounds
from ui.session.bench import Bench, Order, key_of, refs

# As a module, so that pickles find its classes.
PROGRAM = "from ui.session.worker import main; main()"
ROOT = Path(__file__).parent.parent.parent
GONE = ("The computation was ended, because it took too much memory or too long. A smaller one "
        "helps.")
ALONE = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")


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

    def take(self, kind: str, value: bytes, done: bool) -> None:
        """What a worker has found of it, or why there is nothing."""
        if kind == "part":
            self.found, self.size, self.done = pickle.loads(value), len(value), done
        if kind == "failed":
            self.failed, self.seen = pickle.loads(value), monotonic()


class Process:
    """One worker, started when it is needed first. All of it happens under the crew's lock."""

    def __init__(self, crew: "Crew", size: int) -> None:
        self.crew, self.size = crew, size
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
                with self.crew.lock:
                    self.crew.hear(self, head, value)
        except (EOFError, OSError, pickle.UnpicklingError):
            closed(process)
            with self.crew.lock:
                if self.process is process:
                    self.crew.bury(self)

    def kill(self) -> None:
        if self.process:
            self.process.kill()


class Here(Process):
    """No process at all: who waits computes a part, and hears the answer at once."""

    def __init__(self, crew: "Crew", size: int) -> None:
        super().__init__(crew, size)
        self.bench = Bench(self.answer, size // 2)

    def answer(self, answer: tuple) -> None:
        number, kind, value, done, spent = answer
        self.crew.hear(self, (number, kind, done, spent, 0), pickle.dumps(value))

    def send(self, kind: str, value: Any) -> None:
        getattr(self.bench, kind)(value)

    def work(self) -> None:
        if self.bench.jobs:
            self.bench.step()

    def kill(self) -> None:
        self.bench = Bench(self.answer, self.size // 2)


class Crew:
    """The lock, the workers, and all tasks by their keys; those looked at last are at the end.

    `keep` looks after it in a thread of its own, where there are real processes.
    """

    def __init__(self, keep: Callable[["Crew"], None]) -> None:
        self.lock = Condition()
        self.tasks: OrderedDict[str, Task] = OrderedDict()
        self.pages: dict[str, int] = {}
        self.numbers = count()
        self.keep = keep
        self.workers: dict[str, Process] = {}

    def worker(self, lane: str) -> Process:
        if not self.workers:
            kind = Here if os.environ.get("BACKSTEP_WORKERS") == "0" else Process
            self.workers = {name: kind(self, size) for name, size in bounds.WORKERS.items()}
            if kind is Process:
                bounds.log_them()
                Thread(target=self.keep, args=(self,), daemon=True).start()
        return self.workers[lane]

    def begin(self, task: Task, session: str | None = None) -> None:
        task.running, task.wanted = True, monotonic()
        task.order = task.order._replace(number=next(self.numbers),
                                         session=session or task.order.session)
        worker = self.worker(task.lane)
        worker.tasks[task.order.number] = task
        worker.send("take", task.order)

    def drop(self, task: Task) -> None:
        """Takes it from its worker; what it has found stays."""
        if task.running:
            task.running = False
            worker, number = self.worker(task.lane), task.order.number
            worker.tasks.pop(number, None)
            worker.dropped[number] = monotonic()
            worker.send("drop", number)

    def hear(self, worker: Process, head: tuple, value: bytes) -> None:
        """An answer: of which order, of what kind, whether it is the last, after how many seconds.
        """
        number, kind, done, spent, _ = head
        if kind == "begun":
            worker.at, worker.since = number, monotonic()
            return
        worker.at = None if done and worker.at == number else worker.at
        worker.dropped.pop(number, None) if done else None
        task = worker.tasks.get(number)
        if task is not None and kind != "dropped":
            task.take(kind, value, done)
            self.settle(worker, task, spent)

    def settle(self, worker: Process, task: Task, spent: float) -> None:
        """Whether it goes on; and who waits for it looks."""
        if task.done or task.failed:
            worker.tasks.pop(task.order.number, None)
            task.running = False
            self.shrink()
        elif spent > task.budget:
            self.drop(task)
            task.paused = True
        task.changes += 1
        self.lock.notify_all()

    def shrink(self) -> None:
        """The results that were looked at longest ago give way."""
        entries, size, _ = bounds.CACHES["results"]
        total = sum(task.size for task in self.tasks.values())
        for key, task in [*self.tasks.items()]:
            if len(self.tasks) <= entries and total <= size:
                return
            if not task.running and len(self.tasks) > 1:
                total -= task.size
                del self.tasks[key]

    def bury(self, worker: Process) -> None:
        """It has ended: what it was at has failed, everything else begins anew in another one."""
        worker.process, left = None, worker.tasks
        worker.tasks, worker.dropped, at, worker.at = {}, {}, worker.at, None
        for number, task in left.items():
            if number == at:
                task.failed, task.running, task.seen = GONE, False, monotonic()
                task.changes += 1
            else:
                self.begin(task)
        self.lock.notify_all()


def closed(process: subprocess.Popen) -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        with suppress(OSError):  # what was not written yet is for nobody
            pipe.close()

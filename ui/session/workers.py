"""The workers as the pages see them: what is asked of them, what it has come to, who looks at it.

    ask(function, *args)             a Task whose `found` is the result, once it is `done`
    ask(..., digest=…)               of a generator: `found` is the last result so far

A task that nobody has wanted for ABANDONED seconds is taken from its worker; what it has found so
far stays, and it goes on when somebody wants it again. What no open page looks at is forgotten
after FORGOTTEN seconds, here and in the workers. Their processes are in ui/session/lanes.py, and
how much is kept is in ui/session/bounds.py.
"""

from collections.abc import Callable
from threading import Event
from time import monotonic
from typing import Any

from ui.session import bounds
from ui.session.bench import Order, run_key, trim
from ui.session.lanes import Crew, Here, Process, Task

QUICK = 1.0, 48 * bounds.MEGABYTE  # seconds and bytes up to which a task is a quick one
ABANDONED, HANGING, DEADLINE = 1.0, 0.7, 60.0  # seconds
FORGOTTEN = 20.0
AGAIN = 2.0  # seconds after which what failed may be tried again
TICK = 0.2


class FailedError(Exception):
    """A computation has failed; its text is what the visitor reads."""


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
            order = Order(0, key, function, args, digest, size)
            task = CREW.tasks[key] = Task(order, lane, budget)
            CREW.begin(task, session)
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
            CREW.begin(task, session)


def unpause(task: Task) -> None:
    """It may have its budget once more."""
    with CREW.lock:
        task.paused = False
        want(task)


def drop(task: Task) -> None:
    """Takes it from its worker; what it has found stays."""
    with CREW.lock:
        CREW.drop(task)


def advance(task: Task, seconds: float) -> None:
    """Waits so long for more."""
    want(task)
    wait(task, task.changes, seconds)


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


def keep(crew: Crew) -> None:
    """Looks after the workers, again and again, as long as they are there."""
    pause, workers = Event(), crew.workers
    while crew.workers is workers:
        with crew.lock:
            for worker in crew.workers.values():
                look_after(worker)
            forget()
        pause.wait(TICK)


def look_after(worker: Process) -> None:
    now = monotonic()
    for task in [*worker.tasks.values()]:
        if now - task.wanted > ABANDONED:
            CREW.drop(task)
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
            if len(CREW.pages) > bounds.PAGES:
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
CREW = Crew(keep)

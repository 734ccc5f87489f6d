"""What takes long is computed elsewhere, while somebody looks, and shown meanwhile.

A page that needs a first result waits for it here, out of its turn, so that nobody waits with it;
a click, or a closed tab, ends the waiting. `watch` shows how far it is and redraws the page now
and then; Stop ends it for this visitor. Whoever looks no more has nothing computed
(ui/session/workers.py).
"""

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Any, NamedTuple

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from ui.session import workers
from ui.session.one_at_a_time import aside

SHARE = 0.2  # seconds that a page waits for more when somebody asked for it
PAUSE = 0.1
SLICE = 0.05  # seconds between two looks of a page that waits
PATIENT = 0.15  # seconds of waiting that nothing is said about
EVERY = 1.5  # seconds after which the page shows what there is by then


@dataclass(frozen=True)
class Whole:
    """A result that took no time, read as a Task is."""

    found: Any
    done: bool = True
    paused: bool = False
    changes: int = 1


def session() -> str | None:
    """Who draws this page; None beside all pages, as where a file is made."""
    context = get_script_run_ctx(suppress_warning=True)
    return context.session_id if context else None


def is_open(one: str) -> bool:
    return runtime.exists() and bool(runtime.get_instance().is_active_session(one))


workers.IS_OPEN[0] = is_open


def ask(function: Callable, *args: Any, **more: Any) -> workers.Task:
    return workers.ask(function, *args, session=session(), **more)


def answer(function: Callable, *args: Any, seconds: float = 0.0, size: int = 0) -> Any:
    """The whole result of a function."""
    task = ask(function, *args, seconds=seconds, size=size)
    wait(task, lambda: task.done)
    return task.found


def first(one: workers.Task | Whole) -> Any:
    """The first result, later the last one; `watch` knows then what the page shows."""
    if one.found is None:
        wait(one, lambda: one.found is not None)
    changes, found = one.changes, one.found
    if session():
        st.session_state.setdefault("drawn", {})[id(one)] = changes
    return found


def wait(task: workers.Task, enough: Callable[[], bool]) -> None:
    """Until there is enough. What is shown meanwhile is what a click interrupts."""
    if session() is None:
        return workers.wait_for(task, enough)
    with aside():
        start, bar = perf_counter(), None
        while not (enough() or task.done or task.failed):
            workers.want(task, session())
            if task.paused:
                workers.unpause(task)
            workers.wait(task, task.changes, SLICE)
            if (waited := perf_counter() - start) > PATIENT:
                bar = bar or st.bottom.empty()
                bar.progress(1 - 1 / (1 + waited / 5), f"Computing for {waited:.0f} s")
        if bar:
            bar.empty()
    return workers.check(task)


class Work(NamedTuple):
    """What it is called, what computes it, which share of it is done, and that in words."""

    name: str
    one: workers.Task | Whole
    share: Callable[[], float]
    words: Callable[[], str] = lambda: ""

    def __str__(self) -> str:
        return self.words() or f"{self.name}: {self.share():.0%} is computed."


def watch(work: list[Work], key: Any) -> None:
    """Shows what is not done yet, in turn; `key` is what Stop is about."""
    under_way = [each for each in work if not each.one.done]
    if any(map(is_outdated, work)):
        st.rerun()
    if not under_way:
        return
    now = under_way[0]
    stopped = st.session_state.get("stopped") == key
    if stopped or now.one.paused:
        why = "Stopped." if stopped else "Stopped: it takes longer than was expected."
        st.info(f"{why} {now}", icon=":material/pause_circle:")
        st.button("Go on computing", on_click=go_on, args=(now,))
        return
    workers.want(now.one, session())
    st.fragment(tick, run_every=PAUSE)(now, [], perf_counter())
    st.button("Stop computing", on_click=stop, args=(now, key))


def is_outdated(work: Work) -> bool:
    """Whether it came to its end while the page was being drawn, with what there was before."""
    one, drawn = work.one, st.session_state.get("drawn", {})
    return one.done and one.changes > drawn.get(id(one), one.changes)


def tick(now: Work, looks: list[int], since: float) -> None:
    """The first time, while the page is drawn, it only says how far it is."""
    st.progress(min(1.0, now.share()), str(now))
    if not looks:
        looks.append(now.one.changes)
        return
    workers.want(now.one, session())
    late = perf_counter() - since > EVERY and now.one.changes > looks[0]
    if now.one.done or now.one.paused or now.one.failed or late:
        st.rerun()


def stop(now: Work, key: Any) -> None:
    st.session_state["stopped"] = key
    workers.drop(now.one)


def go_on(now: Work) -> None:
    st.session_state["stopped"] = None
    workers.unpause(now.one)
    workers.advance(now.one, SHARE)


def beginning() -> None:
    """A page is about to be drawn."""
    workers.turn_page(session())
    st.session_state["drawn"] = {}

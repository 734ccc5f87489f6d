"""What takes long is computed little by little, while somebody looks, and shown meanwhile.

`Gradual` holds an iterator of ever better results. Who looks at it computes the next part; nothing
runs in the background. `watch` computes, shows how far it is, and redraws the page now and then;
Stop ends it for this visitor.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, NamedTuple

import streamlit as st

SHARE = 0.2  # seconds of computing between two looks at what the visitor wants
PAUSE = 0.05
LOOKS = 6  # after so many parts the page shows what there is by then


@dataclass
class Gradual:
    """`found` is the last result, None before the first."""

    rest: Iterator[Any]
    found: Any = None
    done: bool = False
    lock: Lock = field(default_factory=Lock)

    def advance(self, seconds: float) -> None:
        """Computes for this long, one part at least, unless another session is doing so."""
        if self.done or not self.lock.acquire(blocking=False):
            return
        try:
            end = time.perf_counter() + seconds
            while not self.done:
                part = next(self.rest, None)
                self.found, self.done = (self.found if part is None else part), part is None
                if time.perf_counter() >= end:
                    break
        finally:
            self.lock.release()

    def first(self) -> Any:
        """The first result at once, later the last one."""
        if self.found is None and not self.done:
            with self.lock:
                if self.found is None:
                    self.found = next(self.rest, None)
        return self.found


class Work(NamedTuple):
    """What it is called, the Gradual or Computation, and which share of it is done."""

    name: str
    one: Any
    share: Callable[[], float]

    def __str__(self) -> str:
        return f"{self.name}: {self.share():.0%} is computed."


def watch(work: list[Work], key: str) -> None:
    """Computes what is not done yet, in turn."""
    under_way = [each for each in work if not each.one.done]
    if not under_way:
        return
    if st.session_state.get("lab stopped") == key:
        st.info(f"Stopped. {under_way[0]}", icon=":material/pause_circle:")
        st.button("Go on computing", on_click=go_on)
        return
    st.fragment(tick, run_every=PAUSE)(under_way, [])
    st.button("Stop computing", on_click=stop, args=(key,))


def tick(under_way: list[Work], looks: list[None]) -> None:
    """The first time, while the page is drawn, it computes nothing: the page is to be quick."""
    now = under_way[0]
    if looks:
        now.one.advance(SHARE)
    looks.append(None)
    if now.one.done or len(looks) > LOOKS:
        st.rerun()
    st.progress(min(1.0, now.share()), str(now))


def stop(key: str) -> None:
    st.session_state["lab stopped"] = key


def go_on() -> None:
    st.session_state["lab stopped"] = ""

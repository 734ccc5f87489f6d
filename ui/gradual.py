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

SHARE = 0.2  # seconds of computing before the browser may ask for the next share
PAUSE = 0.05
LOOKS = 6  # after so many shares the page shows what there is by then


@dataclass
class Gradual:
    """`found` is the last result, None before the first."""

    rest: Iterator[Any]
    found: Any = None
    done: bool = False
    lock: Lock = field(default_factory=Lock)

    def advance(self, seconds: float, after_each: Callable[[], None] = lambda: None) -> None:
        """Computes for this long, one part at least, unless another session is doing so."""
        if self.done or not self.lock.acquire(blocking=False):
            return
        try:
            end = time.perf_counter() + seconds
            self.next_part()
            while not self.done and time.perf_counter() < end:
                after_each()
                self.next_part()
        finally:
            self.lock.release()

    def next_part(self) -> None:
        part = next(self.rest, None)
        self.found, self.done = (self.found if part is None else part), part is None

    def first(self) -> Any:
        """The first result at once, later the last one."""
        if self.found is None and not self.done:
            with self.lock:
                if self.found is None:
                    self.next_part()
        return self.found


class Work(NamedTuple):
    """What it is called, what computes it, which share of it is done, and that in words."""

    name: str
    one: Gradual
    share: Callable[[], float]
    words: Callable[[], str] = lambda: ""

    def __str__(self) -> str:
        return self.words() or f"{self.name}: {self.share():.0%} is computed."


def watch(work: list[Work], key: Any) -> None:
    """Computes what is not done yet, in turn; `key` is what Stop is about."""
    under_way = [each for each in work if not each.one.done]
    if not under_way:
        return
    if st.session_state.get("stopped") == key:
        st.info(f"Stopped. {under_way[0]}", icon=":material/pause_circle:")
        st.button("Go on computing", on_click=go_on, args=(under_way[0],))
        return
    st.fragment(tick, run_every=PAUSE)(under_way, [])
    st.button("Stop computing", on_click=stop, args=(key,))


def tick(under_way: list[Work], looks: list[None]) -> None:
    """The first time, while the page is drawn, it computes nothing: the page is to be quick.

    To show how far it is after each part is what lets a click interrupt it.
    """
    now, bar = under_way[0], st.empty()
    show = lambda: bar.progress(min(1.0, now.share()), str(now))
    show()
    if looks:
        now.one.advance(SHARE, show)
    looks.append(None)
    if now.one.done or len(looks) > LOOKS:
        st.rerun()


def stop(key: Any) -> None:
    st.session_state["stopped"] = key


def go_on(work: Work) -> None:
    st.session_state["stopped"] = None
    work.one.advance(SHARE)

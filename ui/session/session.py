"""The session: the one State that a visitor looks at, and how it changes.

Only causes live here: the state and those before it, what had to be said about the last change, the
query string that the frame wrote last, a link that still needs something, drafts of data, and how
often the cursor was set by something other than the stage.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from engine.data.user_data import Own
from engine.experiment import link
from engine.experiment.checks import whole
from engine.experiment.experiment import asdict_shallow, mended
from engine.experiment.limits import MAX_SEED, problems
from engine.experiment.state import MAX_PINNED, Cursor, Pinned, State

HISTORY = 50  # states that can be gone back to
OWN_TABLES = 3  # different tables among them


def state() -> State:
    return st.session_state.setdefault("state", State())


def notes() -> list[str]:
    """What had to be said about the last change."""
    return st.session_state.setdefault("notes", [])


def move() -> str:
    """Differs whenever the cursor was set by something other than the stage."""
    return str(st.session_state.setdefault("moves", 0))


def followed() -> bool:
    """Whether the stage has moved its cursor since something else did."""
    return st.session_state.get("followed") == move()


def show(new: State, sentences: list[str], kept: bool = True) -> None:
    """Look at another state; its cursor moves the stage. What is not `kept` cannot be gone back to.
    """
    remember(new, kept)
    st.session_state["notes"] = sentences
    st.session_state["moves"] = st.session_state.setdefault("moves", 0) + 1


def remember(new: State, kept: bool = True) -> None:
    now = state()
    if new.run != now.run and new.lab == now.lab:  # of this one no lottery was asked for
        new = replace(new, lab=replace(new.lab, drawn=""))
    if kept and (new.run, new.pinned) != (now.run, now.pinned):
        past().append(now)
        forget()
        future().clear()
    st.session_state["state"] = new
    st.session_state["changed"] = True


def past() -> list[State]:
    """The states before, each with another run than the next, or other runs beside it."""
    return st.session_state.setdefault("past", [])


def future() -> list[State]:
    """The states that were left by going back."""
    return st.session_state.setdefault("future", [])


def forget() -> None:
    """Keeps the past short, and small where it holds tables."""
    tables = lambda: {s.experiment.data.table for s in past() if isinstance(s.experiment.data, Own)}
    while len(past()) > HISTORY or len(tables()) > OWN_TABLES:
        past().pop(0)


def undo() -> None:
    if past():
        *before, there = past()
        go_back_to(there, before, [*future(), state()])


def redo() -> None:
    if future():
        *after, there = future()
        go_back_to(there, [*past(), state()], after)


def go_back_to(there: State, before: list[State], after: list[State]) -> None:
    show(replace(there, view=state().view, place=state().place, lab=state().lab), [])
    st.session_state["past"], st.session_state["future"] = before, after


def looked_at() -> tuple:
    """What the samples that are looked at depend on."""
    e, seed = state().experiment, state().seed
    return (e.data,) if isinstance(e.data, Own) else (e.data, e.noise, e.size, seed)


def keep_draft(way: str, draft: Any) -> None:
    """Remember what was typed or drawn and is no data yet, until other data is looked at."""
    drafts()[way] = looked_at(), draft


def draft(way: str) -> Any:
    """What was typed or drawn in this way, or None."""
    data, found = drafts().pop(way, ((), None))
    if data == looked_at():
        keep_draft(way, found)
        return found
    return None


def drop_draft(way: str) -> None:
    drafts().pop(way, None)


def drafts() -> dict[str, tuple[tuple, Any]]:
    return st.session_state.setdefault("drafts", {})


def kept() -> dict[str, Any]:
    """What the links of this session only name (engine/experiment/link.py)."""
    states = [*past(), *future(), state()]
    return {name: value for s in states for name, value in link.named(s).items()}


def pending() -> Mapping[str, str] | None:
    """The last link, while something that it needs is not here."""
    return st.session_state.get("pending")


def take_link(query: Mapping[str, str], more: Mapping[str, Any] = link.NOTHING) -> None:
    """Look at the state of a link; `more` is what it may need, by fingerprint."""
    known = kept() | dict(more)
    show(*link.read(query, known))
    st.session_state["pending"] = dict(query) if link.needs(query, known) else None


def dismiss() -> None:
    """Go on without what the last link needs."""
    st.session_state["pending"] = None
    st.session_state["notes"] = []


def changed() -> bool:
    """Whether the session has changed the state since this was asked last."""
    return st.session_state.pop("changed", False)


def change(**fields: Any) -> None:
    """Change fields of the experiment: what cannot be is refused, what depends on it follows."""
    now = state()
    values = asdict_shallow(now.experiment) | fields
    found = problems(values)
    if found.keys() & fields.keys():
        return show(now, list(found.values()))
    experiment, sentences = mended(values)
    return show(replace(now, experiment=experiment, cursor=now.cursor.fitted(experiment)),
                sentences)


def change_seed(seed: int) -> None:
    sentence = whole("seed", seed, 0, MAX_SEED)
    show(*((state(), [sentence]) if sentence else (replace(state(), seed=seed), [])))


def go_to(**fields: Any) -> None:
    """Move the cursor from outside the stage."""
    now = state()
    cursor = replace(now.cursor, **fields).fitted(now.experiment)
    show(replace(now, cursor=cursor), [])


def look(**fields: Any) -> None:
    """Another view of the same moment."""
    now = state()
    show(replace(now, view=replace(now.view, **fields).fitted()), [])


def fork(iteration: int, name: str, value: Any) -> None:
    """Go on from an iteration with one thing changed; what would have been stays beside it."""
    now = state()
    try:
        experiment = now.experiment.forked(iteration, **{name: value})
    except ValueError as problem:
        return show(now, [str(problem)])
    cursor = replace(now.cursor, iteration=iteration).fitted(experiment)
    pinned = beside(now.run, now.pinned)
    return show(replace(now, experiment=experiment, cursor=cursor, pinned=pinned), [])


def beside(run: Pinned, pinned: tuple[Pinned, ...]) -> tuple[Pinned, ...]:
    """The pinned runs with this one in front; the oldest give way."""
    return (run, *(other for other in pinned if other != run))[:MAX_PINNED]


def pin() -> None:
    """Keep the run that is looked at, to be compared with what comes."""
    now = state()
    show(replace(now, pinned=beside(now.run, now.pinned)), [])


def unpin(k: int) -> None:
    now = state()
    show(replace(now, pinned=now.pinned[:k] + now.pinned[k + 1:]), [])


def look_at(k: int) -> None:
    """Look at a pinned run; the one that was looked at takes its place."""
    now = state()
    there, pinned = now.pinned[k], list(now.pinned)
    pinned[k] = now.run
    show(replace(now, experiment=there.experiment, seed=there.seed, pinned=tuple(pinned),
                 cursor=now.cursor.fitted(there.experiment)), [])


def follow(values: Mapping[str, Any]) -> None:
    """The stage's cursor has come to rest: remember it, and leave the picture where it is."""
    now = state()
    known = {name: values[name] for name in asdict_shallow(now.cursor) if name in values}
    if isinstance(known.get("unit"), list):
        known["unit"] = tuple(known["unit"])
    cursor = Cursor(**known).fitted(now.experiment)
    st.session_state["followed"] = move()
    remember(replace(now, cursor=cursor))


def pin_all(others: tuple[Pinned, ...]) -> None:
    """These runs beside this one, and no others."""
    show(replace(state(), pinned=others), [])


def change_lab(**fields: Any) -> None:
    """Another look at the same experiment."""
    now = state()
    show(replace(now, lab=replace(now.lab, **fields).fitted()), [])


def follow_view(fade: str, detail: str) -> None:
    """The stage shows another view: remember it, and leave the picture where it is."""
    now = state()
    remember(replace(now, view=replace(now.view, fade=fade, detail=detail).fitted()))

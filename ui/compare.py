"""What if: a fork from the moment that is looked at, and other runs beside this one.

Nothing is kept here: a fork and the pinned runs are parts of the State
(engine/experiment/state.py), so that a link brings them along and Undo takes them back.
"""

from collections.abc import Callable
from typing import Any

import streamlit as st

from engine.experiment.experiment import Experiment, forkable
from engine.experiment.forks import FORKS, MAX_FORKS
from engine.experiment.state import MAX_PINNED, State
from engine.nn.activations import ACTIVATIONS
from engine.nn.initializers import INITIALIZERS
from engine.nn.losses import LOSSES
from engine.nn.optimizers import OPTIMIZERS
from figures.forks import named_value, told
from ui import frame
from ui.controls import sidebar
from ui.session import session
from ui.session.runs import run_of

OFFERED = ("learning_rate", "hidden", "loss", "initializer", "optimizer")


def all_alike(e: Experiment) -> list[Any]:
    """The hidden layers with each activation, of their own widths."""
    return [tuple(layer._replace(activation=f, alpha=None) for layer in e.hidden)
            for f in ACTIVATIONS] if e.hidden else []


CHOICES: dict[str, Callable[[Experiment], list[Any]]] = {  # what a field can be changed to
    "hidden": all_alike,
    "loss": lambda e: [*LOSSES],
    "initializer": lambda e: [*INITIALIZERS],
    "optimizer": lambda e: [*OPTIMIZERS],
}


def show(state: State) -> None:
    """The fork and the pin; then, in words, what stands beside this run."""
    t = min(state.cursor.iteration, run_of(state).last)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        fork(state, t)
        st.button("Pin this run", on_click=session.pin, help="Keeps it, to be compared with what "
                  f"you do next. At most {MAX_PINNED} runs stand beside another.")
    for k, other in enumerate(state.pinned):
        name = f"run {k + 2}"
        words, look, remove = st.columns([2, 1, 1], vertical_alignment="center")
        words.markdown(frame.plain(told(state.run, other, name)))
        look.button(f"Look at {name}", on_click=session.look_at, args=(k,), width="stretch")
        remove.button(f"Remove {name}", on_click=session.unpin, args=(k,), width="stretch")


def fork(state: State, t: int) -> None:
    """One thing to be changed from iteration t on."""
    e = state.experiment.at(t)
    name = st.selectbox("What if, from here, only this were different", OFFERED,
                        format_func=lambda name: FORKS[name].title, width=260, key="fork what")
    value = chosen(e, t, name)
    full = len(e.forks) >= MAX_FORKS
    about = (f"A run can be forked {MAX_FORKS} times." if full else "Copies this moment and goes "
             "on with the one thing changed. This run stays beside it.")
    st.button(f"Fork at iteration {t}", help=about, on_click=session.fork,
              args=(t, name, value), disabled=full or value in (None, getattr(e, name)))


def chosen(e: Experiment, t: int, name: str) -> Any:
    """What the field is changed to."""
    if name == "learning_rate":
        return st.number_input(f"to (now {e.learning_rate:g})", value=e.learning_rate / 10,
                               step=None, format="%g", width=160, help=sidebar.RATE_HELP,
                               key=f"fork to {name} {e.learning_rate!r}")
    found = forkable(e, t, name, CHOICES[name](e))
    return st.selectbox("to", found, format_func=lambda value: named_value(name, value), width=220,
                        placeholder="nothing else fits", key=f"fork to {name}")

"""The sidebar: widgets that show the state's experiment and change it.

Before they are drawn, all widgets are filled from the state; when one of them is changed, its
callback changes the state. So no widget ever holds a fact of its own. Lists of choices are the
engine's tables; limits stand beside the control that meets them.
"""

from dataclasses import replace
from typing import Any

import streamlit as st

from engine.data.datasets import DATASETS
from engine.data.user_data import name_of, source_of
from engine.experiment.experiment import asdict_shallow
from engine.experiment.layers import losses, outputs, parameter_names
from engine.experiment.limits import MAX_LEARNING_RATE, MAX_SEED, MAX_SPLIT, most_iterations
from engine.experiment.presets import PRESETS, preset_of
from engine.nn.initializers import BIASES, INITIALIZERS
from engine.nn.losses import LOSSES
from engine.nn.optimizers import OPTIMIZERS
from engine.nn.schedules import SCHEDULES
from ui.controls.layers import hidden_layers
from ui.controls.widgets import field, filled, pair, title_in
from ui.session import session, share
from ui.session.runs import so_far

TYPED_IN = "typed in"
OWN = "your own"
RATE_HELP = f"Above 0, at most {MAX_LEARNING_RATE:g}."
SEED_HELP = f"A whole number from 0 to {MAX_SEED:,}. Another seed draws other first weights."


def top() -> None:
    """The beginning of the sidebar: with it the page has its width."""
    with st.sidebar:
        history()
        share.controls()


def sidebar(timed: bool = True) -> None:
    """All controls, from what is looked at to how it learns; the iteration where one is shown."""
    with st.sidebar:
        preset()
        data()
        hidden_layers()
        output_and_loss()
        start_and_learning()
        if timed:
            time()
        more()


def history() -> None:
    left, right = pair()
    left.button("Undo", on_click=session.undo, disabled=not session.past(), width="stretch")
    right.button("Redo", on_click=session.redo, disabled=not session.future(), width="stretch")


def preset() -> None:
    now = preset_of(session.state())
    names = [*PRESETS] if now else [OWN, *PRESETS]
    st.selectbox("Example", names, format_func=title_in(PRESETS),
                 **filled("preset", now.name if now else OWN, take_preset))


def take_preset(name: str) -> None:
    if name in PRESETS:
        now, preset = session.state(), PRESETS[name]
        beside = preset.state.pinned or now.pinned
        lab = preset.state.lab if preset.deep else replace(now.lab, before=())
        session.show(replace(preset.state, pinned=beside, view=now.view, place=now.place, lab=lab),
                     [])


def data() -> None:
    now = session.state().experiment.data
    names = [*DATASETS] if now in DATASETS else [name_of(now), *DATASETS]
    titles = title_in(DATASETS | {source_of(now).name: source_of(now)})
    st.selectbox("Data", names, format_func=titles, **filled("data", name_of(now), take_data))


def take_data(name: str) -> None:
    """Other data begins with settings of its own."""
    if name in DATASETS:
        session.change(data=name, noise=None, size=None, standardise=None)


def output_and_loss() -> None:
    e = session.state().experiment
    st.selectbox("Loss", losses(e.data), format_func=title_in(LOSSES), **field("loss"))
    st.selectbox("Output activation", outputs(e.loss), **field("output"))


def start_and_learning() -> None:
    e = session.state().experiment
    names = [TYPED_IN, *INITIALIZERS] if e.parameters else [*INITIALIZERS]
    now = TYPED_IN if e.parameters else e.initializer
    st.selectbox("First weights", names, format_func=title_in(INITIALIZERS),
                 **filled("initializer", now, take_initializer))
    left, right = pair()
    left.number_input("Learning rate", format="%g", step=None, help=RATE_HELP,
                      **field("learning_rate"))
    right.number_input("Seed", step=1, help=SEED_HELP,
                       **filled("seed", session.state().seed, session.change_seed))
    frozen("Frozen: not updated", "frozen")


def frozen(label: str, key: str) -> None:
    e = session.state().experiment
    st.multiselect(label, parameter_names(e.L), placeholder="none",
                   **filled(key, list(e.frozen), take_frozen))


def more() -> None:
    """What most experiments leave as it is: drawn only once it has been opened."""
    box = st.expander("More about learning", on_change="rerun", key="more about learning")
    if not box.open:
        return
    e = session.state().experiment
    most = most_iterations(asdict_shallow(e))
    with box:
        st.number_input(f"Iterations (1 to {most:,})", step=100, **field("iterations"))
        st.number_input(f"Test share (0 to {MAX_SPLIT:g})", 0.0, MAX_SPLIT, step=0.1,
                        **field("split"))
        st.selectbox("Optimizer", [*OPTIMIZERS], format_func=title_in(OPTIMIZERS), **optimizer())
        st.selectbox("Learning rate over time", [*SCHEDULES], format_func=title_in(SCHEDULES),
                     **field("schedule"))
        st.number_input("Samples in a batch (0: all)", 0, None, step=1, **field("batch"))
        st.selectbox("First biases", [*BIASES], format_func=title_in(BIASES), **field("bias"))
        st.number_input("Largest gradient norm (0: any)", 0.0, step=0.1, **field("clip"))
        st.number_input("L2 penalty", 0.0, step=0.01, format="%g", **field("l2"))
        st.number_input("L1 penalty", 0.0, step=0.01, format="%g", **field("l1"))


def optimizer() -> dict[str, Any]:
    """Another optimizer begins with settings of its own."""
    return filled("optimizer", session.state().experiment.optimizer,
                  lambda name: session.change(optimizer=name, settings=()))


def take_frozen(names: list[str]) -> None:
    session.change(frozen=tuple(names))


def take_initializer(name: str) -> None:
    if name != TYPED_IN:
        session.change(initializer=name, parameters=())


def time() -> None:
    state = session.state()
    run = so_far(state)
    last = run.last if run else 0
    st.number_input(f"Iteration (0 to {last})", 0, last, step=1,
                    **filled("iteration", min(state.cursor.iteration, last),
                             lambda t: session.go_to(iteration=t)))

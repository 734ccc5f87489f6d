"""The sidebar: widgets that show the state's experiment and change it.

Before they are drawn, all widgets are filled from the state; when one of them is changed, its
callback changes the state. So no widget ever holds a fact of its own. Lists of choices are the
engine's tables; limits stand beside the control that meets them.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import groupby
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from engine.activations import ACTIVATIONS
from engine.border import MAX_PARAMETERS
from engine.building import activated, all_activated, all_resized, deepened, resized
from engine.datasets import DATASETS
from engine.initializers import BIASES, INITIALIZERS
from engine.losses import LOSSES
from engine.normalisation import NORMS
from engine.optimizers import OPTIMIZERS
from engine.own import name_of, source_of
from engine.presets import PRESETS, preset_of
from engine.schedules import SCHEDULES
from engine.spec import (
    MAX_HIDDEN,
    MAX_LEARNING_RATE,
    MAX_RESIDUAL,
    MAX_SEED,
    MAX_SPLIT,
    MAX_WIDTH,
    Layer,
    asdict_shallow,
    losses,
    most_iterations,
    outputs,
    parameter_names,
)
from ui import session, share
from ui.runs import so_far

TYPED_IN = "typed in"
OWN = "your own"
RATE_HELP = f"Above 0, at most {MAX_LEARNING_RATE:g}."
RESIDUAL_HELP = (f"0 for none, at most {MAX_RESIDUAL:g}. A hidden layer as wide as the one below "
                 "it adds so many times its own activation to it, instead of taking its place.")
LAYERS_HELP = f"All layers together may have {MAX_PARAMETERS:,} weights and biases."
FEW_LAYERS = 8  # up to here each has controls of its own
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


def filled(key: str, value: Any, change: Callable[[Any], None]) -> dict[str, Any]:
    """The arguments that tie a widget to the state: its key, filled, and its callback.

    A widget that the visitor did not set to this value becomes a new one, with a new key: the
    browser may still be sending the old one's value, and that must not count as a wish.
    """
    versions = st.session_state.setdefault("versions", {})
    version = versions.setdefault(key, 0)
    if st.session_state.get(f"{key}#{version}", value) != value:
        version = versions[key] = version + 1
    current = f"{key}#{version}"
    st.session_state[current] = value

    def changed() -> None:
        if versions[key] == version:
            change(st.session_state[current])

    return {"key": current, "on_change": changed}


def field(name: str, key: str = "") -> dict[str, Any]:
    """A widget that shows and changes one field of the experiment; a second one has its own key."""
    value = getattr(session.state().experiment, name)
    return filled(key or name, value, lambda new: session.change(**{name: new}))


def title_in(table: dict[str, Any]) -> Callable[[str], str]:
    return lambda name: table[name].title if name in table else name


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


def hidden_layers() -> None:
    hidden = session.state().experiment.hidden
    st.number_input(f"Hidden layers (0 to {MAX_HIDDEN})", 0, MAX_HIDDEN, step=1, help=LAYERS_HELP,
                    **filled("layers", len(hidden), lambda depth: rebuild(deepened, depth)))
    if len(hidden) > FEW_LAYERS:
        all_hidden_layers(hidden)
    for l, layer in enumerate(hidden if len(hidden) <= FEW_LAYERS else (), 1):
        hidden_layer(l, layer)
    if hidden:
        norm_and_residual()


def all_hidden_layers(hidden: tuple[Layer, ...]) -> None:
    """One width and one activation for all of them; where they differ, that is said."""
    left, right = pair()
    left.number_input(f"Units, all layers (1 to {MAX_WIDTH})", 1, MAX_WIDTH, step=1,
                      placeholder="they differ",
                      **filled("all widths", common(layer.width for layer in hidden),
                               lambda n: n and rebuild(all_resized, n)))
    right.selectbox("Activation, all layers", [*ACTIVATIONS], placeholder="they differ",
                    **filled("all activations", common(layer.activation for layer in hidden),
                             lambda f: f and rebuild(all_activated, f)))
    if len(set(hidden)) > 1:
        st.caption(f"The hidden layers differ: {listed(hidden)}.")


def common(values: Iterable[Any]) -> Any:
    """The value that all of them are, else None."""
    found = {*values}
    return found.pop() if len(found) == 1 else None


def listed(hidden: tuple[Layer, ...]) -> str:
    """1 to 5 are 64 tanh, 6 is 8 relu"""
    found, l = [], 1
    for layer, same in groupby(hidden):
        last = l + len([*same]) - 1
        which = f"{l} to {last} are" if last > l else f"{l} is"
        found.append(f"{which} {layer.width} {layer.activation}")
        l = last + 1
    return ", ".join(found)


def hidden_layer(l: int, layer: Layer) -> None:
    left, right = pair()
    visible = "visible" if l == 1 else "collapsed"
    left.number_input(f"Units (1 to {MAX_WIDTH})" if l == 1 else f"Units of layer {l}",
                      1, MAX_WIDTH, step=1, label_visibility=visible,
                      **filled(f"width {l}", layer.width, lambda n: rebuild(resized, l, n)))
    right.selectbox("Activation" if l == 1 else f"Activation of layer {l}", [*ACTIVATIONS],
                    label_visibility=visible,
                    **filled(f"activation {l}", layer.activation,
                             lambda f: rebuild(activated, l, f)))


def norm_and_residual() -> None:
    left, right = pair()
    left.selectbox("Normalisation", [*NORMS], format_func=title_in(NORMS), **field("norm"))
    right.number_input("Residual scale", 0.0, MAX_RESIDUAL, step=0.1, format="%g",
                       help=RESIDUAL_HELP, **field("residual"))


def rebuild(change: Callable[..., tuple[Layer, ...]], *wish: Any) -> None:
    session.change(hidden=change(session.state().experiment.hidden, *wish))


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


def pair() -> list[DeltaGenerator]:
    """Two controls side by side."""
    return st.columns(2, gap="small", vertical_alignment="bottom")

"""The controls of the depth lab: the same fields as the sidebar's, at hand; cures; what is shown.

Like all controls they hold no fact of their own (ui/controls/sidebar.py).
"""

from dataclasses import replace
from typing import Any

import streamlit as st

from engine.data.datasets import DATASETS
from engine.data.user_data import name_of, source_of
from engine.experiment.building import all_activated, all_resized, deepened
from engine.experiment.cures import CURES, FASTER, LOOKS, MOST_NETWORKS, QUANTITIES, switched
from engine.experiment.experiment import Experiment
from engine.experiment.layers import Layer
from engine.experiment.limits import MAX_HIDDEN, MAX_LEARNING_RATE, MAX_RESIDUAL, MAX_WIDTH
from engine.experiment.presets import PRESETS, preset_of
from engine.experiment.state import State
from engine.nn.activations import ACTIVATIONS
from engine.nn.initializers import INITIALIZERS
from figures.depth.profile import QUANTITIES as DRAWN
from ui.controls.layers import common, listed, rebuild
from ui.controls.sidebar import take_data, take_initializer, take_preset
from ui.controls.widgets import field, filled, title_in
from ui.session import session

TITLES = {name: preset.title.removeprefix("Depth: ") for name, preset in PRESETS.items()
          if preset.deep}


def show(state: State) -> None:
    begin(state)
    with st.container(border=True):
        network(state)
        start(state)
        cures(state)


def begin(state: State) -> None:
    """The presets, and what there is to see in the one that is looked at."""
    now = preset_of(state)
    chosen = now.name if now and now.deep else None
    st.pills("Begin with", [*TITLES], format_func=TITLES.get,
             **filled("lab preset", chosen, lambda name: name and take_preset(name)))
    if chosen:
        st.markdown(now.note + (f" Source: {now.source}." if now.source else ""))


def network(state: State) -> None:
    hidden = state.experiment.hidden
    depth, width, f = st.columns([2, 2, 1], gap="medium")
    depth.slider(f"Hidden layers (1 to {MAX_HIDDEN})", 1, MAX_HIDDEN,
                 **filled("lab depth", max(1, len(hidden)), lambda n: rebuild(deepened, n)))
    width.slider(f"Units of each (1 to {MAX_WIDTH})", 1, MAX_WIDTH,
                 **filled("lab width", max((layer.width for layer in hidden), default=1),
                          lambda n: rebuild(all_resized, n)))
    f.selectbox("Activation", [*ACTIVATIONS], placeholder="they differ",
                **filled("lab activation", common(layer.activation for layer in hidden),
                         lambda name: name and rebuild(all_activated, name)))
    unlike(hidden)


def unlike(hidden: tuple[Layer, ...]) -> None:
    if not hidden:
        st.caption("There is no hidden layer: move the slider to have some.")
    elif len({*hidden}) > 1:
        st.caption(f"The hidden layers differ: {listed(hidden)}. They are measured as they are; "
                   "moving a control makes all of them alike.")


def start(state: State) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        weights_and_data(state.experiment)
        e = state.experiment
        st.number_input("Gain", step=0.1, help="What the drawn weights are multiplied by.",
                        format="%g", width=130, **field("gain", "lab gain"))
        st.number_input("Bias scale", 0.0, step=0.1, format="%g", width=130,
                        help="Standard deviation of the first biases; 0: all are zero.",
                        **filled("lab bias", spread_of_biases(e), take_biases))
        st.number_input("Learning rate", format="%g", step=None, width=130,
                        help=f"Above 0, at most {MAX_LEARNING_RATE:g}.",
                        **field("learning_rate", "lab rate"))


def weights_and_data(e: Experiment) -> None:
    names = ["typed in", *INITIALIZERS] if e.parameters else [*INITIALIZERS]
    st.selectbox("First weights", names, format_func=title_in(INITIALIZERS), width=220,
                 **filled("lab initializer", "typed in" if e.parameters else e.initializer,
                          take_initializer))
    known = [*DATASETS] if e.data in DATASETS else [name_of(e.data), *DATASETS]
    st.selectbox("Data", known, **filled("lab data", name_of(e.data), take_data), width=220,
                 format_func=title_in(DATASETS | {source_of(e.data).name: source_of(e.data)}))


def spread_of_biases(e: Experiment) -> float:
    return 0.0 if e.bias == "zeros" else abs(e.bias_scale)


def take_biases(scale: float) -> None:
    e = session.state().experiment
    kind = e.bias if e.bias != "zeros" else "normal"
    session.change(**({"bias": kind, "bias_scale": scale} if scale else
                      {"bias": "zeros", "bias_scale": 1.0}))


def cures(state: State) -> None:
    """A switch for each; what was before stays visible, faint."""
    e, before = state.experiment, state.lab.before
    on = [name for name, cure in CURES.items() if cure.is_on(e)]
    st.pills("Cures: each is a switch; without them the curve stays, faint", [*CURES],
             selection_mode="multi", format_func=lambda name: CURES[name].title,
             **filled("lab cures", on, take_cures))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.number_input(f"Residual scale (0 to {MAX_RESIDUAL:g})", 0.0, MAX_RESIDUAL, step=0.1,
                        width=170, **field("residual", "lab residual"))
        st.number_input("Clip at (0: not)", 0.0, step=0.5, width=130, **field("clip", "lab clip"))
        st.button("Ten times the learning rate", on_click=faster, help="Shown here because it is "
                  "not a cure.", disabled=FASTER * e.learning_rate > MAX_LEARNING_RATE)
        if before:
            st.button("Forget the curve without cures", on_click=session.change_lab,
                      kwargs={"before": ()})


def take_cures(wished: list[str]) -> None:
    e = session.state().experiment
    for name, cure in CURES.items():
        if cure.is_on(e) != (name in wished):
            change(*switched(e, session.state().lab.before, name, name in wished))


def faster() -> None:
    e = session.state().experiment
    before = tuple(({"learning_rate": e.learning_rate} | dict(
        session.state().lab.before)).items())
    change({"learning_rate": FASTER * e.learning_rate}, before)


def change(fields: dict[str, Any], before: tuple) -> None:
    """Change the experiment, and remember what it was; a refused change is not remembered."""
    then = session.state().experiment
    session.change(**fields)
    now = session.state()
    if now.experiment != then:
        session.show(replace(now, lab=replace(now.lab, before=before)), session.notes())


def quantity() -> None:
    lab = session.state().lab
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    left.selectbox("Show of each layer", QUANTITIES, format_func=lambda name: DRAWN[name].label,
                   **filled("lab quantity", lab.quantity,
                            lambda name: session.change_lab(quantity=name)))
    right.number_input(f"Seeds (1 to {MOST_NETWORKS})", 1, MOST_NETWORKS, step=20,
                       **filled("lab networks", lab.networks,
                                lambda n: session.change_lab(networks=n)))


def look() -> None:
    st.segmented_control("Look at", [*LOOKS], format_func=LOOKS.get, required=True,
                         **filled("lab look", session.state().lab.look,
                                  lambda name: name and session.change_lab(look=name)))

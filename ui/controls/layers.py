"""The controls of the hidden layers."""

from collections.abc import Callable, Iterable
from itertools import groupby
from typing import Any

import streamlit as st

from engine.experiment.building import activated, all_activated, all_resized, deepened, resized
from engine.experiment.layers import Layer
from engine.experiment.limits import MAX_HIDDEN, MAX_PARAMETERS, MAX_RESIDUAL, MAX_WIDTH
from engine.nn.activations import ACTIVATIONS
from engine.nn.normalisation import NORMS
from ui.controls.widgets import field, filled, pair, title_in
from ui.session import session

RESIDUAL_HELP = (f"0 for none, at most {MAX_RESIDUAL:g}. A hidden layer as wide as the one below "
                 "it adds so many times its own activation to it, instead of taking its place.")
LAYERS_HELP = f"All layers together may have {MAX_PARAMETERS:,} weights and biases."
FEW_LAYERS = 8  # up to here each has controls of its own


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

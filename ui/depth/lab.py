"""The depth lab on a page: its pictures, computed little by little and cached by value."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from math import inf
from typing import Any

import streamlit as st

from engine.depth import measure
from engine.depth.initial_step import alike, at_start, bound_of, expectation, here
from engine.depth.maps import Map, at_cell
from engine.experiment import link
from engine.experiment.cures import LOOKS, without
from engine.experiment.experiment import Experiment
from engine.experiment.state import State
from engine.nn.activations import activation
from figures.depth import cures, histograms, maps, profile, singular, table
from figures.depth.words import agreement, depth_scale, map_words, overflowed, vanished
from ui.depth import controls, race
from ui.depth.charts import draw, theme
from ui.session import answers, gradual, session
from ui.session.bounds import MEGABYTE
from ui.session.gradual import Work
from ui.session.lanes import Task


def show(state: State) -> None:
    """Controls, the profile, and what is looked at below it."""
    controls.show(state)
    if not state.experiment.hidden:
        return
    work = [show_profile(state)]
    controls.look()
    work += SECTIONS[state.lab.look](state)
    gradual.watch(work, (state.run, state.lab))


def measuring(e: Experiment, seed: int, n: int) -> Task:
    return gradual.ask(measure.measuring, e, tuple(range(seed, seed + n)), digest=answers.same,
                       seconds=n * e.seconds_of_update(), size=32 * MEGABYTE)


def mapping(e: Experiment, seed: int, kind: str) -> Task:
    return gradual.ask(answers.map_of, e, seed, kind, digest=answers.same, seconds=1.0)


def of_start(function: Callable, e: Experiment, seed: int) -> Any:
    """What a function says of the network before any training."""
    return gradual.answer(function, e, seed, seconds=SLOW * e.seconds_of_update())


SLOW = 20  # times a step, about what the singular values of all layers take


def show_profile(state: State) -> Work:
    e, quantity = at_start(state.experiment), state.lab.quantity
    one = measuring(e, state.seed, state.lab.networks)
    m, (p, settled) = gradual.first(one), of_start(expectation, e, state.seed)
    before = measured_before(state)
    fig = profile.figure(m, quantity, theme(), p, bound_of(e),
                         float(settled.xi) if settled else inf)
    if before is not None:
        cures.with_before(fig, before, quantity, theme())
    controls.quantity()
    draw("lab profile", fig, profile.alt(m, quantity, p), profile.rows(m, quantity, p))
    for sentence in sentences(state, e, m, before):
        st.markdown(sentence)
    open_on_the_stage(state)
    return Work("Seeds", one, lambda: len(one.found.seeds) / state.lab.networks)


def measured_before(state: State) -> Any:
    """The same seed without the cures, or None where there are none."""
    before = at_start(without(state.experiment, state.lab.before))
    return (None if before == at_start(state.experiment)
            else gradual.first(measuring(before, state.seed, 1)))


def sentences(state: State, e: Experiment, m: Any, before: Any) -> list[str]:
    p, settled = of_start(expectation, e, state.seed)
    said = [agreement(m, p, e), depth_scale(settled) if settled else "", vanished(m),
            overflowed(m), cures.difference(m, before),
            cures.training_words(state.experiment, state.lab.before, m)]
    return [capital(sentence) for sentence in said if sentence]


def capital(sentence: str) -> str:
    """With a capital letter, but for a symbol."""
    return sentence[0].upper() + sentence[1:] if sentence[0].isascii() else sentence


def open_on_the_stage(state: State) -> None:
    if st.button("Open this network on the stage", type="primary"):
        st.switch_page("pages/10_step.py", query_params=link.write(state))


def show_spread(state: State) -> list[Work]:
    e = at_start(state.experiment)
    h = of_start(measure.histograms, e, state.seed)
    f = {l: activation(*kind) for l, kind in enumerate(
        [(layer.activation, layer.alpha) for layer in e.hidden] + [(e.output, None)], start=1)}
    zones = {one.layer: measure.zones(f[one.layer]) for one in h}
    draw("lab spread", histograms.figure(h, zones, theme()), histograms.alt(h, zones),
         histograms.rows(h, zones))
    return []


def show_singular(state: State) -> list[Work]:
    values = of_start(measure.singular_values, at_start(state.experiment), state.seed)
    draw("lab singular", singular.figure(values, theme()), singular.alt(values),
         singular.rows(values))
    return []


def show_map(state: State) -> list[Work]:
    kind, e = state.lab.look, state.experiment
    one = mapping(alike(e, kind), state.seed, kind)
    found = gradual.first(one)
    drawing = table if kind == "chart" else maps
    draw(f"lab {kind}", drawing.figure(found, theme(), here(e, found)), drawing.alt(found),
         drawing.rows(found), selection_mode="points",
         on_select=lambda: take_click(f"lab {kind}", found))
    st.markdown(map_words(found))
    by_hand(found)
    return [Work(LOOKS[kind], one, lambda: one.found.done)]


def take_click(key: str, found: Map) -> None:
    """A click on a cell sets the lab to it."""
    points = (st.session_state.get(key) or {}).get("selection", {}).get("points", [])
    cells = [cell for point in points if (cell := cell_of(point.get("customdata")))]
    if cells:
        go_to_cell(found, *cells[0])


def cell_of(custom: Any) -> tuple[int, int] | None:
    """Row and column, of which the browser may make a list or a mapping."""
    values = [*custom.values()] if isinstance(custom, Mapping) else custom
    return (int(values[0]), int(values[1])) if values else None


def go_to_cell(found: Map, i: int, j: int) -> None:
    try:
        e = at_cell(session.state().experiment, found, i, j)
    except ValueError as problem:
        return session.show(session.state(), [str(problem)])
    now = session.state()
    return session.show(replace(now, experiment=e, cursor=now.cursor.fitted(e)), [])


def by_hand(found: Map) -> None:
    """The same as a click, without a pointer."""
    of_x, of_y = AXES[found.kind]
    xs, ys = (table.names(found) if found.kind == "chart" else
              ([f"{v:.3g}" for v in axis] for axis in (found.x, found.y)))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        j = st.selectbox(of_x, range(len(xs)), width=160, key=f"{found.kind} x",
                         format_func=lambda k: xs[k])
        i = st.selectbox(of_y, range(len(ys)), width=180, key=f"{found.kind} y",
                         format_func=lambda k: ys[k])
        st.button("Set the lab to this point", on_click=go_to_cell, args=(found, i, j))


AXES = {"sigma": ("σ_w", "σ_b"), "gain": ("gain", "hidden layers"),
        "chart": ("activation", "first weights")}
SECTIONS: dict[str, Callable[[State], list[Work]]] = {
    "spread": show_spread, "singular": show_singular, "sigma": show_map, "gain": show_map,
    "chart": show_map, "race": race.race, "lottery": race.lottery,
}

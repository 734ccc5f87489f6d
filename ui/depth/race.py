"""Two contests of the depth lab: a race of up to four runs, and the lottery of many seeds."""

from dataclasses import replace
from typing import Any

import streamlit as st

from engine.depth.lottery import SEEDS, Lottery, by_width, drawing, widened
from engine.depth.race import Course, course
from engine.experiment.cures import LOTTERIES
from engine.experiment.experiment import Experiment, asdict_shallow
from engine.experiment.limits import most_iterations
from engine.experiment.state import MAX_PINNED, Pinned, State
from engine.training.light import is_light
from engine.training.run import Run
from figures.depth import lottery as lots
from figures.depth import race as picture
from figures.depth.words import lottery_words, parting_words, race_words
from figures.forks import named_value
from ui.controls.widgets import field
from ui.depth.charts import draw, theme
from ui.session import answers, gradual, runs, session
from ui.session.bounds import MEGABYTE
from ui.session.gradual import Work
from ui.session.lanes import Task

WIDTHS = (1, 2, 4, 8, 16, 32)
SEEDS_OF_A_WIDTH = 50
FIELDS = {  # what a race can be about: the field, and its values
    "first weights": ("initializer", ("he_normal", "xavier_normal", "pytorch", "orthogonal")),
    "normalisation": ("norm", ("none", "layer", "batch")),
    "residuals": ("residual", (0.0, 0.3, 1.0)),
    "learning rates": ("learning_rate", (1.0, 10.0, 100.0)),  # times that of now
}


def course_of(e: Experiment, seed: int, computed: int, name: str, _run: Run) -> Course:
    """Of a run as far as it is computed."""
    return course(name, _run)


computed_course = runs.cached(course_of, "courses")


def race(state: State) -> list[Work]:
    """The state's own run and the pinned ones, side by side."""
    st.markdown("The same data and the same seed: who learns, who is stuck, and why?")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for name in FIELDS:
            st.button(f"Race the {name}", on_click=line_up, args=(name,))
        if state.pinned:
            st.button("Race alone", on_click=session.pin_all, args=((),))
    most = most_iterations(asdict_shallow(state.experiment))
    st.number_input(f"Iterations (1 to {most:,})", 1, most, step=100, width=220,
                    **field("iterations", "lab iterations"))
    entered = [state.run, *(fair(run, state) for run in state.pinned)]
    found = [begun(run, name) for run, name in zip(entered, names(entered), strict=True)]
    draw("lab race", picture.figure(found, theme()), picture.alt(found), picture.rows(found))
    st.markdown(race_words(found))
    return [Work(f"Race, {one.name}", runs.computation_of(run), lambda run=run: share(run))
            for run, one in zip(entered, found, strict=True)]


def fair(run: Pinned, state: State) -> Pinned:
    """As many iterations for everybody, as far as that may be."""
    try:
        return Pinned(replace(run.experiment, iterations=state.experiment.iterations), run.seed)
    except ValueError:
        return run


def begun(run: Pinned, name: str) -> Course:
    so_far = runs.run_of(run)
    if is_light(so_far):
        return runs.of_run(answers.raced, run, so_far, name)
    return computed_course(run.experiment, run.seed, len(so_far.costs), name, so_far)


def share(run: Pinned) -> float:
    so_far = runs.so_far(run)
    return len(so_far.costs) / run.experiment.iterations if so_far else 0.0


def line_up(name: str) -> None:
    """The other values of a field run beside this one; what cannot be is left out."""
    field_name, values = FIELDS[name]
    now, own = session.state(), getattr(session.state().experiment, field_name)
    wished = [own * v for v in values[1:]] if field_name == "learning_rate" else values
    others = [one for one in (changed(now.experiment, field_name, v) for v in wished if v != own)
              if one]
    session.pin_all(tuple(Pinned(e, now.seed) for e in others[:MAX_PINNED]))


def changed(e: Experiment, name: str, value: Any) -> Experiment | None:
    try:
        return replace(e, forks=(), parameters=(), **{name: value})
    except ValueError:
        return None


def names(entered: list[Pinned]) -> list[str]:
    """Each run by what it has and others have not."""
    values = [asdict_shallow(run.experiment) | {"seed": run.seed} for run in entered]
    unlike = [n for n in values[0] if n not in ("iterations", "data")
              and any(v[n] != values[0][n] for v in values)]
    said = [", ".join(f"{TITLES.get(n, '')}{text(n, v[n])}" for n in unlike) or "this network"
            for v in values]
    return [one if said.count(one) == 1 else f"{one} ({k})" for k, one in enumerate(said, 1)]


TITLES = {"learning_rate": "learning rate ", "residual": "residual ", "norm": "norm ",
          "seed": "seed ", "gain": "gain ", "clip": "clip ", "bias": "biases "}


def text(name: str, value: Any) -> str:
    return str(value) if name in ("seed", "norm", "bias") else named_value(name, value)


def lottery(state: State) -> list[Work]:
    """Drawn on request; what was drawn is looked at as long as the experiment stays."""
    e, seeds = state.experiment, tuple(range(state.seed, state.seed + SEEDS))
    st.markdown(f"The same experiment from {SEEDS} seeds, trained for {e.iterations:,} "
                "iterations each: how many come off?")
    with st.container(horizontal=True):
        for name in DRAWS:
            st.button(LOTTERIES[name], on_click=session.change_lab, kwargs={"drawn": name})
    if not state.lab.drawn:
        return []
    start, show = DRAWS[state.lab.drawn]
    return [work for work in [show(start(e, seeds), e)] if work]


def show_draw(one: Task, e: Experiment) -> Work:
    found: Lottery = gradual.first(one)
    draw("lab lottery", lots.figure(found, theme()), lots.alt(found), lots.rows(found))
    st.markdown(lottery_words(found))
    draw("lab parting", lots.parting(found, theme()), lots.parting_alt(found),
         lots.parting_rows(found))
    st.markdown(parting_words(found))
    return Work("Lottery", one, lambda: one.found.done)


def show_widths(one: Task, e: Experiment) -> Work | None:
    fit = widened(e, WIDTHS)
    if lacking := [str(width) for width in WIDTHS if width not in fit]:
        st.info(f"Without the width {', '.join(lacking)}: with {len(e.hidden)} hidden layers and "
                f"{e.iterations:,} iterations that is more than a run may be.")
    if not fit:
        return None
    found = gradual.first(one)
    draw("lab widths", lots.widths(found, theme()), lots.widths_alt(found),
         lots.widths_rows(found))
    return Work("Widths", one, lambda: sum(each.done for each in one.found.values()) / len(fit))


def begun_lottery(e: Experiment, seeds: tuple[int, ...]) -> Task:
    return gradual.ask(drawing, e, seeds, digest=answers.same, size=200 * MEGABYTE,
                       seconds=e.iterations * e.seconds_of_update(len(seeds)))


def begun_widths(e: Experiment, seeds: tuple[int, ...]) -> Task:
    few = seeds[:SEEDS_OF_A_WIDTH]
    seconds = sum(one.iterations * one.seconds_of_update(len(few))
                  for one in widened(e, WIDTHS).values())
    return gradual.ask(by_width, e, WIDTHS, few, digest=answers.same, size=200 * MEGABYTE,
                       seconds=seconds)


DRAWS = {"seeds": (begun_lottery, show_draw), "widths": (begun_widths, show_widths)}

"""The lessons on a page: one part at a time, beside the stage that shows what it speaks of."""

from dataclasses import replace

import streamlit as st

from engine.experiment.state import Place, State
from figures import player
from figures.lessons.places import fitted, lessons, moment_of, part_at
from ui.lessons.blocks import blocks
from ui.lessons.navigation import onward, overview, way
from ui.players import stage
from ui.session import session

HEADING = st.components.v2.component(
    "heading", js=player.script("heading"), css=player.look("heading"))


def show(state: State) -> None:
    place = fitted(state.place)
    if place.lesson:
        part_page(state, place)
    else:
        overview()


def part_page(state: State, place: Place) -> None:
    lesson, part = lessons()[place.lesson - 1], part_at(place)
    st.title(f"{lesson.number}. {lesson.title}")
    way(place, lesson)
    HEADING(key="heading", data={"title": part.title, "place": f"{place.lesson}.{place.part}"})
    if place.part == 1:
        st.markdown(f"*After this lesson you will be able to {lesson.able}*")
    words, picture = st.columns([2, 3], gap="medium") if part.moment else (st.container(), None)
    with words:
        blocks(part, place)
        onward(place)
    if picture:
        with picture:
            own_network(state, place)
            stage.show(state, building=False)


def own_network(state: State, place: Place) -> None:
    """Whether the stage shows something else than the text speaks of."""
    moment = moment_of(place)
    if state.run != moment.run:
        st.info("The stage shows a network of your own, not the one of this part.")
        st.button("Show this part's network", on_click=session.show,
                  args=(replace(moment, view=state.view, pinned=state.pinned), []))

"""Samples drawn on a plane."""

import streamlit as st

from engine.data.drawing import LEAST, Drawing, drawing_of, drawn, relabelled
from engine.data.user_data import Own
from engine.experiment.state import own_of
from ui.controls.widgets import filled
from ui.data.changes import edit, refuse, unfinished
from ui.players.plane import MOST, REACH, plane
from ui.session import session

DRAWINGS = {2: "2 classes", 3: "3 classes", 4: "4 classes", 0: "a curve"}


def draw() -> None:
    drawing = drawing_now()
    st.segmented_control("What the points are", [*DRAWINGS], format_func=DRAWINGS.get,
                         required=True, label_visibility="collapsed",
                         **filled("drawing", len(drawing.labels), take_classes))
    plane(drawing.points, drawing.labels, take_points, axes=drawing.names[:2])
    if drawn_or_none(drawing) is None:
        of_classes = ", of two classes" if drawing.labels else ""
        unfinished("draw", f"{LEAST} points or more{of_classes}, become the data.")


def drawing_now() -> Drawing:
    draft = session.draft("draw")
    return draft or drawing_of(own_of(session.state()), REACH, MOST) or Drawing()


def drawn_or_none(drawing: Drawing) -> Own | None:
    """The drawing as data, once it is some."""
    try:
        return drawn(drawing)
    except ValueError:
        return None


def take_points(points: tuple) -> None:
    take_drawing(drawing_now()._replace(points=points))


def take_classes(classes: int) -> None:
    try:
        take_drawing(relabelled(drawing_now(), classes))
    except ValueError as error:
        refuse(error)


def take_drawing(drawing: Drawing) -> None:
    own, before = drawn_or_none(drawing), drawn_or_none(drawing_now())
    if own and own != before:
        edit(own)
    session.keep_draft("draw", drawing)

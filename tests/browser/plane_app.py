"""A page with a plane, its points in words, and what a page around it does: an undo, a link.

    ?labels=red,blue   the classes; none for a regression
    ?count=65          that many points to begin with
"""

import streamlit as st

from ui.plane import plane

labels = tuple(filter(None, st.query_params.get("labels", "").split(",")))
count = int(st.query_params.get("count", 0))
start = tuple((round(-1.4 + 0.04 * k, 2), -1.0, 0) for k in range(count))
history = st.session_state.setdefault("history", [start])

left, right = st.columns(2)
if left.button("Take back") and len(history) > 1:
    history.pop()
if right.button("Refuse all", key="refuse"):
    st.session_state["refusing"] = True


def change(points: tuple) -> None:
    if not st.session_state.get("refusing"):
        history.append(points)


plane(history[-1], labels, change, axes=("x1", "x2") if labels else ("x", "y"))
st.text(f"{len(history)} states, now {history[-1]}")

"""Build: Weights.

The first weights and biases, to be typed in: to check homework, or to try a network by hand.
"""

import streamlit as st

from engine.experiment import link_fields
from figures.stage.payload import layers
from ui import frame
from ui.controls import sidebar
from ui.data import weights
from ui.session import session

state = frame.state()
e = state.experiment
titles = {l: f"{layer['title']} ({layer['width']} × {e.sizes[l - 1]}, {layer['activation']})"
          for l, layer in enumerate(layers(e)) if l}

st.title("Weights and biases, by hand")
st.markdown("These are the values before the first update. Type a number into the table, or paste "
            "a table from a spreadsheet as text; every page shows it at once. *Undo* is in the "
            "sidebar.")

for l, title in titles.items() if len(titles) <= 4 else ():
    st.header(title)
    weights.table(state, l)
if len(titles) > 4:
    l = st.selectbox("Layer", list(titles), format_func=titles.get)
    weights.table(state, l)

left, right = st.columns(2)
left.button("Round all to two decimals", on_click=weights.round_all, args=(2,), width="stretch")
right.button("Back to drawn weights", on_click=session.change, kwargs={"parameters": ()},
             disabled=not e.parameters, width="stretch")
sidebar.frozen("Frozen on this page, too: not updated", "frozen here")

count = sum(n * (k + 1) for k, n in zip(e.sizes, e.sizes[1:], strict=False))
st.markdown(f"This network has {count:,} parameters. A link carries up to "
            f"{link_fields.MAX_PARAMETERS} that were typed in.")
if count > link_fields.MAX_PARAMETERS:
    st.markdown("With more of them, the link asks for the file that the page *Save* writes.")

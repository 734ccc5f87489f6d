"""Build: Data.

What the network learns from: where it comes from, how it is read, and what is made of it.
"""

import streamlit as st

from engine.data.user_data import Own, source_of
from figures.samples import (
    ROWS,
    described,
    inputs_table,
    is_scaled,
    kept_where,
    samples_table,
    targets_table,
)
from ui import frame
from ui.data import data_input
from ui.session.runs import run_of

state = frame.state()
data, own = run_of(state).data, state.experiment.data
own = own if isinstance(own, Own) else None
source = source_of(state.experiment.data)

st.title("The data")
st.markdown("Bring your own: open a file, paste or type a table, or draw points. It is at once "
            "what the network learns from, on every page. *Undo* brings back what was there.")
data_input.ways_in()

st.header("How it is read")
data_input.reading()

st.header("What the network is shown")
st.markdown(frame.plain(described(source, data)))
for remark in own.remarks if own else []:
    st.markdown(f":material/info: {frame.plain(remark)}")

data_input.shown(targets_table(data, source), "How often each class is there")
st.markdown(r"Inputs: $x = (\text{value} - \text{mean}) \,/\, \text{standard deviation}$, "
            "with the mean and the standard deviation of the training samples."
            if is_scaled(data) else "Inputs: every x is the value itself, not scaled.")
data_input.shown(inputs_table(data, own), "The inputs, and how each of them was scaled")
st.markdown(f"The first samples, at most {ROWS}, as the network is shown them:")
data_input.shown(samples_table(data, source), "The first samples")
st.markdown(frame.plain(kept_where(state)))

"""Watch: Train.

The whole run, computed at once: travel through it, and see where its gradients come from.
"""

import streamlit as st

from ui import compare, frame
from ui.data import downloads
from ui.players import journey, stage
from ui.session.runs import run_of

state = frame.state()

st.title("Train it, and travel through its training")
st.markdown("The run is computed before it is played. Drag the slider, or click a curve or a cell: "
            "everything on this page goes to that iteration, the stage below too.")
compare.show(state)
journey.show(state)

st.header("The training step at this iteration")
stage.show_all(state)
downloads.folded(run_of(state), state)

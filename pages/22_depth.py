"""Watch: Depth lab.

What depth does to the error on its way back, on the state's own network; and the cures.
"""

import streamlit as st

from ui import frame
from ui.depth import lab

state = frame.state()

st.title("Depth lab: watch gradients vanish and explode, and cure them")
st.markdown("Every picture is measured on this network at its start, before any training; the "
            "dashed line is what theory predicts. Change anything, and see at once what it does.")
lab.show(state)

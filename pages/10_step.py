"""Watch: Step.

One training step on the stage, formula by formula, in both directions of time.
"""

import streamlit as st

from engine.experiment.presets import preset_of
from ui import frame
from ui.players import stage

state = frame.state()

st.title("One training step, number by number")
st.markdown("Press **→** for the next formula and **←** to go back. "
            "Click a unit or a connection to see where its number comes from.")
stage.show(state)

if preset := preset_of(state):
    st.header(preset.title)
    st.markdown(preset.note)
    if preset.source:
        st.markdown(f"Source: {preset.source}.")
    if preset.error:
        st.warning(f"**Where the source is wrong.** {preset.error}", icon=":material/error:")

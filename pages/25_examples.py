"""Watch: Worked examples.

Published numbers beside the engine's own, computed when the page is drawn.
"""

import streamlit as st

from engine.experiment import link
from engine.experiment.presets import PRESETS
from figures.lessons.examples import published_table
from ui import frame
from ui.session.runs import run_of

frame.state()

st.title("Worked examples, recomputed")
st.markdown("Numbers as books, courses and posts print them, and the same quantities as this "
            "engine computes them now. Where they differ, the reason is named.")

for preset in PRESETS.values():
    if not preset.published:
        continue
    st.header(preset.title)
    st.markdown(f"{preset.note} Source: {preset.source}.")
    if preset.error:
        st.warning(f"**Where the source is wrong.** {preset.error}", icon=":material/error:")
    st.table(published_table(preset, run_of(preset.state)))
    if st.button(f"Open {preset.title} on the stage", key=f"open {preset.name}"):
        st.switch_page("pages/10_step.py", query_params=link.write(preset.state))

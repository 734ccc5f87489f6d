"""Build: Save.

Everything in one file; and the current step as scripts, a notebook, tables and a page of its own.
"""

from functools import partial
from urllib.parse import urlencode

import streamlit as st

from engine.experiment import link, link_fields, savefile
from figures.exports.exports import at_hand
from figures.exports.file_names import file_name
from ui import frame
from ui.data import downloads, files
from ui.session.runs import run_of

state = frame.state()
run = run_of(state)

st.title("Save, open and take away")

st.header("Everything in one file")
st.markdown("Data, network, weights, settings and the place where you are: the file holds all of "
            "it, to the last digit. Open it here again, or send it to somebody.")
problem = savefile.too_large(state)
st.download_button("Save the file", partial(savefile.saved, state),
                   file_name(state.run, "", ".json"), "application/json", on_click="ignore",
                   disabled=bool(problem))
if problem:
    st.warning(f"This cannot be saved in a file: {problem}.", icon=":material/data_object:")
files.uploader(f"Open a saved file: at most {savefile.MOST}", ["json"], files.open_saved)

st.header("The link")
length = len(urlencode(link.write(state)))
st.markdown(f"The address of this page holds the same in {length:,} characters; *Copy link* on the "
            "stage copies it.")
if link.named(state):
    st.warning(f"The data or the weights are too large for a link, which carries up to "
               f"{link_fields.MAX_NUMBERS} numbers of data and "
               f"{link_fields.MAX_PARAMETERS} typed-in parameters. "
               "Whoever opens it is asked for the file.", icon=":material/link:")

st.header(f"Iteration {at_hand(run, state).cursor.iteration}, to take away")
st.markdown("The picture of the stage can be saved as SVG or PNG below it.")
downloads.forms(run, state)

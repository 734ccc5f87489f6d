"""Teach: Worksheet.

One training step to be computed by hand, for each student with other numbers, and the keys.
"""

from functools import partial

import streamlit as st

from engine.experiment.state import FADES
from engine.teaching.homework import DECIMALS, MOST, is_plain, problem
from figures.exports.worksheet import worksheets
from ui import frame

state = frame.state()
e, seed = state.experiment.at(0), state.seed
sizes = "-".join(map(str, e.sizes))

st.title("A worksheet to print")
st.markdown(f"The network that you are looking at ({sizes}) and its first training step on one "
            "sample: drawn, with its formulas, and with blanks to fill in. The answer keys are on "
            "pages of their own, after the sheets. The sidebar has the network and the first seed.")

left, middle, right = st.columns(3)
count = left.number_input(f"Sheets (1 to {MOST}), each with a seed of its own", 1, MOST, step=1,
                          key="sheet count")
fade = middle.selectbox("Blank", [*FADES], index=len(FADES) - 1, format_func=FADES.get,
                        key="sheet fade")
decimals = right.selectbox("Decimals of the given numbers", DECIMALS, index=1,
                           key="sheet decimals",
                           help="Few decimals are friendlier. The answers are computed from "
                                "exactly the numbers on the sheet.")

if sentence := problem(e, seed, count):
    st.warning(frame.plain(sentence), icon=":material/info:")
else:
    make = partial(worksheets, e, seed, state.cursor.sample, count, fade, decimals)
    st.download_button("Download the sheets and keys", lambda: make().encode(),
                       f"worksheet-{sizes}-seed-{seed}.html", "text/html", on_click="ignore")
    st.markdown("Open the file in a browser and print it, on A4 or Letter; it needs no network. "
                + (f"It has the seeds {seed} to {seed + count - 1}, in the order of the sheets."
                   if count > 1 else f"Its seed is {seed}."))
    if e.parameters and count > 1:
        st.markdown(":material/info: The weights are typed in, so all sheets have the same. "
                    "*Back to drawn weights*, on the page *Weights*, gives each its own.")
    if not is_plain(e):
        st.markdown(":material/info: The sheets end with the gradients: the update of this "
                    "optimizer, or with clipping or penalties, is not one to do by hand.")

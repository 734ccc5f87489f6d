"""Backstep: the entry. Page config, then the frame; everything else is in its room."""

import streamlit as st

from ui import frame

st.set_page_config(page_title="Backstep", page_icon=":material/replay:", layout="wide")
frame.run()

"""Backstep: the entry. Page config, then the frame; everything else is in its room."""

from pathlib import Path

import streamlit as st

from ui import frame

ICON = str(Path(__file__).parent / "assets" / "icon.svg")

st.set_page_config(page_title="Backstep", page_icon=ICON, layout="wide")
frame.run()

"""Streamlit: the frame around the pages, what a session keeps, and the server."""

from ui.memory import keep_freed_memory

keep_freed_memory()

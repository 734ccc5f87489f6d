"""Streamlit: the frame around the pages, what a session keeps, and the server."""

from ui.session.process import keep_freed_memory, on_one_thread

keep_freed_memory()
on_one_thread()

"""Files that a visitor gives: own tables and saved files. A wrong one changes nothing."""

from collections.abc import Callable

import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from engine.data.table_text import MAX_BYTES, decoded, read_table
from engine.data.tables import shown
from engine.experiment import link, savefile
from ui.session import session

TABLES = ["csv", "tsv", "txt"]
TYPES = [*TABLES, "json"]


def given(key: str, take: Callable[[str, str], None]) -> Callable[[], None]:
    """A callback for an uploader or a text area: `take` gets the text and the name of the file."""
    def callback() -> None:
        content = st.session_state[key]
        if content is None:
            return
        try:
            if isinstance(content, str):
                take(content, "")
            else:
                most = savefile.MAX_BYTES if content.name.endswith(".json") else MAX_BYTES
                take(decoded(content.getvalue(), most), content.name)
        except ValueError as error:
            session.show(session.state(), [str(error)])
        if not isinstance(content, str):
            release(content)
        st.session_state["files read"] = st.session_state.get("files read", 0) + 1

    return callback


def uploader(label: str, types: list[str], take: Callable[[str, str], None]) -> None:
    """A place for one file; once it was read, it is no longer kept."""
    key = f"{label} #{st.session_state.get('files read', 0)}"
    st.file_uploader(label, types, key=key, on_change=given(key, take))


def release(file: UploadedFile) -> None:
    """Without this Streamlit keeps the bytes for as long as the session lasts."""
    context = get_script_run_ctx()
    if context and isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):
        context.uploaded_file_mgr.remove_file(context.session_id, file.file_id)


def open_saved(text: str, name: str) -> None:
    """Looks at the state of a saved file."""
    session.show(*savefile.opened(text))


def ask_for_what_is_missing() -> None:
    """Where the last link needs a file, asks for it."""
    query = session.pending()
    if query is None:
        return
    with st.container(border=True):
        st.markdown("**Something is missing.** The link names data or typed-in weights that it "
                    "cannot hold. All else of it is here; until the file is given, others stand "
                    "in.")
        uploader("The file that the link needs", TYPES, take_missing)
        st.button("Go on without it", on_click=session.dismiss)


def take_missing(text: str, name: str) -> None:
    """A saved file is opened; a table is taken up where its fingerprint fits."""
    if name.endswith(".json"):
        open_saved(text, name)
        return session.dismiss()
    query, table = session.pending() or {}, read_table(text, name)
    wanted = [need for need in link.needs(query) if need.field == "table"]
    if table.fingerprint not in [need.fingerprint for need in wanted]:
        needed = " and ".join(map(str, link.needs(query)))
        raise ValueError(f"this link needs {needed} (got {shown(name)}: {table.rows} rows, "
                         f"fingerprint {table.fingerprint})")
    return session.take_link(query, {table.fingerprint: table})

"""The frame around every page: navigation, the link, the sidebar; and the state that a page shows.

The URL wins whenever it is not what the frame wrote last (a new tab, a reload, Back), unless a
control or the stage has just changed the state: then the session wins, since the browser may not
have heard of the last URL yet. A change of page clears the parameters: the session wins, and Back
to that cleared address shows what the page showed first.

With pages/ beside app.py, Streamlit runs a page that was linked to on a fresh server without
app.py. `state` notices, and starts again through the navigation.
"""

import ast
import re
from functools import cache
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from engine.experiment import link
from engine.experiment.presets import PRESETS
from engine.experiment.state import State
from figures.lessons.places import completed
from ui.controls import sidebar
from ui.data.files import ask_for_what_is_missing
from ui.lessons import blocks, keep, navigation
from ui.session import gradual, progress, session, share
from ui.session.one_at_a_time import turn
from ui.session.workers import FailedError

PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
SIDE_BY_SIDE = 10  # pages that fit into the bar at 1440 pixels; the last go into a menu below
AT_THE_START = {"Depth lab"}  # pages that need no run, and do not have one computed
OPENING = {"Depth lab": PRESETS["collapse"].state}  # what a page shows whom nothing led there
SIDEBAR = {navigation.TITLE: "collapsed"}  # where it would only distract
PAGES = Path(__file__).parent.parent / "pages"


@turn()
def run() -> None:
    """What app.py does on every rerun."""
    gradual.beginning()
    page = st.navigation(pages(), position="top")
    if is_newcomer(page.url_path):
        st.switch_page("pages/15_learn.py", query_params=link.write(navigation.first()))
    st.set_page_config(initial_sidebar_state=SIDEBAR.get(page.title, "auto"))
    take_link(page.title)
    trains = page.title not in AT_THE_START
    share.around()
    if share.has_sidebar():
        sidebar.top()
    write_link()
    say(session.notes())
    ask_for_what_is_missing()
    try:
        draw(page, trains)
    except FailedError as problem:
        st.error(str(problem), icon=":material/error:")
    if share.has_sidebar():  # last: what somebody waits for stands on the page
        sidebar.sidebar(timed=trains)


def draw(page: StreamlitPage, trains: bool) -> None:
    """The page, and below it how far its runs are."""
    if trains:
        progress.show(session.state())
    blocks.remind(session.state(), page.title)
    st.session_state["framed"] = True
    try:
        page.run()
    finally:
        del st.session_state["framed"]
    keep.show()


def is_newcomer(path: str) -> bool:
    """Whether somebody comes to the bare address of the app: lessons begin there."""
    return not path and not st.query_params and "page" not in st.session_state


def say(sentences: list[str]) -> None:
    """Above the page, where nobody misses it. What a link said is text there, never markup."""
    if sentences:
        st.warning("  \n".join(map(plain, sentences)), icon=":material/info:")


def plain(text: str) -> str:
    """Markdown that shows this text as it is."""
    return PUNCTUATION.sub(r"\\\1", text)


def state() -> State:
    """What the page shows. Each page calls this first, once."""
    if "framed" not in st.session_state:
        st.navigation(pages())
        st.rerun()
    return session.state()


def pages() -> dict[str, list] | list:
    """Section -> pages; a few pages need no headings: they stand side by side."""
    found: dict[str, list] = {}
    for file, section, title in titles():
        found.setdefault(section, []).append(st.Page(file, title=title, default=not found))
    alone = [page for section in found.values() for page in section]
    return alone if len(alone) <= SIDE_BY_SIDE else found


@cache
def titles() -> list[tuple[Path, str, str]]:
    """Each page's section and title: the first line of its docstring, "Section: Title."."""
    files = sorted(PAGES.glob("*.py"))
    docstrings = (ast.get_docstring(ast.parse(file.read_text("utf-8"))) for file in files)
    return [(file, *text.splitlines()[0].rstrip(".").split(": "))
            for file, text in zip(files, docstrings, strict=True)]


def take_link(page: str) -> None:
    """Look at the state of the URL, where the URL is not the frame's own."""
    query, came_from = st.query_params.to_dict(), st.session_state.get("page")
    st.session_state["page"] = page
    if page != came_from:
        bare()[page] = session.state() if came_from else OPENING.get(page, State())
    follows = page != came_from and came_from is not None and not query
    if not session.changed() and not follows and query != st.session_state.get("written"):
        if query:
            session.take_link(completed(query))
        else:
            session.show(bare()[page], [])
        session.changed()
        st.session_state["written"] = query
    if came_from is None:
        session.past().clear()  # what a visit begins with is no change of the visitor's


def bare() -> dict[str, State]:
    """What each page's address without parameters stands for: what it showed first."""
    return st.session_state.setdefault("bare", {})


def read(query: dict[str, str]) -> State:
    return link.read(query, session.kept())[0]


def write_link() -> None:
    """Put the state into the URL, unless that says the same already."""
    query = st.query_params.to_dict()
    known = query == st.session_state.get("written")
    says = read(query) if query or not known else bare()[st.session_state["page"]]
    if link.write(says) != link.write(session.state()):
        query = link.write(session.state())
        st.query_params.from_dict(query)
    st.session_state["written"] = query

"""For a room and for a course page: presenter mode, the QR code of this moment, and frames.

Presenter mode is a part of the state, so a link opens in it. Its look is assets/presenter.css; the
stage has its own, by its attribute data-presenter. Its button and Escape lead back. In a frame
(?embed=true) it is the page around that has the words and the bar; there the look is embed.css.
"""

from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import streamlit as st

from engine.experiment import link
from figures.exports.qr import MOST, fits, qr_svg
from ui.session import session

ASSETS = Path(__file__).parent.parent.parent / "assets"
ROOM, FRAME = ((ASSETS / name).read_text("utf-8") for name in ("presenter.css", "embed.css"))
SIZED = ('<svg role="img" aria-label="QR code of the link below" '
         'style="display: block; margin: auto; height: 64vh; max-width: 100%"')
HERE_ALONE = {"localhost", "127.0.0.1", "::1"}


def around() -> None:
    """The page's look in a room and in a frame."""
    if st.context.is_embedded:
        st.html(f"<style>{FRAME}</style>")
    elif session.state().view.presenter:
        bar()


def has_sidebar() -> bool:
    """Neither in a room nor in a frame."""
    return not (st.context.is_embedded or session.state().view.presenter)


def controls() -> None:
    """In the sidebar."""
    left, right = st.columns(2, gap="small")
    left.button("Present", help="Presenter mode: large type and nothing else, for a projector",
                on_click=session.look, kwargs={"presenter": True}, width="stretch")
    if right.button("QR code", help="The link to this moment, to be photographed",
                    width="stretch"):
        qr_code()


def bar() -> None:
    """In presenter mode: the page's look, the code, and the way back."""
    st.html(f"<style>{ROOM}</style>")
    with st.container(key="presenter", horizontal=True, width="content", gap="small"):
        if st.button("QR code"):
            qr_code()
        st.button("Leave presenter mode", shortcut="Escape", on_click=session.look,
                  kwargs={"presenter": False})


@st.dialog("The link to this moment", width="large")
def qr_code() -> None:
    """The code, and its link as text."""
    address = address_of_this_moment()
    if fits(address):
        st.markdown(qr_svg(address).replace("<svg", SIZED, 1), unsafe_allow_html=True)
    else:
        st.warning(f"This link has {len(address):,} characters. Beyond {MOST} the squares of a QR "
                   "code are too small to be read from the back of a room, so none is drawn.",
                   icon=":material/qr_code:")
    st.code(address, language=None, wrap_lines=True)
    if urlsplit(address).hostname in HERE_ALONE:
        st.markdown("Only this machine can open it: its address begins with one that every machine "
                    "has for itself. *For teachers* says how to let a class in.")
    if link.named(session.state()):
        st.markdown("The data or the weights are too large for a link: who opens it is asked for "
                    "the saved file.")


def address_of_this_moment() -> str:
    """The page's address as this browser knows it, with what differs from the first state.

    Who opens it sits in the room, and does not present.
    """
    now = session.state()
    query = urlencode(link.brief(replace(now, view=replace(now.view, presenter=False))))
    here = urlsplit(st.context.url or "")
    return here._replace(path=here.path or "/", query=query).geturl()

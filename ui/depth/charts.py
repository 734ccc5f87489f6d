"""A settled chart on a page: with its words, and its numbers as a table."""

from typing import Any

import streamlit as st


def theme() -> str:
    return st.context.theme.type or "light"


def draw(key: str, figure: Any, alt: str, table: list[tuple[str, list[str]]], **more: Any) -> None:
    """Each column of the table is its heading and its texts."""
    st.plotly_chart(figure, theme=None, key=key, alt=alt, config={"displaylogo": False}, **more)
    with st.expander("The numbers of this picture as a table"):
        st.table(dict(table), hide_index=True)

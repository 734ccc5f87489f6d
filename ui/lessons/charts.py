"""The charts of the lessons, by their names there."""

from collections.abc import Callable

import streamlit as st

from engine.experiment.state import State
from engine.teaching.gradient_costs import backpropagation, differences
from figures.lessons import error_sizes as sizes
from figures.lessons.cost_of_gradients import cost_of_gradients, table, told
from ui.session.runs import run_of


def wish_to_measure() -> None:
    st.session_state["measuring"] = True


def errors_by_layer(moment: State) -> None:
    """How large the errors are on their way back."""
    found = sizes.error_sizes(run_of(moment).trace(moment.cursor.iteration))
    st.markdown(sizes.picture(found), unsafe_allow_html=True)
    st.caption("The typical size of the errors (rms of δ). Equal lengths are equal factors.")


def measured_costs(moment: State) -> None:
    """Times of this machine, taken when somebody asks for them."""
    st.button("Measure now (about two seconds)", on_click=wish_to_measure)
    if st.session_state.pop("measuring", False):
        with st.spinner("Measuring"):
            st.session_state["costs"] = backpropagation(), differences()
    if "costs" not in st.session_state:
        return
    fast, slow = st.session_state["costs"]
    st.markdown(told(fast, slow))
    figure = cost_of_gradients(fast, slow, st.context.theme.type)
    st.plotly_chart(figure, theme=None, key="costs of gradients", alt=told(fast, slow),
                    config={"displayModeBar": False})
    st.caption("Dashed: what counting multiplications lets expect. Small networks are slower than "
               "that, because each call costs some time of its own. So measured lines are less "
               "steep.")
    with st.expander("The numbers of this picture"):
        st.table(table(fast, slow))


CHARTS: dict[str, Callable[[State], None]] = {
    "cost_of_gradients": measured_costs, "errors_by_layer": errors_by_layer,
}

"""The blocks of a lesson on its page: text, questions, tasks, links and charts."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from engine.experiment.state import Place, State
from engine.teaching.tasks import TASKS
from figures.lessons.lesson import Chart, Myth, Opens, Part, Question, Task, Text
from figures.lessons.places import filled, fitted, moment_of, part_at
from ui.lessons.charts import CHARTS
from ui.lessons.questions import Key, answers, question
from ui.session import session
from ui.session.answers import verdict as verdict_of
from ui.session.runs import of_run, run_of

PAGES = Path(__file__).parent.parent.parent / "pages"
SANDBOX = ("Step", "Train", "Data", "Weights")  # the pages where a network can be changed
MYTH = "Often believed, and wrong"


def blocks(part: Part, place: Place) -> None:
    moment = moment_of(place)
    run = run_of(moment)
    write = lambda text: filled(text, run, moment)
    for k, block in enumerate(part.blocks):
        SHOW[type(block)](block, (place, k), write)


def text(block: Text, key: Key, write: Callable[[str], str]) -> None:
    st.markdown(write(block.markdown))


def myth(block: Myth, key: Key, write: Callable[[str], str]) -> None:
    st.warning(f"**{MYTH}:** {write(block.markdown)}", icon=":material/psychology_alt:")


def task(block: Task, key: Key, write: Callable[[str], str]) -> None:
    """What is to be done, what the network that is looked at measures now, and where to do it."""
    wanted = TASKS[block.name]
    st.markdown(f"**{wanted.wish}**")
    judged(block.name)
    st.page_link(page_of(wanted.page), label=f"Open the {wanted.page.capitalize()} page",
                 icon=":material/build:")
    st.caption("Change what you like there. This sentence follows you, above every page, with the "
               "way back.")


def judged(task: str) -> None:
    state = session.state()
    found = of_run(verdict_of, state, run_of(state), task)
    (st.success if found.met else st.info)(
        f"{'Done. ' if found.met else 'Not yet. '}{found.says}",
        icon=":material/check_circle:" if found.met else ":material/flag:")


def remind(state: State, page: str) -> None:
    """Above the sandbox: the task that the reader came with."""
    place = fitted(state.place)
    if page not in SANDBOX or not place.lesson:
        return
    for block in part_at(place).blocks:
        if isinstance(block, Task):
            st.markdown(f"**Task of lesson {place.lesson}:** {TASKS[block.name].wish}")
            judged(block.name)
            st.page_link(page_of("learn"), label=f"Back to lesson {place.lesson}",
                         icon=":material/arrow_back:")


def opens(block: Opens, key: Key, write: Callable[[str], str]) -> None:
    if page := page_of(block.page):
        st.page_link(page, label=block.label, icon=":material/arrow_forward:")


def page_of(title: str) -> str:
    """The page's script; "" where there is none of this name."""
    return next((f"pages/{file.name}" for file in PAGES.glob(f"*_{title}.py")), "")


def chart(block: Chart, key: Key, write: Callable[[str], str]) -> None:
    """A picture below a question waits until that is answered."""
    place, k = key
    before = part_at(place).blocks[:k]
    asked = [(place, i) for i, other in enumerate(before) if isinstance(other, Question)]
    if all(question in answers() for question in asked):
        CHARTS[block.name](moment_of(place))
    else:
        st.caption("Predict first, or ask to be shown: then the picture comes.")


SHOW: dict[type, Callable[[Any, Key, Callable[[str], str]], None]] = {
    Text: text, Myth: myth, Question: question, Task: task, Opens: opens, Chart: chart,
}

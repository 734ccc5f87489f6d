"""Moving through the lessons: the overview, back and forward, and where one is.

Where the reader is, is a part of the State (engine/experiment/state.py), so that a link opens any
part. To open a part shows its network; what the reader had built before is one Undo away.
"""

from dataclasses import replace
from functools import cache

import streamlit as st

from engine.experiment.state import Pinned, Place, State
from figures.lessons.lesson import Lesson
from figures.lessons.places import fitted, following, lessons, moment_of, part_at
from ui.controls.widgets import filled as tied
from ui.lessons.questions import answers
from ui.players import predict
from ui.session import session

TITLE = "Lessons"  # of the page


def first() -> State:
    """Where a newcomer begins."""
    return moment_of(Place(1, 1))


def overview() -> None:
    """All lessons, and how far one has come."""
    st.title("Nine short lessons: predict, then see")
    st.markdown("From one neuron to vanishing gradients, 5 to 10 minutes each. You are asked "
                "before you are shown. Nothing is graded, and every question can be skipped.")
    for lesson in lessons():
        title, words = st.columns([2, 3], vertical_alignment="center")
        title.button(f"{lesson.number}. {lesson.title}", key=f"open lesson {lesson.number}",
                     on_click=go, args=(Place(lesson.number, 1),), width="stretch")
        words.markdown(f"You will be able to {lesson.able}  \n:small[{progress(lesson)}]")
    st.button("Start over", on_click=start_over, disabled=not answers(),
              help="Forgets what you have answered.")


def progress(lesson: Lesson) -> str:
    done = sum(place.lesson == lesson.number for place, _ in answers())
    return f"{done} of {len(lesson.questions)} predictions made"


def way(place: Place, lesson: Lesson) -> None:
    """Back, the parts of this lesson, and all lessons."""
    titles = {k: f"{k} of {len(lesson.parts)}: {part.title}"
              for k, part in enumerate(lesson.parts, 1)}
    before = following(place, -1)
    with st.container(horizontal=True, vertical_alignment="bottom", width=640):
        st.button("Back", on_click=go, args=(before,), disabled=not before)
        st.selectbox("Part", list(titles), format_func=titles.get, width="stretch",
                     label_visibility="collapsed",
                     **tied("part", place.part, lambda k: go(Place(place.lesson, k))))
        st.button("All lessons", on_click=go, args=(Place(),))


def onward(place: Place) -> None:
    after = following(place)
    if not after:
        st.button("All lessons", key="next", on_click=go, args=(Place(),))
        return
    new = after.lesson != place.lesson
    label = f"Next lesson: {lessons()[after.lesson - 1].title}" if new else "Next part"
    st.button(label, key="next", icon=":material/arrow_forward:", on_click=go, args=(after,),
              shortcut="Ctrl+Enter")


def go(place: Place) -> None:
    """Open a part: it shows its own network, if it has one.

    What a lesson shows is no work of the reader's; everything else can be gone back to.
    """
    now, place = session.state(), fitted(place)
    if not place.lesson or not part_at(place).moment:
        session.remember(replace(now, place=place))
        return
    there = moment_of(place)
    view = replace(now.view, fade=there.view.fade, detail=there.view.detail)
    session.show(replace(there, view=view, pinned=now.pinned), [], kept=now.run not in shown_runs())


@cache
def shown_runs() -> list[Pinned]:
    """The runs that lessons show."""
    return [part.moment.run for lesson in lessons() for part in lesson.parts if part.moment]


def start_over() -> None:
    """Forget what was answered, on the stage as well."""
    answers().clear()
    predict.start_over()
    go(Place())

"""The lessons on a page: one part at a time, beside the stage that shows what it speaks of.

Where the reader is, is a part of the State (engine/spec.py), so that a link opens any part. To open
a part shows its network; what the reader had built before is one Undo away. Answers are kept for
this session alone, are never counted as right or wrong, and "Start over" forgets them.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import streamlit as st

from engine import guesses, marking, quoted
from engine.gradient_costs import backpropagation, differences
from engine.spec import Pinned, Place, State
from engine.tasks import TASKS
from figures import error_sizes as sizes
from figures import player
from figures.cost_of_gradients import cost_of_gradients, table, told
from figures.guess_line import guess_line
from figures.lesson_text import Chart, Lesson, Myth, Opens, Part, Question, Task, Text
from figures.lessons import (
    address_of,
    filled,
    fitted,
    following,
    lessons,
    moment_of,
    part_at,
)
from figures.marking import told as marked
from figures.style import number
from ui import predict, session, stage
from ui.answers import verdict as verdict_of
from ui.controls import filled as tied
from ui.runs import of_run, run_of

HEADING = st.components.v2.component(
    "heading", js=player.script("heading"), css=player.look("heading"))
PAGES = Path(__file__).parent.parent / "pages"
TITLE = "Lessons"  # of the page
SANDBOX = ("Step", "Train", "Data", "Weights")  # the pages where a network can be changed
MYTH = "Often believed, and wrong"
Key = tuple[Place, int]


def first() -> State:
    """Where a newcomer begins."""
    return moment_of(Place(1, 1))


def show(state: State) -> None:
    place = fitted(state.place)
    if place.lesson:
        part_page(state, place)
    else:
        overview()


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


def part_page(state: State, place: Place) -> None:
    lesson, part = lessons()[place.lesson - 1], part_at(place)
    st.title(f"{lesson.number}. {lesson.title}")
    way(place, lesson)
    HEADING(key="heading", data={"title": part.title, "place": f"{place.lesson}.{place.part}"})
    if place.part == 1:
        st.markdown(f"*After this lesson you will be able to {lesson.able}*")
    words, picture = st.columns([2, 3], gap="medium") if part.moment else (st.container(), None)
    with words:
        blocks(part, place)
        onward(place)
    if picture:
        with picture:
            own_network(state, place)
            stage.show(state, building=False)


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


def own_network(state: State, place: Place) -> None:
    """Whether the stage shows something else than the text speaks of."""
    moment = moment_of(place)
    if state.run != moment.run:
        st.info("The stage shows a network of your own, not the one of this part.")
        st.button("Show this part's network", on_click=session.show,
                  args=(replace(moment, view=state.view, pinned=state.pinned), []))


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


def question(q: Question, key: Key, write: Callable[[str], str]) -> None:
    with st.container(border=True, key=f"question {name(key)}"):
        st.markdown(f"**{write(q.text)}**")
        (number_question if q.wanted else choices)(q, key, write)


def choices(q: Question, key: Key, write: Callable[[str], str]) -> None:
    """Each answer is a button; what is said of the chosen one stands below."""
    chosen = answers().get(key)
    for k in order(q):
        mark = MARKS[q.choices[k].right] if k == chosen else None
        st.button(write(q.choices[k].text), key=f"{name(key)} {k}", width="stretch", icon=mark,
                  on_click=answer, args=(key, k))
    if chosen is None:
        st.button("Show me", key=f"{name(key)} show", type="tertiary", on_click=answer,
                  args=(key, next(k for k, c in enumerate(q.choices) if c.right)))
        return
    (st.success if q.choices[chosen].right else st.warning)(write(q.choices[chosen].says))


MARKS = {True: ":material/check_circle:", False: ":material/cancel:"}


def order(q: Question) -> list[int]:
    """The answers in an order that says nothing of them, and is always the same."""
    return sorted(range(len(q.choices)),
                  key=lambda k: sha256(f"{q.text}{q.choices[k].text}".encode()).hexdigest())


def number_question(q: Question, key: Key, write: Callable[[str], str]) -> None:
    """A number is typed; then it stands beside the network's own on one line."""
    with st.form(f"form {name(key)}", border=False):
        st.text_input("Your prediction", key=f"guess {name(key)}", placeholder="for instance 0.25")
        said, shown = st.columns(2)
        said.form_submit_button("Compare", on_click=guess, args=(key,), width="stretch")
        shown.form_submit_button("Show me", type="tertiary", on_click=answer, args=(key, ""),
                                 width="stretch")
    given = answers().get(key)
    if given is None:
        return
    if given:
        compared(q, key, given)
    else:
        st.info(f"It is {number(truth(q, key))}.")
    st.markdown(write(q.says))


def guess(key: Key) -> None:
    answer(key, st.session_state[f"guess {name(key)}"].strip() or " ")


def truth(q: Question, key: Key) -> float:
    moment = moment_of(key[0])
    return quoted.value(q.wanted, run_of(moment), moment)


def compared(q: Question, key: Key, given: str) -> None:
    """What the guess is like; a sentence where it is no number."""
    try:
        wish = guesses.read(given)
    except ValueError as error:
        st.warning(str(error).capitalize())
        return
    found, words = truth(q, key), verdict(q, key, wish)
    st.markdown(words)
    st.markdown(guess_line(wish.value, found), unsafe_allow_html=True)


def verdict(q: Question, key: Key, wish: guesses.Guess) -> str:
    """What the stage would say of it; less where the number stands in no formula of a step."""
    moment, found = moment_of(key[0]), truth(q, key)
    run, t, e = run_of(moment), moment.cursor.iteration, moment.experiment
    if address := address_of(q.wanted, moment):
        said = marked(marking.mark(run, t, address, wish), address, e, e.batch_size(t))
    else:
        said = "Right." if marking.agree(wish, found) else "Not that."
    return said if said.startswith("Right: ") else f"{said} It is **{number(found)}**."


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


def answers() -> dict[Key, Any]:
    """What was answered in this visit: the place of a choice, or the text of a number."""
    return st.session_state.setdefault("answers to lessons", {})


def answer(key: Key, what: Any) -> None:
    answers()[key] = what


def start_over() -> None:
    """Forget what was answered, on the stage as well."""
    answers().clear()
    predict.start_over()
    go(Place())


def name(key: Key) -> str:
    place, k = key
    return f"{place.lesson}.{place.part}.{k}"

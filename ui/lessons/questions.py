"""The questions of a lesson: choices and numbers, and what is said of an answer.

Answers are kept for this session alone, are never counted as right or wrong, and "Start over"
forgets them.
"""

from collections.abc import Callable
from hashlib import sha256
from typing import Any

import streamlit as st

from engine.experiment.state import Place
from engine.teaching import guesses, marking, quotes
from figures.lessons.guess_line import guess_line
from figures.lessons.lesson import Question
from figures.lessons.places import address_of, moment_of
from figures.stage.marking import told as marked
from figures.style import number
from ui.session.runs import run_of

Key = tuple[Place, int]


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
    return quotes.value(q.wanted, run_of(moment), moment)


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


def answers() -> dict[Key, Any]:
    """What was answered in this visit: the place of a choice, or the text of a number."""
    return st.session_state.setdefault("answers to lessons", {})


def answer(key: Key, what: Any) -> None:
    answers()[key] = what


def name(key: Key) -> str:
    place, k = key
    return f"{place.lesson}.{place.part}.{k}"

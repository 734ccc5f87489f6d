"""Any text is read as a lesson, or what is wrong with it is said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.experiment.presets import PRESETS
from engine.experiment.state import Cursor
from figures.lessons.lesson import Lesson
from figures.lessons.reader import MARKS, read_lesson

# ── The reader ──
anything = st.lists(
    st.sampled_from([*MARKS, "+ ", "- ", "= ", "", "same", "preset=mazur", "step=z9", "preset=x"])
    | st.text(max_size=12), max_size=30).map("".join)
line_by_line = st.lists(
    st.tuples(st.sampled_from([*MARKS, "+ ", "- ", "= ", "  ", "", "\n"]), st.text(max_size=20)),
    max_size=25).map(lambda pairs: "\n".join(mark + text for mark, text in pairs))


@given(anything | line_by_line)
def test_any_text_is_read_to_its_end(text):
    lesson, wrong = read_lesson(text, "x.md")
    assert isinstance(lesson, Lesson)
    assert all(sentence.startswith("x.md, line ") for sentence in wrong)


WHOLE = "# T\n\nable: do it.\n\n## P\n\n"


@pytest.mark.parametrize(("text", "sentence"), [
    ("? Q\n+ a\n  A\n+ b\n  B", "line 7: a question must have one right answer"),
    ("? Q\n- a\n  A\n- b\n  B", "(got 0 and 2)"),
    ("? Q\n+ a\n  A\n- b", "each answer must have what is said of it"),
    ("? Q\n= C\n  C.\n+ a\n  A", 'either answers or one "= number"'),
    ("?? Q {{C}}\n+ a\n  A\n- b\n  B", "asked again must not quote a number"),
    ("moment: preset=nobody", "line 7: preset must be one of xor"),
    ("moment: data=xor step=z9", "line 7: step must be one of z1"),
    ("moment: step", "a moment must be of fields such as step=z1 (got step)"),
    ("open: train", "open must be a page and a label (got train)"),
])
def test_what_is_wrong_is_said_with_file_and_line(text, sentence):
    _, wrong = read_lesson(WHOLE + text, "x.md")
    assert len(wrong) == 1
    assert wrong[0].startswith("x.md, line ")
    assert sentence in wrong[0]


def test_text_before_the_first_part_and_a_lesson_without_anything_are_named():
    assert read_lesson("", "x.md")[1] == [
        "x.md, line 1: a lesson must have its title (got none)",
        "x.md, line 1: a lesson must have its able (got none)",
        "x.md, line 1: a lesson must have its parts (got none)"]
    assert any('must begin with "## "' in sentence for sentence in read_lesson("text", "x.md")[1])


def test_a_moment_begins_with_a_preset_or_with_what_was_shown_before():
    text = WHOLE + "moment: preset=mazur step=C\n\n## Q\n\nmoment: same step=z2 sample=0"
    lesson, wrong = read_lesson(text, "x.md")
    assert not wrong
    first, second = (part.moment for part in lesson.parts)
    assert first.experiment == second.experiment == PRESETS["mazur"].state.experiment
    assert (first.cursor, second.cursor) == (Cursor(step="C"), Cursor(step="z2"))

"""The lessons in the app: every part opens cold, answers are explained at once, and what a learner
had built is never lost."""


import pytest

from engine.experiment import link
from engine.experiment.state import Place, State
from engine.teaching.tasks import TASKS
from figures.lessons.places import lessons, moment_of
from tests.figures.lessons.test_places import PLACES, ids, part_at
from tests.ui.session.test_session import button
from tests.ui.test_pages import ROOT, AppTest, control, opened, said, staged, state, whole

LEARN = "pages/15_learn.py"


def at(place: Place, more: dict | None = None) -> AppTest:
    short = {"lesson": str(place.lesson), "part": str(place.part)}
    return opened(short | (more or {}), LEARN)


def words(app: AppTest) -> str:
    shown = (*app.markdown, *app.info, *app.success, *app.warning, *app.caption)
    return " ".join(element.value for element in shown)


def press(app: AppTest, label: str) -> AppTest:
    return whole(button(app, label).click().run())


@pytest.mark.parametrize("place", PLACES, ids=ids)
def test_every_part_opens_cold_by_lesson_and_part_alone(place):
    app = at(place)
    assert app.title[0].value.startswith(f"{place.lesson}. ")
    assert state(app) == moment_of(place)
    assert not said(app).startswith("lesson")
    if part_at(place).moment:
        assert staged(app)["cursor"]["step"] == moment_of(place).cursor.step
    assert link.read(app.query_params) == (moment_of(place), [])


def test_a_newcomer_lands_in_the_first_lesson_and_has_nothing_to_undo():
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=20)
    whole(app.run())
    assert app.title[0].value == f"1. {lessons()[0].title}"
    assert state(app) == moment_of(Place(1, 1))
    assert button(app, "Undo").disabled


def test_whoever_comes_with_a_link_is_not_sent_to_the_lessons():
    assert opened({"seed": "3"}).title[0].value == "One training step, number by number"


def test_next_and_back_lead_through_a_lesson_and_the_link_follows():
    app = at(Place(1, 1))
    press(app, "Next part")
    assert state(app) == moment_of(Place(1, 2))
    press(app, "Next part")
    press(app, "Back")
    assert app.query_params["part"] == "2"
    whole(control(app, "part").select(5).run())
    assert state(app).place == Place(1, 5)


def test_a_step_out_of_a_place_that_is_not_there_goes_to_the_nearest():
    assert at(Place(42, 42)).title[0].value.startswith("9. ")


def test_a_wrong_answer_has_its_own_sentence_and_another_try():
    app, (q,) = at(Place(1, 1)), part_at(Place(1, 1)).questions
    for choice in q.choices:
        press(app, choice.text)
        assert choice.says.split("{{")[0] in words(app)


def test_an_answer_can_be_shown_without_a_guess():
    app, (q,) = at(Place(1, 1)), part_at(Place(1, 1)).questions
    press(app, "Show me")
    right = next(choice for choice in q.choices if choice.right)
    assert right.says.split("{{")[0] in words(app)


@pytest.mark.parametrize(("guess", "verdict"), [
    ("0.75", "Right:"), ("0,75", "Right:"), ("-3", "Not that."),
    ("0.5", "the bias was forgotten"), ("much", "must be a number"),
])
def test_a_number_is_compared_and_drawn_beside_the_truth(guess, verdict):
    app = at(Place(1, 2))
    app.text_input[0].set_value(guess)
    press(app, "Compare")
    assert verdict in words(app)
    assert ("<svg" in words(app)) == (verdict != "must be a number")


def test_to_open_a_part_is_one_change_and_undo_brings_the_sandbox_back():
    mine = State(seed=7)
    app = opened(link.write(mine), LEARN)
    assert state(app) == mine, "the list of lessons changes nothing"
    press(app, f"1. {lessons()[0].title}")
    for _ in range(3):
        press(app, "Next part")
    press(app, "Undo")
    assert state(app).run == mine.run
    assert state(app).place == Place(1, 4), "the reader stays"
    assert "network of your own" in words(app)
    press(app, "Show this part's network")
    assert state(app) == moment_of(Place(1, 4))


def test_what_was_changed_within_a_lesson_can_be_gone_back_to():
    app = at(Place(1, 1))
    whole(control(app, "learning_rate").set_value(0.25).run())
    press(app, "Next part")
    press(app, "Undo")
    assert state(app).experiment.learning_rate == 0.25


def test_answers_count_as_predictions_and_start_over_forgets_them():
    app = at(Place(1, 1))
    press(app, "Show me")
    press(app, "All lessons")
    assert "1 of 5 predictions" in words(app)
    press(app, "Start over")
    assert "1 of 5 predictions" not in words(app)
    assert button(app, "Start over").disabled


@pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson.title)
def test_a_task_goes_with_the_learner_to_the_sandbox(lesson):
    place = next(place for place in PLACES if place.lesson == lesson.number
                 and any(hasattr(b, "name") and b.name in TASKS for b in part_at(place).blocks))
    (task,) = [b for b in part_at(place).blocks if getattr(b, "name", "") in TASKS]
    app = at(place)
    assert "Not yet." in words(app)
    app.switch_page("pages/20_train.py")
    whole(app.run())
    assert f"Task of lesson {lesson.number}:** {TASKS[task.name].wish}" in words(app)


def test_a_task_is_done_as_soon_as_the_sandbox_says_so():
    place = Place(7, 8)
    app = at(place)
    whole(control(app, "learning_rate").set_value(3.0).run())
    assert "Done. The cost at iteration 50 is" in words(app)


def test_the_cost_of_gradients_is_measured_when_asked_for():
    place = next(p for p in PLACES if part_at(p).title == "Measure it")
    app = at(place)
    assert "Measure now (about two seconds)" not in [b.label for b in app.button], "predict first"
    press(app, "Show me")
    press(app, "Measure now (about two seconds)")
    assert app.get("plotly_chart")
    assert "times as long" in words(app)

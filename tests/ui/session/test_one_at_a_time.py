"""Pages are drawn one after the other; one that fails or hangs does not keep the others out."""

import threading

import pytest

from ui.session import one_at_a_time


def drawn(inside: threading.Event, leave: threading.Event) -> threading.Thread:
    """A page that stays in its turn until it may leave."""
    def draw() -> None:
        with one_at_a_time.turn():
            inside.set()
            assert leave.wait(10)

    page = threading.Thread(target=draw)
    page.start()
    return page


def test_the_next_page_waits_until_the_one_before_is_drawn():
    (first, leave), (second, at_once) = [(threading.Event(), threading.Event()) for _ in "12"]
    at_once.set()
    pages = [drawn(first, leave)]
    assert first.wait(10)
    pages.append(drawn(second, at_once))
    assert not second.wait(0.2)
    leave.set()
    assert second.wait(10)
    for page in pages:
        page.join(10)


def test_a_page_that_fails_gives_its_turn_back():
    with pytest.raises(RuntimeError), one_at_a_time.turn():
        raise RuntimeError("a page that fails")
    assert not one_at_a_time.TURN.locked()


def test_who_has_waited_long_goes_ahead_and_takes_nobodys_turn_away(monkeypatch):
    monkeypatch.setattr(one_at_a_time, "PATIENCE", 0.05)
    with one_at_a_time.turn():
        with one_at_a_time.turn():
            pass
        assert one_at_a_time.TURN.locked()
    assert not one_at_a_time.TURN.locked()


def test_who_waits_aside_lets_the_others_draw_and_is_in_a_turn_again():
    inside, leave = threading.Event(), threading.Event()
    leave.set()
    with one_at_a_time.turn():
        with one_at_a_time.aside():
            page = drawn(inside, leave)
            assert inside.wait(10)
            page.join(10)
        assert one_at_a_time.TURN.locked()
    assert not one_at_a_time.TURN.locked()


def test_who_has_no_turn_gives_none_back():
    with one_at_a_time.turn():
        other = threading.Thread(target=lambda: one_at_a_time.aside().__enter__())
        other.start()
        other.join(10)
        assert one_at_a_time.TURN.locked()

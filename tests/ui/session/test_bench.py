"""The bench: whose turn it is, and what is kept."""

from itertools import pairwise

from tests.ui.session import orders
from ui.session import bench as benches
from ui.session.bench import Bench, Had, Order


def order(number: int, function, *args, size: int = 0, session: str | None = None) -> Order:
    return Order(number, f"{number} {function.__name__}{args}", function, args, orders.plain, size,
                 session)


def finished(bench: Bench, sent: list[tuple], steps: int) -> list[int]:
    """The orders that were done within so many steps, in that order."""
    for _ in range(steps):
        bench.step()
    return [number for number, kind, _, done, _ in sent if done and kind == "part"]


def test_whoever_asks_for_twenty_things_waits_for_them_and_not_the_one_who_asks_for_one():
    sent = []
    bench = Bench(sent.append, 10**9)
    for k in range(20):
        bench.take(order(k, orders.endless, session="twenty"))
    for _ in range(5):  # fifteen of them have had nothing yet
        bench.step()
    bench.take(order(99, orders.some, 3, session="one"))
    assert finished(bench, sent, 4) == [99]


def test_a_session_of_twenty_orders_has_as_much_as_one_of_one():
    bench = Bench(lambda answer: None, 10**9)
    for k in range(20):
        bench.take(order(k, orders.endless, session="twenty"))
    bench.take(order(20, orders.endless, session="one"))
    for _ in range(40):
        bench.step()
    *twenty, one = (job.spent for job in bench.jobs.values())
    assert 0.5 < sum(twenty) / one < 2
    assert max(twenty) < one / 5


def test_what_a_session_has_had_counts_for_less_with_time_and_is_forgotten():
    later = [Had(3.0, 10.0).at(10.0 + seconds) for seconds in (0, benches.LATELY, 60)]
    assert later[:2] == [3.0, 1.5]
    assert later[2] < benches.NEXT_TO_NOTHING
    assert all(one > other for one, other in pairwise(later))


def test_who_had_next_to_nothing_lately_leaves_nothing_behind():
    bench = Bench(lambda answer: None, 10**9)
    for k in range(300):
        bench.had[str(k)] = Had(1.0, -1e3)
    bench.take(order(0, orders.some, 1, session="now"))
    bench.step()
    assert {*bench.had} == {"now"}


def test_what_has_had_the_least_time_goes_next():
    sent = []
    bench = Bench(sent.append, 10**9)
    bench.take(order(1, orders.endless))
    for _ in range(5):
        bench.step()
    bench.take(order(2, orders.some, 3))
    for _ in range(4):
        bench.step()
    done = [number for number, _, _, done, _ in sent if done]
    assert done == [2]


def test_two_that_are_long_share_evenly():
    bench = Bench(lambda answer: None, 10**9)
    bench.take(order(1, orders.endless))
    bench.take(order(2, orders.endless, size=1))
    for _ in range(20):
        bench.step()
    one, other = (job.spent for job in bench.jobs.values())
    assert 0.5 < one / other < 2


def test_a_worker_keeps_no_more_than_there_is_room_for():
    bench = Bench(lambda answer: None, 100)
    for k in range(5):
        bench.take(order(k, orders.some, k + 1, size=40))
        while bench.jobs:
            bench.step()
    assert [*bench.opened] == ["3 some(4,)", "4 some(5,)"]
    bench.forget(["3 some(4,)"])
    assert [*bench.opened] == ["4 some(5,)"]


def test_a_computation_that_was_interrupted_is_not_taken_for_whole():
    def interrupted():
        yield 1
        raise MemoryError

    sent = []
    bench = Bench(sent.append, 100)
    bench.take(order(1, interrupted))
    bench.step()
    bench.step()
    assert [kind for _, kind, *_ in sent] == ["begun", "part", "failed"]
    assert not bench.opened

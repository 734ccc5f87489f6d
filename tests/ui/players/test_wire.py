"""What a change costs on the way: code and words travel once, numbers with each change."""

import pytest

from engine.experiment.experiment import Experiment
from engine.experiment.layers import Layer
from engine.experiment.state import State
from tests.live import serve
from tests.ui.players.wire import visit

XOR = State()
DEEP = State(Experiment(hidden=(Layer(12, "tanh"),) * 6))
MOONS = State(Experiment(data="moons", size=200, hidden=(Layer(8, "tanh"),) * 2, iterations=200,
                         learning_rate=0.5))


@pytest.fixture(scope="module")
def server():
    with serve() as url:
        yield url


@pytest.mark.parametrize(("state", "most"), [(XOR, 45_000), (DEEP, 300_000)], ids=["xor", "deep"])
def test_a_change_of_the_seed_sends_its_numbers_alone(server, state, most):
    with visit(server, state) as visitor:
        visitor.look()
        for seed in (7, 8, 9):
            assert visitor.choose("Seed", seed) <= most
            assert visitor.came["cargo"] < 5_000
            assert visitor.came["stage"] > 5_000


def test_a_slider_that_comes_to_rest_sends_one_iteration(server):
    with visit(server, MOONS, "train") as visitor:
        visitor.look()
        for turn, iteration in enumerate((37, 141, 5), 1):
            assert visitor.rest_at(iteration, turn) <= 60_000
            assert visitor.came["stage"] > 5_000
            assert f"iteration={iteration}&" in visitor.query


@pytest.mark.parametrize(("page", "part"), [("", "stage"), ("train", "journey")])
def test_the_code_of_a_player_is_named_and_not_sent(server, page, part):
    with visit(server, XOR, page) as visitor:
        visitor.look()
        assert len(visitor.code[part]) < 1_500
        assert f"{part}-" in visitor.code[part]


def test_without_a_route_for_it_the_code_is_sent():
    with serve("streamlit", "run", "app.py") as url, visit(url, XOR) as visitor:
        visitor.look()
        assert "export default function mount" in visitor.code["stage"]
        assert visitor.choose("Seed", 7) > 100_000

"""Numbers at the ends of what a computer counts with: no page ends in the error box."""


import pytest

from engine.data.table_text import read_table
from engine.data.user_data import suggested
from engine.experiment import link
from engine.experiment.experiment import Experiment
from figures.journey.boundary import picture_kind
from tests.ui.test_pages import PAGES, opened, state

NUMBERS = {"output": "identity", "loss": "mse"}
PLANE = "x,z,y\n1e308,1,0\n-1e308,2,1\n0.5,5,0\n"
TARGETS = "x,z,y\n1,1,1e308\n-1,2,-1e308\n0.5,5,0.25\n"
CURVE = "x,y\n1,1e308\n-1,-1e308\n0.5,0.25\n"
MIXED = "x,z,y\n1e307,5e-324,1e308\n-1e308,-5e-324,-1e307\n5e-324,1e308,0\n"
TINY = "x,z,y\n5e-324,1e-310,5e-324\n-5e-324,2e-310,-5e-324\n0,0,1e-320\n"
HUGE, ENDS = ["1e308"] * 17, ["1e308", "-1e308", "5e-324", "1e307"] * 5
NASTY = {
    "inputs": {"data": "own", "table": PLANE},
    "targets": {"data": "own", "table": TARGETS} | NUMBERS,
    "targets of a curve": {"data": "own", "table": CURVE} | NUMBERS,
    "mixed": {"data": "own", "table": MIXED} | NUMBERS | {"loss": "half_sum"},
    "tiny": {"data": "own", "table": TINY, "standardise": "yes"} | NUMBERS,
    "parameters": {"parameters": "_".join(HUGE)},
    "parameters of all sizes": {"parameters": "_".join(ENDS[:17])},
}


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("query", NASTY.values(), ids=NASTY)
def test_every_page_shows_numbers_at_the_ends(query, page):
    app = opened(query, page)
    assert not app.exception
    assert link.write(state(app)).items() >= {"data": query.get("data", "xor")}.items()


@pytest.mark.parametrize("look", ["singular", "sigma", "gain", "chart"])
@pytest.mark.parametrize("query", NASTY.values(), ids=NASTY)
def test_every_look_of_the_lab_shows_numbers_at_the_ends(query, look):
    assert not opened(query | {"look": look}, "pages/22_depth.py").exception


def test_what_is_beyond_single_precision_has_no_picture():
    own = lambda text: suggested(read_table(text))
    assert picture_kind(Experiment(data=own(PLANE))) == ""
    assert picture_kind(Experiment(data=own(PLANE.replace("1e308", "1e30")))) == "plane"

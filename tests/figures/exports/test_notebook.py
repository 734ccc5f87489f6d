"""The notebook does what the app does, in the app's words; its form is that of nbformat 4.5."""

import ast
import json
import re

import numpy as np
import pytest

from engine.experiment.experiment import Experiment
from engine.experiment.state import Cursor, State
from engine.training.run import train
from figures.exports.notebook import notebook
from figures.exports.numpy_script import numpy_script
from figures.stage.payload import stage
from tests.figures.exports.test_numpy_script import DIVERGING, check, each_run, some_runs


def opened(experiment, t=0):
    run = train(experiment, 3)
    t = min(t, run.last)
    return run, t, json.loads(notebook(run, t))["cells"]


def of_type(cells, kind):
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == kind]


@each_run
def test_its_cells_run_in_order_give_the_numbers_of_the_app(experiment, t):
    run, t, cells = opened(experiment, t)
    values = {}
    with np.errstate(all="ignore"):
        for source in of_type(cells, "code"):
            exec(source, values)
    check(values, run, t)


@some_runs
def test_below_a_cell_stands_what_it_shows(experiment, t):
    _, _, cells = opened(experiment, t)
    values, names = {"np": np}, {"array": np.array, "np": np, "nan": np.nan, "inf": np.inf}
    for cell in (cell for cell in cells if cell["cell_type"] == "code"):
        *body, last = ast.parse("".join(cell["source"])).body
        with np.errstate(all="ignore"):
            exec(compile(ast.Module([*body, last], []), "cell", "exec"), values)
            for output in cell["outputs"]:
                text = "".join(output["data"]["text/plain"])
                if "..." not in text:
                    shown = eval(ast.unparse(last), values)
                    np.testing.assert_allclose(eval(text, names), shown, rtol=1e-6, atol=1e-7)


def test_its_form_is_nbformat_4_5():
    run = train(Experiment(), 3)
    book = json.loads(notebook(run, 0), parse_constant=pytest.fail)
    assert (book["nbformat"], book["nbformat_minor"]) == (4, 5)
    assert book.keys() == {"cells", "metadata", "nbformat", "nbformat_minor"}
    assert book["metadata"]["kernelspec"].keys() >= {"name", "display_name"}
    ids = [cell["id"] for cell in book["cells"]]
    assert len({*ids}) == len(ids)
    assert all(re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", name) for name in ids)
    for cell in book["cells"]:
        more = {"outputs", "execution_count"} if cell["cell_type"] == "code" else set()
        assert cell.keys() == {"id", "cell_type", "metadata", "source"} | more
        assert all(isinstance(line, str) for line in cell["source"])
        for output in cell.get("outputs", ()):
            assert output["output_type"] == "execute_result"
            assert output.keys() == {"output_type", "execution_count", "metadata", "data"}


def test_its_words_are_those_of_the_stage():
    run, t, cells = opened(Experiment(), 5)
    scenes = stage(run, State(run.experiment, 3, Cursor(iteration=t)), "0")["walks"]["formula"]
    texts = of_type(cells, "markdown")[1:]
    assert len(texts) == len(scenes)
    for text, scene in zip(texts, scenes, strict=True):
        assert text.startswith(f"## {scene['title']}\n\n")
        assert all(part in text for part in scene["sentence"] if isinstance(part, str))
        assert text.count("$$") == 2 * len(scene["formula"])


@some_runs
def test_its_formulas_have_no_slots_and_its_text_no_markup(experiment, t):
    for text in of_type(opened(experiment, t)[2], "markdown"):
        assert not re.search("[⟦⟧⟨⟩<]", text)


def test_it_has_the_lines_of_the_script():
    run, t, cells = opened(Experiment(), 5)
    lines = {line for source in of_type(cells, "code") for line in source.split("\n")}
    script = {line for line in numpy_script(run, t).split("\n") if not line.startswith("#")}
    assert {line for line in lines if " = " in line} <= script


def test_an_overflow_is_still_json():
    run = train(DIVERGING, 3)
    json.loads(notebook(run, run.last), parse_constant=pytest.fail)

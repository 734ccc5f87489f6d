"""Breaks every formula of the engine, one at a time, and looks whether a test fails.

    python tests/mutate.py                all mutations
    python tests/mutate.py backprop       those of the files that are named

Works on a copy of the tree. A mutation exchanges one operator or function in the code, or one
number, never in a docstring: a product becomes a sum, a sine a cosine, a bound moves. What no test
notices is a survivor: it is printed, and the exit code is 1. Lines that contain one of `FREE` below
may change without harm.
"""

import ast
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
FILES = ["activations", "backprop", "batches", "descent", "diagnostics", "erf", "gradcheck",
         "initializers", "losses", "network", "normalisation", "optimizers", "schedules", "updates"]
TESTS = ["activations", "losses", "backprop", "normalisation", "optimizers", "schedules",
         "initializers", "network", "gradcheck", "diagnostics", "training", "truth"]
OWN = {  # further files, and the tests of each
    "theory": ["theory"], "depth": ["depth", "theory"], "depth_map": ["depth_map"],
    "lottery": ["lottery"], "race": ["lottery"], "diagnosis": ["diagnosis"],
    "scores": ["scores", "boundary"],
}
OPERATORS = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.Mult,
             ast.MatMult: ast.Add, ast.Pow: ast.Mult, ast.FloorDiv: ast.Mult, ast.Mod: ast.Add}
COMPARISONS = {ast.Gt: ast.LtE, ast.Lt: ast.GtE, ast.GtE: ast.Lt, ast.LtE: ast.Gt}
FUNCTIONS = {"add": "subtract", "subtract": "add", "multiply": "add", "divide": "multiply",
             "exp": "expm1", "expm1": "exp", "tanh": "sin", "sqrt": "square", "log": "log1p",
             "maximum": "minimum", "minimum": "maximum", "negative": "positive", "sign": "abs",
             "logaddexp": "maximum", "abs": "negative", "cos": "sin", "sum": "max", "mean": "sum"}
FREE = (  # speed or memory only, or a value that nothing depends on
    "AT_ONCE", "CHUNK", "lru_cache", "to_length", "floor = np.maximum", "P, widest", "at_once =",
    "numbers =", "length =", "z = activation(name, alpha), np.arange", "H = 1e-5",
    "near = np.clip", "FAR, STEPS, TERMS", "data = (e.sizes", "step = 5 *", "samples = max(1",
    "shifted = z - z.max", "exp(subtract(z, z.max",
)


class Mutation(NamedTuple):
    """A file with one thing in it exchanged."""

    file: str
    line: int
    before: str
    text: str


def mutations(name: str) -> Iterator[Mutation]:
    """Every mutation of one file."""
    source = (ROOT / "engine" / f"{name}.py").read_text()
    tree, lines = ast.parse(source), source.splitlines()
    for node in ast.walk(tree):
        line = getattr(node, "lineno", 0)
        if line and not any(mark in lines[line - 1] for mark in FREE):
            for field, other in exchanges(node):
                kept = getattr(node, field)
                setattr(node, field, other)
                yield Mutation(name, line, lines[line - 1].strip(), ast.unparse(tree))
                setattr(node, field, kept)


def exchanges(node: ast.AST) -> Iterator[tuple[str, object]]:
    """What can be exchanged in a node: a field, and what to put there."""
    if isinstance(node, ast.BinOp | ast.AugAssign) and is_arithmetic(node):
        yield "op", OPERATORS[type(node.op)]()
    if isinstance(node, ast.Compare) and type(node.ops[0]) in COMPARISONS:
        yield "ops", [COMPARISONS[type(node.ops[0])]()]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield "op", ast.UAdd()
    if isinstance(node, ast.Call) and (other := exchanged_name(node.func)):
        yield "func", other
    if isinstance(node, ast.Constant) and isinstance(node.value, float) and node.value:
        yield "value", node.value * 1.5


def is_arithmetic(node: ast.BinOp | ast.AugAssign) -> bool:
    """Not a string that is put together, nor a type such as `int | None`."""
    texts = (ast.JoinedStr, ast.List, ast.Tuple, ast.Dict)
    parts = [part for part in ast.walk(node)
             if isinstance(part, texts)
             or (isinstance(part, ast.Constant) and isinstance(part.value, str))]
    return type(node.op) in OPERATORS and not parts


def exchanged_name(function: ast.expr) -> ast.expr | None:
    """np.exp -> np.expm1, exp -> np.expm1."""
    if isinstance(function, ast.Attribute) and function.attr in FUNCTIONS:
        return ast.Attribute(function.value, FUNCTIONS[function.attr], ast.Load())
    if isinstance(function, ast.Name) and function.id in FUNCTIONS:
        return ast.Attribute(ast.Name("np", ast.Load()), FUNCTIONS[function.id], ast.Load())
    return None


def survives(mutation: Mutation, copy: Path) -> bool:
    """Whether all fast tests pass with this mutation."""
    path = copy / "engine" / f"{mutation.file}.py"
    kept = path.read_text()
    path.write_text(mutation.text)
    of_all = sorted(TESTS, key=lambda test: test != mutation.file)  # its own test first
    names = OWN.get(mutation.file, of_all)
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider",
               *(f"tests/test_{test}.py" for test in names)]
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1", "OPENBLAS_NUM_THREADS": "1"}
    try:
        result = subprocess.run(command, cwd=copy, env=environment, capture_output=True,
                                timeout=60, check=False)
    except subprocess.TimeoutExpired:
        return False
    finally:
        path.write_text(kept)
    return result.returncode == 0


def main() -> int:
    chosen = sys.argv[1:] or [*FILES, *OWN]
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for part in ("engine", "figures", "tests", "assets", "pyproject.toml"):
            source = ROOT / part
            (shutil.copytree if source.is_dir() else shutil.copy)(source, copy / part)
        broken = [mutation for name in chosen for mutation in mutations(name)]
        survivors = [mutation for mutation in broken if survives(mutation, copy)]
    for mutation in survivors:
        print(f"survived: engine/{mutation.file}.py:{mutation.line}: {mutation.before}")
    print(f"{len(broken)} formulas broken, {len(survivors)} survivors")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())

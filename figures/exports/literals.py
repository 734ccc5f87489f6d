"""Arrays as they are written in a script."""

from collections.abc import Iterable

from engine.nn.arrays import Array

WIDTH = 100
ARRAY = {"np": "np.array", "torch": "torch.tensor"}


# Numbers as text that Python reads back to the last bit
def assigned(name: str, values: Array, library: str) -> str:
    return f"{name} = {literal(values, library, len(name) + 3)}"


def by_layer(name: str, values: dict[int, Array], library: str) -> str:
    """W = {1: np.array(...), 2: ...}"""
    lines = [f"    {l}: {literal(array, library, 7)}," for l, array in values.items()]
    return "\n".join([f"{name} = {{", *lines, "}"])


def literal(values: Array, library: str, column: int) -> str:
    """np.array([[...], [...]]) that begins in this column: a row of the matrix on a line."""
    column += len(ARRAY[library]) + 2
    rows = [bracketed(map(repr, row), column + 1) for row in values.tolist()]
    return f"{ARRAY[library]}([{(',' + chr(10) + ' ' * column).join(rows)}])"


def bracketed(words: Iterable[str], column: int) -> str:
    """[word, word, ...] whose words begin in this column, in lines of at most WIDTH."""
    lines, room = [[]], WIDTH - column
    for word in words:
        if lines[-1] and room < len(word) + 2:
            lines.append([])
            room = WIDTH - column
        lines[-1].append(word)
        room -= len(word) + 2
    return "[" + (",\n" + " " * column).join(", ".join(line) for line in lines) + "]"

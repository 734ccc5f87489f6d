"""Tables: what is read, and the sentence that each wrong table gets."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.tables import (
    MAX_CHARACTERS,
    MAX_ROWS,
    classes,
    column,
    decoded,
    numbers,
    read_table,
)

PETS = 'height, mass,kind\n1,10,cat\n2.5,-2e1,"dog, old"\n4,15,cat\n'


def test_columns_are_read_as_numbers_or_as_classes():
    table = read_table(PETS)
    assert (table.names, table.rows) == (("height", "mass", "kind"), 3)
    np.testing.assert_array_equal(numbers(table, "mass"), [10, -20, 15])
    labels, names = classes(table, "kind")
    assert (labels.tolist(), names) == ([0, 1, 0], ("cat", "dog, old"))


WRONG = [
    ("", "a table must have a header and a row or more (got 0 lines)"),
    ("a,b\n", "a table must have a header and a row or more (got 1 lines)"),
    ("a\n1\n", "a table must have 2 to 100 columns (got 1)"),
    (",".join("abc"[i % 3] * (i + 1) for i in range(101)) + "\n1\n", "a table must have 2 to 100"),
    ("a,,c\n1,2,3\n", "every column must have a name (column 2 has none)"),
    ("a,b,a\n1,2,3\n", "every column must have its own name (got a twice)"),
    ("a,b\n1,2\n3\n", "row 2 must have 2 values, like the header (got 1)"),
    ("a;b\n1;2\n", "a table must have 2 to 100 columns (got 1)"),
    ('a,b\n"1,2\n', "the table must be comma-separated text"),
    ("a,b\n" + "1,2\n" * (MAX_ROWS + 1), f"a table must have at most {MAX_ROWS} rows"),
    ("x" * (MAX_CHARACTERS + 1), f"a table must have at most {MAX_CHARACTERS} characters"),
]


@pytest.mark.parametrize(("text", "sentence"), WRONG, ids=[s[:40] for _, s in WRONG])
def test_a_wrong_table_gets_its_sentence(text, sentence):
    with pytest.raises(ValueError, match="^" + sentence.replace("(", r"\(").replace(")", r"\)")):
        read_table(text)


def test_a_wrong_column_gets_its_sentence():
    table = read_table("a,b,c,d\n1,x,,1\n2,y,3,1\n1e999,z,4,1\n")
    with pytest.raises(ValueError, match=r"a must be finite numbers \(got 1e999 in row 3\)"):
        numbers(table, "a")
    with pytest.raises(ValueError, match=r"b must be finite numbers \(got x in row 1\)"):
        numbers(table, "b")
    with pytest.raises(ValueError, match=r"c must have a value in every row \(row 1 has none\)"):
        column(table, "c")
    with pytest.raises(ValueError, match=r"d must have 2 to 20 classes \(got 1\)"):
        classes(table, "d")
    with pytest.raises(ValueError, match=r"column must be one of a, b, c, d \(got e\)"):
        column(table, "e")


def test_files_must_be_utf_8():
    assert decoded(b"\xef\xbb\xbfa,b") == "a,b"
    with pytest.raises(ValueError, match=r"the file must be text in UTF-8 \(byte 1 is not\)"):
        decoded("a,b".encode("utf-16"))


@given(st.text(max_size=60) | st.text("ab,\n\"1.;\r\t =", max_size=60))
def test_any_text_is_a_table_or_gets_a_sentence(text):
    table, sentence = None, ""
    try:
        table = read_table(text)
    except ValueError as error:
        sentence = str(error)
    assert bool(table) != (0 < len(sentence) < 300)
    assert not table or all(len(words) == table.rows for words in table.columns)

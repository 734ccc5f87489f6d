"""Tables: what is read, that it comes back, and the sentence that each wrong table gets."""

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data.table_text import MAX_BYTES, decoded, read_table
from engine.data.tables import MAX_ROWS, Numbers, Words, numeral, table_of, words_of, write_table
from tests.states import tables

PETS = 'height, mass,kind\n1,10,cat\n2.5,-2e1,"dog, old"\n4,15,cat\n'


def test_columns_are_read_as_numbers_or_as_words():
    table = read_table(PETS)
    assert (table.names, table.rows, table.cells) == (("height", "mass", "kind"), 3, 9)
    np.testing.assert_array_equal(table.column("mass").values, [10, -20, 15])
    kind = table.column("kind")
    assert (kind.different, kind.codes.tolist()) == (("cat", "dog, old"), [0, 1, 0])


@pytest.mark.parametrize("text", [
    "a,b\n1.5,x\n-2,y\n", "a;b\n1.5;x\n-2;y\n", "a\tb\r\n1.5\tx\r\n-2\ty\r\n",
    "a;b\n1,5;x\n-2;y\n", "a\tb\n1,5\tx\n-2,0\ty", '\n"a";"b"\n\n"1,5";" x "\n-2;y\n\n',
])
def test_commas_semicolons_tabs_and_decimal_commas_are_the_same_table(text):
    assert read_table(text) == read_table("a,b\n1.5,x\n-2,y\n")


@pytest.mark.parametrize("gap", ["", " ", "?", "NA", "n/a", "NaN", "nan", "NULL"])
def test_a_gap_is_missing_in_numbers_and_in_words(gap):
    table = read_table(f"a,b\n1,x\n{gap},{gap}\n")
    assert [column.missing.tolist() for column in table.columns] == [[False, True]] * 2
    assert isinstance(table.column("a"), Numbers)
    assert isinstance(table.column("b"), Words)
    assert table.column("b").different == ("x",)


def test_a_column_without_any_value_is_numbers_that_are_missing():
    assert read_table("a,b\n1,\n2,\n").column("b").missing.all()


def test_names_and_words_are_one_line():
    table = read_table('a,"two\r\nlines"\n1," x \n y "\n')
    assert table.names == ("a", "two lines")
    assert table.column("two lines").different == ("x y",)


def test_formulas_and_markup_are_words():
    table = read_table('a,<b>x</b>\n=1+1,"<script>alert(1)</script>"\n@SUM(A1),2\n')
    assert table.names[1] == "<b>x</b>"
    assert table.column("a").different == ("=1+1", "@SUM(A1)")


@given(tables())
def test_a_table_comes_back_from_its_text_to_the_last_bit(table):
    again = read_table(write_table(table), separators=",")
    assert again == table
    assert again.fingerprint == table.fingerprint
    for one, other in zip(table.columns, again.columns, strict=True):
        np.testing.assert_array_equal(one[-1], other[-1])


@given(tables())
def test_a_table_comes_back_from_its_words(table):
    assert table_of(table.names, words_of(table), decimal_comma=False) == table


def test_typed_decimal_commas_are_numbers_and_no_rows_are_no_table():
    np.testing.assert_array_equal(table_of(["a", "b"], [["0,5", "x"]]).column("a").values, [0.5])
    with pytest.raises(ValueError, match="a table must have a row or more"):
        table_of(["a", "b"], [])


@given(tables(), tables())
def test_tables_are_equal_only_if_their_texts_are(one, other):
    assert (one == other) == (write_table(one) == write_table(other))


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_numeral_is_the_same_number(value):
    assert repr(float(numeral(value))) == repr(value)


WRONG = [
    ("", "a table must have a header and a row or more (got 0 lines)"),
    ("a,b\n", "a table must have a header and a row or more (got 1 lines)"),
    ("a\n1\n", "a table must have 2 to 100 columns (got 1)"),
    (",".join("abc"[i % 3] * (i + 1) for i in range(300)) + "\n1\n",
     "a table must have 2 to 100 columns (got 300)"),
    ("a,,c\n1,2,3\n", "every column must have a name (column 2 has none)"),
    ("a,b,a\n1,2,3\n", "every column must have its own name (got a twice)"),
    ("a,b\n1,2\n3\n", "row 2 must have 2 values, like the header (got 1)"),
    ('a,b\n"1,2\n', "the table must be text with commas between the values (line 2: "),
    ('a;b\n1;"2"x\n', "the table must be text with semicolons between the values (line 2: "),
    ("a,b\n" + "1,2\n" * (MAX_ROWS + 1), f"a table must have at most {MAX_ROWS} rows (got more)"),
    ("a,b\n" + "1,2\n" * 1_000_000, f"a table must have at most {MAX_ROWS} rows (got more)"),
    ("x" * (MAX_BYTES + 1), f"a table must have at most {MAX_BYTES} characters"),
    ("a,b\n1,2\n1e999,3\n", "a must be finite numbers (got 1e999 in row 2)"),
    ("a,b\n1,2\n-inf,3\n", "a must be finite numbers (got -inf in row 2)"),
]


@pytest.mark.parametrize(("text", "sentence"), WRONG, ids=[s[:50] for _, s in WRONG])
def test_a_wrong_table_gets_its_sentence(text, sentence):
    with pytest.raises(ValueError, match="must") as error:
        read_table(text)
    assert str(error.value).startswith(sentence)


def test_a_column_that_is_not_there_gets_a_sentence():
    with pytest.raises(ValueError, match=r"column must be one of height, mass, kind \(got e\)"):
        read_table(PETS).column("e")


def test_files_are_utf_8_or_say_that_they_are_utf_16():
    assert decoded(b"\xef\xbb\xbfa,b") == decoded(b"a,b") == decoded("a,b".encode("utf-16"))


BINARY = [
    (b"caf\xe9,b\n1,2", r"the file must be text in UTF-8, .* \(byte 4 is not\)"),
    ("a,b\n1,2".encode("utf-16-le"), r"the file must be text, .* \(character 2 is none\)"),
    (b"PK\x03\x04\x00\x00", r"the file must be text, .* \(character 5 is none\)"),
    (bytes(range(256)), r"the file must be text in UTF-8"),
    (b"1" * 6_000_000, r"a file must have at most 5 MB \(got 6.0 MB\)"),
]


@pytest.mark.parametrize(("content", "sentence"), BINARY, ids=[s[:40] for _, s in BINARY])
def test_files_of_other_kinds_get_a_sentence(content, sentence):
    with pytest.raises(ValueError, match=sentence):
        decoded(content)


@given(st.text(max_size=60) | st.text("ab,;\t\n\"1.\r =@-é_٣", max_size=60))
def test_any_text_is_a_table_or_gets_a_sentence(text):
    table, sentence = None, ""
    try:
        table = read_table(text)
    except ValueError as error:
        sentence = str(error)
    assert bool(table) != (0 < len(sentence) < 300)
    assert not table or all(len(column.missing) == table.rows for column in table.columns)
    assert not table or read_table(write_table(table), separators=",") == table


@given(st.binary(max_size=60))
def test_any_bytes_are_text_or_get_a_sentence(content):
    text, sentence = None, ""
    try:
        text = decoded(content)
    except ValueError as error:
        sentence = str(error)
    assert (text is None) == (0 < len(sentence) < 300)


def test_one_long_word_does_not_take_memory_for_every_row():
    """An array of fixed-width text would take 20,000 times a million characters."""
    text = "a,b\n" + "x,1\n" * 19_999 + "y" * 100_000 + ",2\n"
    start = time.process_time()
    assert read_table(text).column("a").different[1] == "y" * 100_000
    assert time.process_time() - start < 5

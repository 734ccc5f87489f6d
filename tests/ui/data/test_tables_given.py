"""Tables that come in as a file or as text."""

import pytest

from engine.data.table_text import read_table
from engine.data.tables import MAX_ROWS
from tests.ui.data.test_data_input import PETS, give, own, page, type_in
from tests.ui.test_pages import said, state

STRANGE = "**b** <img src=x onerror=alert(1)> $x$ :red[r]"


WRONG = {
    "empty": (b"", "a table must have a header and a row or more (got 0 lines)"),
    "one column": (b"a\n1\n", "a table must have 2 to 100 columns (got 1)"),
    "a header alone": (b"a,b\n", "a table must have a header and a row or more (got 1 lines)"),
    "300 columns": (",".join(f"c{i}" for i in range(300)).encode() + b"\n1\n",
                    "a table must have 2 to 100 columns (got 300)"),
    "a million rows": (b"a,b\n" + b"1,2\n" * 10**6, f"at most {MAX_ROWS} rows"),
    "6 MB": (b"1" * 6_000_000, "a file must have at most 5 MB (got 6.0 MB)"),
    "binary": (bytes(range(256)), "the file must be text in UTF-8"),
    "a spreadsheet's own file": (b"PK\x03\x04\x00\x00", "the file must be text"),
    "ragged": (b"a,b\n1,2\n3\n", "row 2 must have 2 values, like the header (got 1)"),
    "an open quote": (b'a,b\n"1,2\n', "the table must be text with commas"),
    "a name twice": (b"a,a\n1,2\n", "every column must have its own name (got a twice)"),
    "no values": (b"a,b\n,\n,\n", "a column must be numbers, or 2 to 20 classes"),
    "infinite": (b"a,b\n1e999,1\n2,0\n", "a must be finite numbers (got 1e999 in row 1)"),
}
TYPED = [case for case in WRONG if case not in (
    "binary", "a spreadsheet's own file", "6 MB", "a million rows")]  # a text area holds no such


@pytest.mark.parametrize(("way", "case"), [
    *(("file", case) for case in WRONG), *(("text", case) for case in TYPED)])
def test_a_wrong_table_gets_its_sentence_and_changes_nothing(way, case):
    content, sentence = WRONG[case]
    before = state(app := page({"seed": "7"}, way))
    give(app, content) if way == "file" else type_in(app, content.decode())
    assert sentence in said(app)
    assert state(app) == before
    if way == "text":
        assert app.text_area[0].value == content.decode()


READ = {
    "semicolons and decimal commas": "height;mass;kind\n1;10;cat\n2;2e1;dog\n3,0;31;cat\n",
    "tabs": PETS.replace(",", "\t"),
    "quotes": '"height","mass","kind"\r\n1,10,"cat"\r\n2,20,dog\r\n"3",31,cat\r\n',
}


@pytest.mark.parametrize("case", READ)
@pytest.mark.parametrize("way", ["file", "text"])
def test_other_ways_of_writing_a_table_are_read_alike(case, way):
    app = page(way=way)
    give(app, READ[case]) if way == "file" else type_in(app, READ[case])
    assert own(app).table == read_table(PETS)
    if way == "file":
        again = give(page(), PETS.encode("utf-16"))
        assert own(again).table == read_table(PETS)


def test_formulas_and_markup_in_a_table_are_words():
    app = give(page(), f"{STRANGE},kind\n=1+1,<b>a</b>\n@SUM(A1),b\n")
    assert own(app).inputs == (STRANGE,)
    assert own(app).source.inputs == (f"{STRANGE} = =1+1", f"{STRANGE} = @SUM(A1)")
    assert not [m for m in app.markdown if "<img" in m.value or "=1+1" in m.value]

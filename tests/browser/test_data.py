"""Own data in a real browser: brought in, on the stage, in the link or asked for by it."""

import re

from playwright.sync_api import Page, expect

from engine.data.table_text import read_table
from engine.data.user_data import suggested
from tests.browser.test_stage import unit_value

PETS = "height,<b>home</b>,kind\n1,house,cat\n2,flat,dog\n4,house,cat\n8,flat,dog\n"
MANY = "x,y,kind\n" + "".join(f"{i},{i % 7},{'ab'[i % 2]}\n" for i in range(200))


def give(page: Page, content: bytes | str, name: str) -> None:
    content = content.encode() if isinstance(content, str) else content
    page.locator("input[type=file]").first.set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": content})


def opened(page: Page, content: bytes | str, name: str = "pets.csv") -> None:
    page.goto("/data")
    expect(page.get_by_text("XOR: 4 samples")).to_be_visible()
    give(page, content, name)


def on_the_stage(page: Page) -> None:
    page.get_by_role("link", name="Step", exact=True).click()
    expect(page.get_by_test_id("stage")).to_be_visible()


def test_a_small_file_is_on_the_stage_and_in_the_link(page):
    opened(page, PETS)
    expect(page.get_by_text("pets.csv: 4 samples with 3 inputs and 2 classes")).to_be_visible()
    on_the_stage(page)
    stage = page.get_by_test_id("stage")
    expect(stage.get_by_text("<b>home</b> = flat").first).to_be_visible()  # text, no markup
    before = [unit_value(stage, 0, unit) for unit in range(3)]
    page.reload()
    expect(stage.get_by_text("<b>home</b> = flat").first).to_be_visible()
    assert [unit_value(stage, 0, unit) for unit in range(3)] == before
    assert before[1:] == [-1.0, 1.0]  # scaled: half of the homes are flats


def test_a_large_file_is_asked_for_by_its_link_and_taken_up_where_it_fits(page):
    opened(page, MANY, "many.csv")
    expect(page.get_by_text("many.csv: 200 samples")).to_be_visible()
    on_the_stage(page)
    stage = page.get_by_test_id("stage")
    value = unit_value(stage, 0, 1)
    page.reload()
    needed = f"many.csv \\(200 rows, fingerprint {read_table(MANY).fingerprint}\\)"
    expect(page.get_by_text("Something is missing.")).to_be_visible()
    expect(page.get_by_text(needed.replace("\\", ""))).to_be_visible()
    give(page, PETS, "pets.csv")
    expect(page.get_by_text("got pets.csv: 4 rows")).to_be_visible()
    give(page, MANY.replace(",", ";"), "renamed.csv")
    expect(page.get_by_text("Something is missing.")).to_have_count(0)
    unit = stage.locator("[data-testid=unit][data-layer='0'][data-unit='1']")
    expect(unit).to_have_attribute("data-value", re.compile(f"^{re.escape(str(value)[:6])}"))
    assert unit_value(stage, 0, 1) == value
    assert suggested(read_table(MANY)).inputs == ("x", "y")


WRONG = [
    (b"", "a table must have a header and a row or more (got 0 lines)"),
    (b"a\n1\n2\n", "a table must have 2 to 100 columns (got 1)"),
    ((",".join(f"c{i}" for i in range(300)) + "\n").encode() + b"1\n", "got 300"),
    (b"a,b\n" + b"1,2\n" * 300_000, "a table must have at most 20000 rows"),
    (bytes(range(256)) * 10, "the file must be text in UTF-8"),
    ("a,b\n1,2".encode("utf-16-le"), "(character 2 is none)"),
    (b"x,y\nb,a\nb,a\n", "a column must be numbers, or 2 to 20 classes"),
    (b"1" * 6_000_000, "a file must have at most 5 MB (got 6.0 MB)"),
]


def test_a_wrong_file_gets_its_sentence_and_changes_nothing(page):
    page.goto("/data")
    for content, sentence in WRONG:
        give(page, content, "wrong.csv")
        expect(page.get_by_text(sentence)).to_be_visible()
        expect(page.get_by_text("XOR: 4 samples")).to_be_visible()


def test_a_pasted_table_is_data_at_once(page):
    page.goto("/data")
    page.get_by_text("Paste or type", exact=True).click()
    area = page.get_by_role("textbox").first
    area.fill("x1\tx2\tsum\n1\t2\t3,5\n2\t4\t7\n")
    area.press("Control+Enter")
    expect(page.get_by_text("2 samples with 2 inputs")).to_be_visible()
    page.reload()
    expect(page.get_by_text("2 samples with 2 inputs")).to_be_visible()

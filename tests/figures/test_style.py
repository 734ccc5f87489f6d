"""The palette can be read, and a number is written so that it reads as what it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from figures.style import PALETTE, css, number, scale, template

TEXT = [name for name in PALETTE["light"] if name not in ("page", "panel", "line")]


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    channels = (int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", PALETTE)
@pytest.mark.parametrize("background", ["page", "panel"])
@pytest.mark.parametrize("name", TEXT)
def test_text_has_a_contrast_of_at_least_4_5(theme, background, name):
    assert contrast(PALETTE[theme][name], PALETTE[theme][background]) >= 4.5


def test_both_themes_name_the_same_colours_and_css_carries_them_all():
    assert PALETTE["light"].keys() == PALETTE["dark"].keys()
    for colours in PALETTE.values():
        assert all(f"--{name}: {colour};" in css() for name, colour in colours.items())


@pytest.mark.parametrize(("value", "text"), [
    (0, "0"), (-0.0, "0"), (1, "1"), (0.05, "0.05"), (-0.5, "−0.5"), (1 / 3, "0.3333"),
    (0.1 + 0.4 + 1e-9, "0.5000"), (9.9996, "10.00"), (1234.5, "1235"), (12345.678, "12346"),
    (99999.9, "1.000e5"), (100000, "1e5"), (0.00099999, "0.001000"), (1e-5, "1e−5"),
    (1.23456e-7, "1.235e−7"), (float("inf"), "overflow"), (float("-inf"), "−overflow"),
    (float("nan"), "nan"),
])
def test_number_reads_as(value, text):
    assert number(value) == text


@given(some.floats(-1.79e308, 1.79e308))
def test_number_is_within_half_a_unit_of_its_fourth_digit(value):
    shown = float(number(value).replace("−", "-"))
    assert shown == pytest.approx(value, rel=5.0001e-4, abs=3e-324)


@given(some.floats(-1.79e308, 1.79e308))
def test_the_sign_is_a_glyph(value):
    assert number(value).startswith("−") == (value < 0)
    assert number(-value).lstrip("−") == number(value).lstrip("−")


def test_a_scale_is_even_from_0_to_1():
    assert scale(("a", "b", "c")) == [(0, "a"), (0.5, "b"), (1, "c")]


@pytest.mark.parametrize("theme", PALETTE)
def test_lines_beside_each_other_have_the_colours_of_the_classes_in_their_order(theme):
    assert template(theme)["layout"]["colorway"] == [
        PALETTE[theme][name] for name in ("class0", "class1", "class2", "class3")]

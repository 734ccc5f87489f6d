"""Guesses: every usual way to write a number is read, and nothing else raises but a sentence."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.teaching.guesses import EXACT, read

finite = st.floats(allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize(("text", "value", "digits"), [
    ("0.25", 0.25, 2), (".25", 0.25, 2), ("0,25", 0.25, 2), ("−0,25", -0.25, 2),
    ("–.5", -0.5, 1), ("+3", 3, 1), ("5.", 5, 1), ("1/4", 0.25, EXACT), ("-3/8", -0.375, EXACT),
    (".5/2", 0.25, EXACT), ("2.5e-3", 0.0025, 2), ("2,50E−3", 0.0025, 3), ("2.5·10^-3", 0.0025, 2),
    ("2.5 × 10^−3", 0.0025, 2), ("1200", 1200, 2), ("1200.", 1200, 4), ("0.0120", 0.012, 3),
    (" - 0.5 ", -0.5, 1), ("0", 0, EXACT), ("0.00", 0, EXACT),
])
def test_a_number_is_read_in_every_usual_way(text, value, digits):
    assert read(text) == (value, digits)


@given(finite)
def test_what_python_writes_is_read_to_the_last_bit(value):
    assert read(repr(value)).value == value


@given(finite)
def test_a_true_minus_and_a_decimal_comma_mean_the_same(value):
    assert read(repr(value).replace("-", "−").replace(".", ",")) == read(repr(value))


@given(st.integers(-999, 999), st.integers(1, 999))
def test_a_fraction_is_its_value(top, bottom):
    assert read(f"{top}/{bottom}").value == pytest.approx(float(Fraction(top, bottom)))


@given(st.integers(1, 6), st.integers(1, 9 * 10**5), st.integers(-30, 30))
def test_the_digits_of_a_decimal_are_those_that_were_typed(digits, whole, exponent):
    assert read(f"{float(whole):.{digits}e}").digits == digits + 1


anything = st.text(max_size=60) | st.text("0123456789.,/e+-−·×^ ", max_size=20) | st.sampled_from(
    ["", "nan", "inf", "-", ".", ",", "1/0", "0/0", "1e999", "1e99999", "1,234.5", "1.2.3", "1/2/3",
     "0x10", "1_0", "١", "²", "1e", "e5", "--1", "9" * 400, "<b>1</b>", "1/4e3"])


@given(anything)
def test_whatever_is_typed_is_a_finite_number_or_a_sentence(text):
    told = heard(text)
    if isinstance(told, str):
        assert told.startswith("a guess must be a ")
        assert len(told) < 140
    else:
        assert abs(told) < float("inf")


def heard(text: str) -> float | str:
    try:
        return read(text).value
    except ValueError as error:
        return str(error)

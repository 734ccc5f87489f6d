"""A guess as it was typed: a number, and how many of its digits count.

    0.25   .25   0,25   -0,25   1/4   2.5e-3   2.5·10^-3

Nothing else is taken for a number: `read` gives a Guess, or a ValueError whose text is a sentence.
A comma is a decimal comma. The zeros at the end of a whole number do not count as digits.
"""

import re
from math import inf, isfinite
from typing import NamedTuple

from engine.data.tables import shown

LONGEST = 40
EXACT = 17  # digits of what is not rounded
MINUS = str.maketrans({"−": "-", "–": "-", ",": "."})
NUMBER = r"([0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
DECIMAL = re.compile(rf"([+-]?){NUMBER}(?:(?:e|[*·×]10\^)([+-]?[0-9]{{1,4}}))?", re.IGNORECASE)
FRACTION = re.compile(rf"([+-]?){NUMBER}/{NUMBER}")
EXPECTED = "a guess must be a number such as 0.25, −0,25, 1/4 or 2.5e-3"


class Guess(NamedTuple):
    value: float
    digits: int = EXACT


def read(text: str) -> Guess:
    """The guess in a text; its digits are counted from the first that is not 0."""
    plain = "".join(text.split()).translate(MINUS)
    match = DECIMAL.fullmatch(plain) or FRACTION.fullmatch(plain)
    if len(text) > LONGEST or not match:
        raise ValueError(f"{EXPECTED} (got {shown(text.strip()) or 'nothing'})")
    guess = decimal(*match.groups()) if match.re is DECIMAL else fraction(*match.groups())
    if not isfinite(guess.value):
        raise ValueError(f"a guess must be a finite number (got {shown(text.strip())})")
    return guess


def decimal(sign: str, mantissa: str, exponent: str | None) -> Guess:
    digits = mantissa.replace(".", "").lstrip("0")
    digits = digits if "." in mantissa else digits.rstrip("0")
    value = float(f"{sign}{mantissa}e{exponent or 0}")
    return Guess(value, len(digits) if value else EXACT)


def fraction(sign: str, top: str, bottom: str) -> Guess:
    value = float(top) / float(bottom) if float(bottom) else inf
    return Guess(-value if sign == "-" else value)

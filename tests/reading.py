"""How easy a text reads: its sentences, their length, and the reading ease of Flesch (1948):

    206.835 - 1.015 words per sentence - 84.6 syllables per word

60 to 70 is plain English, read with ease at the age of 13 to 15. Formulas and numbers count as one
short word each. Syllables are groups of vowels, without a silent e at the end.
"""

import re
from itertools import chain

FORMULA = re.compile(r"\${1,2}[^$]+\${1,2}")
QUOTED = re.compile(r"\{\{.+?\}\}")
NUMBER = re.compile(r"[−-]?\d+(?:[.,]\d+)*")
END = re.compile(r"(?<=[.?!:])\s+(?=[\"“*(A-Z0-9x])|\n\s*\n|\n(?=- )")
WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*")
VOWELS = re.compile(r"[aeiouy]+")


def plain(markdown: str) -> str:
    """The words alone: a displayed formula ends its sentence, another one is a word."""
    text = re.sub(r"\$\$[^$]+\$\$", ".", markdown)
    text = QUOTED.sub("x", FORMULA.sub("x", text))
    return re.sub(r"[*_`#]", "", NUMBER.sub("x", text))


def sentences(markdown: str) -> list[list[str]]:
    """Their words; without those that have none."""
    found = (WORD.findall(part) for part in END.split(plain(markdown)))
    return [words for words in found if words]


def syllables(word: str) -> int:
    word = re.sub(r"[^a-z]", "", word.lower())
    silent = word.endswith("e") and not word.endswith(("le", "ee", "ie")) and len(word) > 3
    silent = silent or (word.endswith(("es", "ed")) and not word.endswith(
        ("ses", "xes", "zes", "ches", "shes", "ces", "ges", "ted", "ded", "ees", "eed", "les")))
    return max(1, len(VOWELS.findall(word)) - silent)


def ease(texts: list[str]) -> float:
    """The reading ease of several texts together."""
    every = [words for text in texts for words in sentences(text)]
    words = [*chain(*every)]
    return (206.835 - 1.015 * len(words) / len(every)
            - 84.6 * sum(map(syllables, words)) / len(words))


def mean_length(texts: list[str]) -> float:
    every = [words for text in texts for words in sentences(text)]
    return sum(map(len, every)) / len(every)

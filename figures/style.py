"""The look of everything: the one place where a colour is named and a number is written.

Phases have an accent each; the sign of a number is another pair of hues and always a glyph as well;
a class has a hue and a marker of its own.
The hues keep apart for colour-blind eyes, and each has a contrast of at least 4.5 : 1 on page and
panel, in light and in dark (tests/figures/test_style.py computes it).
"""

from decimal import ROUND_HALF_UP as HALF_UP
from decimal import Context, Decimal
from math import isfinite
from typing import Any

PALETTE = {
    "light": {
        "page": "#ffffff", "panel": "#f5f7fa", "line": "#d5dbe3", "muted": "#566170",
        "ink": "#101822", "focus": "#101822",
        "forward": "#0b62a8", "cost": "#5b5f66", "backward": "#b3410a", "update": "#7438a0",
        "positive": "#00705c", "negative": "#b01e6a",
        "class0": "#1b5fc0", "class1": "#b8420a", "class2": "#0a4d2e", "class3": "#a8327f",
    },
    "dark": {
        "page": "#0f151d", "panel": "#18212c", "line": "#33414f", "muted": "#a3b1c0",
        "ink": "#e9eef4", "focus": "#ffffff",
        "forward": "#6db7ff", "cost": "#b4bcc6", "backward": "#ffa268", "update": "#cfa0ff",
        "positive": "#56d3ad", "negative": "#ff8dc2",
        "class0": "#79b2ff", "class1": "#ffa066", "class2": "#b8f0d8", "class3": "#fb5f95",
    },
}

# From the smallest to the largest size on a logarithmic scale: what vanishes fades into the page.
HEAT = {
    "light": ("#fdf1e7", "#f7c49b", "#e2803f", "#a84408", "#4f1c02"),
    "dark": ("#1f1a1a", "#55301d", "#a5562a", "#f0935a", "#ffe6d3"),
}

# Of the logarithm of a ratio: below 0 the hue of negative numbers, above 0 that of positive ones.
DIVERGING = {
    "light": ("#7a0f47", "#c0508d", "#e6b3cd", "#f5f7fa", "#a9d3c8", "#3d9b87", "#00493c"),
    "dark": ("#ffa6d0", "#c45f92", "#6d3752", "#18212c", "#215949", "#3aa283", "#8ff0d2"),
}

DASHES = ("solid", "dash", "dot", "dashdot")  # of lines that are compared, beside their hues
MARKERS = ("circle", "square", "triangle-up", "diamond")  # of the classes, as Plotly calls them

FONT = "Source Sans, Source Sans Pro, sans-serif"  # Streamlit's own
DIGITS = 4
FOUR = Context(prec=DIGITS, rounding=HALF_UP)
SMALL, LARGE = Decimal("0.001"), Decimal(100_000)
MINUS = "\N{MINUS SIGN}"


def css(part: str = "stage") -> str:
    """The palette as CSS custom properties of a part of a page, by theme."""
    return "\n".join(
        f"[data-testid={part}][data-theme={theme}] {{ "
        + " ".join(f"--{name}: {colour};" for name, colour in colours.items())
        + " ".join(f" --heat{k}: {colour};" for k, colour in enumerate(HEAT[theme]))
        + " }"
        for theme, colours in PALETTE.items()
    )


def faded(colour: str, share: float) -> str:
    """A colour so much of which covers what is behind it."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red}, {green}, {blue}, {share:g})"


def scale(colours: tuple[str, ...]) -> list[tuple[float, str]]:
    """Evenly spaced, as Plotly wishes it."""
    return [(k / (len(colours) - 1), colour) for k, colour in enumerate(colours)]


def template(theme: str) -> dict[str, Any]:
    """Plotly's template in this palette: every chart begins with it."""
    c = PALETTE[theme]
    axis = {"gridcolor": c["line"], "linecolor": c["muted"], "zerolinecolor": c["line"],
            "tickcolor": c["muted"], "tickfont": {"color": c["muted"]}, "automargin": True,
            "title": {"font": {"color": c["ink"], "size": 14}, "standoff": 8},
            "exponentformat": "power", "minor": {"showgrid": False}}
    return {"layout": {
        "paper_bgcolor": c["page"], "plot_bgcolor": c["page"],
        "font": {"color": c["ink"], "size": 14, "family": FONT},
        "title": {"font": {"size": 17, "color": c["ink"]}, "x": 0, "xref": "container",
                  "xanchor": "left", "y": 1, "yref": "paper", "yanchor": "bottom",
                  "pad": {"l": 12, "b": 26}},
        "xaxis": axis, "yaxis": axis, "colorway": [c[f"class{k}"] for k in range(4)],
        "legend": {"orientation": "h", "yref": "container", "y": 0, "yanchor": "bottom", "x": 0,
                   "xanchor": "left", "font": {"size": 13}},
        "hoverlabel": {"bgcolor": c["panel"], "bordercolor": c["line"],
                       "font": {"color": c["ink"]}},
        "margin": {"l": 10, "r": 16, "t": 40, "b": 10},
        "annotationdefaults": {"font": {"color": c["ink"], "size": 13}, "showarrow": False},
    }}


def number(value: float) -> str:
    """Four significant digits. A shorter decimal that is exact stays short; 0.5000 was rounded.

    From 1,000 on a whole number; below 0.001 and from 100,000 on the power of ten is written out.
    Ties are rounded away from zero, as the browser does (assets/numbers.js has the same function).
    """
    if not isfinite(value):
        return word(value)
    exact = Decimal(value)
    rounded = FOUR.create_decimal(exact) if abs(exact) < 1000 else exact.to_integral_value(HALF_UP)
    if value and not SMALL <= abs(rounded) < LARGE:
        return scientific(value)
    return shortened(f"{rounded:f}", "", value)


def scientific(value: float) -> str:
    """1.234e-5, or 1e-5 where that is exact."""
    rounded = FOUR.create_decimal(Decimal(value))
    mantissa, exponent = f"{rounded:.{DIGITS - 1}e}".split("e")
    return shortened(mantissa, f"e{int(exponent)}", value)


def shortened(mantissa: str, exponent: str, value: float) -> str:
    """Without the zeros at the end, if the text is exactly the value; with a true minus sign."""
    if "." in mantissa and float(mantissa + exponent) == value:
        mantissa = mantissa.rstrip("0").rstrip(".")
    return (mantissa + exponent).replace("-", MINUS) if value else "0"


def word(value: float) -> str:
    """What a number that is not finite is called."""
    if value != value:
        return "nan"
    return "overflow" if value > 0 else f"{MINUS}overflow"

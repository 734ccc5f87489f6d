"""A guess (a ring) and the truth (a diamond) on one line: the gap between them is remembered.

An SVG in the colours of the text around it.
"""

from html import escape

from figures.style import number

WIDTH, HEIGHT, MARGIN, LINE = 360, 84, 56, 42


def guess_line(guess: float, truth: float) -> str:
    """The two on a line from the smaller to the larger of them and 0."""
    low, high = min(guess, truth, 0.0), max(guess, truth, 0.0)
    said = f"Your guess {number(guess)}, the network's number {number(truth)}"
    x = lambda value: MARGIN + (WIDTH - 2 * MARGIN) * (value - low) / ((high - low) or 1.0)
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(said)}" '
        f'style="width: 100%; max-width: {WIDTH}px; font-size: 13px" fill="currentColor" '
        'stroke="currentColor">'
        f'<line x1="{MARGIN}" x2="{WIDTH - MARGIN}" y1="{LINE}" y2="{LINE}" opacity="0.4"/>'
        f'<line x1="{x(0):.1f}" x2="{x(0):.1f}" y1="{LINE - 5}" y2="{LINE + 5}" opacity="0.4"/>'
        f'<line x1="{x(guess):.1f}" x2="{x(truth):.1f}" y1="{LINE}" y2="{LINE}" stroke-width="4"/>'
        f'<circle cx="{x(guess):.1f}" cy="{LINE}" r="7" fill="none" stroke-width="2"/>'
        f'<path d="M{x(truth):.1f} {LINE - 9}l7 9-7 9-7-9z"/>'
        f'{label(x(guess), LINE - 18, f"guess {number(guess)}")}'
        f'{label(x(truth), LINE + 30, f"network {number(truth)}")}</svg>'
    )


def label(x: float, y: float, text: str) -> str:
    return (f'<text x="{x:.1f}" y="{y}" text-anchor="middle" stroke="none">{escape(text)}</text>')

"""How often each letter occurs in a text, as a bar chart: pure, so that a drawing can be checked."""

from __future__ import annotations

from collections import Counter

ROW = 20  # pixels
LONGEST_BAR = 300


def letters(text: str) -> Counter[str]:
    """How often each letter of `text` occurs, whatever its case."""
    return Counter(character for character in text.lower() if character.isalpha())


def svg(counts: Counter[str]) -> str:
    """The chart as an SVG document: a row for each letter, the commonest first, equals by alphabet."""
    rows = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    most = max(counts.values(), default=1)
    bars = "".join(_bar(place, letter, count, most) for place, (letter, count) in enumerate(rows))
    height = max(ROW * len(rows), ROW)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{LONGEST_BAR + 80}" height="{height}"'
        f' font-family="sans-serif" font-size="14">{bars}</svg>'
    )


def _bar(place: int, letter: str, count: int, most: int) -> str:
    """One letter's row. A letter needs no escaping: none of XML's special characters is one."""
    top = ROW * place
    length = LONGEST_BAR * count // most
    return (
        f'<text x="4" y="{top + 15}">{letter}</text>'
        f'<rect x="24" y="{top + 3}" width="{length}" height="14" fill="#4a7"/>'
        f'<text x="{length + 30}" y="{top + 15}">{count}</text>'
    )

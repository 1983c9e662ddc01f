"""What the page's terminal makes of what a program writes for one; asked of its module in the browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.browser.serving import served
from tests.unit.dashboard.support import Fixed, preview

SHOWN = """async ([columns, rows, pieces]) => {
  const { Screen } = await import('/static/shell/screen.js');
  const answers = [];
  const screen = new Screen(columns, rows, (text) => answers.push(text));
  for (const piece of pieces) piece === 'wider' ? screen.resize(columns + 5, rows + 1) : screen.write(piece);
  const text = (line) => line.map((cell) => cell.char).join('').trimEnd();
  return { past: screen.past.map(text), lines: screen.lines.map(text), at: [screen.x, screen.y], answers,
    styles: screen.lines.flat().map((cell) => cell.style), arrows: screen.arrows };
}"""


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GALLEY_HOME", str(tmp_path_factory.mktemp("home")))
        with served(Fixed([preview()])) as found:
            yield found


CASES = {
    "lines": (["one\r\ntwo"], ["one", "two", ""], []),
    "what leaves the screen is kept": (["1\r\n2\r\n3\r\n4"], ["2", "3", "4"], ["1"]),
    "long lines go on below": (["abcdefghijkl"], ["abcdefghij", "kl", ""], []),
    "over the line": (["50 %\r100"], ["100%", "", ""], []),
    "backspace": (["abc\b \b"], ["ab", "", ""], []),
    "tabs": (["a\tb"], ["a       b", "", ""], []),
    "cursor": (["\x1b[2;3Hx\x1b[Ay\x1b[Gz"], ["z  y", "  x", ""], []),
    "erased to the end": (["abc\x1b[2D\x1b[K"], ["a", "", ""], []),
    "cleared": (["abc\r\ndef\x1b[2J\x1b[Hx"], ["x", "", ""], []),
    "deleted and put in": (["abcd\r\x1b[2P\x1b[@x"], ["xcd", "", ""], []),
    "lines put in and taken out": (["a\r\nb\r\nc\x1b[2;1H\x1b[Lx\x1b[1;1H\x1b[M"], ["x", "b", ""], []),
    "in a region": (["\x1b[1;2r1\r\n2\r\n3\x1b[3;1Hend"], ["2", "3", "end"], ["1"]),
    "a pager's screen": (["shell\x1b[?1049h\x1b[Hpager\x1b[?1049l$"], ["shell$", "", ""], []),
    "titles and character sets are left out": (["\x1b]0;title\x07a\x1b(Bb\x1b[?2004hc"], ["abc", "", ""], []),
    "in pieces": (["a\x1b", "[3", "1mb\x1b]0;ti", "tle\x07c"], ["abc", "", ""], []),
    "made larger": (["1\r\n2", "wider", "\r\n3\r\n4"], ["1", "2", "3", "4"], []),
}


@pytest.mark.parametrize("case", CASES)
def test_a_screen(page: Page, url: str, case: str) -> None:
    page.goto(f"{url}/login")
    pieces, lines, past = CASES[case]
    found = page.evaluate(SHOWN, [10, 3, pieces])
    assert (found["lines"], found["past"]) == (lines, past)


def test_colours_questions_and_arrows(page: Page, url: str) -> None:
    page.goto(f"{url}/login")
    found = page.evaluate(SHOWN, [10, 3, ["\x1b[31ma\x1b[0mb\x1b[6n\x1b[c\x1b[?1h"]])
    assert found["styles"] == [{"fg": 1}, None]
    assert (found["answers"], found["arrows"]) == (["\x1b[1;3R", "\x1b[?1;2c"], "O")


def test_whatever_is_written_ends(page: Page, url: str) -> None:
    """Numbers that are too large, and sequences that never end."""
    page.goto(f"{url}/login")
    pieces = [
        "\x1b[999999999L\x1b[99999999;9999999H\x1b[5000@\x1b[99999999X",
        "\x1b]" + "x" * 100_000,
        "\x1b[",
    ]
    found = page.evaluate(SHOWN, [10, 3, pieces])
    assert len(found["lines"]) == 3

"""What the set-up prints."""

from __future__ import annotations

import io

import pytest

from galley_iac.toolchain.console import Console, duration


class Clock:
    """A clock that is set by hand."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


class Terminal(io.StringIO):
    """An output on which a line can be overwritten."""

    def isatty(self) -> bool:
        return True


def test_a_long_step_says_how_long_it_took() -> None:
    out, clock = io.StringIO(), Clock()
    console = Console(out, clock)

    with console.step("Build"):
        console.note("from source")
        clock.now = 95

    assert out.getvalue() == "==> Build\n    from source\n    done in 1 min 35 s\n"


def test_a_short_step_says_nothing_more() -> None:
    out = io.StringIO()

    with Console(out, Clock()).step("Look"):
        pass

    assert out.getvalue() == "==> Look\n"


def test_a_log_file_gets_a_sign_of_life_every_ten_seconds() -> None:
    out, clock = io.StringIO(), Clock()
    console = Console(out, clock)

    with console.step("Build"):
        for second in range(1, 31):
            clock.now = second
            console.tick(f"at {second}")

    assert out.getvalue().splitlines()[1:-1] == ["    at 10", "    at 20", "    at 30"]


def test_on_a_terminal_the_sign_of_life_is_one_line() -> None:
    out, clock = Terminal(), Clock()
    console = Console(out, clock)
    clock.now = 1

    console.tick("half")
    console.note("whole")

    assert out.getvalue() == "\r\x1b[K    half\r\x1b[K    whole\n"


def test_other_programs_colours_do_not_get_into_a_log() -> None:
    out, clock = io.StringIO(), Clock()
    clock.now = 11

    Console(out, clock).tick("\x1b[91mwarning:\x1b[0m careful")

    assert out.getvalue() == "    warning: careful\n"


def test_a_sign_of_life_is_cut_to_a_line() -> None:
    out, clock = io.StringIO(), Clock()
    clock.now = 11

    Console(out, clock).tick("x" * 500)

    assert len(out.getvalue()) < 120


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.4, "0 s"), (59.4, "59 s"), (59.6, "1 min 00 s"), (187, "3 min 07 s")]
)
def test_durations(seconds: float, text: str) -> None:
    assert duration(seconds) == text

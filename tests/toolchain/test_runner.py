"""Running other programs."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from galley_iac.toolchain.runner import SystemRunner, ToolError

RUNNER = SystemRunner()


def test_the_output_comes_line_by_line_and_as_a_whole() -> None:
    lines: list[str] = []

    text = RUNNER.run(["sh", "-c", "echo one; echo two >&2"], on_line=lines.append)

    assert (lines, text) == (["one", "two"], "one\ntwo\n")


def test_the_environment_is_added_to(tmp_path: Path) -> None:
    text = RUNNER.run(["sh", "-c", 'echo "$NAME $PATH"; pwd'], env={"NAME": "value"}, cwd=tmp_path)

    assert text.splitlines() == [f"value {os.environ['PATH']}", str(tmp_path)]


def test_a_failure_shows_the_command_the_code_and_the_last_lines() -> None:
    with pytest.raises(ToolError) as caught:
        RUNNER.run(["sh", "-c", "seq 100; exit 7"])

    text = str(caught.value)
    assert "`sh -c seq 100; exit 7` ended with exit code 7:" in text
    assert text.splitlines()[1:] == [str(number) for number in range(86, 101)]


def test_a_program_that_is_not_there() -> None:
    with pytest.raises(ToolError, match="no-such-program: No such file"):
        RUNNER.run(["no-such-program"])


def test_the_program_is_ended_when_we_are_interrupted(tmp_path: Path) -> None:
    def interrupt(line: str) -> None:
        (tmp_path / "pid").write_text(line)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        RUNNER.run(
            [sys.executable, "-uc", "import os, time; print(os.getpid()); time.sleep(60)"], on_line=interrupt
        )

    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


def test_programs_are_found_on_path() -> None:
    found = RUNNER.which("sh")

    assert found is not None
    assert os.access(found, os.X_OK)
    assert RUNNER.which("no-such-program") is None

"""The Pulumi CLI as a child: one signal, both streams, its exit code, and nothing of a terminal's."""

from __future__ import annotations

import os
import stat
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from pulumi.automation.errors import CommandError, ConcurrentUpdateError

from galley_iac.automation.command import OneSignalCommand

Program = Callable[[str], OneSignalCommand]


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """A stand-in for the CLI: a Python script."""

    def make(script: str) -> OneSignalCommand:
        path = tmp_path / "pulumi"
        path.write_text(f"#!{sys.executable}\nimport os, signal, sys, time\n{script}\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return OneSignalCommand(path, "3.259.0")

    return make


def run(command: OneSignalCommand, *arguments: str, **more: object) -> str:
    return command.run(list(arguments), os.sep, {}, **more).stdout  # type: ignore[arg-type]


COUNTS = """
seen = []
for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
    signal.signal(number, lambda number, _: seen.append(number))
print("up", flush=True)
end = time.monotonic() + 1
while time.monotonic() < end:
    time.sleep(0.02)
print(seen, flush=True)
"""


def test_exactly_one_signal(program: Program) -> None:
    command, lines = program(COUNTS), []

    def on_line(line: str) -> None:
        lines.append(line)
        if line == "up":
            for _ in range(5):
                command.interrupt()

    run(command, on_output=on_line)
    assert lines == ["up", "[15]"]


def test_a_terminal_s_signal_does_not_reach_it(program: Program) -> None:
    """Ctrl-C goes to the foreground group; the child leads a session of its own."""
    printed = run(program("print(os.getsid(0) == os.getpid(), os.getpgid(0) == os.getpid())"))
    assert printed == "True True"


def test_what_was_interrupted_starts_nothing_more(program: Program) -> None:
    command = program("print('ran')")
    command.interrupt()
    with pytest.raises(KeyboardInterrupt):
        run(command)


def test_interrupting_when_nothing_runs_is_no_error(program: Program) -> None:
    command = program("print('ran')")
    assert run(command) == "ran"
    command.interrupt()


def test_arguments_environment_and_folder(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OUTER", "1")
    command = program("print(sys.argv[1:], os.environ['OUTER'], os.environ['INNER'], os.getcwd())")
    done = command.run(["up", "--yes"], str(tmp_path), {"INNER": "2"})
    assert done.stdout == f"['--non-interactive', 'up', '--yes'] 1 2 {tmp_path}"
    assert (done.code, done.stderr) == (0, "")


def test_what_is_fed_goes_to_its_input(program: Program) -> None:
    assert run(program("print(sys.stdin.read()[::-1])"), text="s3cr3t") == "t3rc3s"


def test_it_never_waits_for_an_answer(program: Program) -> None:
    """A question would hang for ever: there is nobody to ask."""
    assert run(program("print(repr(sys.stdin.read()))")) == "''"


def test_one_that_does_not_read_what_it_is_fed(program: Program) -> None:
    assert run(program("sys.stdin.close(); print('done')"), text="x" * 10_000) == "done"


def test_both_streams_however_much_there_is(program: Program) -> None:
    """One that is not read fills up, and the child waits for ever."""
    script = "for n in range(20000): print('o' * 40, file=sys.stdout); print('e' * 40, file=sys.stderr)"
    done = program(script).run([], os.sep, {})
    assert len(done.stdout.splitlines()) == len(done.stderr.splitlines()) == 20000


def test_lines_as_they_come(program: Program) -> None:
    command, seen = program("print('a', flush=True); time.sleep(.3); print('b', file=sys.stderr)"), {}
    begun = time.monotonic()

    def note(line: str) -> None:
        seen[line] = time.monotonic() - begun

    command.run([], os.sep, {}, on_output=note, on_error=note)
    assert seen["b"] - seen["a"] > 0.2


def test_bytes_that_are_no_text(program: Program) -> None:
    assert run(program(r"sys.stdout.buffer.write(b'a\xffb\n')")) == "a\ufffdb"


def test_failure(program: Program) -> None:
    with pytest.raises(CommandError) as raised:
        run(program("print('out'); print('why', file=sys.stderr); sys.exit(3)"))
    assert "code: 3" in str(raised.value)
    assert "why" in str(raised.value)


def test_another_update_is_an_error_of_its_own(program: Program) -> None:
    text = "error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end"
    with pytest.raises(ConcurrentUpdateError):
        run(program(f"print({text!r}, file=sys.stderr); sys.exit(255)"))


def test_a_callback_that_fails_does_not_stop_the_reading(program: Program) -> None:
    def fail(_: str) -> None:
        raise ValueError("a display's own trouble")

    script = "for n in range(20000): print('o' * 40)\nprint('last')"
    before = set(threading.enumerate())
    assert run(program(script), on_output=fail).splitlines()[-1] == "last"
    assert set(threading.enumerate()) <= before

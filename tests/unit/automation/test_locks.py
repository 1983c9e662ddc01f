"""Who holds a preview: dead and living processes of this host, and others."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from galley_iac.automation import locks
from galley_iac.automation.locks import InUseError, Owner, end_session, exclusive, owners, release_dead
from galley_iac.errors import PreviewError
from tests.source_tree import ROOT

SINCE = "2020-01-01T00:00:00Z"


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GALLEY_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(locks, "_PAUSE", 0.02)


def lock(state: Path, process: int, host: str = "", name: str = "one", preview: str = "p") -> Path:
    """A lock as Pulumi writes it, with the file of attributes that lies beside it."""
    folder = state / ".pulumi" / "locks" / "organization" / "galley" / preview
    folder.mkdir(parents=True, exist_ok=True)
    entry = {"pid": process, "hostname": host or socket.gethostname(), "username": "ann", "timestamp": SINCE}
    path = folder / f"{name}.json"
    path.write_text(json.dumps(entry))
    path.with_name(f"{path.name}.attrs").write_text("{}")
    return path


def dead() -> int:
    """The id of a process that has ended."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    return ended.pid


def release(state: Path, end_checks: Callable[[], None] = lambda: None) -> bool:
    return release_dead(state, "galley", "p", end_checks)


@contextlib.contextmanager
def child(script: str, *, leads: bool) -> Iterator[subprocess.Popen[str]]:
    """A process that has printed a line and runs on; it has ended when this does."""
    command = [sys.executable, "-c", f"import signal, sys, time\n{script}"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=leads) as process:
        try:
            assert process.stdout is not None
            process.stdout.readline()
            yield process
        finally:
            process.kill()
            end_session(process.pid)


SLEEPS = "print('up', flush=True)\ntime.sleep(60)"
STUBBORN = f"signal.signal(signal.SIGTERM, lambda *_: None)\n{SLEEPS}"


def test_nobody(tmp_path: Path) -> None:
    assert owners(tmp_path, "galley", "p") == []
    assert release(tmp_path) is False


def test_who_it_is(tmp_path: Path) -> None:
    path = lock(tmp_path, 42, "elsewhere")
    assert owners(tmp_path, "galley", "p") == [Owner(path, "elsewhere", 42, SINCE)]
    assert owners(tmp_path, "galley", "p-2") == []
    assert owners(tmp_path, "other", "p") == []


@pytest.mark.parametrize("text", ["", "{", "{}", '{"pid": "x", "hostname": "h", "timestamp": "t"}'])
def test_a_lock_that_was_never_finished_counts_for_nothing(tmp_path: Path, text: str) -> None:
    lock(tmp_path, 1).write_text(text)
    assert owners(tmp_path, "galley", "p") == []


def test_the_lock_of_a_dead_process_is_released(tmp_path: Path) -> None:
    path = lock(tmp_path, dead())
    other = lock(tmp_path, dead(), preview="p-2")
    assert release(tmp_path) is True
    assert list(path.parent.iterdir()) == []
    assert other.exists()


def test_a_process_that_nobody_reaps_is_dead(tmp_path: Path) -> None:
    """In a container whose first process takes no notice of its children they stay for ever."""
    with child(SLEEPS, leads=True) as process:
        process.kill()
        assert until(lambda: not runs(process.pid))
        assert Path(f"/proc/{process.pid}").exists(), "the control: it is still listed"
        lock(tmp_path, process.pid)
        assert release(tmp_path)


def test_all_of_several(tmp_path: Path) -> None:
    paths = [lock(tmp_path, dead(), name=name) for name in ("one", "two")]
    assert release(tmp_path)
    assert not [path for path in paths if path.exists()]


def test_another_host_s_lock_stays(tmp_path: Path) -> None:
    path = lock(tmp_path, dead(), "elsewhere")
    with pytest.raises(PreviewError) as raised:
        release(tmp_path)
    process = owners(tmp_path, "galley", "p")[0].process
    first, remedy = str(raised.value).splitlines()
    assert first.startswith(f"p is being updated by process {process} on elsewhere since {SINCE} (")
    assert first.endswith(" ago)")
    assert remedy == "    wait for it to end; if it is dead, `pulumi cancel` releases its lock"
    assert path.exists()


def test_plain_pulumi_s_lock_stays_while_it_lives(tmp_path: Path) -> None:
    with child(SLEEPS, leads=False) as process:
        path = lock(tmp_path, process.pid)
        with pytest.raises(PreviewError, match=f"by process {process.pid} on {socket.gethostname()}"):
            release(tmp_path)
        assert path.exists()
        assert process.poll() is None


def test_an_update_that_lost_its_command_is_ended_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with child(SLEEPS, leads=True) as process:
        path = lock(tmp_path, process.pid)
        assert release(tmp_path) is True
        assert process.wait(5) == -signal.SIGTERM
        assert not path.exists()
    assert f"process {process.pid}" in capsys.readouterr().err


def test_what_it_waits_for_is_ended_meanwhile(tmp_path: Path) -> None:
    """A job in flight would keep it, and this command, waiting for minutes."""
    with child(STUBBORN, leads=True) as process:
        asked: list[int] = []

        def end_checks() -> None:
            asked.append(1)
            if len(asked) == 3:
                process.kill()

        lock(tmp_path, process.pid)
        assert release(tmp_path, end_checks)
        assert len(asked) >= 3


def test_one_that_does_not_end_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "_ORPHAN_ENDS_WITHIN", 0.1)
    with child(STUBBORN, leads=True) as process:
        path = lock(tmp_path, process.pid)
        with pytest.raises(PreviewError, match="is being updated"):
            release(tmp_path)
        assert path.exists()


SPAWNS = """
import subprocess
left = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print(left.pid, flush=True)
"""


def test_plugins_of_a_dead_update_are_ended(tmp_path: Path) -> None:
    """They would go on creating containers."""
    command = [sys.executable, "-c", f"import sys{SPAWNS}"]
    leader = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert leader.stdout is not None
    with leader.stdout:
        plugin = int(leader.stdout.readline())
    leader.wait()
    assert runs(plugin), "the control: it outlives its parent"
    lock(tmp_path, leader.pid)
    assert release(tmp_path)
    assert until(lambda: not runs(plugin))


def test_other_sessions_are_left_alone() -> None:
    with child(SLEEPS, leads=True) as process:
        end_session(dead())
        assert process.poll() is None


def runs(process: int) -> bool:
    """Whether it runs; one that only waits to be reaped does not."""
    stat = locks._stat(process)
    return bool(stat) and stat[0] != "Z"


def until(true: Callable[[], bool]) -> bool:
    end = time.monotonic() + 5
    while not true() and time.monotonic() < end:
        time.sleep(0.01)
    return true()


HOLDS = """
from galley_iac.automation.locks import exclusive
with exclusive("p"):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextlib.contextmanager
def held_elsewhere() -> Iterator[subprocess.Popen[str]]:
    """Another process holds the preview until it is killed."""
    command = [sys.executable, "-c", f"import sys{HOLDS}"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "held\n"
            yield process
        finally:
            process.kill()


def test_a_preview_is_held_by_one() -> None:
    with held_elsewhere() as process:
        with pytest.raises(InUseError) as raised, exclusive("p", wait=False):
            pass
        assert str(raised.value) == "another command is working on p\n    wait for it to end"
        with exclusive("p-2", wait=False):
            pass
        process.kill()
        process.wait(10)
        with exclusive("p", wait=False):
            pass


def test_waiting_says_so(capfd: pytest.CaptureFixture[str]) -> None:
    with held_elsewhere() as process:
        begun = time.monotonic()
        timer = threading.Timer(0.2, process.kill)
        timer.start()
        with exclusive("p"):
            assert time.monotonic() - begun >= 0.15
        timer.join()
    assert "another command is working on p; waiting for it to end ..." in capfd.readouterr().err


def test_it_is_let_go_after_an_error() -> None:
    with contextlib.suppress(ValueError), exclusive("p"):
        raise ValueError
    with exclusive("p", wait=False):
        pass

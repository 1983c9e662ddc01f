"""The script as it runs in a container: a plain Python, and nothing beside it."""

from __future__ import annotations

import ast
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from galley_iac import probe
from galley_iac.probe import ready
from tests.unit.probe.servers import Server, answer, closed_port


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The script alone in a folder, with an empty environment."""
    alone = folder / "ready.py"
    alone.write_text(probe.script(), encoding="utf-8")
    command = [sys.executable, "-I", alone, *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, env={}, cwd=folder, check=False, timeout=30
    )


def test_ready(tmp_path: Path) -> None:
    with Server([answer(b"HTTP/1.1 204 No Content\r\n\r\n")]) as server:
        done = run(tmp_path, "http", "127.0.0.1", str(server.port), "5", "/up", "204")
    assert (done.returncode, done.stdout, done.stderr) == (0, "GET /up answered 204\n", "")


def test_not_ready(tmp_path: Path) -> None:
    with closed_port() as port:
        done = run(tmp_path, "redis", "127.0.0.1", str(port), "0.2")
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout == f"redis on port {port}: nothing listens there (waited 0.2 s)\n"


def test_it_is_written_for_python_3_9() -> None:
    assert ast.parse(probe.script(), feature_version=(3, 9))


def test_the_script_is_the_module() -> None:
    assert probe.script() == Path(ready.__file__).read_text(encoding="utf-8")
    assert probe.PATH.startswith("/")


def test_a_name_that_does_not_resolve(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    for protocol, more in [("redis", []), ("http", ["/", "200"])]:
        assert ready.main([protocol, "api", "80", "0.05", *more]) == 1
        assert (
            capsys.readouterr().out
            == f"{protocol} on port 80: the container is not running (waited 0.05 s)\n"
        )


def test_the_first_attempt_is_made_however_short_the_time() -> None:
    with Server([answer(b"+PONG\r\n")]) as server:
        assert ready.main(["redis", "127.0.0.1", str(server.port), "0"]) == 0

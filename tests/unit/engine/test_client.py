"""An engine that does not answer is an error with a remedy."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from galley_iac.engine.client import connect
from galley_iac.errors import MachineError


@pytest.fixture
def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


def refusal(host: str) -> str:
    with pytest.raises(MachineError) as raised:
        connect(host)
    assert raised.value.exit_code == 3
    return str(raised.value)


def test_no_socket(tmp_path: Path) -> None:
    host = f"unix://{tmp_path}/docker.sock"
    assert refusal(host) == (
        f"the Docker engine at {host} does not answer (No such file or directory)\n"
        "    start it, or name another with DOCKER_HOST; `galley doctor` shows what is there"
    )


def test_nothing_listens(closed_port: int) -> None:
    assert "does not answer (Connection refused)" in refusal(f"tcp://127.0.0.1:{closed_port}")


@pytest.mark.parametrize("host", ["nonsense://x", "unix://", "tcp://", "http+unix://"])
def test_no_such_way(host: str) -> None:
    assert refusal(host).startswith(f"the Docker engine at {host} does not answer (")

"""What the end of a command on a cluster means, and the messages that lead to it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from websocket import ABNF, WebSocketConnectionClosedException

from galley_iac.cluster.exec import exit_code, messages
from galley_iac.errors import PreviewError, UsageError


def failure(message: str, *causes: dict[str, str]) -> bytes:
    said = {"status": "Failure", "message": message, "details": {"causes": list(causes)}}
    return json.dumps(said).encode()


def test_the_command_s_own_code() -> None:
    assert exit_code(b'{"metadata":{},"status":"Success"}', "sh") == 0
    assert exit_code(failure("exit code 7", {"reason": "ExitCode", "message": "7"}), "sh") == 7


@pytest.mark.parametrize(
    "message",
    [
        'exec failed: unable to start container process: exec: "x": executable file not found in $PATH',
        "exec /bin/x: no such file or directory",
    ],
)
def test_a_program_that_is_not_there_is_the_user_s_mistake(message: str) -> None:
    with pytest.raises(UsageError, match="the container has no program x"):
        exit_code(failure(message), "x")


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (failure("container is gone", {"reason": "InternalError", "message": "gone"}), "container is gone"),
        (b"", "the connection has ended"),
    ],
)
def test_any_other_end_is_told(status: bytes, reason: str) -> None:
    with pytest.raises(PreviewError, match=reason):
        exit_code(status, "sh")


class Socket:
    """Receives what it is given, and then what it is told to raise."""

    def __init__(self, *frames: tuple[int, bytes], end: Exception | None = None) -> None:
        self._frames, self._end = list(frames), end

    def recv_data_frame(self, control: bool) -> tuple[int, Any]:
        assert control
        if not self._frames and self._end:
            raise self._end
        kind, data = self._frames.pop(0)
        return kind, ABNF(opcode=kind, data=data)


def test_messages_come_until_the_other_side_closes() -> None:
    frames = [(ABNF.OPCODE_BINARY, b"\x01a"), (ABNF.OPCODE_PING, b"x"), (ABNF.OPCODE_TEXT, b"\x02b")]
    socket = Socket(
        *frames, (ABNF.OPCODE_BINARY, b""), (ABNF.OPCODE_CLOSE, b""), (ABNF.OPCODE_BINARY, b"\x01c")
    )
    assert list(messages(socket)) == [b"\x01a", b"\x02b"]


@pytest.mark.parametrize("end", [WebSocketConnectionClosedException("gone"), ConnectionResetError()])
def test_a_connection_that_breaks_is_an_end(end: Exception) -> None:
    assert list(messages(Socket((ABNF.OPCODE_BINARY, b"\x01a"), end=end))) == [b"\x01a"]

"""A command in a pod's container, with its streams, its terminal and its exit code.

The API server's own protocol: binary messages whose first byte is the channel. Its fifth version is asked
for, the first that can say that the input has ended.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import sys
import termios
import threading
import tty
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from galley_iac.cluster.client import Client
from galley_iac.errors import PreviewError, UsageError

_PROTOCOL = "v5.channel.k8s.io"
_INPUT, _OUTPUT, _ERRORS, _STATUS, _SIZE, _CLOSE = 0, 1, 2, 3, 4, 255
_BLOCK = 1 << 16
_STANDARD_INPUT = 0


def run(client: Client, preview: str, pod: str, container: str, command: Sequence[str]) -> int:
    """Runs a command to its end, on this process's streams; its exit code.

    With a terminal on both sides it gets one, as wide as ours. Raises UsageError where the container has no
    such program.
    """
    terminal = sys.stdin.isatty() and sys.stdout.isatty()
    streams = {"stdin": True, "stdout": True, "stderr": not terminal, "tty": terminal}
    query = [
        *(("command", word) for word in command),
        ("container", container),
        *((name, str(wanted).lower()) for name, wanted in streams.items()),
    ]
    path = f"/api/v1/namespaces/{preview}/pods/{pod}/exec"
    with contextlib.closing(client.connect(path, query, _PROTOCOL)) as socket:
        send = _sender(socket)
        with _raw(send) if terminal else contextlib.nullcontext():
            threading.Thread(target=_pass_input, args=(send,), daemon=True).start()
            return exit_code(_pass_output(socket), command[0])


def exit_code(status: bytes, program: str) -> int:
    """What the API says of the end: the command's code, or UsageError or PreviewError with the reason."""
    said = json.loads(status or b"{}")
    if said.get("status") == "Success":
        return 0
    for cause in (said.get("details") or {}).get("causes") or ():
        if cause.get("reason") == "ExitCode":
            return int(cause["message"])
    reason = said.get("message") or "the connection has ended"
    if "executable file not found" in reason or "no such file or directory" in reason:
        raise UsageError(f"the container has no program {program}", "name one that its image has")
    raise PreviewError(f"the command has not run: {reason}", "`galley status` shows what runs")


def _sender(socket: Any) -> Callable[[int, bytes], None]:
    """Sends to a channel; what cannot be sent any more belongs to a command that has ended."""

    def send(channel: int, data: bytes) -> None:
        with contextlib.suppress(Exception):
            socket.send_binary(bytes([channel]) + data)

    return send


def _pass_input(send: Callable[[int, bytes], None]) -> None:
    with contextlib.suppress(OSError):
        while data := os.read(_STANDARD_INPUT, _BLOCK):
            send(_INPUT, data)
    send(_CLOSE, bytes([_INPUT]))


def _pass_output(socket: Any) -> bytes:
    """Writes what arrives until the end; the status that the API sends last."""
    outputs, status = {_OUTPUT: sys.stdout.buffer, _ERRORS: sys.stderr.buffer}, b""
    for message in messages(socket):
        channel, data = message[0], message[1:]
        if channel in outputs:
            outputs[channel].write(data)
            outputs[channel].flush()
        elif channel == _STATUS:
            status += data
    return status


def messages(socket: Any) -> Iterator[bytes]:
    """Every message that is not empty, until the other side ends."""
    from websocket import ABNF, WebSocketException

    with contextlib.suppress(WebSocketException, OSError):
        while True:
            kind, frame = socket.recv_data_frame(True)
            if kind == ABNF.OPCODE_CLOSE:
                return
            if kind in (ABNF.OPCODE_BINARY, ABNF.OPCODE_TEXT) and frame.data:
                yield frame.data


@contextlib.contextmanager
def _raw(send: Callable[[int, bytes], None]) -> Iterator[None]:
    """Our terminal passes every key on, Ctrl-C too, and tells its size whenever that changes."""

    def tell(*_: object) -> None:
        width, height = shutil.get_terminal_size()
        send(_SIZE, json.dumps({"Width": width, "Height": height}).encode())

    before, handler = termios.tcgetattr(_STANDARD_INPUT), signal.signal(signal.SIGWINCH, tell)
    tty.setraw(_STANDARD_INPUT)
    try:
        tell()
        yield
    finally:
        termios.tcsetattr(_STANDARD_INPUT, termios.TCSADRAIN, before)
        signal.signal(signal.SIGWINCH, handler)

"""Connections to the loopback interface are passed on, both directions and their ends."""

from __future__ import annotations

import asyncio
import socket

from galley_iac.toolchain.cluster import forward


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answers only when all has been said: a lost end of the request would never be answered."""
    said = await reader.read()
    writer.write(b"heard " + str(len(said)).encode())
    writer.close()


async def _connect(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """As soon as the forwarder listens."""
    while True:
        try:
            return await asyncio.open_connection("127.0.0.1", port)
        except ConnectionRefusedError:
            await asyncio.sleep(0.01)


async def _say(port: int, words: bytes) -> bytes:
    reader, writer = await _connect(port)
    writer.write(words)
    writer.write_eof()
    answer = await reader.read()
    writer.close()
    return answer


async def _with_forwarder(target: int, port: int, words: bytes) -> bytes:
    task = asyncio.create_task(forward.serve([f"{port}=127.0.0.1:{target}"]))
    try:
        return await asyncio.wait_for(_say(port, words), 60)
    finally:
        task.cancel()


def test_both_directions_and_their_ends() -> None:
    async def scene() -> bytes:
        server = await asyncio.start_server(_answer, "127.0.0.1", 0)
        async with server:
            target = server.sockets[0].getsockname()[1]
            return await _with_forwarder(target, _free_port(), b"x" * 1_000_000)

    assert asyncio.run(scene()) == b"heard 1000000"


def test_a_silent_target_ends_the_connection() -> None:
    assert asyncio.run(_with_forwarder(_free_port(), _free_port(), b"anybody?")) == b""

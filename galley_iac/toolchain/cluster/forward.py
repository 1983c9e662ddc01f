"""Passes connections to the loopback interface on to the cluster's node.

``python -m galley_iac.toolchain.cluster.forward PORT=ADDRESS:PORT...``
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import Sequence

_BLOCK = 1 << 16


async def serve(pairs: Sequence[str]) -> None:
    """Until it is ended. Raises OSError where a port is taken."""
    async with contextlib.AsyncExitStack() as stack:
        for pair in pairs:
            port, _, target = pair.partition("=")
            await stack.enter_async_context(await _listen(int(port), *target.split(":")))
        await asyncio.Event().wait()


async def _listen(port: int, host: str, target: str) -> asyncio.Server:
    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.closing(writer), contextlib.suppress(OSError):
            far_reader, far_writer = await asyncio.open_connection(host, int(target))
            with contextlib.closing(far_writer):
                await asyncio.gather(_copy(reader, far_writer), _copy(far_reader, writer))

    return await asyncio.start_server(connected, "127.0.0.1", port)


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One direction; its end is passed on, so that the other may still speak."""
    while block := await reader.read(_BLOCK):
        writer.write(block)
        await writer.drain()
    if writer.can_write_eof():
        writer.write_eof()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1:]))

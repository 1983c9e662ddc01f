"""The application in a thread of the tests' own, in front of a source that a test has made up."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from galley_iac.dashboard.server import application
from galley_iac.dashboard.settings import Settings
from tests.unit.dashboard.support import TOKEN, Fixed


@contextmanager
def served(source: Fixed) -> Iterator[str]:
    """Its URL; the server has ended when the context is left. GALLEY_HOME has to be the test's own."""
    made = application(source, Settings(shell=True), TOKEN, "unix:///nowhere", lambda: None).app
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(made, log_level="warning", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
    assert not thread.is_alive()

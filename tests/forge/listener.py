"""Listens on loopback for what the forge delivers, in the order in which it comes."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.integration.harness.web import LOOPBACK, eventually


@dataclass(frozen=True)
class Delivery:
    """``event`` is the header ``X-Gitea-Event``, ``kind`` the finer ``X-Gitea-Event-Type``; ``at`` is on the
    monotonic clock.
    """

    event: str
    kind: str
    payload: dict[str, Any]
    at: float

    @property
    def action(self) -> str:
        """What happened, where the event says so."""
        return str(self.payload.get("action", ""))


class Listener:
    """``url`` is what a hook is to be given."""

    def __init__(self, port: int) -> None:
        self.url = f"http://{LOOPBACK}:{port}/"
        self._lock = threading.Lock()
        self._got: list[Delivery] = []
        self._told: list[Callable[[Delivery], None]] = []

    def tell(self, told: Callable[[Delivery], None]) -> None:
        """``told`` gets every delivery from now on, in the thread of its request."""
        self._told.append(told)

    @property
    def deliveries(self) -> list[Delivery]:
        """All so far."""
        with self._lock:
            return list(self._got)

    def next(
        self, event: str, action: str = "", *, ref: str = "", after: int = 0, within: float = 60.0
    ) -> Delivery:
        """The first delivery of that sort beyond the first ``after`` of any; waits for it. ``ref`` is a
        branch as a push names it: the push before may be delivered late.
        """

        def found() -> Delivery | None:
            mine = self.deliveries[after:]
            wanted = (one for one in mine if one.event == event and action in ("", one.action))
            return next((one for one in wanted if ref in ("", one.payload.get("ref"))), None)

        delivery: Delivery = eventually(found, f"the delivery of {event} {action}", within)
        return delivery

    def take(self, delivery: Delivery) -> None:
        """Notes a delivery."""
        with self._lock:
            self._got.append(delivery)
        for told in self._told:
            told(delivery)


@contextlib.contextmanager
def listening() -> Iterator[Listener]:
    """Listens until the context is left."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            event, kind = self.headers["X-Gitea-Event"], self.headers["X-Gitea-Event-Type"]
            listener.take(Delivery(event, kind, json.loads(body), time.monotonic()))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing: what came is kept."""

    server = ThreadingHTTPServer((LOOPBACK, 0), Handler)
    listener = Listener(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield listener
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)

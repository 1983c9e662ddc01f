"""Previews made up for tests, and a client of the application without any engine."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from starlette.testclient import TestClient

from galley_iac.dashboard import app
from galley_iac.dashboard.acting import Acting
from galley_iac.dashboard.audit import Audit
from galley_iac.dashboard.auth.access import Access
from galley_iac.dashboard.jobs import Jobs
from galley_iac.dashboard.model import Drift, History, Line, Log, Preview, Service, Usage, Variable
from galley_iac.dashboard.pages import Pages
from galley_iac.dashboard.serving import Api, Browser
from galley_iac.dashboard.settings import Settings
from galley_iac.dashboard.shelling import Shelling
from galley_iac.dashboard.shells import Shells
from galley_iac.dashboard.source import Unsubscribe, Wanted

TOKEN = "the-token"
NOW = 1_800_000_000.0
HOSTILE = "<script>alert(1)</script>"


def service(name: str, state: str = "running", **more: object) -> Service:
    return Service(name, "worker", "service", state, **more)  # type: ignore[arg-type]


def preview(name: str = "main-shop", state: str = "running", **more: object) -> Preview:
    services = (
        service("api", "ready", url=f"http://api.{name}.localhost:20001"),
        service("worker", after=("api",)),
    )
    values: dict[str, object] = {
        "branch": "main",
        "author": "ada",
        "commit": "0123456789abcdef",
        "updated": NOW - 300,
        "expires": NOW + 86400,
        "ttl": 7 * 86400.0,
        "usage": Usage(0.25, 200 << 20, 1 << 30),
        "urls": {"api": f"http://api.{name}.localhost:20001"},
        "services": services,
    }
    return Preview(name, "shop", state, **{**values, **more})  # type: ignore[arg-type]


class Fixed:
    """A source that says what it was given."""

    def __init__(
        self, previews: Sequence[Preview], lines: Sequence[Line] = (), history: History | None = None
    ) -> None:
        self._previews = {one.name: one for one in previews}
        self._lines, self._history = lines, history or History()
        self.problem = ""
        self.compared: Drift | None = None
        self.shells: list[Typed] = []
        self.restarted: list[tuple[str, str]] = []
        self.variables: Mapping[str, Sequence[Variable]] = {}

    def previews(self) -> Sequence[Preview]:
        return list(self._previews.values())

    def preview(self, name: str) -> Preview | None:
        return self._previews.get(name)

    def history(self, _name: str) -> History:
        return self._history

    def drift(self, _name: str) -> Drift | None:
        return self.compared

    def compare(self, _name: str) -> Drift:
        assert self.compared
        return self.compared

    def restart(self, name: str, service: str) -> None:
        self.restarted.append((name, service))

    def open_shell(self, name: str, service: str) -> Typed:
        self.shells.append(Typed(f"{service} of {name}"))
        return self.shells[-1]

    def thumbnail(self, _preview: str, _service: str) -> Path | None:
        return None

    def environment(self, _name: str) -> Mapping[str, Sequence[Variable]]:
        return self.variables

    def logs(self, name: str) -> Sequence[Log]:
        return [Log(one.name, one.name) for one in self._previews[name].services]

    def read(self, wanted: Wanted) -> Sequence[Line]:
        return [line for line in self._lines if line.stamp > wanted.since][-wanted.tail :]

    def follow(self, wanted: Wanted) -> Ended:
        return Ended(self.read(wanted))

    def subscribe(self, _changed: Callable[[], None]) -> Unsubscribe:
        return lambda: None


class Typed:
    """A shell that says who it is, and then what was typed; it ends when that is "exit"."""

    def __init__(self, said: str) -> None:
        self._waiting: queue.Queue[str] = queue.Queue()
        self._waiting.put(said)
        self.sizes: list[tuple[int, int]] = []
        self.closed = threading.Event()

    def read(self) -> str | None:
        try:
            text = self._waiting.get(timeout=0.2)
        except queue.Empty:
            return ""
        return None if text == "exit" else text

    def write(self, text: str) -> None:
        self._waiting.put(text)

    def resize(self, columns: int, rows: int) -> None:
        self.sizes.append((columns, rows))

    def close(self) -> None:
        self.closed.set()


class Ended:
    """A log that has been written to its end."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines

    def __iter__(self) -> Iterator[Sequence[Line]]:
        yield self._lines

    def close(self) -> None:
        pass


@contextmanager
def client(
    source: Fixed, folder: Path, settings: Settings | None = None, peer: str = "127.0.0.1"
) -> Iterator[TestClient]:
    """Asks the application as a program does; redirects are not followed."""
    chosen = settings or Settings()
    audit = Audit(folder / "audit.log")
    access, jobs = Access(chosen, TOKEN), Jobs(audit, lambda: None)
    acting = Acting(source, jobs, access, audit, "unix:///nowhere")
    parts = app.Parts(
        Browser(source, Pages(source, jobs, chosen.shell), access),
        Api(source, jobs, access),
        acting,
        Shelling(acting, Shells(audit), chosen.shell),
    )
    made = app.make(parts, chosen.host_names)
    with TestClient(
        made, "http://127.0.0.1:7373", follow_redirects=False, client=(peer, 40000)
    ) as made_client:
        yield made_client

"""Pictures of pages: taken by a real browser, which reaches nothing but the page's own host."""

from __future__ import annotations

import signal
import struct
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from galley_iac.dashboard.live import thumbnails
from tests.integration.harness.command import Galley
from tests.integration.harness.preview import Preview
from tests.integration.harness.web import eventually

WIDTH, HEIGHT = 640, 400
WITHIN = 120_000
"""Milliseconds."""


@dataclass
class Site:
    """A page that names other hosts; ``asked`` are the hosts that it was asked for by."""

    port: int
    asked: set[str] = field(default_factory=set)
    answers: threading.Event = field(default_factory=threading.Event)

    @property
    def page(self) -> bytes:
        others = (f"127.0.0.1:{self.port}", f"other.localhost:{self.port}")
        frames = "".join(f"<iframe src='http://{other}/'></iframe>" for other in others)
        return f"<h1>Hello</h1>{frames}".encode()


@pytest.fixture
def site() -> Iterator[Site]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.asked.add(self.headers["Host"].partition(":")[0])
            made.answers.wait(60)
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(made.page)))
            self.end_headers()
            self.wfile.write(made.page)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    made = Site(server.server_port)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield made
    made.answers.set()
    server.shutdown()
    server.server_close()
    thread.join(10)


def take(site: Site, target: Path) -> bool:
    url = f"http://web.main.localhost:{site.port}/"
    return thumbnails.take(thumbnails.find_browser(), url, target, threading.Event())


def browsers() -> list[str]:
    found = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found += [words for words in file.read_bytes().split(b"\0") if b"galley-thumbnail-" in words]
        except OSError:
            continue
    return [words.decode() for words in found]


def no_browser_is_left() -> None:
    """What reports its crashes ends a moment after the browser itself."""
    eventually(lambda: not browsers(), "every process of the browser has ended")


def test_a_page_is_taken_and_reaches_no_other_host(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(thumbnails, "_LONGEST", 90.0)
    site.answers.set()
    target = tmp_path / "main-shop" / "web.png"
    assert take(site, target)
    data = target.read_bytes()
    assert data.startswith(b"\x89PNG")
    assert struct.unpack(">II", data[16:24]) == (WIDTH, HEIGHT)
    assert site.asked == {"web.main.localhost"}
    no_browser_is_left()


@pytest.mark.parametrize(("bound", "value"), [("_LONGEST", 2.0), ("_MOST_MEMORY", 1 << 20)])
def test_a_browser_beyond_its_bounds_is_ended(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bound: str, value: float
) -> None:
    monkeypatch.setattr(thumbnails, bound, value)
    target = tmp_path / "web.png"
    assert not take(site, target)
    assert not target.exists()
    no_browser_is_left()


def test_the_list_shows_how_a_web_looks(page: Page, galley: Galley, shop: Preview) -> None:
    with galley.background("dashboard", "--port", "0", "--thumbnails", at=shop.repository.path) as running:
        url = running.line("the dashboard is at").split()[4]
        page.goto(url)
        picture = page.locator(f"#row-{shop.name} img.thumbnail")
        expect(picture).to_be_visible(timeout=WITHIN)
        expect(picture).to_have_js_property("naturalWidth", WIDTH, timeout=WITHIN)
        running.signal(signal.SIGINT)
        assert running.wait(60).code == 130
    no_browser_is_left()

"""Two hundred previews, faked at the data source for this alone: how soon they are there, how they look."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from playwright.sync_api import Page, expect

from galley_iac.dashboard.server import application
from galley_iac.dashboard.settings import Settings
from tests.unit.dashboard.support import TOKEN, Fixed, preview, service

LISTED_WITHIN = 1.0
STATES = ("running", "running", "running", "degraded", "building", "asleep")


def previews() -> Fixed:
    found = []
    for number in range(200):
        state = STATES[number % len(STATES)]
        services = tuple(service(name, "ready") for name in ("api", "web", "postgres", "cache"))
        if state == "degraded":
            services += (service("worker", "crashed", reason="exited with code 1", exit_code=1),)
        found.append(
            preview(
                f"pr-{number}-shop", state, pull_request=number, branch=f"feature/{number}", services=services
            )
        )
    return Fixed(found)


@pytest.fixture
def url(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("GALLEY_HOME", str(tmp_path_factory.mktemp("home")))
    made = application(previews(), Settings(), TOKEN, "unix:///nowhere", lambda: None)
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(made, log_level="warning", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join(10)
    assert not thread.is_alive()


def test_two_hundred_previews_are_listed_within_a_second(page: Page, url: str) -> None:
    page.goto(f"{url}/login")
    begun = time.monotonic()
    page.goto(url)
    expect(page.locator("#rows tr")).to_have_count(200)
    assert time.monotonic() - begun < LISTED_WITHIN
    page.get_by_label("Search").fill("#137")
    expect(page.locator("#rows tr")).to_have_count(1)
    assert page.url.endswith("?q=%23137")
    page.get_by_label("Search").fill("")
    page.locator("[name=state]").select_option("degraded")
    expect(page.locator("#rows tr")).to_have_count(33)
    expect(page.locator("#rows tr").first).to_contain_text("worker: exited with code 1")


def test_on_a_phone_nothing_is_wider_than_the_screen(page: Page, url: str) -> None:
    page.set_viewport_size({"width": 375, "height": 760})
    for path in ("/", "/previews/pr-3-shop", "/previews/pr-3-shop/logs", "/login"):
        page.goto(f"{url}{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 375, path


def test_the_keyboard_reaches_everything(page: Page, url: str) -> None:
    page.goto(f"{url}/?q=pr-3-shop")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Escape")
    page.locator("body").press("/")
    expect(page.get_by_label("Search")).to_be_focused()
    page.get_by_role("link", name="pr-3-shop", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("pr-3-shop")

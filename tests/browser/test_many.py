"""Two hundred previews, faked at the data source for this alone: how soon they are there, how they look."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.serving import served
from tests.unit.dashboard.support import Fixed, preview, service

LISTED_WITHIN = 1.0
TRIES = 5
"""The quickest counts: whatever else the machine does can only make one slower."""
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
    with served(previews()) as url:
        yield url


def test_two_hundred_previews_are_listed_within_a_second(page: Page, url: str) -> None:
    page.goto(f"{url}/login")
    assert min(listed(page, url) for _ in range(TRIES)) < LISTED_WITHIN
    page.get_by_label("Search").fill("#137")
    expect(page.locator("#rows tr")).to_have_count(1)
    assert page.url.endswith("?q=%23137")
    page.get_by_label("Search").fill("")
    page.locator("[name=state]").select_option("degraded")
    expect(page.locator("#rows tr")).to_have_count(33)
    expect(page.locator("#rows tr").first).to_contain_text("worker: exited with code 1")


def listed(page: Page, url: str) -> float:
    """Seconds from the request until all of them are on the page."""
    begun = time.monotonic()
    page.goto(url)
    expect(page.locator("#rows tr")).to_have_count(200)
    return time.monotonic() - begun


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

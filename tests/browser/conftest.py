"""A browser, a preview on Docker, and the dashboard as a process, each for the whole session."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.chromium import chromium, watched
from tests.integration.conftest import (  # noqa: F401
    MakePreview,
    MakeRepository,
    engine,
    galley,
    make_preview,
    make_repository,
    session,
)
from tests.integration.harness.command import Galley
from tests.integration.harness.preview import Preview

APP = Path(__file__).parent / "app"
SECRET = "sk-live-4711-never-shown"


@dataclass(frozen=True)
class Dashboard:
    """Where it is, and the token that it made."""

    url: str
    home: Path

    @property
    def token(self) -> str:
        return (self.home / "dashboard-token").read_text(encoding="utf-8").strip()

    @property
    def audit(self) -> str:
        return (self.home / "audit.log").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="session")
def shop(make_repository: MakeRepository, make_preview: MakePreview) -> Iterator[Preview]:  # noqa: F811
    """A web, a worker, a cache and a service with a long log, one of them with a secret."""
    repository = make_repository(APP, "dash")
    with make_preview(repository, "main") as preview:
        done = preview.galley(
            "secret", "set", "STRIPE_KEY", "--from-env", "KEY", at=repository.path, KEY=SECRET
        )
        assert done.code == 0, done.text
        preview.up()
        yield preview


@pytest.fixture(scope="session")
def dashboard(galley: Galley, shop: Preview) -> Iterator[Dashboard]:  # noqa: F811
    with galley.background("dashboard", "--port", "0", at=shop.repository.path) as running:
        line = running.line("the dashboard is at")
        yield Dashboard(line.split()[4].rstrip("/"), galley.home)
        running.signal(signal.SIGINT)
        assert running.wait(30).code == 130


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of its own, about which the browser may complain of nothing."""
    context = browser.new_context(viewport={"width": 1360, "height": 900})
    complaints: list[str] = []
    yield watched(context.new_page(), complaints)
    context.close()
    assert complaints == []


@pytest.fixture
def member(page: Page, dashboard: Dashboard) -> Page:
    """The same, logged in."""
    page.goto(f"{dashboard.url}/login")
    page.get_by_label("Token").fill(dashboard.token)
    page.get_by_role("main").get_by_role("button", name="Log in").click()
    page.get_by_role("button", name="Log out").wait_for()
    return page

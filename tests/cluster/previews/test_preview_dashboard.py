"""A preview on the cluster as the dashboard shows it, and what can be done to it from there."""

from __future__ import annotations

import json
import re
import signal
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import chromium, watched
from tests.cluster.previews.conftest import MakeClusterPreview
from tests.cluster.previews.preview import LONG, ClusterPreview
from tests.integration.conftest import MakeRepository
from tests.integration.harness.command import Galley
from tests.integration.harness.web import eventually

LAST_WORDS = "RuntimeError: no broker"
WORKER = f"echo worker is ready; until test -e /tmp/end; do sleep 0.1; done; echo {LAST_WORDS} >&2; exit 3"
WITHIN = 60_000
"""Milliseconds for a page to show something, on a machine that others use as well."""

MANIFEST = f"""
    version: 1
    services:
      api:
        kind: api
        build: {{path: ./}}
        expose: 8000
        health: /
        depends_on: [worker]
        env: {{GREETING: hello, API_KEY: not-to-be-shown}}
      worker:
        kind: worker
        build: {{path: ./, start: "{WORKER}"}}
"""


@dataclass(frozen=True)
class Dashboard:
    """A dashboard of its own process, asked as a program asks it."""

    url: str
    token: str
    preview: str

    def get(self, what: str = "") -> Any:
        """What it says of the preview."""
        return self._ask(f"{self.url}/api/previews/{self.preview}{what}")

    def service(self, name: str) -> dict[str, Any]:
        """One of its services."""
        found: dict[str, Any] = next(one for one in self.get()["services"] if one["name"] == name)
        return found

    def log(self) -> list[str]:
        """The worker's."""
        return [line["text"] for line in self.get("/logs?source=worker")]

    def act(self, action: str, **fields: str) -> dict[str, Any]:
        """An action that has to succeed."""
        url = f"{self.url}/api/previews/{self.preview}/{action}"
        job: dict[str, Any] = self._ask(url, {**fields, "wait": LONG})
        assert job["state"] == "done", job
        return job

    def _ask(self, url: str, body: dict[str, Any] | None = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        with urllib.request.urlopen(urllib.request.Request(url, data, headers), timeout=LONG) as answer:
            return json.load(answer)


@pytest.fixture(scope="module")
def preview(
    make_repository: MakeRepository, make_cluster_preview: MakeClusterPreview
) -> Iterator[ClusterPreview]:
    with make_cluster_preview(make_repository(name="kdash").manifest(MANIFEST)) as made:
        made.up()
        yield made


@pytest.fixture(scope="module")
def dashboard(galley: Galley, preview: ClusterPreview) -> Iterator[Dashboard]:
    with galley.background("dashboard", "--port", "0", "--shell", at=preview.repository.path) as running:
        url = running.line("the dashboard is at").split()[4].rstrip("/")
        token = (galley.home / "dashboard-token").read_text(encoding="utf-8").strip()
        yield Dashboard(url, token, preview.name)
        running.signal(signal.SIGINT)
        assert running.wait(30).code == 130


def becomes(what: str, condition: Callable[[], bool]) -> None:
    """Waits for it: the dashboard has just been started, or the cluster is slow."""

    def holds() -> bool:
        try:
            return condition()
        except urllib.error.HTTPError:
            return False

    eventually(holds, what, 120)


def test_it_is_shown_as_the_cluster_has_it(dashboard: Dashboard) -> None:
    becomes("it runs", lambda: bool(dashboard.get()["state"] == "running"))
    found = dashboard.get()
    assert (found["target"], found["lacks"], found["measured"]) == ("kubernetes", ["rebuild"], False)
    assert found["usage"] is None, "no metrics API: it is not known, and not 0"
    assert found["branch"] == "main"
    api = dashboard.service("api")
    assert (api["kind"], api["state"], api["after"]) == ("api", "ready", ["worker"])
    assert api["url"] == found["urls"]["api"]
    assert api["built_from"].endswith("/Dockerfile")
    shown = {one["name"]: one["value"] for one in dashboard.get("/environment")["api"]}
    assert shown == {"GREETING": "hello", "API_KEY": "********"}


def test_a_crash_is_shown_with_its_exit_code_and_last_words(
    dashboard: Dashboard, preview: ClusterPreview
) -> None:
    becomes("its first line is read", lambda: "worker is ready" in dashboard.log())
    assert preview.execute("worker", "touch", "/tmp/end")[0] == 0
    becomes("the crash is seen", lambda: last_words(dashboard) == LAST_WORDS)
    becomes("it was restarted", lambda: bool(dashboard.service("worker")["restarts"]))
    assert dashboard.service("worker")["crash"]["exit_code"] == 3
    becomes("it runs again", lambda: dashboard.log().count("worker is ready") == 2)
    log = dashboard.log()
    assert "exited with code 3" in log[log.index(LAST_WORDS) + 1], "where the one ended and the next began"


def last_words(dashboard: Dashboard) -> str:
    """Of the worker's last crash; they come a moment after its exit code."""
    crash = dashboard.service("worker")["crash"]
    return str(crash["lines"][-1]) if crash and crash["lines"] else ""


def test_the_pages_show_it_and_a_line_as_it_is_written(dashboard: Dashboard, preview: ClusterPreview) -> None:
    with chromium() as browser:
        complaints: list[str] = []
        page = watched(browser.new_page(), complaints)
        page.goto(f"{dashboard.url}/")
        expect(page.locator(f"#row-{preview.name}")).to_contain_text("kubernetes", timeout=WITHIN)
        expect(page.locator(f"#row-{preview.name}")).to_contain_text("unknown", timeout=WITHIN)
        page.goto(f"{dashboard.url}/previews/{preview.name}/logs?source=worker")
        expect(page.locator(".log-rows")).to_contain_text("worker is ready", timeout=WITHIN)
        assert preview.execute("worker", "sh", "-c", "echo it was written just now > /proc/1/fd/1")[0] == 0
        expect(page.locator(".log-rows")).to_contain_text("it was written just now", timeout=WITHIN)
        assert complaints == []


def test_a_shell_is_opened_in_a_pod_and_ends_with_its_page(
    dashboard: Dashboard, preview: ClusterPreview
) -> None:
    with chromium() as browser:
        page = browser.new_page()
        page.goto(f"{dashboard.url}/login")
        page.get_by_label("Token").fill(dashboard.token)
        page.get_by_role("main").get_by_role("button", name="Log in").click()
        expect(page.get_by_role("button", name="Log out")).to_be_visible(timeout=WITHIN)
        page.goto(f"{dashboard.url}/previews/{preview.name}/shell?service=api")
        lines = page.locator("#shell-lines")
        expect(lines).to_contain_text(re.compile("[#$]"), timeout=WITHIN)
        page.keyboard.type("echo $((6*7)); sleep 4713")
        page.keyboard.press("Enter")
        expect(page.locator(".shell-row").filter(has_text=re.compile("^42$"))).to_be_visible(timeout=WITHIN)
        becomes("it runs in the pod", lambda: "sleep 4713" in commands(preview))
    becomes("nothing of it is left", lambda: "sleep 4713" not in commands(preview))


def commands(preview: ClusterPreview) -> str:
    """The command lines of all processes in the api's container."""
    return preview.execute("api", "sh", "-c", "cat /proc/[0-9]*/cmdline | tr '\\0' ' '")[1]


def test_a_service_is_restarted_and_nothing_has_drifted(
    dashboard: Dashboard, preview: ClusterPreview
) -> None:
    before = preview.ids()
    dashboard.act("restart", service="worker")
    becomes("another pod runs", lambda: dashboard.service("worker")["state"] == "running")
    after = preview.ids()
    assert (after["api"], after["worker"] == before["worker"]) == (before["api"], False)
    assert dashboard.act("drift")["lines"] == []


def test_sleep_wake_pin_extend_and_redeploy(dashboard: Dashboard, preview: ClusterPreview) -> None:
    dashboard.act("sleep")
    becomes("it sleeps", lambda: bool(dashboard.get()["state"] == "asleep"))
    assert preview.ids() == {}
    dashboard.act("wake")
    becomes("it runs", lambda: bool(dashboard.get()["state"] == "running"))
    dashboard.act("extend", by="3d")
    dashboard.act("pin")
    becomes("it is pinned", lambda: bool(dashboard.get()["pinned"]))
    dashboard.act("redeploy")
    assert preview.states() == {"api": "ready", "worker": "running"}
    with pytest.raises(urllib.error.HTTPError, match="409"):
        dashboard.act("rebuild")


def test_destroy_leaves_nothing_and_it_is_listed_no_more(
    dashboard: Dashboard, preview: ClusterPreview
) -> None:
    dashboard.act("destroy", confirm=preview.name)
    assert preview.left() == []
    with pytest.raises(urllib.error.HTTPError, match="404"):
        eventually(lambda: not dashboard.get(), "it is gone", 60)

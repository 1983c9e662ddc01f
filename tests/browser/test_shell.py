"""A shell in a service's container, in a real browser."""

from __future__ import annotations

import json
import re
import signal
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Dashboard
from tests.integration.harness.command import Galley
from tests.integration.harness.preview import Preview
from tests.integration.harness.web import eventually

WITHIN = 30_000
"""Milliseconds for a shell to open or to answer, on a machine that others use as well."""


@pytest.fixture(scope="module")
def shells(galley: Galley, shop: Preview) -> Iterator[Dashboard]:
    """A dashboard on which they are turned on."""
    with galley.background("dashboard", "--port", "0", "--shell", at=shop.repository.path) as running:
        line = running.line("the dashboard is at")
        yield Dashboard(line.split()[4].rstrip("/"), galley.home)
        running.signal(signal.SIGINT)
        assert running.wait(30).code == 130


@pytest.fixture
def open_page(page: Page, shells: Dashboard, shop: Preview) -> Page:
    """A page with a shell in the web that waits for what is typed."""
    page.goto(f"{shells.url}/login")
    page.get_by_label("Token").fill(shells.token)
    page.get_by_role("main").get_by_role("button", name="Log in").click()
    expect(page.get_by_role("button", name="Log out")).to_be_visible(timeout=WITHIN)
    page.goto(f"{shells.url}/previews/{shop.name}")
    page.get_by_role("link", name="Shell in web").click()
    expect(page.locator("#shell-status")).to_have_text("connected", timeout=WITHIN)
    expect(page.locator("#shell-lines")).to_contain_text(re.compile("[#$]"), timeout=WITHIN)
    return page


def written(page: Page, text: str | re.Pattern[str]) -> None:
    expect(page.locator(".shell-row").filter(has_text=text).first).to_be_visible(timeout=WITHIN)


def running(shop: Preview) -> list[str]:
    """The commands of the web's processes."""
    return [line[-1] for line in shop.engine.client.containers.get(shop.ids()["web"]).top()["Processes"]]


def test_what_is_typed_is_done_in_the_container(open_page: Page, shells: Dashboard) -> None:
    open_page.keyboard.type("echo $((6*7))")
    open_page.keyboard.press("Enter")
    written(open_page, re.compile("^42$"))
    open_page.keyboard.type("hostname; printf '\\033[31mred\\033[0m\\n'; echo one two")
    open_page.keyboard.press("Enter")
    written(open_page, re.compile("^web$"))
    expect(open_page.locator(".shell-row .fg-1", has_text="red")).to_be_visible(timeout=WITHIN)
    open_page.keyboard.type("stty size")
    open_page.keyboard.press("Enter")
    size = re.compile("^{} {}$".format(*open_page.evaluate(SIZE)))
    written(open_page, size)
    open_page.keyboard.press("ArrowUp")
    open_page.keyboard.press("Enter")
    expect(open_page.locator(".shell-row").filter(has_text=size)).to_have_count(2, timeout=WITHIN)
    asked = json.loads(shells.audit.splitlines()[-1])
    assert (asked["action"], asked["service"], asked["result"]) == ("shell", "web", "asked")
    assert (asked["who"], asked["from"]) == ("token", "127.0.0.1")


SIZE = """() => {
  const place = document.getElementById('shell-lines');
  const probe = document.getElementById('shell-measure').getBoundingClientRect();
  return [Math.floor((place.clientHeight - 20) / probe.height),
    Math.floor((place.clientWidth - 24) / (probe.width / 10))];
}"""


def test_nothing_of_it_is_left_when_its_page_is_closed(
    open_page: Page, shells: Dashboard, shop: Preview
) -> None:
    open_page.keyboard.type("sleep 4711 & sleep 4712")
    open_page.keyboard.press("Enter")
    eventually(lambda: "sleep 4712" in running(shop), "it runs", 30)
    assert "sleep 4711" in running(shop)
    open_page.goto(f"{shells.url}/")
    eventually(lambda: not any("sleep 47" in one for one in running(shop)), "both have ended", 30)
    eventually(lambda: not {"sh", "bash"} & set(running(shop)), "the shell has ended", 30)
    eventually(lambda: json.loads(shells.audit.splitlines()[-1])["result"] == "done", "it is recorded", 30)


def test_one_that_ends_can_be_opened_again(open_page: Page) -> None:
    open_page.keyboard.type("exit")
    open_page.keyboard.press("Enter")
    expect(open_page.locator("#shell-status")).to_have_text("The shell has ended.", timeout=WITHIN)
    open_page.get_by_role("button", name="Open again").click()
    expect(open_page.locator("#shell-status")).to_have_text("connected", timeout=WITHIN)


def test_it_is_refused_without_the_token_from_elsewhere_and_when_it_is_not_turned_on(
    page: Page, dashboard: Dashboard, shells: Dashboard, shop: Preview
) -> None:
    before = set(running(shop))
    assert ask(shells, shop) == 401
    assert ask(shells, shop, Authorization="Bearer wrong") == 401
    assert ask(shells, shop, Host="evil.test", **bearer(shells)) == 421
    assert ask(dashboard, shop, **bearer(dashboard)) == 403
    page.goto(f"{dashboard.url}/previews/{shop.name}")
    assert page.get_by_role("link", name="Shell").count() == 0
    page.goto(f"{shells.url}/previews/{shop.name}/shell?service=web")
    expect(page.get_by_label("Token")).to_be_visible(timeout=WITHIN)
    assert set(running(shop)) == before


def test_a_page_of_another_site_opens_none(open_page: Page, shells: Dashboard, shop: Preview) -> None:
    """In the same browser, which is logged in."""
    opened = shells.audit.count('"asked"')
    action = f"{shells.url}/api/previews/{shop.name}/shell"
    open_page.goto("about:blank")
    open_page.set_content(f'<form method="post" action="{action}"><button name="service">Go</button></form>')
    open_page.get_by_role("button").click()
    expect(open_page.locator("body")).to_contain_text("log in to do that", timeout=WITHIN)
    eventually(lambda: '"refused"' in shells.audit, "it is recorded", 30)
    assert shells.audit.count('"asked"') == opened


def bearer(dashboard: Dashboard) -> dict[str, str]:
    return {"Authorization": f"Bearer {dashboard.token}"}


def ask(dashboard: Dashboard, shop: Preview, **headers: str) -> int:
    """The status that a request for a shell is answered with."""
    url = f"{dashboard.url}/api/previews/{shop.name}/shell"
    request = urllib.request.Request(url, b"service=web", headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code

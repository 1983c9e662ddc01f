"""What one can do from the page, and who cannot."""

from __future__ import annotations

import json
import urllib.error
import urllib.request

from playwright.sync_api import Page, expect

from tests.browser.conftest import Dashboard
from tests.integration.harness.preview import Preview
from tests.integration.harness.web import eventually

LONG = 120_000
"""Milliseconds for an action, on a machine that others use as well."""


def test_a_wrong_token_is_refused_and_recorded(page: Page, dashboard: Dashboard) -> None:
    page.goto(f"{dashboard.url}/login")
    page.get_by_label("Token").fill("wrong")
    page.get_by_role("main").get_by_role("button", name="Log in").click()
    expect(page.get_by_role("alert")).to_have_text("that is not the token")
    assert json.loads(dashboard.audit.splitlines()[-1])["result"] == "refused"


def test_without_a_login_there_is_nothing_to_press(page: Page, dashboard: Dashboard, shop: Preview) -> None:
    page.goto(f"{dashboard.url}/previews/{shop.name}")
    expect(page.get_by_role("link", name="Log in")).to_be_visible()
    assert page.locator("#actions button, #services button").count() == 0


def test_what_differs_from_what_was_declared_is_shown_and_nothing_is_changed(
    member: Page, dashboard: Dashboard, shop: Preview
) -> None:
    member.goto(f"{dashboard.url}/previews/{shop.name}")
    press(member, "Compare", "drift")
    expect(member.locator("#drift")).to_contain_text("Nothing differs from what was declared")
    engine, before = shop.engine.client, shop.ids()
    engine.containers.get(before["worker"]).stop(timeout=1)
    engine.containers.get(before["cache"]).update(mem_limit="200m", memswap_limit="200m")
    press(member, "Compare", "drift")
    differs = member.locator("#drift tr")
    expect(differs).to_have_count(2)
    expect(differs.filter(has_text="worker")).to_contain_text("running: yes → no")
    expect(differs.filter(has_text="cache")).to_contain_text("→ 200")
    assert shop.ids() == before
    assert not shop.inspect("worker")["State"]["Running"]
    press(member, "Redeploy", "redeploy")
    expect(member.locator("#drift")).not_to_contain_text("Other than declared")
    assert shop.inspect("worker")["State"]["Running"]
    assert shop.inspect("cache")["HostConfig"]["Memory"] != 200 << 20


def test_rebuild_builds_every_image_anew_and_leaves_the_rest(
    member: Page, dashboard: Dashboard, shop: Preview
) -> None:
    before, cache = shop.inspect("worker")["Image"], shop.ids()["cache"]
    member.goto(f"{dashboard.url}/previews/{shop.name}")
    press(member, "Rebuild", "rebuild")
    assert shop.inspect("worker")["Image"] != before
    assert shop.ids()["cache"] == cache, "it is pulled, and not built"
    expect(member.locator("#head .badge")).to_have_text("running", timeout=LONG)
    member.locator(".job summary").first.click()
    expect(member.locator(".job pre").first).to_contain_text("worker: building")


def test_restart_pin_extend_sleep_and_wake(member: Page, dashboard: Dashboard, shop: Preview) -> None:
    before = shop.inspect("cache")["State"]["StartedAt"]
    member.goto(f"{dashboard.url}/previews/{shop.name}")
    member.get_by_role("button", name="Restart cache").click()
    done(member, "restart")
    assert shop.inspect("cache")["State"]["StartedAt"] > before
    press(member, "Pin", "pin")
    expect(member.locator("#head")).to_contain_text("pinned")
    press(member, "Unpin", "unpin")
    eventually(lambda: expires(dashboard, shop), "what is not pinned any more ends")
    before_it = expires(dashboard, shop)
    extend(member)
    eventually(lambda: expires(dashboard, shop) > before_it + 6 * 86400, "it ends later")
    press(member, "Sleep", "sleep")
    expect(member.locator("#head .badge")).to_have_text("asleep", timeout=LONG)
    assert all(not info["State"]["Running"] for info in shop.engine.containers(shop.name).values())
    press(member, "Wake", "wake")
    expect(member.locator("#head .badge")).to_have_text("running", timeout=LONG)
    recorded = [json.loads(line) for line in dashboard.audit.splitlines()]
    assert {"restart", "pin", "unpin", "extend", "sleep", "wake"} <= {
        line["action"] for line in recorded if line["result"] == "done" and line["from"] == "127.0.0.1"
    }


def extend(page: Page) -> None:
    page.locator("summary", has_text="Extend").click()
    page.get_by_label("Let it stay longer by").select_option("1w")
    page.locator(".menu button", has_text="Extend").click()
    done(page, "extend")


def expires(dashboard: Dashboard, shop: Preview) -> float:
    """When it ends, in seconds since the epoch, as the dashboard last saw it; 0 while it is pinned."""
    with urllib.request.urlopen(f"{dashboard.url}/api/previews/{shop.name}", timeout=30) as answer:
        return float(json.load(answer)["expires"] or 0)


def test_destroy_wants_the_name_and_leaves_nothing(member: Page, dashboard: Dashboard, shop: Preview) -> None:
    with_second = shop.galley("up", "--branch", "second", at=shop.repository.path)
    assert with_second.code == 0, with_second.text
    name = f"second-{shop.repository.project}"
    member.goto(f"{dashboard.url}/previews/{name}")
    member.locator("summary", has_text="Destroy").click()
    member.get_by_label("To confirm, type").fill("something else")
    member.get_by_role("button", name="Destroy it").click()
    expect(member.get_by_role("main")).to_contain_text("the name does not match")
    assert shop.engine.of(name) != []
    member.goto(f"{dashboard.url}/previews/{name}")
    member.locator("summary", has_text="Destroy").click()
    member.get_by_label("To confirm, type").fill(name)
    member.get_by_role("button", name="Destroy it").click()
    eventually(lambda: shop.engine.of(name) == [], "nothing of it is left", 90)
    expect(member.locator("#link-state")).to_have_text("This preview is gone.", timeout=LONG)


def test_another_site_and_a_stale_page_are_refused(dashboard: Dashboard, shop: Preview) -> None:
    url = f"{dashboard.url}/api/previews/{shop.name}/pin"
    bearer = {"Authorization": f"Bearer {dashboard.token}"}
    assert status(url) == 401
    assert status(url, {"Authorization": "Bearer wrong"}) == 401
    assert status(f"{dashboard.url}/", {"Host": "evil.test"}, method="GET") == 421
    assert status(f"{dashboard.url}/api/previews/nobody/pin", bearer) == 404
    assert status(f"{dashboard.url}/api/previews/{shop.name}/explode", bearer) == 404


def status(url: str, headers: dict[str, str] | None = None, method: str = "POST") -> int:
    try:
        with urllib.request.urlopen(
            urllib.request.Request(url, method=method, headers=headers or {}), timeout=30
        ) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def press(page: Page, name: str, action: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
    done(page, action)


def done(page: Page, action: str) -> None:
    newest = page.locator(".job").first
    expect(newest).to_contain_text(action)
    expect(newest.locator(".badge")).to_have_text("succeeded", timeout=LONG)

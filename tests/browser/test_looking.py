"""What one sees of a real preview: the list, one preview, a crash, logs."""

from __future__ import annotations

import re
import time

from playwright.sync_api import Page, expect

from tests.browser.conftest import SECRET, Dashboard
from tests.integration.harness.preview import Preview

HUNDRED_THOUSAND = re.compile(r"1\d\d,\d{3} lines")
ENDED_WITH_IT = 137
"""The exit code of a command whose container ends while it runs."""

CRASHED_WITHIN = 3_000
WRITTEN_WITHIN = 1_000
"""Milliseconds."""


def test_the_list_shows_the_preview_with_its_address(page: Page, dashboard: Dashboard, shop: Preview) -> None:
    page.goto(dashboard.url)
    row = page.locator(f"#row-{shop.name}")
    expect(row).to_contain_text("running")
    expect(row.get_by_role("link", name="web")).to_have_attribute("href", shop.url("web"))
    page.get_by_label("Search").fill("no such preview")
    expect(row).to_have_count(0)
    page.get_by_label("Search").fill(shop.repository.project)
    expect(row).to_be_visible()


def test_a_crash_is_seen_with_its_exit_code_and_traceback(
    page: Page, dashboard: Dashboard, shop: Preview
) -> None:
    page.goto(f"{dashboard.url}/previews/{shop.name}")
    expect(page.locator("#service-worker .badge")).to_have_class(re.compile("good"))
    crash(shop)
    expect(page.locator("#service-worker .badge")).to_have_class(
        re.compile(r"\bbad\b"), timeout=CRASHED_WITHIN
    )
    trouble = page.locator("#trouble-worker")
    expect(trouble).to_contain_text("RuntimeError: the broker sent a task", timeout=CRASHED_WITHIN)
    expect(trouble).to_contain_text("exit code 1")
    expect(page.locator("#head")).to_contain_text("degraded")


def test_the_log_of_the_crashed_container_stays_when_it_is_replaced(
    page: Page, dashboard: Dashboard, shop: Preview
) -> None:
    before = shop.ids()["worker"]
    shop.repository.replace("galley.yaml", "python3 -u worker.py", "python3 -u worker.py again")
    shop.up()
    assert shop.ids()["worker"] != before
    page.goto(f"{dashboard.url}/previews/{shop.name}/logs?source=worker")
    expect(page.locator(".log-rows")).to_contain_text("RuntimeError: the broker sent a task")
    expect(page.locator(".line.event").first).to_contain_text("exited with code 1")


def test_a_line_arrives_within_a_second(page: Page, dashboard: Dashboard, shop: Preview) -> None:
    page.goto(f"{dashboard.url}/previews/{shop.name}/logs?source=web")
    expect(page.locator(".log-rows")).to_contain_text("web is ready")
    expect(page.locator(".fg-2", has_text="INFO").first).to_be_visible()
    shop.ask("web", "/say?WARNING%20something%20was%20written")
    line = page.locator(".line.warn", has_text="something was written")
    expect(line).to_be_visible(timeout=WRITTEN_WITHIN)


def test_a_hundred_thousand_lines_are_searched_and_scrolled(
    page: Page, dashboard: Dashboard, shop: Preview
) -> None:
    page.goto(f"{dashboard.url}/previews/{shop.name}/logs?source=many&at={first_stamp(shop)}")
    expect(page.locator("#log-status")).to_have_text(HUNDRED_THOUSAND, timeout=30_000)
    begun = time.monotonic()
    page.get_by_label("Search").fill("line 77777 of")
    expect(page.locator(".line.current")).to_contain_text("line 77777 of")
    assert time.monotonic() - begun < 2
    assert page.locator(".line").count() < 200
    slowest = page.evaluate(SCROLL)
    assert slowest < 250, f"a frame took {slowest} ms"


SCROLL = """async () => {
  const place = document.getElementById('log-lines');
  let slowest = 0, last = performance.now();
  for (let step = 0; step < 60; step++) {
    place.scrollTop = (step * 37 % 60) / 60 * place.scrollHeight;
    await new Promise(requestAnimationFrame);
    const now = performance.now();
    slowest = Math.max(slowest, now - last);
    last = now;
  }
  return slowest;
}"""


def first_stamp(shop: Preview) -> str:
    log = shop.engine.client.api.logs(shop.ids()["many"], timestamps=True).decode()
    return log.partition(" ")[0]


def test_secrets_are_masked(page: Page, dashboard: Dashboard, shop: Preview) -> None:
    page.goto(f"{dashboard.url}/previews/{shop.name}/environment")
    row = page.locator("tr", has_text="STRIPE_KEY")
    expect(row).to_contain_text("********")
    expect(page.locator("tr", has_text="GREETING")).to_contain_text("hello")
    assert SECRET not in page.content()
    shop.ask("web", f"/say?the%20key%20is%20{SECRET}")
    page.goto(f"{dashboard.url}/previews/{shop.name}/logs?source=web")
    expect(page.locator(".log-rows")).to_contain_text("the key is ********", timeout=10_000)
    assert SECRET not in page.content()


def test_the_update_is_a_picture(page: Page, dashboard: Dashboard, shop: Preview) -> None:
    page.goto(f"{dashboard.url}/previews/{shop.name}/updates")
    expect(page.get_by_role("heading", name="Where the last update's time went")).to_be_visible()
    assert page.locator(".bars rect").count() >= 1
    expect(page.locator(".changes tr", has_text="worker")).to_contain_text("replaced")
    expect(page.locator(".changes tr", has_text="cache")).to_contain_text("kept")


def crash(shop: Preview) -> None:
    code, output = shop.execute("worker", "python3", "-c", "import os; os.kill(1, 10)")
    assert code in (0, ENDED_WITH_IT), output

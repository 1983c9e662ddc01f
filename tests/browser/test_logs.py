"""The tools above a log, on a real one: pause, wrap, download, a link to a line, and the logs of builds."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import SECRET, Dashboard
from tests.integration.harness.preview import Preview

WITHIN = 15_000
ALL_READ = 60_000
"""Milliseconds."""


def open_log(page: Page, dashboard: Dashboard, shop: Preview, source: str, text: str) -> None:
    page.goto(f"{dashboard.url}/previews/{shop.name}/logs?source={source}")
    expect(page.locator(".log-rows")).to_contain_text(text, timeout=WITHIN)


def test_pause_holds_back_what_is_written_and_shows_it_after(
    page: Page, dashboard: Dashboard, shop: Preview
) -> None:
    open_log(page, dashboard, shop, "web", "web is ready")
    page.get_by_role("button", name="Pause").click()
    shop.ask("web", "/say?written%20while%20paused")
    expect(page.locator("#log-status")).to_contain_text(re.compile("paused, [1-9]"), timeout=WITHIN)
    expect(page.locator(".log-rows")).not_to_contain_text("written while paused")
    go_on = page.get_by_role("button", name="Go on")
    expect(go_on).to_have_attribute("aria-pressed", "true")
    go_on.click()
    expect(page.locator(".log-rows")).to_contain_text("written while paused")
    expect(page.locator("#log-status")).to_contain_text("live")


def test_wrap_breaks_long_lines_and_keeps_every_line_in_its_place(
    page: Page, dashboard: Dashboard, shop: Preview
) -> None:
    shop.ask("web", f"/say?begin-{'x' * 1500}-end")
    open_log(page, dashboard, shop, "web", "-end")
    assert page.evaluate(WIDER) > 0
    page.get_by_label("wrap").check()
    row = page.locator(".line", has_text="-end").last
    page.wait_for_function(LAST_HAS_ITS_PLACE)
    assert page.evaluate(WIDER) == 0
    assert row.evaluate("row => row.offsetHeight") > 40
    page.get_by_label("wrap").uncheck()
    expect(row).to_have_js_property("offsetHeight", 20)


WIDER = """() => {
  const place = document.getElementById('log-lines');
  return Math.max(0, place.scrollWidth - place.clientWidth);
}"""
LAST_HAS_ITS_PLACE = """() => {
  const rows = [...document.querySelectorAll('.log-rows > *')], space = document.querySelector('.log-space');
  const all = rows.reduce((sum, row) => sum + row.offsetHeight, 0);
  return rows.at(-1).offsetHeight > 40 && space.offsetHeight === all;
}"""
"""Whether the place of each line was foreseen rightly, once the lines have been measured anew."""


def test_a_download_has_every_line_and_no_secret(
    page: Page, dashboard: Dashboard, shop: Preview, tmp_path: Path
) -> None:
    shop.ask("web", f"/say?to%20be%20kept%20{SECRET}")
    open_log(page, dashboard, shop, "web", "to be kept")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    text = file.read_text(encoding="utf-8")
    assert file.name == f"{shop.name}-web.log"
    assert re.search(r"^\d{4}-\d\d-\d\dT\S+Z web \| .*web is ready", text, re.MULTILINE)
    assert "to be kept ********" in text
    assert SECRET not in text


def test_a_link_to_a_line_leads_to_it(page: Page, dashboard: Dashboard, shop: Preview) -> None:
    open_log(page, dashboard, shop, "many", "line 99999 of")
    page.get_by_label("Search").fill("line 97531 of")
    found = page.locator(".line", has_text="line 97531 of")
    found.locator(".time").click()
    expect(page).to_have_url(re.compile(r"[?&]at=20"))
    page.goto(page.url)
    current = page.locator(".line.current")
    expect(current).to_contain_text("line 97531 of", timeout=ALL_READ)
    expect(current).to_be_in_viewport()


def test_the_log_of_a_build_is_shown(page: Page, dashboard: Dashboard, shop: Preview) -> None:
    line = next(line for line in shop.build_log("web").splitlines() if "COPY" in line)
    page.goto(f"{dashboard.url}/previews/{shop.name}/logs")
    tag = str(shop.status()["services"]["web"]["image"])
    page.get_by_label("Log of").select_option(f"build:{tag}")
    expect(page.locator(".log-rows")).to_contain_text(line.strip(), timeout=WITHIN)
    expect(page).to_have_url(re.compile("source=build"))

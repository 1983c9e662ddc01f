"""What axe finds on each page: light and dark, on a desk and on a phone, with the dialogs open."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from galley_iac.automation.drift import Difference, Field
from galley_iac.dashboard.model import (
    Activity,
    Change,
    Crash,
    Drift,
    History,
    Line,
    Step,
    Update,
    Usage,
    Variable,
)
from tests.browser.serving import served
from tests.unit.dashboard.support import NOW, TOKEN, Fixed, preview, service

SERIOUS = ("serious", "critical")
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
SIZES = ((1360, 900), (375, 760))
NAME = "main-shop"
STAMP = "2026-01-01T00:00:{:02d}.000000001Z"


def everything() -> Fixed:
    """A preview in which every part of the pages has something to show, and one in each other state."""
    crash = Crash(NOW - 60, 1, "exited with code 1", "c" * 64, ("Traceback:", "RuntimeError: no broker"))
    main = preview(
        state="degraded",
        pull_request=7,
        note="the last update failed",
        activity=Activity("up", NOW),
        services=(
            service(
                "api",
                "ready",
                url="http://api.test",
                usage=Usage(0.5, 90 << 20, 100 << 20),
                since=NOW,
                thumbnail=NOW,
            ),
            service(
                "worker", "crashed", after=("api",), reason="exited with code 1", exit_code=1, crash=crash
            ),
            service(
                "mail", "running", crash=crash, restarts=3, image="sha256:" + "0" * 64, built_from="mail"
            ),
            service("seed", "done", after=("api",)),
            service("cron", "waiting", after=("seed",)),
        ),
    )
    others = [
        preview(f"pr-{state}-shop", state, activity=None)
        for state in ("pending", "building", "running", "failed", "asleep", "ending")
    ]
    source = Fixed([main, *others, preview("kept-shop", pinned=True)], lines(), history())
    fields = (Field("memory", "64", "32"), Field("envs"))
    source.compared = Drift(
        NOW, (Difference("api", "container", "changed", fields), Difference("mail", "container", "missing"))
    )
    source.variables = {"api": [Variable("GREETING", "hello"), Variable("KEY", "********", masked=True)]}
    return source


def history() -> History:
    update = Update("update", NOW - 9, NOW, "succeeded", {"create": 2}, "again")
    failed = Update("update", NOW - 99, NOW - 90, "failed")
    kinds = ("image", "network", "container", "readiness check")
    steps = tuple(Step("api", kind, NOW - 9 + at, NOW - 8 + at) for at, kind in enumerate(kinds))
    words = ("kept", "new", "replaced", "updated", "removed")
    return History((update, failed), steps, tuple(Change(f"of-{word}", word, ("image",)) for word in words))


def lines() -> list[Line]:
    """Every colour of text and of a source, every level, and a line of ours."""
    colours = " ".join(f"\x1b[{code}m{code}\x1b[0m" for code in (*range(30, 38), *range(90, 98), 1, 2, 3, 4))
    texts = (colours, "ERROR it failed", "WARNING take care", "DEBUG detail", "INFO all is well")
    sources = "abcdefgh"
    found = [Line(STAMP.format(at), source, texts[at % 5]) for at, source in enumerate(sources * 5)]
    return [*found, Line(STAMP.format(50), "worker", "exited with code 1", event=True)]


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GALLEY_HOME", str(tmp_path_factory.mktemp("home")))
        with served(everything()) as found:
            yield found


def shown(text: str) -> Callable[[Page], None]:
    """The page is there when it shows this."""
    return lambda page: expect(page.locator("main")).to_contain_text(text)


def open_dialog(title: str, shows: str) -> Callable[[Page], None]:
    def act(page: Page) -> None:
        page.locator(".menu > summary", has_text=title).click()
        expect(page.locator("details[open]")).to_contain_text(shows)

    return act


def search_logs(page: Page) -> None:
    shown("all is well")(page)
    page.get_by_label("Search").fill("take care")
    expect(page.locator(".line.current mark").first).to_have_text("take care")


CASES: dict[str, tuple[str, Callable[[Page], None]]] = {
    "list": ("/", shown("kept-shop")),
    "an empty list": ("/?q=nothing", shown("None of")),
    "overview": (f"/previews/{NAME}", shown("Other than declared")),
    "extend": (f"/previews/{NAME}", open_dialog("Extend", "stay longer")),
    "destroy": ("/previews/kept-shop", open_dialog("Destroy", "To confirm")),
    "updates": (f"/previews/{NAME}/updates", shown("All updates")),
    "environment": (f"/previews/{NAME}/environment", shown("GREETING")),
    "logs": (f"/previews/{NAME}/logs", search_logs),
    "shell": (f"/previews/{NAME}/shell?service=api", shown(f"api of {NAME}")),
    "an error": ("/previews/nobody", shown("there is no preview nobody")),
}


@pytest.mark.parametrize("case", CASES)
def test_axe_finds_nothing_serious(page: Page, url: str, case: str) -> None:
    log_in(page, url)
    path, ready = CASES[case]
    page.goto(f"{url}{path}")
    ready(page)
    assert findings(page) == []


def test_axe_finds_nothing_serious_in_the_login(page: Page, url: str) -> None:
    page.goto(f"{url}/login")
    page.get_by_label("Token").fill("wrong")
    page.get_by_role("main").get_by_role("button", name="Log in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert findings(page) == []


def test_axe_is_really_asked(page: Page, url: str) -> None:
    page.goto(f"{url}/login")
    page.evaluate("document.querySelector('main').append(document.createElement('button'))")
    assert [(found[0], found[3]) for found in findings(page)] == [
        (scheme, "button-name") for _ in SIZES for scheme in SCHEMES
    ]


def log_in(page: Page, url: str) -> None:
    page.goto(f"{url}/login")
    page.get_by_label("Token").fill(TOKEN)
    page.get_by_role("main").get_by_role("button", name="Log in").click()
    expect(page.get_by_role("button", name="Log out")).to_be_visible()


def findings(page: Page) -> list[tuple[str, int, str, str, str]]:
    """(scheme, width, impact, rule, element) of whatever is serious; the page stays as it is otherwise."""
    axe, found = Axe(), []
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            for violation in axe.run(page).response["violations"]:
                if violation["impact"] in SERIOUS:
                    elements = [node["html"][:200] for node in violation["nodes"]]
                    found.append((scheme, width, violation["impact"], violation["id"], "\n".join(elements)))
    return found

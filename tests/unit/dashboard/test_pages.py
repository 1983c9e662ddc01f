"""What the pages show, whoever wrote the names in them; and that no question makes them fail."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import quote

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from galley_iac.automation.drift import Difference, Field
from galley_iac.dashboard.events import difference
from galley_iac.dashboard.jobs import Jobs
from galley_iac.dashboard.listing import Filter
from galley_iac.dashboard.model import Crash, Drift, History, Line, Update, Variable
from galley_iac.dashboard.pages import Pages
from tests.unit.dashboard.support import HOSTILE, NOW, TOKEN, Fixed, client, preview, service

PATHS = ("/", "/previews/main-shop", "/previews/main-shop/logs", "/previews/main-shop/updates")
TABS = ("", "/logs", "/updates", "/environment")
STAMP = "2026-01-01T00:00:00.000000001Z"


def hostile() -> Fixed:
    crash = Crash(NOW, 1, HOSTILE, "c" * 64, (HOSTILE,))
    bad = service(
        HOSTILE,
        "crashed",
        reason=HOSTILE,
        crash=crash,
        last_lines=(HOSTILE,),
        after=(HOSTILE,),
        image=HOSTILE,
    )
    one = preview(
        branch=HOSTILE, author=HOSTILE, commit=HOSTILE, note=HOSTILE, services=(bad,), urls={HOSTILE: HOSTILE}
    )
    update = Update("update", NOW - 9, NOW, "succeeded", {HOSTILE: 1}, HOSTILE)
    source = Fixed([one], [Line(STAMP, HOSTILE, HOSTILE)], History((update,)))
    source.variables = {HOSTILE: [Variable(HOSTILE, HOSTILE)]}
    source.problem = HOSTILE
    field = Field(HOSTILE, HOSTILE, HOSTILE)
    source.compared = Drift(NOW, (Difference(HOSTILE, HOSTILE, "changed", (field,)),))
    return source


def test_nothing_that_others_have_written_becomes_a_script(tmp_path: Path) -> None:
    with client(hostile(), tmp_path) as asked:
        for path in ("/", f"/?q={HOSTILE}", *(f"/previews/main-shop{tab}" for tab in TABS)):
            answer = asked.get(path)
            assert answer.status_code == 200
            assert "<script>" not in answer.text
            assert "&lt;script&gt;" in answer.text or path.endswith("/logs")
        events = asked.get("/previews/main-shop/logs/stream", headers={"Accept": "text/event-stream"})
        assert json.loads(events.text.split("data: ")[1].splitlines()[0]) == [[STAMP, HOSTILE, HOSTILE]]
        assert "<script>" not in asked.get(f"/previews/{HOSTILE}").text


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    query=st.dictionaries(
        st.sampled_from(["q", "project", "state", "owner", "order", "source", "tail", "at", "x"]),
        st.text(max_size=30),
    ),
    name=st.text(min_size=1, max_size=30),
    last=st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=30),
)
def test_no_query_makes_a_page_fail(tmp_path: Path, query: dict[str, str], name: str, last: str) -> None:
    with client(Fixed([preview()], [Line(STAMP, "api", "hello")]), tmp_path) as asked:
        asked.headers["Last-Event-ID"] = last
        for path in (
            *PATHS,
            "/api/previews",
            "/api/previews/main-shop/logs",
            "/previews/main-shop/logs/stream",
        ):
            assert asked.get(path, params=query).status_code == 200
        assert asked.get("/previews/main-shop/logs/download", params=query).status_code == 200
        assert asked.get(f"/previews/{quote(name, safe='')}x").status_code in (307, 404)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.one_of(
        st.binary(max_size=200), st.recursive(st.none() | st.text() | st.floats(), st.lists).map(json.dumps)
    ),
    kind=st.sampled_from(["application/json", "application/x-www-form-urlencoded", "text/plain", ""]),
    action=st.sampled_from(["extend", "destroy", "restart", "nosuch"]),
)
def test_no_form_makes_an_action_fail(tmp_path: Path, body: bytes | str, kind: str, action: str) -> None:
    with client(Fixed([preview()]), tmp_path) as asked:
        headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": kind}
        answer = asked.post(f"/api/previews/main-shop/{action}", content=body, headers=headers)
        assert answer.status_code in (400, 404)
        assert asked.post("/login", content=body, headers={"Content-Type": kind}).status_code in (
            400,
            403,
            429,
        )


def test_only_what_has_changed_is_sent_again() -> None:
    source = Fixed([preview(), preview("pr-7-shop", pull_request=7)])
    pages = Pages(source, Jobs(None, lambda: None))  # type: ignore[arg-type]
    sent: dict[str, object] = {}
    first = difference(sent, pages.all_previews(Filter()))
    assert first["lists"] == {"rows": ["row-main-shop", "row-pr-7-shop"]}
    assert difference(sent, pages.all_previews(Filter())) == {"parts": {}, "lists": {}}
    changed = Fixed([preview(state="degraded"), preview("pr-7-shop", pull_request=7)])
    again = difference(sent, Pages(changed, pages.jobs).all_previews(Filter()))
    assert set(again["parts"]) == {"row-main-shop", "summary"}  # type: ignore[call-overload]
    assert again["lists"] == {}


def test_what_differs_is_found_on_request_and_shown(tmp_path: Path) -> None:
    source = Fixed([preview()])
    with client(source, tmp_path) as asked:
        assert asked.get("/api/previews/main-shop/drift").json() is None
        assert "declared" not in asked.get("/previews/main-shop").text
        source.compared = Drift(
            NOW, (Difference("api", "container", "changed", (Field("memory", "9", "8"),)),)
        )
        url, bearer = "/api/previews/main-shop/drift", {"Authorization": f"Bearer {TOKEN}"}
        assert asked.post(url).status_code == 401
        job = asked.post(url, json={"wait": 30}, headers=bearer).json()
        assert (job["state"], job["lines"]) == ("done", ["container api: changed (memory: 9 → 8)"])
        assert asked.get(url).json()["differences"][0]["fields"] == [
            {"name": "memory", "declared": "9", "found": "8"}
        ]
        assert "memory: 9 → <b>8</b>" in asked.get("/previews/main-shop").text
        source.compared = Drift(NOW)
        assert "Nothing differs" in asked.get("/previews/main-shop").text


def test_filters() -> None:
    every = [preview(), preview("pr-7-shop", "failed", pull_request=7, author="bob", branch="fix/cart")]
    shown = lambda **query: [one.name for one in Filter.of(query).apply(every)]  # noqa: E731
    assert shown() == ["main-shop", "pr-7-shop"]
    assert (
        shown(q="#7") == shown(q="CART fix") == shown(owner="bob") == shown(state="failed") == ["pr-7-shop"]
    )
    assert shown(state="nonsense", order="nonsense") == ["main-shop", "pr-7-shop"]
    assert shown(q="nowhere") == []


def test_the_interface_describes_itself(tmp_path: Path) -> None:
    with client(Fixed([preview()]), tmp_path) as asked:
        document = asked.get("/openapi.json").json()
        assert "/api/previews/{preview}/destroy" in document["paths"]
        described = set(document["components"]["schemas"]["Service"]["properties"])
        assert set(asked.get("/api/previews/main-shop").json()["services"][0]) == described
        assert asked.get("/api/previews/nobody").json() == {
            "error": {"message": "there is no preview nobody"}
        }


def test_metrics_escape_what_others_have_named(tmp_path: Path) -> None:
    odd = preview(services=(service('a"b\\c\n', "crashed", restarts=3),))
    with client(Fixed([odd]), tmp_path) as asked:
        text = asked.get("/metrics").text
    assert 'galley_previews{state="running"} 1' in text
    assert 'service="a\\"b\\\\c\\n"} 3' in text
    assert text.endswith("\n")

"""Who may look and who may act."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from galley_iac.dashboard.auth.access import COOKIE, Access
from galley_iac.dashboard.auth.sessions import IDLE, LONGEST, Sessions
from galley_iac.dashboard.settings import Settings, network
from tests.unit.dashboard.support import TOKEN, Fixed, client, preview

PIN = "/previews/main-shop/actions/pin"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


def recorded(folder: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in (folder / "audit.log").read_text().splitlines()]


def test_reading_is_open_on_loopback_and_acting_is_not(tmp_path: Path) -> None:
    with client(Fixed([preview()]), tmp_path) as asked:
        assert asked.get("/").status_code == 200
        assert asked.post(PIN).status_code == 401
    assert recorded(tmp_path)[-1] == {
        **recorded(tmp_path)[-1],
        "action": "pin",
        "from": "127.0.0.1",
        "preview": "main-shop",
        "result": "refused",
    }


def test_beyond_loopback_reading_needs_the_token(tmp_path: Path) -> None:
    wide = Settings(host="0.0.0.0", names=("dash.test",))
    with client(Fixed([preview()]), tmp_path, wide) as asked:
        for path in ("/", "/previews/main-shop", "/previews/main-shop/logs"):
            assert asked.get(path).headers["location"] == "/login"
        for path in ("/api/previews", "/metrics", "/previews/main-shop/logs/download"):
            assert asked.get(path).status_code == 401
            assert asked.get(path, headers=BEARER).status_code == 200
    with client(Fixed([preview()]), tmp_path, Settings(host="0.0.0.0", public=True)) as asked:
        assert asked.get("/api/previews").status_code == 200


def test_a_login_makes_a_session_that_scripts_cannot_read(tmp_path: Path) -> None:
    with client(Fixed([preview()]), tmp_path) as asked:
        assert asked.post("/login", data={"token": "wrong"}).status_code == 403
        cookie = asked.post("/login", data={"token": TOKEN}).headers["set-cookie"]
        assert {"HttpOnly", "SameSite=lax"} <= set(cookie.split("; "))
        assert TOKEN not in cookie
        page = asked.get("/previews/main-shop").text
        csrf = re.search('name="csrf" value="([^"]+)"', page)
        assert csrf
        assert asked.post(PIN).status_code == 403, "a form of ours has the session's own secret in it"
        for headers in ({"Origin": "http://evil.test"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}):
            assert asked.post(PIN, data={"csrf": csrf[1]}, headers=headers).status_code == 403
        assert asked.post("/logout", data={"csrf": csrf[1]}).status_code == 303
        asked.cookies.set(COOKIE, "made-up")
        assert asked.post(PIN, data={"csrf": csrf[1]}).status_code == 401


def test_wrong_tokens_shut_the_door_for_a_while() -> None:
    now = [0.0]
    access = Access(Settings(), TOKEN, clock=lambda: now[0])
    assert [access.log_in("wrong") for _ in range(10)] == [None] * 10
    assert access.is_shut
    assert access.log_in(TOKEN) is None
    now[0] = 61.0
    assert access.log_in(TOKEN)


def test_sessions_end() -> None:
    now = [0.0]
    sessions = Sessions(clock=lambda: now[0])
    idle, used = sessions.begin(), sessions.begin()
    while now[0] < LONGEST - IDLE:
        now[0] += IDLE / 2
        assert sessions.use(used)
    assert sessions.use(idle) is None
    now[0] = LONGEST
    assert sessions.use(used) is None


@pytest.mark.parametrize(("peer", "answer"), [("10.1.2.3", 409), ("192.0.2.1", 401)])
def test_a_proxy_says_who_asks_only_where_it_is_trusted(tmp_path: Path, peer: str, answer: int) -> None:
    behind = Settings(identity_header="X-User", proxies=(network("10.0.0.0/8"),))
    with client(Fixed([preview(pinned=True)]), tmp_path, behind, peer) as asked:
        page = asked.get("/previews/main-shop", headers={"X-User": "ada"}).text
        csrf = re.search('name="csrf" value="([^"]+)"', page)
        data = {"csrf": csrf[1]} if csrf else {}
        assert asked.post(PIN, data=data, headers={"X-User": "ada"}).status_code == answer
        assert asked.post(PIN, data=data, headers={"X-User": "bob"}).status_code in (401, 403)


@pytest.mark.parametrize("host", ["evil.test", "127.0.0.1.evil.test", "[::1", "", "localhost.evil.test:7373"])
def test_a_name_that_is_not_ours_is_refused(tmp_path: Path, host: str) -> None:
    with client(Fixed([]), tmp_path) as asked:
        assert asked.get("/", headers={"Host": host}).status_code == 421
        assert asked.get("/", headers={"Host": "localhost:9999"}).status_code == 200


def test_every_answer_forbids_what_comes_from_elsewhere(tmp_path: Path) -> None:
    with client(Fixed([preview()]), tmp_path) as asked:
        for path in ("/", "/previews/main-shop", "/nosuch", "/api/previews", "/static/live.js", "/login"):
            policy = asked.get(path).headers["content-security-policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy

"""Who may open a shell, who may type into it, and that it ends."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from galley_iac.dashboard import shells
from galley_iac.dashboard.audit import Asked, Audit
from galley_iac.dashboard.live import shell as live
from galley_iac.dashboard.live.shell import Shell
from galley_iac.dashboard.model import Service
from galley_iac.dashboard.settings import Settings
from galley_iac.dashboard.shells import Shells
from galley_iac.errors import PreviewError
from tests.unit.dashboard.support import TOKEN, Fixed, Typed, client, preview

BEGIN = "/api/previews/main-shop/shell"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
ON = Settings(shell=True)
ASKED = Asked("ada", "proxy", "10.0.0.1")
OWNER = ("proxy", "ada", "secret")


def recorded(folder: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in (folder / "audit.log").read_text().splitlines()]


@contextmanager
def opened(folder: Path) -> Iterator[tuple[TestClient, Fixed, str]]:
    """A client, and the address of a shell that it has opened."""
    source = Fixed([preview()])
    with client(source, folder, ON) as asked:
        made = asked.post(BEGIN, json={"service": "api"}, headers=BEARER)
        assert made.status_code == 201
        yield asked, source, f"/shells/{made.json()['shell']}"


def test_shells_are_off_unless_asked_for(tmp_path: Path) -> None:
    source = Fixed([preview()])
    with client(source, tmp_path) as asked:
        answer = asked.post(BEGIN, json={"service": "api"}, headers=BEARER)
        assert (answer.status_code, answer.json()["error"]["message"]) == (403, shells.NOT_ON)
        assert asked.get("/previews/main-shop/shell", headers=BEARER).status_code == 404
        assert "Shell" not in asked.get("/previews/main-shop", headers=BEARER).text
    assert source.shells == []
    assert (recorded(tmp_path)[-1]["result"], recorded(tmp_path)[-1]["action"]) == ("refused", "shell")


@pytest.mark.parametrize(
    ("headers", "status"),
    [({}, 401), ({"Authorization": "Bearer wrong"}, 401)],
)
def test_without_the_token_there_is_none(tmp_path: Path, headers: dict[str, str], status: int) -> None:
    source = Fixed([preview()])
    with client(source, tmp_path, ON) as asked:
        assert asked.post(BEGIN, json={"service": "api"}, headers=headers).status_code == status
        assert asked.get("/previews/main-shop/shell").headers["location"] == "/login"
        assert "Shell in" not in asked.get("/previews/main-shop").text
    assert source.shells == []
    assert recorded(tmp_path)[-1]["result"] == "refused"


def log_in(asked: TestClient) -> str:
    """The secret that a form of the session has in it."""
    asked.post("/login", data={"token": TOKEN})
    return asked.get("/previews/main-shop/shell").text.partition('data-csrf="')[2].partition('"')[0]


def test_another_site_opens_none_and_types_into_none(tmp_path: Path) -> None:
    source = Fixed([preview()])
    with client(source, tmp_path, ON) as asked:
        headers = {"X-CSRF-Token": log_in(asked)}
        for foreign in ({"Origin": "http://evil.test"}, {"Sec-Fetch-Site": "cross-site"}):
            answer = asked.post(BEGIN, json={"service": "api"}, headers={**headers, **foreign})
            assert answer.status_code == 403
        assert asked.post(BEGIN, json={"service": "api"}).status_code == 403, "without the form's secret"
        assert source.shells == []
        made = asked.post(BEGIN, json={"service": "api"}, headers=headers).json()["shell"]
        place = f"/shells/{made}/input"
        assert asked.post(place, json={"text": "x"}).status_code == 403
        assert asked.post(place, json={"text": "x"}, headers=headers).status_code == 204
        for foreign in ({"Origin": "http://evil.test"}, {"Sec-Fetch-Site": "cross-site"}):
            assert asked.get(f"/shells/{made}/output", headers=foreign).status_code == 403
        assert asked.post(place, json={"text": "x"}, headers=BEARER).status_code == 404, "it is not theirs"
        assert asked.get(f"/shells/{made}/output", headers=BEARER).status_code == 404


def test_what_is_typed_arrives_and_the_end_is_told_and_recorded(tmp_path: Path) -> None:
    with opened(tmp_path) as (asked, source, address):
        sizes = {"columns": 120, "rows": 30, "text": "ls\r"}
        assert asked.post(f"{address}/input", json=sizes, headers=BEARER).status_code == 204
        assert asked.post(f"{address}/input", json={"text": "exit"}, headers=BEARER).status_code == 204
        answer = asked.get(f"{address}/output", headers=BEARER)
        assert asked.get(f"{address}/output", headers=BEARER).status_code == 404, "one page reads it"
    events = [json.loads(line[6:]) for line in answer.text.splitlines() if line.startswith("data: ")]
    assert events == ["api of main-shop", "ls\r", {}]
    assert source.shells[0].sizes == [(120, 30)]
    assert source.shells[0].closed.is_set()
    lines = [(line["who"], line["service"], line["result"]) for line in recorded(tmp_path)]
    assert lines == [("token", "api", "asked"), ("token", "api", "done")]
    assert "ls" not in (tmp_path / "audit.log").read_text()


@pytest.mark.parametrize("name", ["nobody", "../api", ""])
def test_there_is_none_in_what_is_no_service(tmp_path: Path, name: str) -> None:
    with client(Fixed([preview()]), tmp_path, ON) as asked:
        assert asked.post(BEGIN, json={"service": name}, headers=BEARER).status_code == 400
        assert asked.post("/api/previews/nobody/shell", headers=BEARER).status_code == 404


def test_there_is_none_in_a_job(tmp_path: Path) -> None:
    with client(
        Fixed([preview(services=(Service("seed", "worker", "job", "running"),))]), tmp_path, ON
    ) as asked:
        assert asked.post(BEGIN, json={"service": "seed"}, headers=BEARER).status_code == 400


class Refusing(Fixed):
    def open_shell(self, name: str, service: str) -> Typed:
        raise PreviewError(f"{service} of {name} does not run")


def test_what_does_not_run_has_none(tmp_path: Path) -> None:
    with client(Refusing([preview()]), tmp_path, ON) as asked:
        answer = asked.post(BEGIN, json={"service": "api"}, headers=BEARER)
    assert (answer.status_code, answer.json()["error"]["message"]) == (
        409,
        "api of main-shop does not run",
    )
    assert recorded(tmp_path)[-1]["result"] == "failed"


def test_one_that_no_page_reads_ends_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shells, "_LISTENED_WITHIN", 0.01)
    typed = Typed("")
    every = Shells(Audit(tmp_path / "audit.log"))
    every.begin(OWNER, ASKED, "main-shop", "api", lambda: typed)
    assert typed.closed.wait(30)


def test_all_end_with_the_dashboard_and_there_are_only_so_many(tmp_path: Path) -> None:
    every, typed = Shells(Audit(tmp_path / "audit.log")), [Typed("") for _ in range(shells.MOST)]
    for one in typed:
        assert not every.is_full
        every.begin(OWNER, ASKED, "main-shop", "api", lambda one=one: one)  # type: ignore[misc]
    assert every.is_full
    every.end_all()
    assert all(one.closed.is_set() for one in typed)
    assert not every.is_full


class Piped:
    """A channel that gives these pieces, then ends."""

    def __init__(self, *pieces: bytes) -> None:
        self._pieces = list(pieces)
        self.typed, self.closed = b"", threading.Event()

    def read(self) -> bytes | None:
        return self._pieces.pop(0) if self._pieces else None

    def write(self, data: bytes) -> None:
        self.typed += data

    def resize(self, columns: int, rows: int) -> None:
        pass

    def close(self) -> None:
        self.closed.set()


def texts(read: Callable[[], str | None]) -> list[str]:
    return list(iter(read, None))  # type: ignore[arg-type]


def test_the_session_is_read_and_not_shown_and_ended_once() -> None:
    commands: list[Sequence[str]] = []
    channel = Piped(b"\x1b]gal", b"ley;42\x07# \xc3", b"\xa4")
    made = Shell(channel, commands.append)
    assert "".join(texts(made.read)) == "# ä"
    made.write("ö")
    assert channel.typed == "ö".encode()
    made.close()
    made.close()
    ((*_, script),) = commands
    assert '"$5" = 42' in script
    assert channel.closed.is_set()


def test_one_that_is_closed_before_it_has_begun_is_ended_too() -> None:
    commands: list[Sequence[str]] = []
    Shell(Piped(b"", b"\x1b]galley;7\x07"), commands.append).close()
    assert "= 7 ]" in commands[0][-1]


def test_what_cannot_start_says_so_and_there_is_nothing_to_end() -> None:
    commands: list[Sequence[str]] = []
    said = b"exec: sh: not found"
    made = Shell(Piped(said + b" " * live._LONGEST_WAIT), commands.append)
    assert texts(made.read)[0].startswith("exec: sh: not found")
    made.close()
    assert commands == []

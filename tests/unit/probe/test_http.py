"""HTTP readiness: exactly the status that was asked for, whatever else the service does."""

from __future__ import annotations

import pytest

from galley_iac.probe import ready
from tests.unit.probe.servers import Behaviour, Server, answer, close, closed_port, dripping, silent, took


def reply(status: int, head: str = "", body: bytes = b"") -> bytes:
    return f"HTTP/1.1 {status} X\r\n{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def probe(server: Server, timeout: float = 0.1, path: str = "/healthz", status: int = 200) -> int:
    return ready.main(["http", "127.0.0.1", str(server.port), str(timeout), path, str(status)])


def said(capsys: pytest.CaptureFixture[str]) -> str:
    """The one line that was printed."""
    (line,) = capsys.readouterr().out.splitlines()
    return str(line)


@pytest.mark.parametrize("status", [200, 204, 302, 401, 418, 503])
def test_the_status_that_is_expected(status: int, capsys: pytest.CaptureFixture[str]) -> None:
    with Server([answer(reply(status))]) as server:
        assert probe(server, status=status) == 0
    assert said(capsys) == f"GET /healthz answered {status}"


@pytest.mark.parametrize("status", [201, 204, 302, 399, 404, 500])
def test_any_other_status_is_not_ready(status: int, capsys: pytest.CaptureFixture[str]) -> None:
    with Server([answer(reply(status))]) as server:
        assert probe(server) == 1
        assert server.connections > 1, "it is asked again and again"
    wanted = f"GET /healthz answered {status}, expected 200 (waited 0.1 s)"
    assert said(capsys) == f"http on port {server.port}: {wanted}"


def test_a_redirect_is_not_followed() -> None:
    with Server([answer(reply(200))]) as target:
        moved = reply(302, f"Location: http://127.0.0.1:{target.port}/\r\n")
        with Server([answer(moved)]) as server:
            assert probe(server) == 1
        assert target.connections == 0


def test_what_is_asked() -> None:
    with Server([answer(reply(200))]) as server:
        assert probe(server, path="/a/b?c=d&e=%20") == 0
        head, *fields = server.received[0].decode().split("\r\n")
    assert head == "GET /a/b?c=d&e=%20 HTTP/1.1"
    assert "User-Agent: galley-probe" in fields
    assert "Connection: close" in fields


@pytest.mark.parametrize(
    "before",
    [close, answer(b"not HTTP\r\n"), answer(b""), answer(reply(503)), answer(b"HTTP/1.1 2")],
    ids=["closes", "other protocol", "empty", "unavailable", "cut off"],
)
def test_it_waits_until_the_service_is_ready(before: Behaviour) -> None:
    with Server([before, before, answer(reply(200))]) as server:
        assert probe(server, timeout=5) == 0
        assert server.connections == 3


def test_an_early_hint_is_no_answer_yet() -> None:
    with Server([answer(b"HTTP/1.1 100 Continue\r\n\r\n" + reply(200))]) as server:
        assert probe(server) == 0


def test_the_body_is_not_waited_for() -> None:
    with Server([dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")]) as server, took(0, 1):
        assert probe(server, timeout=3) == 0


def test_nothing_listens(capsys: pytest.CaptureFixture[str]) -> None:
    with closed_port() as port, took(0.15, 1):
        assert ready.main(["http", "127.0.0.1", str(port), "0.2", "/", "200"]) == 1
    assert said(capsys) == f"http on port {port}: nothing listens there (waited 0.2 s)"


@pytest.mark.usefixtures("short_attempts")
def test_no_answer(capsys: pytest.CaptureFixture[str]) -> None:
    with Server([silent]) as server, took(0.15, 1.2):
        assert probe(server, timeout=0.2) == 1
    assert said(capsys) == f"http on port {server.port}: no answer (waited 0.2 s)"


@pytest.mark.usefixtures("short_attempts")
@pytest.mark.parametrize("head", [b"HTTP/1.1 20", b"HTTP/1.1 200 OK\r\nX-Slow: "], ids=["status", "header"])
def test_an_answer_that_never_ends_does_not_hold_it_up(head: bytes) -> None:
    """Each read is quick, so only a limit on the whole helps."""
    with Server([dripping(head)]) as server, took(0.2, 1.2):
        assert probe(server, timeout=0.4) == 1


def test_one_bad_attempt_does_not_take_all_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ready, "ATTEMPT", 0.2)
    with Server([silent, answer(reply(200))]) as server, took(0.1, 2):
        assert probe(server, timeout=30) == 0

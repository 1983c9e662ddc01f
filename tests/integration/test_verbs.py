"""The verbs that look into a running preview: ls, logs, exec, port-forward, open, plan."""

from __future__ import annotations

import signal
import socket

from tests.integration.harness.preview import Preview
from tests.integration.harness.web import LOOPBACK, ask_url, eventually


def writers(log: str) -> set[str]:
    """The services whose lines are in a log."""
    return {line.partition(" |")[0].strip() for line in log.splitlines()}


def test_ls_lists_previews_without_their_services(seed: Preview, other: Preview) -> None:
    listed = seed.galley("ls", "--project", seed.repository.project, "--json", at=seed.repository.path).json
    assert [(one["preview"], one["branch"], one["state"]) for one in listed] == [
        (seed.name, "main", "running"),
        (other.name, "other", "running"),
    ]
    assert all("services" not in one for one in listed)


def test_logs_of_one_service_and_of_all(seed: Preview) -> None:
    worker = seed.run("logs", "worker")
    assert worker.code == 0
    assert "celery@" in worker.out
    assert writers(worker.out) == {"worker"}
    assert writers(seed.run("logs").out) >= {"api", "worker", "migrate", "postgres", "cache"}


def test_logs_follow_what_is_written(seed: Preview) -> None:
    url = seed.url("api")
    with seed.background("logs", "-f", "--tail", "0", "api") as following:
        eventually(lambda: ask_url(url, "/new").status == 404 and following.saw("GET /new"), "the line")
        assert not following.ended
        following.signal(signal.SIGINT)
        following.wait(20)


def test_logs_of_an_unknown_service_name_those_there_are(seed: Preview) -> None:
    done = seed.run("logs", "nobody")
    assert done.code == 2
    assert "postgres" in done.err


def test_exec_runs_inside_and_returns_the_exit_code(seed: Preview) -> None:
    shown = seed.run("exec", "api", "--", "sh", "-c", "hostname; echo $REDIS_URL")
    assert (shown.code, shown.out) == (0, "api\nredis://cache:6379/0\n")
    assert seed.run("exec", "api", "--", "sh", "-c", "exit 7").code == 7
    ended = seed.run("exec", "migrate", "--", "true")
    assert ended.code == 2
    assert "exited" in ended.err


def test_port_forward_reaches_an_internal_service_and_leaves_nothing(seed: Preview) -> None:
    before, preview = seed.left(), f"galley.preview={seed.name}"
    with seed.background("port-forward", "cache") as forward:
        place = forward.line("Ctrl-C ends it").split()[0]
        with socket.create_connection((LOOPBACK, int(place.rpartition(":")[2])), 5) as connection:
            connection.settimeout(20)
            connection.sendall(b"PING\r\n")
            assert connection.recv(64) == b"+PONG\r\n"
            connection.sendall(b"QUIT\r\n")
            assert connection.recv(64) == b"+OK\r\n"
            assert connection.recv(64) == b"", "the other side's end is passed on"
        assert len(seed.left()) == len(before) + 1, "the helper carries the preview's label while it runs"
        (helper,) = seed.engine.client.api.containers(filters={"label": [preview, "galley.role=helper"]})
        assert helper["Labels"]["galley.project"] == seed.repository.project
        forward.signal(signal.SIGINT)
        assert forward.wait(30).code == 0
    eventually(lambda: seed.left() == before, "the helper is gone")


def test_open_and_plan_name_the_same_host(seed: Preview) -> None:
    assert seed.run("open", "--json").json == {"url": seed.url("api")}
    assert f"api.{seed.name}.localhost" in seed.run("plan").out

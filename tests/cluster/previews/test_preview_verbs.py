"""The verbs that look into a running preview on a cluster: the same words and answers as on Docker."""

from __future__ import annotations

import os
import pty
import signal
import socket
import subprocess

from tests.cluster.previews.preview import ClusterPreview
from tests.integration.harness.web import LOOPBACK, eventually

UNTIL_SIZED = 'until test "$(stty size)" = "31 97"; do sleep 0.1; done'
"""The size arrives a moment after the command has begun."""


def words(seed: ClusterPreview, verb: str, *more: str) -> list[str]:
    """A command line, for what the harness's pipes are no substitute for."""
    return [str(seed.galley.program), verb, "--branch", seed.branch, *more]


def test_exec_runs_inside_and_returns_the_exit_code(seed: ClusterPreview) -> None:
    shown = seed.run("exec", "api", "--", "sh", "-c", "hostname; echo $REDIS_URL; echo apart >&2")
    assert (shown.code, shown.out) == (0, "api\nredis://cache:6379/0\n")
    assert shown.err == "apart\n"
    assert seed.run("exec", "api", "--", "sh", "-c", "exit 7").code == 7


def test_exec_passes_its_input_on_to_its_end_and_every_byte_back(seed: ClusterPreview) -> None:
    sent = bytes(range(256)) * 300
    command = words(seed, "exec", "cache", "--", "cat")
    done = subprocess.run(
        command,
        cwd=seed.repository.path,
        env=seed.galley.environment(),
        input=sent,
        capture_output=True,
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == sent


def test_exec_says_what_cannot_be_run(seed: ClusterPreview) -> None:
    ended = seed.run("exec", "migrate", "--", "true")
    assert (ended.code, "migrate of" in ended.err, "is done" in ended.err) == (2, True, True)
    missing = seed.run("exec", "api", "--", "nosuchprogram")
    assert missing.code == 2
    assert "the container has no program nosuchprogram" in missing.err
    nobody = seed.run("exec", "nobody", "--", "true")
    assert (nobody.code, "is not there" in nobody.err) == (2, True)


def test_exec_has_a_terminal_where_there_is_one(seed: ClusterPreview) -> None:
    ours, theirs = pty.openpty()
    environment = seed.galley.environment(COLUMNS="97", LINES="31")
    child = subprocess.Popen(
        words(seed, "exec", "api", "--", "sh", "-c", f"test -t 0 && {UNTIL_SIZED}"),
        cwd=seed.repository.path,
        env=environment,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    assert child.wait(120) == 0
    os.close(ours)


def test_port_forward_reaches_an_internal_service_and_leaves_nothing(seed: ClusterPreview) -> None:
    before = seed.left()
    with seed.background("port-forward", "cache") as forward:
        place = forward.line("Ctrl-C ends it").split()[0]
        for _ in range(2):
            with socket.create_connection((LOOPBACK, int(place.rpartition(":")[2])), 5) as connection:
                connection.settimeout(60)
                connection.sendall(b"PING\r\n")
                assert connection.recv(64) == b"+PONG\r\n"
                connection.sendall(b"QUIT\r\n")
                assert connection.recv(64) == b"+OK\r\n"
                assert connection.recv(64) == b"", "the other side's end is passed on"
        forward.signal(signal.SIGINT)
        assert forward.wait(30).code == 0
    assert seed.left() == before


def test_port_forward_closes_a_connection_that_nobody_takes(seed: ClusterPreview) -> None:
    with seed.background("port-forward", "cache", "1") as forward:
        port = int(forward.line("Ctrl-C ends it").split()[0].rpartition(":")[2])
        with socket.create_connection((LOOPBACK, port), 5) as connection:
            connection.settimeout(60)
            assert connection.recv(64) == b""
        assert not forward.ended
        forward.signal(signal.SIGINT)
        assert forward.wait(30).code == 0


def test_port_forward_names_what_is_wrong(seed: ClusterPreview) -> None:
    unknown = seed.run("port-forward", "nobody")
    assert (unknown.code, "has no service nobody" in unknown.err) == (2, True)
    unexposed = seed.run("port-forward", "worker")
    assert (unexposed.code, "the service exposes no port" in unexposed.err) == (2, True)


def test_logs_follow_what_is_written(seed: ClusterPreview) -> None:
    with seed.background("logs", "-f", "--tail", "0", "api") as following:
        eventually(
            lambda: seed.ask("api", "/new").status == 404 and following.saw("GET /new"), "the line", 90
        )
        following.signal(signal.SIGINT)
        following.wait(30)


def test_doctor_looks_at_the_cluster_that_is_set_for_the_project(seed: ClusterPreview) -> None:
    """That policies are enforced, no cluster says of itself."""
    done = seed.galley("doctor", "--target", "kubernetes", "--json", at=seed.repository.path)
    found = {one["name"]: one for one in done.json["findings"]}
    access = seed.cluster.access
    assert found["Cluster"]["found"].startswith("Kubernetes v")
    assert found["Cluster"]["found"].endswith(f"context {access.context}")
    assert found["Registry"]["found"] == f"{access.registry} answers"
    assert found["Ingress class"]["found"] == "traefik"
    assert found["Ingress controller"]["found"] == "pods in kube-system"
    assert all(found[name]["ok"] for name in ("Cluster", "Registry", "Ingress class", "Storage class"))
    assert "Network policies" in found

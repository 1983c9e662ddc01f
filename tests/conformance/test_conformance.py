"""Each test is a row of the table, and runs on both targets: its docstring is what the row says."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

from galley_iac.timing import parse
from tests.cluster.previews.preview import ClusterPreview
from tests.conformance.conftest import APPLIED, OPEN, REFUSED, Cell
from tests.conformance.manifest import CLUSTER, MEMORY, RESTARTED_ON_FAILURE, SECRET, text
from tests.conformance.outsider import CONNECT, PORT, Outsider
from tests.integration.harness.preview import Preview
from tests.integration.harness.web import ask, eventually

LIMIT = (
    "from pathlib import Path; p = Path('/sys/fs/cgroup'); "
    "print(next(f.read_text() for f in (p / 'memory/memory.limit_in_bytes', p / 'memory.max') if f.exists()))"
)
API = ("kubernetes.default.svc.cluster.local", 443)
SLOW = 3
"""Attempts before a way counts as closed: on a busy machine one may take too long."""

NET_RAW = 13
"""The capability's number in ``CapBnd`` of proc(5)."""


def outside(preview: Preview, host: str) -> int:
    """The status of a request by a host name, through the preview's router or the ingress controller."""
    if isinstance(preview, ClusterPreview):
        return preview.ask_host(host).status
    port = urlsplit(preview.url("web")).port
    assert port
    return ask(host, port).status


def python(preview: Preview, program: str, *words: str) -> tuple[int, str]:
    return preview.execute("web", "python3", "-c", program, *words)


def address(preview: Preview, service: str) -> str:
    """The service's own, on the network that its preview is on."""
    if isinstance(preview, ClusterPreview):
        return str(preview.cluster.pods(preview.name)[service].status.pod_ip)
    return str(preview.inspect(service)["NetworkSettings"]["Networks"][preview.name]["IPAddress"])


def kept(preview: Preview, service: str) -> bool:
    return "kept" in preview.execute(service, "redis-cli", "get", "key")[1]


def times(preview: Preview) -> tuple[str, str]:
    """When the job ended, and when the web was started."""
    if isinstance(preview, ClusterPreview):
        pods = preview.cluster.pods(preview.name)
        (job,) = pods["job"].status.container_statuses
        (web,) = [one for one in pods["web"].status.container_statuses if one.name == "web"]
        ended, began = job.state.terminated.finished_at, web.state.running.started_at
        return ended.strftime("%Y-%m-%dT%H:%M:%SZ"), began.strftime("%Y-%m-%dT%H:%M:%SZ")
    job, web = preview.inspect("job")["State"], preview.inspect("web")["State"]
    return job["FinishedAt"], web["StartedAt"]


def test_reached(preview: Preview) -> None:
    """A web answers under the preview's host and under its own."""
    for host in (f"{preview.name}.localhost", f"web.{preview.name}.localhost"):
        assert outside(preview, host) == 200


def test_hidden(preview: Preview) -> None:
    """Nothing but a web or an api answers from outside."""
    for service in ("worker", "db", "scratch", "job"):
        assert outside(preview, f"{service}.{preview.name}.localhost") == 404


def test_siblings(preview: Preview) -> None:
    """Siblings reach each other by name, also on a port that is not exposed."""
    for host, port in (("worker", "8000"), ("db", "6379")):
        code, said = python(preview, CONNECT, host, port)
        assert code == 0, said


def test_isolation(preview: Preview, outsider: Outsider) -> None:
    """Nobody beside the preview reaches its services but by a route, and they reach nobody beside it."""
    for service, port in (("web", 8000), ("worker", 8000), ("db", 6379)):
        assert not outsider.reaches(address(preview, service), port)
    assert python(preview, CONNECT, outsider.address, str(PORT))[0] != 0


def test_egress(preview: Preview, outsider: Outsider, cell: Cell) -> None:
    """A service reaches neither the machine that it runs on nor the cluster's API."""
    if isinstance(preview, ClusterPreview):
        assert preview.cluster.closed_ranges(preview.name) >= {"10.0.0.0/8", "169.254.0.0/16"}
        eventually(lambda: outsider.reaches(*API), "somebody without the preview's policies reaches it", 60)
        if any(python(preview, CONNECT, API[0], str(API[1]))[0] == 0 for _ in range(SLOW)):
            cell.verdict = APPLIED
        return
    gateway = preview.inspect("web")["NetworkSettings"]["Networks"][preview.name]["Gateway"]
    with socket.create_server((gateway, 0)) as listening:
        host, port = listening.getsockname()
        eventually(lambda: python(preview, CONNECT, host, str(port))[0] == 0, "the machine is reached", 60)
    cell.verdict = OPEN


def test_environment(preview: Preview) -> None:
    """`env` arrives as it is written, interpolated."""
    found = preview.ask("web", "/env").json
    assert found["LEVEL"] == "one"
    assert found["HOST"] == f"{preview.name}.localhost"
    assert found["DOLLAR"] == "$HOME"


def test_secret(preview: Preview) -> None:
    """A secret arrives, and is shown nowhere."""
    assert preview.ask("web", "/env").json["KEY"] == SECRET
    for verb in ("plan", "preview", "status", "logs"):
        assert SECRET not in preview.run(verb).text


def test_order(preview: Preview) -> None:
    """What depends on a job starts after it has ended well."""
    ended, began = times(preview)
    assert parse(ended) <= parse(began)


def test_states(preview: Preview) -> None:
    """The states of services are called the same."""
    assert preview.states() == {
        "web": "ready",
        "worker": "running",
        "job": "done",
        "db": "ready",
        "scratch": "ready",
    }


def test_memory(preview: Preview) -> None:
    """`resources.memory` is the limit."""
    assert int(python(preview, LIMIT)[1]) == MEMORY


def test_privileges(preview: Preview) -> None:
    """A service cannot gain privileges, nor open raw sockets."""
    status = preview.execute("web", "cat", "/proc/self/status")[1]
    found = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    assert found["NoNewPrivs"] == "1"
    assert not int(found["CapBnd"], 16) >> NET_RAW & 1


def test_nothing_to_do(preview: Preview) -> None:
    """An update without a change touches nothing, and runs no job again."""
    before = preview.ids()
    assert "nothing to change" in preview.up().err
    assert preview.ids() == before


def test_a_change(preview: Preview) -> None:
    """A changed service is replaced, and no other but what is ephemeral; data that is kept stays."""
    for service in ("db", "scratch"):
        code, said = preview.execute(service, "sh", "-c", "redis-cli set key kept && redis-cli save")
        assert code == 0, said
    before = preview.ids()
    preview.repository.manifest(text("two"))
    preview.up()
    after = preview.ids()
    changed = {name for name in before if before[name] != after[name]}
    assert changed - {"web.ready", "scratch.ready"} == {"web", "scratch"}
    eventually(lambda: preview.ask("web", "/env").json["LEVEL"] == "two", "the new one answers")
    assert (kept(preview, "db"), kept(preview, "scratch")) == (True, False)


def test_exact_status(preview: Preview) -> None:
    """`health.status` is the only right answer, and `health.timeout` the time for it."""
    preview.repository.manifest(text("two", status=200))
    said = preview.fails().err
    assert "http on port 8000: GET /status/302 answered 302, expected 200 (waited 20 s)" in said


def test_restart(preview: Preview, target: str, cell: Cell) -> None:
    """`restart: on-failure` of a service."""
    preview.repository.manifest(RESTARTED_ON_FAILURE)
    if target == CLUSTER:
        done = preview.run("up")
        assert done.code == 2
        assert "galley.yaml:4:" in done.err
        assert "services.w.restart: on Kubernetes a service that ends is started again" in done.err
        cell.verdict = REFUSED
    else:
        preview.up()
        assert preview.inspect("w")["HostConfig"]["RestartPolicy"]["Name"] == "on-failure"


def test_left(preview: Preview) -> None:
    """`down` leaves nothing."""
    assert preview.left()
    done = preview.run("down")
    assert done.code == 0, done.text
    assert preview.left() == []

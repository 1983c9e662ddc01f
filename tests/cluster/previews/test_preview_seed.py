"""FastAPI, Celery, Postgres and Redis on a cluster: to a result, pushed to, and side by side."""

from __future__ import annotations

import hashlib
from typing import Any

from tests.cluster.previews.preview import ClusterPreview
from tests.integration.harness.web import eventually

CONNECT = "import socket, sys; socket.create_connection((sys.argv[1], int(sys.argv[2])), 3)"
SERVICES = {"api": "ready", "cache": "ready", "migrate": "done", "postgres": "ready", "worker": "running"}


def posted(preview: ClusterPreview, text: str) -> Any:
    """A task that has passed through all services."""
    answer = preview.ask("api", "/tasks", method="POST", body={"text": text})
    assert answer.status == 202, answer

    def finished() -> Any:
        document = preview.ask("api", f"/tasks/{answer.json['id']}").json
        return document if document["state"] == "done" else None

    return eventually(finished, "the worker stores the result", 60)


def texts(preview: ClusterPreview) -> list[str]:
    return [task["text"] for task in preview.ask("api", "/tasks").json]


def can_connect(preview: ClusterPreview, host: str, port: int) -> bool:
    code, _ = preview.execute("api", "python3", "-c", CONNECT, host, str(port))
    return code == 0


def test_a_task_posted_through_the_ingress_is_finished_by_the_worker(seed: ClusterPreview) -> None:
    text = "to be or not to be"
    digest = hashlib.sha256(text.encode()).hexdigest()
    assert posted(seed, text)["result"] == {"words": 6, "characters": 18, "sha256": digest}


def test_status_has_the_form_that_it_has_on_docker(seed: ClusterPreview) -> None:
    status = seed.status()
    services = status.pop("services")
    assert status == {
        "preview": seed.name,
        "project": seed.repository.project,
        "branch": "main",
        "target": "kubernetes",
        "state": "running",
    }
    assert {name: service["state"] for name, service in services.items()} == SERVICES
    assert [name for name, service in services.items() if "url" in service] == ["api"]
    assert services["postgres"]["image"] == "postgres:16-alpine"


def test_logs_are_of_every_service(seed: ClusterPreview) -> None:
    lines = seed.run("logs", "--tail", "50").out.splitlines()
    assert {line.partition("|")[0].strip() for line in lines} == set(SERVICES)
    assert any("database system is ready" in line for line in lines)


def test_only_the_api_has_a_route(seed: ClusterPreview) -> None:
    assert seed.ask("api", "/healthz").status == 200
    for service in ("worker", "postgres", "cache", "nobody"):
        assert seed.ask_host(f"{service}.{seed.name}.localhost").status == 404


def test_branches_side_by_side_see_nothing_of_each_other(seed: ClusterPreview, other: ClusterPreview) -> None:
    posted(other, "only here")
    assert texts(other) == ["only here"]
    assert "only here" not in texts(seed)
    for service, port in (("postgres", 5432), ("api", 8000)):
        assert can_connect(seed, service, port)
        assert not can_connect(seed, f"{service}.{other.name}.svc.cluster.local", port)


def test_an_update_without_a_change_changes_nothing(seed: ClusterPreview) -> None:
    """Five times running, the last time with all of it looked at."""
    before = seed.ids()
    for words in ((), (), (), (), ("--full",)):
        done = seed.run("up", *words)
        assert done.code == 0, done.text
        assert "nothing to change" in done.err
    assert seed.ids() == before


def test_a_push_replaces_what_it_changes_and_keeps_the_data(seed: ClusterPreview) -> None:
    posted(seed, "before the push")
    before = seed.ids()
    version = seed.ask("api", "/version").json["version"]
    seed.repository.replace("app/version.py", f'"{version}"', '"pushed"')
    seed.up()
    # The controller takes up to two seconds to leave the old pod, which goes on answering meanwhile.
    eventually(lambda: seed.ask("api", "/version").json == {"version": "pushed"}, "the new pod answers")
    after = seed.ids()
    assert {name for name in before if before[name] != after[name]} == {"api", "worker", "migrate"}
    assert "before the push" in texts(seed)

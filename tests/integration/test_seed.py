"""FastAPI, Celery, Postgres and Redis, from a galley.yaml to a working URL and a result."""

from __future__ import annotations

import hashlib
from typing import Any
from urllib.parse import urlsplit

from tests.integration.harness.preview import Preview
from tests.integration.harness.web import ask_url, eventually


def finished(url: str, task: int) -> Any:
    document = ask_url(url, f"/tasks/{task}").json
    return document if document["state"] == "done" else None


def test_a_task_passes_through_all_four_services(seed: Preview) -> None:
    text, url = "to be or not to be", seed.url("api")
    answer = ask_url(url, "/tasks", method="POST", body={"text": text})
    assert answer.status == 202
    document = eventually(lambda: finished(url, answer.json["id"]), "the worker stores the result")
    digest = hashlib.sha256(text.encode()).hexdigest()
    assert document["result"] == {"words": 6, "characters": 18, "sha256": digest}


def test_status_has_its_fixed_form(seed: Preview) -> None:
    status = seed.status()
    services = status.pop("services")
    assert status == {
        "preview": seed.name,
        "project": seed.repository.project,
        "branch": "main",
        "target": "docker",
        "state": "running",
    }
    assert {name: (service["kind"], service["state"]) for name, service in services.items()} == {
        "api": ("api", "ready"),
        "cache": ("cache", "ready"),
        "migrate": ("worker", "done"),
        "postgres": ("database", "ready"),
        "worker": ("worker", "running"),
    }
    assert [name for name, service in services.items() if "url" in service] == ["api"]
    assert urlsplit(services["api"]["url"]).hostname == f"api.{seed.name}.localhost"


def test_status_names_the_images_as_the_manifest_does(seed: Preview) -> None:
    images = {name: service["image"] for name, service in seed.status()["services"].items()}
    assert images["postgres"] == "postgres:16-alpine"
    assert images["cache"] == "redis:7-alpine"
    assert images["api"] == images["worker"] == images["migrate"]
    assert images["api"].startswith(f"galley-{seed.repository.project}:")


def test_the_services_of_one_build_run_one_image(seed: Preview) -> None:
    assert seed.inspect("api")["Image"] == seed.inspect("worker")["Image"]
    assert seed.inspect("api")["Image"] != seed.inspect("postgres")["Image"]


def test_every_object_carries_the_static_labels(seed: Preview) -> None:
    for name, info in seed.engine.containers(seed.name).items():
        labels = info["Config"]["Labels"]
        assert labels["galley.project"] == seed.repository.project
        assert labels["galley.preview"] == seed.name
        assert labels["galley.service"] == name.removesuffix(".ready")
    (network,) = seed.engine.networks(seed.name)
    assert network["Labels"]["galley.project"] == seed.repository.project

"""What cannot be reached: internal services from outside, and one preview from another."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from tests.integration.harness.preview import Preview
from tests.integration.harness.web import LOOPBACK, Answer, ask

CONNECT = "import socket, sys; socket.create_connection((sys.argv[1], int(sys.argv[2])), 3)"
INTERNAL = (("postgres", 5432), ("cache", 6379))


def port(preview: Preview) -> int:
    found = urlsplit(preview.url("api")).port
    assert found
    return found


def through_the_router(preview: Preview, service: str) -> Answer:
    return ask(f"{service}.{preview.name}.localhost", port(preview), "/healthz")


def bindings(preview: Preview, name: str) -> list[dict[str, str]]:
    ports = preview.inspect(name)["NetworkSettings"]["Ports"] or {}
    return [binding for found in ports.values() for binding in found or ()]


def can_connect(preview: Preview, host: str, number: int) -> bool:
    """From inside the api's container, whose Python is the probe."""
    code, _ = preview.execute("api", "python3", "-c", CONNECT, host, str(number))
    return code == 0


def texts(preview: Preview) -> list[str]:
    return [task["text"] for task in preview.ask("api", "/tasks").json]


def test_only_the_router_publishes_a_port_and_only_on_loopback(seed: Preview) -> None:
    published = {name: bindings(seed, name) for name in seed.ids()}
    assert published.pop("router") == [{"HostIp": LOOPBACK, "HostPort": str(port(seed))}]
    assert set(published) >= {"api", "worker", "postgres", "cache", "migrate"}
    assert not any(published.values()), published


@pytest.mark.parametrize("service", ["worker", "postgres", "cache", "migrate", "router", "nobody"])
def test_the_router_answers_for_the_api_alone(seed: Preview, service: str) -> None:
    assert through_the_router(seed, "api").status == 200
    refused = through_the_router(seed, service)
    assert refused.status == 404
    assert f"api.{seed.name}.localhost" in refused.body, "the page says what does answer"


def test_a_router_does_not_answer_for_another_preview(seed: Preview, other: Preview) -> None:
    host = f"api.{other.name}.localhost"
    assert ask(host, port(other), "/healthz").status == 200
    assert ask(host, port(seed), "/healthz").status == 404


@pytest.mark.parametrize(("service", "number"), INTERNAL)
def test_one_preview_cannot_reach_another(seed: Preview, other: Preview, service: str, number: int) -> None:
    networks = seed.inspect(service)["NetworkSettings"]["Networks"]
    address = networks[seed.name]["IPAddress"]
    assert can_connect(seed, address, number)
    assert not can_connect(other, address, number)
    assert can_connect(seed, f"{seed.name}.{service}", number)
    assert not can_connect(other, f"{seed.name}.{service}", number)
    assert can_connect(other, service, number), "its own is there under the same name"


def test_one_preview_cannot_reach_the_others_router(seed: Preview, other: Preview) -> None:
    address = seed.inspect("router")["NetworkSettings"]["Networks"][seed.name]["IPAddress"]
    assert can_connect(seed, address, 80)
    assert not can_connect(other, address, 80)


def test_two_branches_have_data_of_their_own(seed: Preview, other: Preview) -> None:
    for preview, text in ((seed, "only in main"), (other, "only in other")):
        assert preview.ask("api", "/tasks", method="POST", body={"text": text}).status == 202
    assert "only in main" in texts(seed)
    assert "only in other" not in texts(seed)
    assert texts(other) == ["only in other"]

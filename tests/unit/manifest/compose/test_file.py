from __future__ import annotations

import pytest

from galley_iac.manifest.compose.keys import BUILD, DEPLOY, LIMITS, RESTART_POLICY, SERVICE, TOP, KeyTable
from tests.unit.manifest.compose.support import VALID, changed, notice, notices, problem, problems, read


def test_the_valid_file_is_carried_over_whole() -> None:
    parsed = read(VALID)
    assert list(parsed.manifest.services) == ["web", "worker", "db"]
    assert parsed.notices == ()


@pytest.mark.parametrize("text", ["services: {}", "services:", "version: '3'"])
def test_no_service(text: str) -> None:
    (only,) = problems(text)
    assert only.endswith("there is no service\n    write at least one service below `services:`")


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("[a]", "compose.yaml:1:1: must be a mapping"),
        ("services: [a]", "compose.yaml:1:1: services: must be a mapping"),
        ("services: {a: b}", "compose.yaml:1:15: services.a: must be a mapping"),
        ("services: {a: [b]}", "compose.yaml:1:12: services.a: must be a mapping"),
        ("", "compose.yaml:1:1: is empty"),
        ("a: b: c", "compose.yaml:1:5: is not valid YAML"),
    ],
)
def test_wrong_shapes(text: str, start: str) -> None:
    assert problems(text)[0].startswith(start)


def test_a_service_with_nothing() -> None:
    assert problems("services: {a: }") == [
        "compose.yaml:1:12: services.a: neither `build` nor `image`\n"
        "    write `build: .` or `image: name:tag`"
    ]


@pytest.mark.parametrize(
    "top", ["version: '3.8'\n", "x-anything: {a: [1]}\n", "networks:\n", "volumes: {}\n"]
)
def test_top_keys_without_a_word(top: str) -> None:
    assert read(top + changed("volumes: {pg: }\n", "")).notices == ()


@pytest.mark.parametrize("key", sorted(TOP.dropped))
def test_top_keys_that_are_not_carried_over(key: str) -> None:
    assert notice("services:\n", f"{key}: {{a: }}\nservices:\n") == (
        f"compose.yaml:1:1: {key}: `{key}` is not carried over\n    {TOP.dropped[key]}"
    )


def test_unknown_top_key() -> None:
    assert problem("services:\n", "service: 1\nservices:\n").split("\n")[0] == (
        "compose.yaml:1:1: service: unknown key (did you mean `services`?)"
    )


@pytest.mark.parametrize("key", sorted(SERVICE.dropped))
def test_every_key_that_is_not_carried_over_says_what_happens_instead(key: str) -> None:
    assert notice("command: run-worker", f"command: run-worker\n    {key}: [x]") == (
        f"compose.yaml:11:5: services.worker.{key}: `{key}` is not carried over\n    {SERVICE.dropped[key]}"
    )


@pytest.mark.parametrize("key", sorted(SERVICE.refused))
def test_every_key_that_is_refused_says_what_to_do(key: str) -> None:
    assert problem("command: run-worker", f"command: run-worker\n    {key}: x") == (
        f"compose.yaml:11:5: services.worker.{key}: `{key}` cannot be carried over\n"
        f"    {SERVICE.refused[key]}"
    )


@pytest.mark.parametrize("key", ["attach", "develop", "stdin_open", "tty", "x-mine"])
def test_keys_without_a_meaning_for_a_preview(key: str) -> None:
    assert notices("command: run-worker", f"command: run-worker\n    {key}: true") == []


def test_unknown_key() -> None:
    assert problem("command: run-worker", "comand: run-worker") == (
        "compose.yaml:10:5: services.worker.comand: unknown key (did you mean `command`?)\n"
        "    Compose has no such key; write `x-` before the name of one of your own"
    )


@pytest.mark.parametrize("table", [TOP, SERVICE, BUILD, DEPLOY, LIMITS, RESTART_POLICY])
def test_every_key_has_one_meaning(table: KeyTable) -> None:
    assert len(table.known) == len(table.read) + len(table.dropped) + len(table.refused)


@pytest.mark.parametrize("name", ["my_app", "App", "1st", "a" * 41])
def test_names_that_no_host_label_can_have(name: str) -> None:
    (only,) = problems(VALID.replace("  worker:\n", f"  {name}:\n"))
    assert only == (
        f"compose.yaml:8:3: services.{name}: is no service name here: lower-case letters, digits, `-`, a "
        "letter first, at most 40 characters\n    rename it, also where it is used as a host name"
    )


def test_places_lead_back_to_the_compose_file() -> None:
    manifest = read(VALID).manifest
    found = manifest.problem("services.web.env.A", "rule", "remedy")
    assert str(found) == "compose.yaml:5:22: services.web.environment.A: rule\n    remedy"
    assert manifest.problem("services.web.build.path", "r", "r").path == "services.web.build.context"
    assert manifest.places["services.web.depends_on.0"] == (6, 18)
    assert manifest.places["services.worker.start"] == (10, 14)
    assert manifest.places["services.web.expose"] == (4, 13)
    assert manifest.places["services.db.image"] == (12, 12)


def test_anchors_and_merge_keys() -> None:
    text = "x-a: &a {image: 'redis:7'}\nservices:\n  one: {<<: *a}\n  two: {<<: *a, image: 'redis:6'}\n"
    services = read(text).manifest.services
    assert [str(found.image) for found in services.values()] == ["redis:7", "redis:6"]


@pytest.mark.parametrize("name", ["compose.override.yaml", "docker-compose.override.yml"])
def test_an_override_file_is_not_read(name: str) -> None:
    (only,) = notices("services:\n", "services:\n", {name: "services: {}"})
    assert only == (
        f"compose.yaml:1:1: {name} is not read\n    put what a preview needs into the compose file itself"
    )


def test_too_many_services() -> None:
    many = "".join(f"  s{i}: {{image: x}}\n" for i in range(101))
    (only,) = problems(f"services:\n{many}")
    assert only.startswith("compose.yaml:1:1: services: there are more than 100 services")

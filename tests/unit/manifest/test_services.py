from __future__ import annotations

import pytest

from tests.unit.manifest.support import VALID, manifest, problem, problems


def test_valid_manifest_has_no_problem() -> None:
    assert problems(VALID) == []
    assert list(manifest().services) == ["api", "worker", "db"]


def test_missing() -> None:
    assert problems("version: 1\n") == [
        "galley.yaml:1:1: `services` is missing\n    write `services:` with at least one service below it"
    ]


@pytest.mark.parametrize("written", ["{}", ""])
def test_none(written: str) -> None:
    (only,) = problems(f"version: 1\nservices: {written}\n")
    assert only.startswith("galley.yaml:2:1: services: ")


def test_not_a_mapping() -> None:
    assert problems("version: 1\nservices: [api]\n") == [
        "galley.yaml:2:1: services: must be a mapping\n    write keys with values below `services`"
    ]


def test_service_is_not_a_mapping() -> None:
    assert problems("version: 1\nservices:\n  api: ./\n") == [
        "galley.yaml:3:8: services.api: must be a mapping\n    write keys with values below `api`"
    ]


@pytest.mark.parametrize("name", ["a", "api2", "my-api", "a" * 40, "a-"])
def test_names(name: str) -> None:
    assert problems(VALID.replace("worker:\n", f"{name}:\n").replace("  db:", "  db:")) == []


@pytest.mark.parametrize(
    ("name", "suggestion"),
    [
        ("API", "api"),
        ("my_api", "my-api"),
        ("1st", "st"),
        ("-a", "a"),
        ("a.b", "a-b"),
        ("a" * 41, "a" * 40),
        ("büro", "b-ro"),
    ],
)
def test_bad_names(name: str, suggestion: str) -> None:
    (only,) = problems(VALID.replace("  worker:\n", f"  {name}:\n"))
    assert only == (
        f"galley.yaml:12:3: services.{name}: is no service name: lower-case letters, digits and `-`, "
        f"a letter first, at most 40 characters\n    rename it, for instance to `{suggestion}`"
    )


def test_name_that_suggests_nothing() -> None:
    (only,) = problems(VALID.replace("  worker:\n", "  ___:\n"))
    assert only.endswith("\n    rename it")


def test_too_many() -> None:
    many = "".join(f"  s{i}: {{kind: other, image: x}}\n" for i in range(101))
    assert problems(f"version: 1\nservices:\n{many}") == [
        "galley.yaml:2:1: services: there are more than 100 services\n"
        "    split the manifest: a preview has a small network of its own"
    ]


def test_extensions_are_ignored_at_the_top_only() -> None:
    assert problems("x-anything: [1, {a: 2}]\n" + VALID) == []
    assert problem("    kind: api\n", "    kind: api\n    x-mine: 1\n") == (
        "galley.yaml:5:5: services.api.x-mine: unknown key\n"
        "    known here: kind, build, image, start, expose, env, depends_on, restart, "
        "ephemeral, health, resources"
    )


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("version: 1\n", "version: 1\nservice: 1\n", "2:1: service: unknown key (did you mean `services`?)"),
        ("expose: 8000", "Expose: 8000", "6:5: services.api.Expose: unknown key (did you mean `expose`?)"),
        ("{path: ./api}", "{pth: ./api}", "5:13: services.api.build.pth: unknown key (did you mean `path`?)"),
        (
            "{path: /healthz}",
            "{path: /healthz, timout: 3s}",
            "10:30: services.api.health.timout: unknown key (did you mean `timeout`?)",
        ),
        (
            '{cpus: "0.5"}',
            "{cpu: 1}",
            "11:17: services.api.resources.cpu: unknown key (did you mean `cpus`?)",
        ),
    ],
)
def test_unknown_keys_at_any_depth(old: str, new: str, expected: str) -> None:
    meant = expected.partition("`")[2].partition("`")[0]
    assert problem(old, new) == f"galley.yaml:{expected}\n    write `{meant}`, or remove the line"


def test_unknown_key_with_nothing_near() -> None:
    assert problem("{path: /healthz}", "{path: /healthz, interval: 3s}") == (
        "galley.yaml:10:30: services.api.health.interval: unknown key\n    known here: path, status, timeout"
    )


def test_all_problems_at_once_in_the_order_of_the_file() -> None:
    text = VALID.replace("8000", "0").replace("always", "sometimes").replace("postgres:16-alpine", "Postgres")
    assert [p.split(": ")[1] for p in problems(text)] == [
        "services.api.expose",
        "services.api.restart",
        "services.db.image",
    ]


def test_values_and_rules_between_services_are_reported_together() -> None:
    text = VALID.replace("8000", "0").replace("[db]\n  db", "[bd]\n  db").replace("ephemeral: true", "x: 1")
    assert [p.split(": ")[1] for p in problems(text)] == [
        "services.api.expose",
        "services.worker.depends_on.0",
        "services.db.x",
    ]

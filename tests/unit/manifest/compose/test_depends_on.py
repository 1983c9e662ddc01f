from __future__ import annotations

import pytest

from tests.unit.manifest.compose.support import (
    VALID,
    changed,
    notice,
    notices,
    problem,
    problems,
    read,
    service,
)

DEPENDS = "depends_on: [db]"


@pytest.mark.parametrize(
    "written",
    [
        "[db, worker]",
        "{db: {condition: service_started}, worker: {}}",
        "{db: , worker: {condition: service_started}}",
    ],
)
def test_forms(written: str) -> None:
    assert service("web", DEPENDS, f"depends_on: {written}").depends_on == ("db", "worker")


def test_healthy_of_a_service_whose_protocol_is_known() -> None:
    assert notices(DEPENDS, "depends_on: {db: {condition: service_healthy}}") == []


def test_healthy_of_a_service_that_nothing_can_be_asked_of() -> None:
    assert notice(DEPENDS, "depends_on: {worker: {condition: service_healthy}}") == (
        "compose.yaml:6:18: services.web.depends_on.worker: `worker` has no check that is carried over\n"
        "    the service starts when it is running"
    )


def test_unknown_service() -> None:
    assert problem(DEPENDS, "depends_on: [dbb]") == (
        "compose.yaml:6:18: services.web.depends_on.dbb: there is no service `dbb` (did you mean `db`?)\n"
        "    services here: web, worker, db"
    )


def test_itself() -> None:
    assert "`web` depends on itself" in problem(DEPENDS, "depends_on: [web]")


def test_cycle() -> None:
    text = changed("command: run-worker", "depends_on: [web]").replace(DEPENDS, "depends_on: [worker]")
    assert problems(text) == [
        "compose.yaml:6:18: services.web.depends_on.worker: a cycle: web → worker → web\n"
        "    remove one of these dependencies: none of the services could ever start"
    ]


def test_condition_that_is_none() -> None:
    assert problem(DEPENDS, "depends_on: {db: {condition: service_heathy}}") == (
        "compose.yaml:6:34: services.web.depends_on.db.condition: `service_heathy` is no condition "
        "(did you mean `service_healthy`?)\n"
        "    write `service_started`, `service_healthy` and `service_completed_successfully`"
    )


def test_restart_with_the_dependency() -> None:
    new = "depends_on: {db: {condition: service_started, restart: true}}"
    assert "`restart` is not carried over" in notice(DEPENDS, new)
    assert notices(DEPENDS, "depends_on: {db: {condition: service_started, restart: false}}") == []


PROFILED = VALID.replace("command: run-worker", "profiles: [jobs, debug]")


def test_profiles_are_off_unless_asked_for() -> None:
    assert list(read(PROFILED).manifest.services) == ["web", "db"]
    assert list(read(PROFILED, profiles=["debug"]).manifest.services) == ["web", "worker", "db"]
    assert list(read(PROFILED, profiles=["*"]).manifest.services) == ["web", "worker", "db"]
    assert list(read(PROFILED, profiles=["x"]).manifest.services) == ["web", "db"]


def test_what_is_wrong_in_a_profile_that_is_off_is_no_matter() -> None:
    assert problems(PROFILED.replace("build: ./web\n    profiles", "network_mode: host\n    profiles")) == []


def test_depending_on_a_service_that_is_off() -> None:
    (only,) = problems(PROFILED.replace(DEPENDS, "depends_on: [worker]"))
    assert only == (
        "compose.yaml:6:18: services.web.depends_on.worker: `worker` is in a profile that is not on\n"
        "    ask for its profile with `--profile`, or write `required: false`"
    )


@pytest.mark.parametrize("name", ["worker", "nowhere"])
def test_a_dependency_that_is_not_required(name: str) -> None:
    text = PROFILED.replace(
        DEPENDS, f"depends_on: {{{name}: {{condition: service_started, required: false}}}}"
    )
    assert read(text).manifest.services["web"].depends_on == ()


def test_every_service_is_off() -> None:
    (only,) = problems("services: {a: {image: x, profiles: [p]}}")
    assert only.endswith("every service is in a profile that is not on\n    ask for one with `--profile`")


def test_links() -> None:
    assert service("web", DEPENDS, "links: [db, worker]").depends_on == ("db", "worker")
    assert service("web", DEPENDS, "depends_on: [db]\n    links: [db]").depends_on == ("db",)
    assert notice(DEPENDS, "links: ['db:database']") == (
        "compose.yaml:6:13: services.web.links.0: the link's alias `database` is not carried over\n"
        "    use `db` as the host name"
    )


@pytest.mark.parametrize("written", ["db", "[[db]]", "{db: x}", "{db: [x]}"])
def test_wrong_shapes(written: str) -> None:
    assert "must be a mapping" in problem(DEPENDS, f"depends_on: {written}")

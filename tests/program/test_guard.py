"""A target that would break a rule, on both: the update fails, and what breaks it is never registered."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pulumi
import pytest

from galley_iac.manifest import parse
from galley_iac.plan.model import Plan
from galley_iac.targets.docker import containers
from galley_iac.targets.kubernetes import quantity, security
from tests.program import docker_mocks, kubernetes_mocks
from tests.program.recording import Run
from tests.unit.plan import support

SETTINGS = {
    "docker": support.SECRETS,
    "kubernetes": dataclasses.replace(support.SECRETS, cluster=kubernetes_mocks.CLUSTER),
}
DECLARED: dict[str, Callable[..., Run]] = {
    "docker": docker_mocks.declared,
    "kubernetes": kubernetes_mocks.declared,
}
WORKLOADS = ("Container", "Deployment", "Job")


def plan(target: str) -> Plan:
    return support.plan(parse(support.STACK, "galley.yaml").manifest, settings=SETTINGS[target])


def refused(run: Run) -> str:
    """What a user is told: the sentence alone, without a traceback."""
    assert type(run.error) is pulumi.RunError
    return str(run.error)


def services(run: Run) -> set[str]:
    return {one.name for kind in WORKLOADS for one in run.of(kind)}


def test_a_container_without_limits_on_docker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(containers, "limits", lambda _cpus, _memory: {"cpus": "1.0"})
    run = docker_mocks.declared(plan("docker"))
    said = refused(run)
    assert "breaks the rules for what a preview may declare (docs/policy.md):" in said
    assert "\n    db has no limit of memory (rule `limits`)" in said
    assert services(run) == {"router"}, "nothing that waits for the database is made either"


def test_a_container_without_limits_on_a_cluster(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quantity, "limits", lambda _limits: {"memory": "1Gi"})
    run = kubernetes_mocks.declared(plan("kubernetes"))
    assert "\n    db has no limit of cpu (rule `limits`)" in refused(run)
    assert services(run) == set()


def test_privileges_on_a_cluster(monkeypatch: pytest.MonkeyPatch) -> None:
    """Known only when the image's user is, and judged all the same."""
    made = security.container

    def privileged(user: pulumi.Output[str]) -> Any:
        return made(user).apply(lambda found: [setattr(found, "privileged", True), found][1])

    monkeypatch.setattr(security, "container", privileged)
    assert "db is privileged (rule `privileges`)" in refused(kubernetes_mocks.declared(plan("kubernetes")))


@pytest.mark.parametrize("target", DECLARED)
def test_a_route_to_a_database(target: str) -> None:
    """However the plan came by it."""
    made = plan(target)
    routes = [dataclasses.replace(made.routes[0], service="db")]
    router = made.router and dataclasses.replace(made.router, config='{"dial": "db:5432"}')
    run = DECLARED[target](dataclasses.replace(made, routes=tuple(routes), router=router))
    assert "db has a route, and is neither a web nor an api (rule `routes`)" in refused(run)


@pytest.mark.parametrize("target", DECLARED)
def test_secrets_are_not_in_what_is_said(target: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(containers, "hardened", dict)
    monkeypatch.setattr(quantity, "limits", lambda _limits: {})
    said = refused(DECLARED[target](plan(target)))
    assert docker_mocks.SECRETS["TOKEN"] not in said


@pytest.mark.parametrize("target", DECLARED)
def test_the_same_plan_as_it_is_keeps_the_rules(target: str) -> None:
    """The control of all of the above."""
    run = DECLARED[target](plan(target))
    assert run.error is None
    assert {"api", "db", "migrate", "web"} <= services(run)

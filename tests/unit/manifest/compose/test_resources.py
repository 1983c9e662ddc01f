from __future__ import annotations

import pytest

from galley_iac.manifest.compose.keys import DEPLOY
from galley_iac.manifest.models import Resources, Restart
from tests.unit.manifest.compose.support import notice, notices, problem, service

RESTART = "restart: always"


@pytest.mark.parametrize(
    ("written", "cpus", "memory"),
    [
        ("cpus: 1.5", 1.5, None),
        ("mem_limit: 512m", None, 512 * 2**20),
        ("deploy: {resources: {limits: {cpus: '0.50', memory: 1G}}}", 0.5, 2**30),
        ("mem_limit: 1g\n    deploy: {resources: {limits: {memory: 2g}}}", None, 2**31),
        ("deploy: {resources: }", None, None),
    ],
)
def test_limits(written: str, cpus: float | None, memory: int | None) -> None:
    assert service("web", RESTART, written).resources == Resources(cpus=cpus, memory=memory)
    assert notices(RESTART, written) == []


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        ("cpus: many", "`many` is no number of CPUs from 0.01 to 1024"),
        ("mem_limit: 1m", "`1m` is no amount of memory from 6m"),
        ("deploy: {resources: {limits: {memory: x}}}", "`x` is no amount of memory from 6m"),
        ("deploy: x", "must be a mapping"),
        ("deploy: {resource: {}}", "unknown key (did you mean `resources`?)"),
        ("deploy: {resources: {limit: {}}}", "unknown key (did you mean `limits`?)"),
    ],
)
def test_wrong(written: str, rule: str) -> None:
    assert rule in problem(RESTART, written)


@pytest.mark.parametrize("key", sorted(DEPLOY.dropped))
def test_keys_of_deploy_that_are_not_carried_over(key: str) -> None:
    expected = f"services.web.deploy.{key}: `deploy.{key}` is not carried over\n    {DEPLOY.dropped[key]}"
    assert notice(RESTART, f"deploy: {{{key}: {{}}}}").split(": ", 1)[1] == expected


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        ("deploy: {resources: {reservations: {cpus: 1}}}", "`reservations` is not carried over"),
        ("deploy: {resources: {limits: {pids: 1}}}", "`pids` is not carried over"),
        ("deploy: {replicas: 2}", "`2` containers are not carried over"),
        ("scale: 3", "`3` containers are not carried over"),
        ("deploy: {restart_policy: {condition: any, delay: 5s}}", "`delay` is not carried over"),
    ],
)
def test_not_carried_over(written: str, rule: str) -> None:
    assert rule in notice(RESTART, written)


@pytest.mark.parametrize("written", ["scale: 1", "deploy: {replicas: 1}", "deploy: {mode: }"])
def test_one_container_is_what_there_is(written: str) -> None:
    assert notices(RESTART, written) == []


@pytest.mark.parametrize(
    ("written", "restart"),
    [
        ("restart: always", Restart.ALWAYS),
        ("restart: unless-stopped", Restart.UNLESS_STOPPED),
        ("restart: on-failure", Restart.ON_FAILURE),
        ('restart: "no"', Restart.NEVER),
        ("restart: no", Restart.NEVER),
        ("restart: false", Restart.NEVER),
        ("restart: ", Restart.UNLESS_STOPPED),
        ("tty: true", Restart.UNLESS_STOPPED),
        ("deploy: {restart_policy: {condition: on-failure}}", Restart.ON_FAILURE),
        ("deploy: {restart_policy: {condition: none}}", Restart.NEVER),
        ("deploy: {restart_policy: {condition: any}}", Restart.ALWAYS),
    ],
)
def test_restart(written: str, restart: Restart) -> None:
    assert service("web", RESTART, written).restart is restart


def test_number_of_restarts() -> None:
    assert service("web", RESTART, "restart: on-failure:3").restart is Restart.ON_FAILURE
    assert notice(RESTART, "restart: on-failure:3") == (
        "compose.yaml:7:14: services.web.restart: the number of restarts is not carried over\n"
        "    it is restarted whenever it fails"
    )


def test_no_restart_policy() -> None:
    assert problem(RESTART, "restart: allways") == (
        "compose.yaml:7:14: services.web.restart: `allways` is no restart policy (did you mean `always`?)\n"
        "    write `no`, `always`, `unless-stopped` or `on-failure`"
    )

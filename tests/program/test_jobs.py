"""Jobs and checks: one run to the end, whose failure fails the update and holds back what waits for it."""

from __future__ import annotations

import dataclasses
from functools import cache
from typing import Any

import pulumi
import pytest

from galley_iac.engine.facts import Facts
from galley_iac.manifest import parse
from galley_iac.plan.model import Plan
from tests.program.docker_mocks import declared, facts
from tests.program.recording import Registered, Run
from tests.unit.plan.support import SECRETS, STACK, plan, services, whole_plan

PLAN = whole_plan()
"""db ← migrate ← api ← web; db and api are asked, web runs."""


@cache
def base() -> Run:
    return declared(PLAN)


def failed(name: str, code: int = 1, logs: str = "", *, preview: bool = False) -> Run:
    return declared(PLAN, outputs={name: {"exitCode": code, "containerLogs": logs}}, preview=preview)


def label(one: Registered, key: str) -> str:
    return {entry["label"]: entry["value"] for entry in one.inputs["labels"]}.get(key, "")


def without_runs() -> Facts:
    return dataclasses.replace(facts(PLAN), runs={})


@pytest.mark.parametrize("name", ["migrate", "db.ready", "api.ready"])
def test_one_run_to_the_end(name: str) -> None:
    inputs = base().one("Container", name).inputs
    assert (inputs["attach"], inputs["mustRun"], inputs["logs"], inputs["restart"]) == (
        True,
        False,
        True,
        "no",
    )


@pytest.mark.parametrize(
    ("name", "seconds"), [("migrate", "30m"), ("db.ready", "120s"), ("api.ready", "105s")]
)
def test_a_run_has_an_end(name: str, seconds: str) -> None:
    assert base().one("Container", name).options["createTimeout"] == seconds


def test_a_job_s_output_is_a_secret() -> None:
    """It may print what it was given."""
    assert base().one("Container", "migrate").options["additionalSecretOutputs"] == ["containerLogs"]


@pytest.mark.parametrize(
    ("name", "held"),
    [
        ("db.ready", {"migrate", "api", "api.ready", "web"}),
        ("migrate", {"api", "api.ready", "web"}),
        ("api.ready", {"web"}),
    ],
)
def test_a_failure_holds_back_all_that_waits(name: str, held: set[str]) -> None:
    everything = set(base().names("Container"))
    run = failed(name)
    assert isinstance(run.error, pulumi.RunError)
    missing = everything - set(run.names("Container"))
    assert held <= missing
    # The router waits for nothing: whether it is registered before the program ends is chance.
    assert missing <= held | {"router"}


@pytest.mark.parametrize(
    ("name", "logs", "message"),
    [
        ("migrate", "one\nno such table\n\n", "migrate: the job ended with exit code 3: no such table"),
        ("migrate", "", "migrate: the job ended with exit code 3"),
        ("api.ready", "no answer\n", "api: the readiness check ended with exit code 3: no answer"),
    ],
)
def test_what_is_said(name: str, logs: str, message: str) -> None:
    assert str(failed(name, 3, logs).error) == message


def test_what_is_said_has_no_secret_in_it() -> None:
    """The message is shown as it is: by pulumi, in events, in a log of CI."""
    run = failed("migrate", 1, "could not log in with s3cr3t-token")
    assert str(run.error) == "migrate: the job ended with exit code 1: could not log in with ********"


def test_a_check_that_nobody_waits_for_fails_the_update_too() -> None:
    alone = plan(services("db: {kind: database, image: postgres:16}"))
    run = declared(alone, outputs={"db.ready": {"exitCode": 1}})
    assert isinstance(run.error, pulumi.RunError)


def test_a_preview_of_an_update_runs_nothing_and_fails_for_nothing() -> None:
    run = failed("migrate", preview=True)
    assert run.error is None
    assert set(run.names("Container")) == set(base().names("Container"))


def test_a_run_that_succeeded_keeps_its_label() -> None:
    run = base()
    assert label(run.one("Container", "migrate"), "galley.run") == "run-of-migrate"
    assert label(run.one("Container", "api.ready"), "galley.run") == "run-of-api"


def test_a_run_that_did_not_is_labelled_anew_each_time() -> None:
    labelled = [declared(PLAN, found=without_runs()).one("Container", "migrate") for _ in range(2)]
    assert len({label(one, "galley.run") for one in labelled} - {""}) == 2


def test_a_service_has_no_run() -> None:
    run = base()
    assert [label(run.one("Container", name), "galley.run") for name in ("api", "db", "web", "router")] == [
        ""
    ] * 4


def test_a_check_is_bound_to_the_container_that_it_checks() -> None:
    """A replaced service is checked again."""
    made = base().one("Container", "api.ready")
    assert made.inputs["envs"] == ["GALLEY_CHECKS=id-api"]
    assert made.property_dependencies["envs"] == ("Container api",)


def test_a_check_s_command() -> None:
    run = base()
    http = run.one("Container", "api.ready").inputs["command"]
    assert http == ["python3", "/galley-probe.py", "http", "api", "8000", "45", "/healthz", "204"]
    protocol = run.one("Container", "db.ready").inputs["command"]
    assert protocol == ["python3", "/galley-probe.py", "postgres", "db", "5432", "60"]


def test_a_check_is_nobody_and_may_do_nothing() -> None:
    inputs = base().one("Container", "api.ready").inputs
    assert inputs["user"] == "65534:65534"
    assert inputs["capabilities"] == {"drops": ["ALL"]}


TRIGGER = "replacementTrigger"


def bound_to_a_deploy(run: Run) -> dict[str, str]:
    """Service → deploy, of the containers whose trigger names one."""
    triggers = {one.name: one.options[TRIGGER] for one in run.of("Container") if TRIGGER in one.options}
    return {name: trigger.partition("-")[2] for name, trigger in triggers.items() if "-" in trigger}


def test_what_is_thrown_away_on_every_deploy() -> None:
    """db is ephemeral; what filled it has to run again."""
    run = base()
    volume = run.one("Volume", "db.data").inputs["name"]
    deploy = volume.rpartition(".")[2]
    bound = bound_to_a_deploy(run)
    assert volume.startswith("main-shop.db.")
    assert bound.keys() >= {"db", "migrate"}
    assert set(bound.values()) == {deploy}
    assert "web" not in bound


def test_what_is_kept_is_not_bound_to_the_deploy() -> None:
    run = declared(kept_plan())
    assert run.one("Volume", "db.data").inputs["name"] == "main-shop.db"
    assert bound_to_a_deploy(run) == {}


@pytest.mark.parametrize("given", ["    env: {A: b}\n", "    start: serve now\n"])
def test_what_is_taken_away_makes_a_new_container(given: str) -> None:
    """The provider would keep a command or an environment that is no longer given."""
    text = "version: 1\nservices:\n  tool:\n    kind: worker\n    image: tool:1\n"
    triggers = {
        declared(plan(parse(manifest, "galley.yaml").manifest)).one("Container", "tool").options[TRIGGER]
        for manifest in (text, text + given)
    }
    assert len(triggers) == 2


def test_data_has_time_to_be_written() -> None:
    assert kept("db")["destroyGraceSeconds"] == 10
    assert "destroyGraceSeconds" not in kept("api")


def kept_plan() -> Plan:
    manifest = parse(STACK.replace("    ephemeral: true\n", ""), "galley.yaml").manifest
    return plan(manifest, settings=SECRETS)


def kept(service: str) -> dict[str, Any]:
    return dict(declared(kept_plan()).one("Container", service).inputs)

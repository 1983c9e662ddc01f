"""Which credentials the provider is given, and what a build with secrets is told."""

from __future__ import annotations

import json
from typing import Any

from galley_iac.engine.registries import Access, Login
from galley_iac.handover import Handover
from galley_iac.plan.model import Plan
from galley_iac.plan.registries import HUB
from galley_iac.plan.settings import Settings
from galley_iac.targets.docker import declare
from tests.program.docker_mocks import ENGINE, ROOT, SECRETS, FakeDocker, facts
from tests.program.recording import Registered, Run, Secret, record
from tests.unit.plan.support import plan, services

TWO = plan(services("a: {kind: other, image: 'registry.test:5000/a:1'}\nb: {kind: other, image: 'b:1'}"))
BUILD = services("a: {kind: worker, build: {path: ./, secrets: [TOKEN]}}")
HOSTS = {"registry.test:5000", HUB, "unused.test"}


def run(made: Plan, access: Access, handover: Handover | None = None) -> Run:
    done = record(
        lambda: declare(made, facts(made), SECRETS, ROOT, ENGINE, access, handover),
        FakeDocker(),
        stack=made.name,
    )
    assert done.error is None
    return done


def given(access: Access) -> Any:
    (provider,) = [one for one in run(TWO, access).resources if one.name == "engine"]
    return provider.inputs.get("registryAuth")


def test_without_credentials_there_is_no_block() -> None:
    assert given(Access()) is None
    assert given(Access(by_file=frozenset({"unused.test"}))) is None


def test_the_users_own_login_is_named_and_not_copied() -> None:
    found = json.loads(given(Access(by_file=frozenset(HOSTS))))
    assert found == [{"address": HUB}, {"address": "registry.test:5000"}]


def test_one_in_the_environment_needs_no_file() -> None:
    (found,) = json.loads(given(Access(by_variable=frozenset({"registry.test:5000"}))))
    assert found == {"address": "registry.test:5000", "configFileContent": "{}"}


def test_a_configured_login_goes_first_and_is_a_secret() -> None:
    login = Login("bob", "pw")
    found = given(Access({"registry.test:5000": login}, by_file=frozenset({"registry.test:5000"})))
    assert isinstance(found, Secret)
    (block,) = json.loads(found.value)
    assert block == {"address": "registry.test:5000", "username": "bob", "password": "pw"}


def built(untrusted: bool) -> Registered:
    made = plan(BUILD, settings=Settings(secrets=frozenset({"TOKEN"}), untrusted=untrusted))
    with Handover() as handover:
        (image,) = [
            one
            for one in run(made, Access(), handover).of("RemoteImage")
            if one.name == made.built_images[0].tag
        ]
    return image


def test_a_build_is_told_a_path_and_never_a_value() -> None:
    build = built(untrusted=False).inputs["build"]
    (secret,) = build["secrets"]
    assert secret["id"] == "TOKEN"
    assert secret["src"].startswith("/proc/")
    assert build["buildLogFile"].startswith("/proc/")
    assert SECRETS["TOKEN"] not in str(build)
    assert "extraHosts" not in build


def test_an_outsider_s_build_has_steps_of_its_own() -> None:
    (host,) = built(untrusted=True).inputs["build"]["extraHosts"]
    assert host.endswith(".untrusted.invalid:127.0.0.1")

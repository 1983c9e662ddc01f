"""What the plan makes of a build without a Dockerfile: its start command, its port, its image."""

from __future__ import annotations

import dataclasses

from galley_iac.plan.images import Context
from galley_iac.plan.model import BuiltImage, Generated, Plan
from galley_iac.plan.planner import make_plan
from galley_iac.plan.preview import Preview
from galley_iac.plan.render import as_data
from galley_iac.plan.settings import Settings
from tests.unit.plan.support import MAIN, services

GENERATED = Generated("FROM scratch\n", ".git\n")
FOUND = Context("app", "0", GENERATED, ("serve", "all"))


def plan(text: str, context: Context = FOUND) -> Plan:
    manifest = services(text)
    contexts = dict.fromkeys(manifest.services, context)
    return make_plan(manifest, Preview(MAIN), contexts, Settings())


def environment(made: Plan, service: str) -> dict[str, str]:
    return {name: str(value) for name, value in made.container(service).env}


def tag(context: Context) -> str:
    (image,) = plan("a: {kind: worker, build: {path: app}}", context).built_images
    return image.tag


def test_the_command_that_was_found_starts_the_service() -> None:
    assert plan("a: {kind: worker, build: {path: app}}").container("a").command == ("serve", "all")


def test_the_manifests_start_comes_before_it() -> None:
    made = plan("a: {kind: worker, build: {path: app, start: run it}}")
    assert made.container("a").command == ("run", "it")


def test_services_that_differ_by_their_start_share_the_image() -> None:
    made = plan("a: {kind: worker, build: {path: app, start: run it}}\nb: {kind: worker, build: {path: app}}")
    (image,) = made.built_images
    assert image == BuiltImage("a", image.tag, "app", "Dockerfile", generated=GENERATED)


def test_the_port_is_told() -> None:
    made = plan("a: {kind: api, build: {path: app}, expose: 8123, env: {A: b, Z: y}}")
    assert list(environment(made, "a").items()) == [("A", "b"), ("PORT", "8123"), ("Z", "y")]


def test_a_port_of_the_manifests_own_stays() -> None:
    made = plan("a: {kind: api, build: {path: app}, expose: 8123, env: {PORT: 1}}")
    assert environment(made, "a") == {"PORT": "1"}


def test_no_port_where_none_is_exposed() -> None:
    assert environment(plan("a: {kind: worker, build: {path: app}}"), "a") == {}


def test_no_port_for_a_dockerfile_of_the_repository() -> None:
    own = Context("app", "0")
    assert environment(plan("a: {kind: api, build: {path: app}, expose: 8123}", own), "a") == {}
    assert plan("a: {kind: api, build: {path: app}, expose: 8123}", own).container("a").command is None


def test_the_tag_follows_from_the_dockerfile() -> None:
    other = dataclasses.replace(FOUND, generated=Generated("FROM other\n", ".git\n"))
    assert len({tag(FOUND), tag(other), tag(Context("app", "0"))}) == 3


def test_the_tag_does_not_follow_from_what_is_ignored_or_started() -> None:
    ignored = dataclasses.replace(FOUND, generated=Generated("FROM scratch\n", "other\n"))
    assert tag(FOUND) == tag(ignored) == tag(dataclasses.replace(FOUND, command=None))


def test_the_plan_as_data_has_the_dockerfile() -> None:
    (container,) = as_data(plan("a: {kind: worker, build: {path: app}}"))["containers"]
    assert container["image"]["generated"] == {"dockerfile": "FROM scratch\n", "dockerignore": ".git\n"}

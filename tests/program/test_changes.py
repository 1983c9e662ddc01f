"""What a push changes: the resources of what was changed, and no other."""

from __future__ import annotations

import dataclasses
from functools import cache

import pytest

from galley_iac.manifest import parse
from galley_iac.plan.model import BuiltImage, Plan
from tests.program.docker_mocks import declared, facts
from tests.program.recording import Run
from tests.unit.plan.support import SECRETS, STACK, digest, plan, whole_plan

STAYS = STACK.replace("    ephemeral: true\n", "")


def planned(text: str = STAYS, **digests: str) -> Plan:
    return plan(parse(text, "galley.yaml").manifest, settings=SECRETS, digests=digests)


def changed(before: Run, after: Run) -> dict[str, set[str]]:
    """Resources whose inputs differ, with the names of the inputs; new and old ones with none."""
    old, new = ({one.key: one.inputs for one in run.resources} for run in (before, after))
    found = {key: set() for key in old.keys() ^ new.keys()}
    for key in old.keys() & new.keys():
        names = {
            name for name in old[key].keys() | new[key].keys() if old[key].get(name) != new[key].get(name)
        }
        if names:
            found[key] = names
    return found


registered = cache(declared)
"""The same plan is declared once."""


def difference(before: Plan, after: Plan) -> dict[str, set[str]]:
    return changed(registered(before), registered(after))


def tags(made: Plan) -> dict[str, str]:
    return {image.context: image.tag for image in made.built_images}


def test_a_push_of_source_replaces_the_image_and_the_services_of_it() -> None:
    before, after = planned(), planned(api=digest("new"))
    assert difference(before, after) == {
        f"RemoteImage {tags(before)['api']}": set(),
        f"RemoteImage {tags(after)['api']}": set(),
        "Container api": {"image"},
        "Container migrate": {"image"},
    }


def test_an_edited_variable_replaces_its_service_alone() -> None:
    assert difference(planned(), planned(STAYS.replace("LEVEL: info", "LEVEL: debug"))) == {
        "Container api": {"envs"}
    }


def test_a_new_memory_limit() -> None:
    edited = planned(STAYS.replace("memory: 256m", "memory: 512m"))
    assert difference(planned(), edited) == {"Container api": {"memory", "memorySwap"}}


@pytest.mark.parametrize("written", ['"0.5"', '"0.50"', "0.5", '".5"'])
def test_one_number_of_cpus_however_it_is_written(written: str) -> None:
    assert difference(planned(), planned(STAYS.replace('cpus: "0.5"', f"cpus: {written}"))) == {}


@pytest.mark.parametrize("written", ["256m", "256Mi", "256M", '"268435456"', "0.25g"])
def test_one_size_of_memory_however_it_is_written(written: str) -> None:
    assert difference(planned(), planned(STAYS.replace("memory: 256m", f"memory: {written}"))) == {}


def test_a_new_dependency_changes_no_input() -> None:
    assert difference(planned(), planned(STAYS.replace("depends_on: [api]", "depends_on: [api, db]"))) == {}


def test_a_service_more() -> None:
    more = STAYS + "  extra: {kind: worker, image: 'acme/extra:1'}\n"
    assert difference(planned(), planned(more)) == {
        "Container extra": set(),
        "RemoteImage acme/extra:1": set(),
    }


def test_a_route_more_changes_the_router_alone() -> None:
    more = STAYS + "  docs: {kind: api, image: 'acme/docs:1', expose: 80}\n"
    found = difference(planned(), planned(more))
    assert found["Container router"] == {"uploads", "labels"}
    assert set(found) == {"Container router", "Container docs", "RemoteImage acme/docs:1"}


def test_an_image_that_is_there_is_not_built_again() -> None:
    made = planned()
    there = dataclasses.replace(facts(made), built=frozenset(tags(made).values()))
    for one in declared(made, found=there).of("RemoteImage"):
        assert "build" not in one.inputs
    for one in declared(made).of("RemoteImage"):
        assert ("build" in one.inputs) == one.name.startswith("galley-")


def test_a_build() -> None:
    run = declared(whole_plan())
    image = next(image for image in whole_plan().built_images if image.context == "web")
    assert isinstance(image, BuiltImage)
    build = run.one("RemoteImage", image.tag).inputs["build"]
    assert build["context"] == "/repository/web"
    assert build["dockerfile"] == "Dockerfile"
    assert build["buildArgs"] == {"API": "api.main-shop.localhost"}
    assert build["builder"] == "default"


def test_an_image_s_label_follows_from_its_content_alone() -> None:
    """A branch in a label would make every branch build an image of its own."""
    for one in declared(whole_plan()).of("RemoteImage"):
        if "build" in one.inputs:
            assert one.inputs["build"]["label"] == {"galley.project": "shop"}


def test_a_stage_is_built() -> None:
    made = next(image for image in whole_plan().built_images if image.context == "api")
    assert declared(whole_plan()).one("RemoteImage", made.tag).inputs["build"]["target"] == "run"

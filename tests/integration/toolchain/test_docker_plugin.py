"""The docker plugin, as it is installed, has all that the Python package asks it for."""

from __future__ import annotations

import inspect
import json
import os
import subprocess
from collections.abc import Iterator
from typing import Any

import pulumi
import pulumi_docker
import pytest

from galley_iac.toolchain import pins
from galley_iac.toolchain.locate import locate

NOT_BUILT = {"Image"}
"""The official plugin's own resource, which a build from source is without and the project does not use."""

RESOURCES = sorted(
    name
    for name, item in inspect.getmembers(pulumi_docker, inspect.isclass)
    if issubclass(item, pulumi.CustomResource) and name not in NOT_BUILT
)


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    """What the plugin itself says."""
    tools = locate()
    assert tools is not None, "Pulumi is not there: run `make test`, which installs it"
    plugin = tools.pulumi_home / "plugins" / pins.DOCKER_PLUGIN.folder / pins.DOCKER_PLUGIN.program
    environment = {**os.environ, "PULUMI_HOME": str(tools.pulumi_home), "PULUMI_SKIP_UPDATE_CHECK": "true"}
    command = [tools.pulumi, "package", "get-schema", plugin]
    printed = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    return dict(json.loads(printed))


def _properties(item: type) -> Iterator[str]:
    """Names as the plugin knows them: the package's own are in Python's style."""
    for name, value in inspect.getmembers(item, lambda member: isinstance(member, property)):
        if name not in ("urn", "id", "pulumi_resource_type", "pulumi_resource_name"):
            yield getattr(value.fget, "_pulumi_name", name)


def test_there_is_something_to_compare() -> None:
    assert {"Container", "Network", "RemoteImage", "Volume", "RegistryImage", "Tag"} <= set(RESOURCES)


@pytest.mark.parametrize("name", RESOURCES)
def test_a_resource_has_all_properties_of_its_class(schema: dict[str, Any], name: str) -> None:
    if name == "Provider":
        known = schema["provider"]
    else:
        known = schema["resources"][f"docker:index/{name[0].lower()}{name[1:]}:{name}"]

    missing = set(_properties(getattr(pulumi_docker, name))) - set(known["properties"])

    assert missing == set()


def test_a_container_has_the_names_that_are_easily_got_wrong(schema: dict[str, Any]) -> None:
    container = schema["resources"]["docker:index/container:Container"]["inputProperties"]

    assert {"command", "networksAdvanced", "envs", "ports", "uploads"} <= set(container)


def test_it_is_the_pinned_version(schema: dict[str, Any]) -> None:
    assert schema["version"] == pins.DOCKER_PLUGIN.version


def test_registry_credentials_have_the_package_s_name(schema: dict[str, Any]) -> None:
    """It is an argument alone, so that the comparison of properties does not see it."""
    name = pulumi_docker.ProviderArgs.registry_auth.fget._pulumi_name  # type: ignore[attr-defined]

    assert name in schema["provider"]["inputProperties"]

"""The images that previews were built as, and which of them nobody uses."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import docker

from galley_iac import timing
from galley_iac.engine import labels
from galley_iac.engine.client import connect
from galley_iac.plan.images import repository_of

_TAG = re.compile(r"(?P<registry>.+/)?(?P<repository>galley-[a-z0-9-]+):[0-9a-f]{16}")
"""As :mod:`galley_iac.plan.images` names what it builds, and as it is named to be pushed for a cluster."""


@dataclass(frozen=True)
class BuiltImage:
    """An image of ours. ``size`` is what it alone takes, in bytes; ``since`` when it was built or named."""

    tag: str
    project: str
    size: int
    since: float


def unused(client: docker.DockerClient) -> list[BuiltImage]:
    """Every image of ours that no container was made from, a stopped one neither; by tag.

    Ours is what has both the label and the name: whoever makes up one of them by chance keeps his image. An
    image that has other names as well is only untagged when ours is removed.
    """
    used = {entry["ImageID"] for entry in client.api.containers(all=True)}
    found = [one for one in client.api.df()["Images"] or () if one["Id"] not in used]
    return sorted((image for one in found for image in _ours(client, one)), key=lambda image: image.tag)


def remove(client: docker.DockerClient, tag: str) -> bool:
    """Removes the name, and the image where it was the last; False where it is in use by now, or gone."""
    try:
        client.api.remove_image(tag)
    except docker.errors.APIError:
        return False
    return True


def user_of(host: str, image: str) -> str | None:
    """The user that an image runs as, by the image's id; empty for root, None where it is not there."""
    with contextlib.closing(connect(host)) as client, contextlib.suppress(docker.errors.ImageNotFound):
        return str(client.api.inspect_image(image)["Config"].get("User") or "")
    return None


def identifiers(client: docker.DockerClient, references: Iterable[str]) -> dict[str, str]:
    """The ids of the images that the engine has, by the tags or references that are asked for."""
    found = {}
    for reference in references:
        with contextlib.suppress(docker.errors.ImageNotFound):
            found[reference] = str(client.api.inspect_image(reference)["Id"])
    return found


def _ours(client: docker.DockerClient, entry: Mapping[str, Any]) -> Iterable[BuiltImage]:
    project = (entry.get("Labels") or {}).get(labels.PROJECT, "")
    for tag in entry.get("RepoTags") or ():
        found = _TAG.fullmatch(tag)
        if found and project and found["repository"] == repository_of(project):
            size = 0 if found["registry"] else max(entry["Size"] - max(entry["SharedSize"], 0), 0)
            yield BuiltImage(tag, project, size, max(float(entry["Created"]), _named(client, tag)))


def _named(client: docker.DockerClient, tag: str) -> float:
    """When the engine gave it a name the last time: a build out of the cache does not change its creation."""
    with contextlib.suppress(docker.errors.APIError, ValueError):
        stamp = client.api.inspect_image(tag).get("Metadata", {}).get("LastTagTime", "")
        return timing.seconds(stamp)
    return 0.0

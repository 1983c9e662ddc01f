"""States that older versions have written, in ``tests/integration/older``, and how one comes back to life.

A kept state names objects of an engine that is long gone. So a test first brings the same preview up, and
then hands each resource of the kept state what only the engine could know of it: ids, addresses, ports.
Everything else stays as the older version wrote it. Such a repository builds one image.

To keep the state of the present version: ``python -m tests.integration.harness.older FOLDER < EXPORT``, where
EXPORT is what ``pulumi stack export --show-secrets`` says of the preview ``main-older`` of
``FOLDER/repository``, copied to a folder ``older``.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

KEPT = Path(__file__).parent.parent / "older"
STATE = "state.json"
PREVIEW, PROJECT = "main-older", "older"

_PLACES = ("created", "modified", "sourcePosition", "stackTrace")
"""When a resource was declared and by which line: of no interest to a later version."""

_GIVEN = frozenset(
    {"buildLogFile", "context", "external", "gateway", "host", "id", "image", "imageId", "ipAddress"}
    | {"ipPrefixLength", "macAddress", "mountpoint", "networkName", "subnet", "value"}
)
"""Properties whose values come from the engine, the machine or, as a label's, from the preview's name."""

_DEPLOY = re.compile(r"(.+)\.[0-9a-f]{8}")
"""The name of a volume whose data is thrown away, with the deploy it belongs to."""


def resources(deployment: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The resources of what ``pulumi stack export`` says."""
    found: list[dict[str, Any]] = deployment["deployment"]["resources"]
    return found


def keep(export: dict[str, Any]) -> str:
    """The text to keep: nothing in it says on which machine it was written."""
    for resource in resources(export):
        for name in _PLACES:
            resource.pop(name, None)
        for name in ("inputs", "outputs"):
            _blank(resource.get(name, {}))
    export["deployment"].pop("metadata", None)
    export["deployment"].pop("secrets_providers", None)
    export["deployment"]["manifest"].pop("time", None)
    lines = ",\n".join(json.dumps(resource, sort_keys=True) for resource in resources(export))
    export["deployment"]["resources"] = []
    return json.dumps(export, sort_keys=True).replace('"resources": []', f'"resources": [\n{lines}\n]') + "\n"


def revived(folder: Path, live: Mapping[str, Any], preview: str, project: str) -> dict[str, Any]:
    """A kept state as it would be, had the older version brought up the preview whose present state is
    ``live``.
    """
    text = (folder / STATE).read_text(encoding="utf-8").replace(PREVIEW, preview)
    text = text.replace(f'"project": "{PROJECT}"', f'"project": "{project}"')
    for _, name in map(_key, resources(live)):
        if volume := _DEPLOY.fullmatch(name):
            text = re.sub(rf"{re.escape(volume[1])}\.[0-9a-f]{{8}}\b", name, text)
        elif name.startswith(f"galley-{project}:"):
            text = re.sub(rf"\bgalley-{PROJECT}:[0-9a-f]+", name, text)
    deployment: dict[str, Any] = json.loads(text)
    present = {_key(resource): resource for resource in resources(live)}
    for resource in resources(deployment):
        engine_s = present[_key(resource)]
        if resource["type"].startswith("pulumi:providers:"):
            engine_s = {**engine_s, "id": resource["id"]}  # Pulumi's own, by which every resource names it
        _take(resource, engine_s)
    deployment["deployment"]["manifest"] = live["deployment"]["manifest"]
    return deployment


def renamed(deployment: dict[str, Any], old: str, new: str) -> dict[str, Any]:
    """The same, as if the older version had called a resource something else."""
    text = json.dumps(deployment).replace(f'::{old}"', f'::{new}"')
    made: dict[str, Any] = json.loads(text)
    return made


def _key(resource: Mapping[str, Any]) -> tuple[str, str]:
    """What it is on the engine: the names of resources are the version's own business."""
    name = resource.get("inputs", {}).get("name") or resource["urn"].rpartition("::")[2]
    return resource["type"], str(name)


def _take(old: dict[str, Any], live: Mapping[str, Any]) -> None:
    """The engine's part of ``live``, wherever both have it."""
    for name, value in old.items():
        other = live.get(name)
        if isinstance(value, dict) and isinstance(other, dict):
            _take(value, other)
        elif isinstance(value, list) and isinstance(other, list):
            for mine, theirs in zip(value, other, strict=False):
                if isinstance(mine, dict) and isinstance(theirs, dict):
                    _take(mine, theirs)
        elif name in _GIVEN and other is not None:
            old[name] = other


def _blank(properties: Any) -> None:
    for name, value in _pairs(properties):
        if isinstance(value, str) and value.startswith(("/", "unix://")) and name in _GIVEN:
            properties[name] = "given"
        else:
            _blank(value)


def _pairs(properties: Any) -> Iterator[tuple[Any, Any]]:
    if isinstance(properties, dict):
        yield from list(properties.items())
    elif isinstance(properties, list):
        yield from enumerate(properties)


if __name__ == "__main__":
    (Path(sys.argv[1]) / STATE).write_text(keep(json.load(sys.stdin)), encoding="utf-8")

"""A Manifest → the galley.yaml that says the same, as ``galley init`` writes it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import yaml

from galley_iac.errors import Problem
from galley_iac.manifest import units
from galley_iac.manifest.models import Build, Health, Manifest, Resources, Restart, Service
from galley_iac.manifest.normalise import data_folder
from galley_iac.manifest.template import Template

_WIDTH = 1_000_000  # one line for each value, however long: a folded command is hard to read


def to_yaml(manifest: Manifest) -> str:
    """The text of a galley.yaml; reading it gives the same services, but for what :func:`unsaid` names."""
    services = [_dump({name: _service(service)}) for name, service in manifest.services.items()]
    return "version: 1\nservices:\n" + "\n".join(textwrap.indent(service, "  ") for service in services)


def unsaid(manifest: Manifest) -> Iterator[Problem]:
    """What of the manifest no galley.yaml can say, and what to do about it."""
    for name, service in manifest.services.items():
        path = f"services.{name}"
        if service.entrypoint is not None:
            rule = "galley.yaml has no entrypoint"
            yield manifest.problem(f"{path}.entrypoint", rule, "write it as `ENTRYPOINT` in the Dockerfile")
        if service.data != data_folder(service.kind, service.image):
            rule = f"galley.yaml cannot say that {service.data} is kept"
            remedy = "keep the compose file, or keep the data in a service whose image is known"
            yield manifest.problem(f"{path}.data", rule, remedy)


class _Dumper(yaml.SafeDumper):
    """Lists on one line, text of several lines as a block."""

    def represent_list(self, data: Iterable[Any]) -> yaml.SequenceNode:
        return self.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=True)

    def represent_str(self, data: str) -> yaml.ScalarNode:
        return self.represent_scalar("tag:yaml.org,2002:str", data, style=_style(data))


def _style(text: str) -> str | None:
    """Quotes for what only an escape can write (other ends of line among it), a block for several lines."""
    if not all(character.isprintable() or character == "\n" for character in text):
        return '"'
    return "|" if "\n" in text else None


_Dumper.add_representer(list, _Dumper.represent_list)
_Dumper.add_representer(str, _Dumper.represent_str)


def _dump(value: object) -> str:
    return yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_WIDTH)


def _service(service: Service) -> dict[str, Any]:
    build = _build(service.build, service.start) if service.build else None
    written: dict[str, Any] = {
        "kind": str(service.kind),
        "build": build,
        "image": str(service.image) if service.image else None,
        "start": None if service.build else service.start,
        "expose": service.expose,
        "env": _templates(service.env),
        "depends_on": list(service.depends_on),
        "restart": None if service.restart is Restart.UNLESS_STOPPED else str(service.restart),
        "ephemeral": service.ephemeral or None,
        "health": _health(service.health) if service.health else None,
        "resources": _resources(service.resources),
    }
    return _without_empty(written)


def _build(build: Build, start: str | None) -> dict[str, Any]:
    return _without_empty(
        {
            "path": "./" if build.path == "." else build.path,
            "dockerfile": build.dockerfile,
            "target": build.target,
            "args": _templates(build.args),
            "command": build.command,
            "secrets": list(build.secrets),
            "start": start,
        }
    )


def _health(health: Health) -> dict[str, Any]:
    default = Health(path=health.path)
    timeout = None if health.timeout == default.timeout else units.seconds_text(health.timeout)
    status = None if health.status == default.status else health.status
    return _without_empty({"path": health.path, "status": status, "timeout": timeout})


def _resources(resources: Resources) -> dict[str, Any]:
    cpus = None if resources.cpus is None else str(resources.cpus).removesuffix(".0")
    memory = None if resources.memory is None else units.memory_text(resources.memory)
    return _without_empty({"cpus": cpus, "memory": memory})


def _templates(values: Mapping[str, Template]) -> dict[str, str]:
    return {name: str(value) for name, value in values.items()}


def _without_empty(written: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in written.items() if value is not None and value not in ({}, [])}

"""What differs from what was declared: what somebody has changed without Pulumi, or what has ended.

It is Pulumi's own comparison of its state with the engine, as a preview: neither is changed by it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import docker
from pulumi.automation import EngineEvent, StepEventMetadata
from pulumi.automation.errors import CommandError

from galley_iac.automation import hold, report
from galley_iac.automation.workspace import Workspace
from galley_iac.errors import PreviewError

_WORDS = {"update": "changed", "delete": "missing"}
_NAMES = {"mustRun": "running"}
"""How the provider's word is to be read: it says so of a container that is not running."""


@dataclass(frozen=True)
class Field:
    """One property; ``declared`` and ``found`` are empty where it is more than one plain value."""

    name: str
    declared: str = ""
    found: str = ""


@dataclass(frozen=True)
class Difference:
    """One resource that is not as declared: ``what`` is changed or missing."""

    name: str
    kind: str
    what: str
    fields: tuple[Field, ...] = ()

    def __str__(self) -> str:
        named = ", ".join(map(_words, self.fields))
        return f"{self.kind} {self.name}: {self.what}" + (f" ({named})" if named else "")


def drift(
    workspace: Workspace, client: docker.DockerClient, preview: str, mask: Callable[[str], str]
) -> tuple[Difference, ...]:
    """Every difference, by name; ``mask`` removes secrets from the values.

    Raises InUseError while another command works on the preview, PreviewError when it cannot be compared.
    """
    found: list[Difference] = []
    messages: list[str] = []

    def on_event(event: EngineEvent) -> None:
        if event.diagnostic_event and event.diagnostic_event.severity == "error":
            messages.append(event.diagnostic_event.message)
        if event.res_outputs_event and event.res_outputs_event.metadata.op in _WORDS:
            found.append(_difference(event.res_outputs_event.metadata, mask))

    with hold.exclusive(client, preview, wait=False):
        try:
            workspace.stack(preview).preview_refresh(on_event=on_event)
        except CommandError as error:
            said = report.clean("\n".join(messages) or str(error))
            raise PreviewError(
                f"{preview} cannot be compared with what was declared:\n{mask(said)}"
            ) from None
    return tuple(sorted(found, key=lambda one: (one.name, one.kind)))


def _difference(step: StepEventMetadata, mask: Callable[[str], str]) -> Difference:
    old, new = ((state.outputs or {}) if state else {} for state in (step.old, step.new))
    fields = tuple(_field(name, old, new, mask) for name in sorted(step.diffs or ()))
    kind, name = step.type.rpartition(":")[2].lower(), step.urn.rpartition("::")[2]
    what = _WORDS[step.op]
    return Difference(name, kind, what, fields if what == "changed" else ())


def _field(path: str, old: Mapping[str, Any], new: Mapping[str, Any], mask: Callable[[str], str]) -> Field:
    return Field(_NAMES.get(path, path), mask(_plain(old.get(path))), mask(_plain(new.get(path))))


def _plain(value: object) -> str:
    """What is a list or a map, such as an environment, is named and not shown."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) if isinstance(value, str | int | float) else ""


def _words(field: Field) -> str:
    return f"{field.name}: {field.declared} → {field.found}" if field.declared or field.found else field.name

"""What a program registers, recorded as Pulumi's engine would receive it.

Assertions are made afterwards, on plain data: inside ``.apply`` they would pass silently.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pulumi
from google.protobuf.json_format import MessageToDict
from pulumi.runtime import mocks, settings

_SIGNATURE = "4dabf18193072939515e22adb298388d"
"""The key by which Pulumi's wire format marks a special value; a secret has ``value`` beside it."""


@dataclass(frozen=True)
class Secret:
    """A value that Pulumi will encrypt."""

    value: Any


@dataclass(frozen=True)
class Registered:
    """One resource; other resources are named by ``type name``."""

    type: str
    name: str
    parent: str
    inputs: Mapping[str, Any]
    dependencies: tuple[str, ...]
    property_dependencies: Mapping[str, tuple[str, ...]]
    provider: str
    options: Mapping[str, Any]

    @property
    def key(self) -> str:
        return f"{self.type} {self.name}"


@dataclass
class Recorder(mocks.MockMonitor):  # type: ignore[misc]
    """The monitor of a run: it answers as the mocks say and keeps what was asked."""

    mocks: mocks.Mocks
    resources: dict[str, Any] = field(default_factory=dict)
    requests: list[Any] = field(default_factory=list)

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 the SDK's own name
        if request.type != "pulumi:pulumi:Stack":
            self.requests.append(request)
        return super().RegisterResource(request)


@dataclass(frozen=True)
class Run:
    """A program's whole registration. ``error`` is what ended it, if anything did."""

    resources: tuple[Registered, ...]
    exports: Mapping[str, Any]
    error: BaseException | None = None

    def of(self, kind: str) -> list[Registered]:
        """The resources of a type, by its last part: ``Container``."""
        return [one for one in self.resources if one.type == kind]

    def one(self, kind: str, name: str) -> Registered:
        (found,) = [one for one in self.of(kind) if one.name == name]
        return found

    def names(self, kind: str) -> list[str]:
        return [one.name for one in self.of(kind)]


def record(program: Callable[[], object], answers: mocks.Mocks, *, stack: str, preview: bool = False) -> Run:
    """Runs the program to its end and returns everything that it registered."""
    settings.reset_options()
    recorder = Recorder(answers)
    pulumi.runtime.set_mocks(answers, project="galley", stack=stack, preview=preview, monitor=recorder)
    exports = settings.get_root_resource().outputs
    exports.clear()
    error: BaseException | None = None

    @pulumi.runtime.test
    def run() -> None:
        program()

    try:
        run()
    except Exception as raised:
        error = raised
    found = sorted((_registered(request) for request in recorder.requests), key=lambda one: one.key)
    return Run(tuple(found), dict(exports), error)


def plain(value: Any) -> Any:
    """A value of the wire as Python has it, with secrets marked."""
    if isinstance(value, dict):
        if _SIGNATURE in value:
            return Secret(plain(value["value"])) if "value" in value else value
        return {key: plain(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [plain(entry) for entry in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def open_texts(value: Any) -> Iterator[str]:
    """Every text that is not inside a secret."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, entry in value.items():
            yield key
            yield from open_texts(entry)
    elif isinstance(value, list | tuple):
        for entry in value:
            yield from open_texts(entry)


def _registered(request: Any) -> Registered:
    depends = {key: _shorts(entry.urns) for key, entry in request.propertyDependencies.items() if entry.urns}
    return Registered(
        type=request.type.rpartition(":")[2] if request.custom else request.type,
        name=request.name,
        parent=_short(request.parent),
        inputs=plain(MessageToDict(request.object)),
        dependencies=_shorts(request.dependencies),
        property_dependencies=dict(sorted(depends.items())),
        provider=_short(request.provider.rpartition("::")[0]),
        options=_options(request),
    )


def _options(request: Any) -> dict[str, Any]:
    """What is other than the default."""
    trigger = (
        plain(MessageToDict(request.replacement_trigger)) if request.HasField("replacement_trigger") else None
    )
    found = {
        "deleteBeforeReplace": request.deleteBeforeReplace,
        "replaceOnChanges": list(request.replaceOnChanges),
        "ignoreChanges": list(request.ignoreChanges),
        "additionalSecretOutputs": list(request.additionalSecretOutputs),
        "createTimeout": request.customTimeouts.create,
        "replacementTrigger": trigger,
        "protect": request.protect,
        "retainOnDelete": request.retainOnDelete,
        "hooks": MessageToDict(request.hooks),
    }
    return {key: value for key, value in found.items() if value}


def _short(urn: str) -> str:
    if not urn:
        return ""
    _, _, qualified, name = urn.split("::", 3)
    return f"{qualified.rpartition('$')[2].rpartition(':')[2]} {name}"


def _shorts(urns: Any) -> tuple[str, ...]:
    return tuple(sorted(_short(urn) for urn in urns))

"""Events as Pulumi's engine writes them, one JSON object each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pulumi.automation import EngineEvent

_TYPES = {
    "container": "docker:index/container:Container",
    "image": "docker:index/remoteImage:RemoteImage",
    "network": "docker:index/network:Network",
    "volume": "docker:index/volume:Volume",
    "component": "galley:index:Preview",
    "stack": "pulumi:pulumi:Stack",
    "provider": "pulumi:providers:docker",
}


def _metadata(
    kind: str, name: str, op: str, outputs: Any = None, diffs: Sequence[str] = ()
) -> dict[str, Any]:
    urn = f"urn:pulumi:main-shop::galley::galley:index:Preview${_TYPES[kind]}::{name}"
    own = {"type": _TYPES[kind], "urn": urn, "id": "", "parent": "", "provider": "", "inputs": {}}
    new = {**own, "outputs": outputs or {}}
    gone = op in ("delete", "delete-replaced")
    return {
        "op": op,
        "urn": urn,
        "type": _TYPES[kind],
        "old": None if op == "create" else new,
        "new": None if gone else new,
        "diffs": list(diffs),
        "provider": "",
    }


def _event(**what: Any) -> EngineEvent:
    return EngineEvent.from_json({"sequence": 1, "timestamp": 1, **what})


def begun(kind: str, name: str, op: str = "create", diffs: Sequence[str] = ()) -> EngineEvent:
    return _event(resourcePreEvent={"metadata": _metadata(kind, name, op, diffs=diffs)})


def ended(kind: str, name: str, op: str = "create", **outputs: Any) -> EngineEvent:
    return _event(resOutputsEvent={"metadata": _metadata(kind, name, op, outputs)})


def failed(kind: str, name: str, op: str = "create") -> EngineEvent:
    return _event(resOpFailedEvent={"metadata": _metadata(kind, name, op), "status": 0, "steps": 0})


def said(message: str, severity: str = "error") -> EngineEvent:
    return _event(diagnosticEvent={"message": message, "color": "never", "severity": severity})


def step(kind: str, name: str, op: str = "create", **outputs: Any) -> Iterator[EngineEvent]:
    """The two events of a step that goes well."""
    yield begun(kind, name, op)
    yield ended(kind, name, op, **outputs)

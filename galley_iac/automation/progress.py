"""Engine events → what each service is doing now. Pure: holds no terminal and no daemon."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from galley_iac.plan.model import BuiltImage, Image, Plan

if TYPE_CHECKING:
    from pulumi.automation import EngineEvent
    from pulumi.automation.events import StepEventMetadata


class Phase(StrEnum):
    """What a service is doing, in the words of the table."""

    PENDING = "pending"
    PULLING = "pulling"
    PUSHING = "pushing"
    BUILDING = "building"
    STARTING = "starting"
    CHECKING = "waiting for health"
    RUNNING_JOB = "running"
    READY = "ready"
    DONE = "done"
    UNCHANGED = "unchanged"
    STOPPING = "stopping"
    REMOVED = "removed"
    FAILED = "failed"


_IMAGE = "docker:index/remoteImage:RemoteImage"
_PUSHED = "docker:index/registryImage:RegistryImage"
_CONTAINER = "docker:index/container:Container"
_WORKLOADS = frozenset({"kubernetes:apps/v1:Deployment", "kubernetes:batch/v1:Job"})
"""What is done only when it is ready, or has ended well: there is no check beside it."""

_UNCHANGED = frozenset({"same", "read"})
_ENDS = frozenset({"delete", "delete-replaced"})
_MARKERS = frozenset({"replace", "refresh", "discard", "discard-replaced", "remove-pending-replace"})
"""Steps that change nothing by themselves: a replacement is the two steps beside its marker, and what a
refresh finds is dealt with by the steps after it.
"""

_CHANGES = frozenset({"create", "update", "create-replacement", "delete", "delete-replaced"})
_WORDS = {"create": "new", "update": "updated", "create-replacement": "replaced", "delete": "removed"}
PROBE_SUFFIX = ".ready"


@dataclass
class Row:
    """One service's line: what it does, why (``replaced: env``) and since when is the display's to know."""

    service: str
    phase: Phase = Phase.PENDING
    changed: bool = False
    why: str = ""
    did: str = "kept"
    """What the update does with the service's container: kept, new, updated, replaced or removed."""
    fields: tuple[str, ...] = ()
    """The provider's names of what is other than before."""


@dataclass
class Progress:
    """The rows of one update, fed with its events in order."""

    plan: Plan
    present: frozenset[str] = frozenset()
    """Images that the engine has already: they are neither built nor pulled."""
    rows: dict[str, Row] = field(default_factory=dict)
    changes: int = 0
    """Steps that create, update, replace or delete something."""
    failed_images: set[str] = field(default_factory=set)
    """Resources of images that could not be built or pulled."""
    messages: list[str] = field(default_factory=list)
    """What the engine reported as errors, without repetition."""

    def __post_init__(self) -> None:
        services = [container.service for container in self.plan.containers]
        self.rows = {name: Row(name) for name in [*services, *(["router"] if self.plan.router else [])]}

    def feed(self, event: EngineEvent) -> set[str]:
        """Takes one event in; returns the services whose row changed."""
        if event.diagnostic_event and event.diagnostic_event.severity == "error":
            self._message(event.diagnostic_event.message)
        if event.resource_pre_event:
            return self._step(event.resource_pre_event.metadata, done=False)
        if event.res_outputs_event:
            return self._step(event.res_outputs_event.metadata, done=True)
        if event.res_op_failed_event:
            return self._failed(event.res_op_failed_event.metadata)
        return set()

    def _message(self, text: str) -> None:
        text = text.strip()
        if text and text not in self.messages:
            self.messages.append(text)

    def _step(self, step: StepEventMetadata, *, done: bool) -> set[str]:
        if step.op in _CHANGES and not done and not step.type.startswith("pulumi:"):
            self.changes += 1
        name = step.urn.rpartition("::")[2]
        if step.type == _IMAGE:
            return self._image(name, step.op, done)
        if step.type == _PUSHED:
            return self._pushing(name, step.op, done)
        if step.type == _CONTAINER or step.type in _WORKLOADS:
            return self._container(name, step, done)
        return set()

    def _image(self, name: str, op: str, done: bool) -> set[str]:
        """An image's step counts for every service that uses it, as long as none of them is further."""
        if done or name in self.present or op not in ("create", "create-replacement"):
            return set()
        moved = set()
        for container in self.plan.containers:
            if resource_name(container.image) == name:
                built = isinstance(container.image, BuiltImage)
                moved |= self._set(container.service, Phase.BUILDING if built else Phase.PULLING)
        return moved

    def _pushing(self, name: str, op: str, done: bool) -> set[str]:
        if done or op not in ("create", "create-replacement", "update"):
            return set()
        users = [c.service for c in self.plan.containers if resource_name(c.image) == name]
        return set().union(*(self._set(service, Phase.PUSHING) for service in users))

    def _container(self, name: str, step: StepEventMetadata, done: bool) -> set[str]:
        service = name.removesuffix(PROBE_SUFFIX)
        row = self.rows.get(service)
        if row is None or step.op in _MARKERS or (step.op in _UNCHANGED and not done):
            return set()
        if step.op in _ENDS:
            return self._ending(name, service, step.op, done)
        if step.op not in _UNCHANGED:
            row.changed = True
        if name == service:
            _note(row, step)
        return self._set(service, self._phase(name, service, step, done))

    def _ending(self, name: str, service: str, op: str, done: bool) -> set[str]:
        """A check that ends says nothing of its service; what is replaced is on its way up again."""
        if name != service or (done and op == "delete-replaced"):
            return set()
        self.rows[service].changed = True
        if op == "delete":
            self.rows[service].did = _WORDS[op]
        return self._set(service, Phase.REMOVED if done else Phase.STOPPING)

    def _phase(self, name: str, service: str, step: StepEventMetadata, done: bool) -> Phase:
        probed, whole = name != service, step.type in _WORKLOADS
        if not done:
            return Phase.CHECKING if probed else self._starting(service)
        if probed or whole or not self._has_probe(service):
            return self._final(service, step)
        return Phase.CHECKING if step.op not in _UNCHANGED else Phase.UNCHANGED

    def _starting(self, service: str) -> Phase:
        return Phase.RUNNING_JOB if self._is_job(service) else Phase.STARTING

    def _final(self, service: str, step: StepEventMetadata) -> Phase:
        outputs = (step.new.outputs if step.new else None) or {}
        if outputs.get("exitCode") not in (None, 0):
            return Phase.FAILED
        if not self.rows[service].changed:
            return Phase.UNCHANGED
        return Phase.DONE if self._is_job(service) else Phase.READY

    def _failed(self, step: StepEventMetadata) -> set[str]:
        name = step.urn.rpartition("::")[2]
        if step.type in (_IMAGE, _PUSHED):
            self.failed_images.add(name)
            users = [c.service for c in self.plan.containers if resource_name(c.image) == name]
            return set().union(*(self._set(service, Phase.FAILED) for service in users))
        return self._set(name.removesuffix(PROBE_SUFFIX), Phase.FAILED)

    def _set(self, service: str, phase: Phase) -> set[str]:
        row = self.rows.get(service)
        if row is None or row.phase is phase or row.phase is Phase.FAILED:
            return set()
        row.phase = phase
        return {service}

    def _is_job(self, service: str) -> bool:
        return any(c.service == service and c.is_job for c in self.plan.containers)

    def _has_probe(self, service: str) -> bool:
        return any(c.service == service and c.is_probed for c in self.plan.containers)


def _note(row: Row, step: StepEventMetadata) -> None:
    """Of the steps of a replacement not all say what differs."""
    row.did = _WORDS.get(step.op, row.did)
    if step.diffs:
        row.fields = tuple(sorted(set(step.diffs)))
        row.why = ", ".join(row.fields)


def resource_name(image: Image) -> str:
    """The name of an image's resource."""
    return image.tag if isinstance(image, BuiltImage) else image.reference

"""``extends``: a service on top of another one, of the same file or of another."""

from __future__ import annotations

from dataclasses import dataclass, replace

from galley_iac.manifest import names
from galley_iac.manifest.compose.field import Field
from galley_iac.manifest.compose.files import Files
from galley_iac.manifest.compose.merge import merge, relocated
from galley_iac.manifest.nodes import Mapping, Scalar

MOST_EXTENDS = 16


@dataclass(frozen=True)
class Scope:
    """The services of one file, where the file is, and what is being extended already."""

    services: Mapping
    files: Files
    path: str = ""
    stack: tuple[tuple[str, str], ...] = ()

    @property
    def folder(self) -> str:
        """What the file's paths are relative to, seen from the main file."""
        return self.path.rpartition("/")[0]


def extended(service: Field, scope: Scope) -> Field:
    """The service with everything that it extends."""
    extends = service.get("extends")
    if extends is None or not isinstance(service.node, Mapping):
        return service
    base = _base(extends, scope)
    entries = {key: value for key, value in service.node.entries.items() if key != "extends"}
    own = Mapping(entries, service.node.keys, service.node.mark)
    merged = merge(base, own) if base else own
    scope.files.spend(extends, merged)
    return replace(service, node=merged)


def _base(extends: Field, scope: Scope) -> Mapping | None:
    """What is extended, in the long form and with what it extends itself; None, and a problem, without it."""
    report = scope.files.report
    named = extends if isinstance(extends.node, Scalar) else extends.get("service")
    if named is None:
        remedy = "write `service:` with the name of the service to extend"
        report.wrong(extends, "`service` is missing", remedy)
        return None
    other = extends.get("file")
    target = _other_file(other, scope) if other else scope
    name = report.text(named)
    if target is None or name is None:
        return None
    if not isinstance(target.services.get(name), Mapping):
        rule = f"there is no service {names.shown(name)} to extend"
        report.wrong(named, rule, "name a service of that file")
        return None
    if (target.path, name) in scope.stack or len(scope.stack) > MOST_EXTENDS:
        report.wrong(named, f"`{name}` extends itself in the end", "remove one `extends`")
        return None
    return _read(name, extends, replace(target, stack=(*scope.stack, (target.path, name))), scope)


def _read(name: str, extends: Field, target: Scope, scope: Scope) -> Mapping | None:
    found = extended(Field(("services", name), target.services.entries[name], extends.mark), target)
    node = found.node if target.path == scope.path else relocated(found.node, extends.mark)
    return node if isinstance(node, Mapping) else None


def _other_file(at: Field, scope: Scope) -> Scope | None:
    path = scope.files.path(at, scope.folder)
    root = scope.files.document(at, path) if path else None
    services = root.get("services") if root else None
    return Scope(services, scope.files, path or "") if isinstance(services, Mapping) else None

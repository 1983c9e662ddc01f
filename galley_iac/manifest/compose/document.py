"""A compose file → its services, with everything that ``include`` and ``extends`` bring."""

from __future__ import annotations

from galley_iac.manifest.compose.extends import Scope, extended
from galley_iac.manifest.compose.field import Field, Report
from galley_iac.manifest.compose.files import Files, Read, long_form
from galley_iac.manifest.compose.keys import TOP
from galley_iac.manifest.compose.merge import relocated
from galley_iac.manifest.nodes import Mapping, Mark, Node, Scalar


def services(root: Node, read: Read, report: Report) -> list[Field]:
    """Every service, profiles not yet looked at, in the order of the file; included ones first."""
    top = Field((), root, Mark(1, 1))
    report.mapping(top)
    report.stop_if_wrong()
    report.check_keys(top, TOP)
    files = Files(report, read)
    found = _included(top, files, "", ())
    own = top.get("services")
    for service in report.mapping(own):
        if service.name in found.entries:
            remedy = "give one of the two another name, or extend the included one"
            report.wrong(service, f"`{service.name}` comes from an included file as well", remedy)
        found.entries[service.name] = long_form(service.node)
        found.keys[service.name] = _key(own, service)
    if not found.entries:
        report.wrong(own or top, "there is no service", "write at least one service below `services:`")
    base = Field(("services",), found, top.mark)
    return [extended(child, Scope(found, files)) for child in base.children()]


def _key(own: Field | None, service: Field) -> Mark:
    return own.node.keys[service.name] if own and isinstance(own.node, Mapping) else service.mark


def _included(top: Field, files: Files, folder: str, stack: tuple[str, ...]) -> Mapping:
    """The services of the files under ``include``, and of those that they include."""
    result = Mapping({}, {}, top.mark)
    for item in files.report.items(top.get("include")):
        at = _include_path(item, files.report)
        path = files.path(at, folder) if at else None
        if at is None or path is None:
            continue
        if path in stack:
            files.report.wrong(at, f"a cycle: {' → '.join((*stack, path))}", "remove one of the includes")
            continue
        _add_file(result, at, path, files, stack)
    return result


def _include_path(item: Field, report: Report) -> Field | None:
    """Where the one path of an include stands; its other settings are refused."""
    if isinstance(item.node, Scalar):
        return item
    for key in report.mapping(item):
        if key.name != "path":
            report.wrong(key, f"`include` with `{key.name}` is not understood", "include by path alone")
    path = item.get("path")
    if path is None or not isinstance(path.node, Scalar):
        report.wrong(item, "`include` takes one path", "write `- path/to/compose.yaml` for each file")
        return None
    return path


def _add_file(result: Mapping, at: Field, path: str, files: Files, stack: tuple[str, ...]) -> None:
    root = files.document(at, path)
    if root is None:
        return
    folder = path.rpartition("/")[0]
    whole = Field((), root, at.mark)
    result.entries.update(_included(whole, files, folder, (*stack, path)).entries)
    found = whole.get("services")
    assert found is not None, "a document without services is refused"
    assert isinstance(found.node, Mapping), "a document without services is refused"
    for service in found.children():
        whole_service = extended(service, Scope(found.node, files, path))
        if service.name in result.entries:
            files.report.wrong(
                at, f"`{service.name}` is in another included file as well", "rename one of them"
            )
        result.entries[service.name] = relocated(whole_service.node, at.mark)
    result.keys.update(dict.fromkeys(result.entries, at.mark))

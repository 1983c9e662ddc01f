"""``volumes`` → the folder whose content is kept, of a service that has data."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass

from galley_iac.manifest import names
from galley_iac.manifest.compose.field import Field, Report
from galley_iac.manifest.models import STATEFUL, Kind
from galley_iac.manifest.nodes import Mapping

_TYPES = {
    "bind": "a preview has no files of the host; it runs what is in the image",
    "tmpfs": "the folder is on the container's own file system, gone with the container",
    "npipe": "no preview gets a pipe of the host",
    "cluster": "a preview has volumes of its own only",
    "image": "copy the files in the image's build",
}


@dataclass(frozen=True)
class Mount:
    """A named volume on a folder."""

    name: str
    target: str
    at: Field


def data(service: Field, kind: Kind, known: str | None, report: Report) -> str | None:
    """The folder to keep: the known one of the image, or the one where the first named volume is."""
    mounts = _named(service, report)
    kept = known if kind in STATEFUL else None
    if kept is None and kind in STATEFUL and mounts:
        kept = mounts[0].target
        report.place((*service.path, "data"), mounts[0].at)
    for mount in mounts:
        if kept is None or not _covers(mount.target, kept):
            _note(mount, kept, kind, report)
    return kept


def check_top(top: Field | None, report: Report) -> None:
    """Settings of the volumes themselves are noted."""
    for volume in report.mapping(top):
        for key in report.mapping(volume):
            rule = f"`{key.name}` of a volume is not carried over"
            report.note(key.key(), rule, "each preview has volumes of its own, on the engine's local driver")


def _note(mount: Mount, kept: str | None, kind: Kind, report: Report) -> None:
    reason = f"only {kept} is kept" if kept else f"a service of kind `{kind}` keeps no data"
    remedy = "what is written there is gone when the container is replaced"
    report.note(mount.at, f"the volume on {mount.target} is not carried over: {reason}", remedy)


def _covers(target: str, kept: str) -> bool:
    """Whether a volume on ``target`` is about the folder ``kept``: the same, above it or inside it."""
    return target == kept or kept.startswith(f"{target}/") or target.startswith(f"{kept}/")


def _named(service: Field, report: Report) -> list[Mount]:
    found = [_long(item, report) if isinstance(item.node, Mapping) else _short(item, report)
             for item in report.items(service.get("volumes"))]  # fmt: skip
    return [mount for mount in found if mount is not None]


def _long(item: Field, report: Report) -> Mount | None:
    kind = report.text(item.get("type")) or "volume"
    target, source = report.text(item.get("target")), report.text(item.get("source"))
    if target is None:
        report.wrong(item, "`target` is missing", "write `target:` with a folder in the container")
        return None
    if kind not in {"volume", *_TYPES}:
        report.wrong(item, f"{names.shown(kind)} is no type of mount", "write `volume` or `bind`")
        return None
    if kind in _TYPES:
        report.note(item, f"the {kind} mount on {target} is not carried over", _TYPES[kind])
        return None
    return _mount(source or "", target, item, report)


def _short(item: Field, report: Report) -> Mount | None:
    """``name:/folder:ro``, ``./here:/there``, ``/folder``."""
    text = report.text(item)
    if text is None:
        return None
    source, colon, rest = text.partition(":")
    if not colon:
        return _mount("", source, item, report)
    target = rest.partition(":")[0]
    if source.startswith((".", "/", "~", "\\")) or (len(source) == 1 and rest.startswith(("\\", "/"))):
        report.note(item, f"the mount of {source} on {target} is not carried over", _TYPES["bind"])
        return None
    return _mount(source, target, item, report)


def _mount(name: str, target: str, at: Field, report: Report) -> Mount | None:
    if not target.startswith("/") or not target.isprintable():
        report.wrong(at, "the folder in the container is not absolute", "write `name:/absolute/folder`")
        return None
    target = posixpath.normpath(target)
    if not name:
        rule = f"the anonymous volume on {target} is not carried over"
        report.note(at, rule, "the folder is the image's own")
        return None
    return Mount(name, target, at)

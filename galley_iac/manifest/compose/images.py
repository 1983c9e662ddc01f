"""``build`` and ``image``, ``command`` and ``entrypoint``."""

from __future__ import annotations

import shlex

from galley_iac.manifest import command as commands
from galley_iac.manifest import names, paths
from galley_iac.manifest.compose.environment import passed_through, value_of
from galley_iac.manifest.compose.field import Field, Report
from galley_iac.manifest.compose.keys import BUILD
from galley_iac.manifest.models import Build
from galley_iac.manifest.nodes import Mapping, Scalar, Sequence
from galley_iac.manifest.paths import PathError
from galley_iac.manifest.template import Template


def build(service: Field, report: Report) -> Build | None:
    """The build of a service that has one."""
    at = service.get("build")
    if at is None:
        return None
    report.check_keys(at, BUILD)
    context = at.get("context")
    if context is None:
        if isinstance(at.node, Mapping):
            report.wrong(at, "`context` is missing", "write `context: .`, the folder to build")
        return None
    report.place((*service.path, "build", "path"), context)
    return Build(
        path=_path(context, report) or ".",
        dockerfile=_path(at.get("dockerfile"), report),
        target=_stage(at.get("target"), report),
        args=_arguments(service, at, report),
    )


def image(service: Field, report: Report) -> Template | None:
    """The image's name, with its variables."""
    at = service.get("image")
    parsed = report.template(at) if at else None
    if at is None or parsed is None:
        return None
    report.place((*service.path, "image"), at)
    if parsed.text is not None and not names.IMAGE.fullmatch(parsed.text):
        rule = f"{names.shown(parsed.text)} is no image name"
        report.wrong(at, rule, "write `name:tag` or `registry/namespace/name:tag`")
    return parsed


def command_line(service: Field, key: str, report: Report) -> str | None:
    """``command`` or ``entrypoint`` as one command line; None when there is none, or an empty one.

    Compose splits a string into words without a shell; so do we, and write the words with the quotes they
    need.
    """
    at = service.get(key)
    words = _words(at, report) if at else None
    if at is None or words is None:
        return None
    if not words or not words[0]:
        report.note(at, f"an empty `{key}` is not carried over", "the image's own is used")
        return None
    report.place((*service.path, "start" if key == "command" else key), at)
    return commands.join(tuple(words))


def _words(at: Field, report: Report) -> list[str] | None:
    if isinstance(at.node, Sequence):
        found = [report.text(item) for item in at.children()]
        return None if None in found else [word for word in found if word is not None]
    text = report.text(at)
    if text is None:
        return None
    try:
        return shlex.split(text)
    except ValueError as error:
        report.wrong(
            at, f"is no command line ({str(error).lower()})", "close the quotes, or write it as a list"
        )
        return None


def _stage(at: Field | None, report: Report) -> str | None:
    name = report.text(at)
    if name is not None and at is not None and not names.STAGE.fullmatch(name):
        rule = f"{names.shown(name)} is no name of a stage"
        report.wrong(at, rule, "write the name after `AS` in the Dockerfile")
    return name


def _path(at: Field | None, report: Report) -> str | None:
    written = report.text(at)
    if written is None or at is None:
        return None
    try:
        return paths.normalise(written)
    except PathError as error:
        report.wrong(at, str(error), error.remedy)
        return None


def _arguments(service: Field, at: Field, report: Report) -> dict[str, Template]:
    result: dict[str, Template] = {}
    for child in report.mapping(at.get("args")):
        if not names.BUILD_ARGUMENT.fullmatch(child.name):
            rule = f"{names.shown(child.name)} is no name of a build argument"
            report.wrong(child, rule, "use letters, digits and `_`, with no digit first")
            continue
        missing = isinstance(child.node, Scalar) and child.is_null
        result[child.name] = passed_through(child.name, child, report) if missing else value_of(child, report)
        report.place((*service.path, "build", "args", child.name), child)
    return result

"""``environment`` and ``env_file`` → the service's env. What is written in the compose file wins over the
files.
"""

from __future__ import annotations

from collections.abc import Iterable

from galley_iac.manifest import names, template, tree
from galley_iac.manifest.compose import dotenv
from galley_iac.manifest.compose.dotenv import Assignment, DotenvError
from galley_iac.manifest.compose.field import Field, Report
from galley_iac.manifest.compose.files import Files, Read
from galley_iac.manifest.models import Service
from galley_iac.manifest.nodes import PathKey, Scalar, Type
from galley_iac.manifest.template import Template, Variable

_REQUIRED_WORDS = {"true": True, "false": False}


def env(service: Field, files: Files) -> dict[str, Template]:
    """The environment of a service, in the order of the files and then of the compose file."""
    report = files.report
    result: dict[str, Template] = {}
    for item in report.items(service.get("env_file")):
        for assignment in _from_file(item, files):
            _add(result, service, assignment.name, assignment.value, item, report)
    for child in report.mapping(service.get("environment")):
        value = None if child.is_null else value_of(child, report)
        _add(result, service, child.name, value, child, report)
    return result


def value_of(at: Field, report: Report) -> Template:
    """The value that stands at ``at``: a number as it is written, a boolean as ``true`` or ``false``."""
    node = at.node
    if isinstance(node, Scalar) and node.type is Type.BOOLEAN:
        return Template.literal(node.text.lower())
    return report.template(at) or Template()


def passed_through(name: str, at: Field, report: Report) -> Template:
    """A name without a value: Compose takes it from the shell, which a preview does not have."""
    rule = f"`{name}` has no value, and the machine's own environment is not read"
    if not template.is_name(name):
        report.note(at, rule, "it is empty: no variable of a project can be called so")
        return Template()
    remedy = f"it has the value of the project variable `{name}`, or is empty when there is none"
    report.note(at, rule, remedy)
    return Template((Variable(name, ":-", Template()),))


def note_dotenv(top: Field, services: Iterable[Service], read: Read, report: Report) -> None:
    """Variables in use that Compose would take from `.env`, and a preview takes from its project."""
    try:
        defined = {found.name for found in dotenv.parse(read(".env") or "")}
    except DotenvError:
        return
    used = {variable for service in services for text in _templates(service) for variable in text.variables()}
    if defined & used:
        remedy = "set them for the project: `galley var set NAME VALUE`, or `galley secret set NAME`"
        report.note(top, f"the values of {names.listed(sorted(defined & used))} in .env are not used", remedy)


def _templates(service: Service) -> list[Template]:
    arguments = service.build.args.values() if service.build else ()
    return [*service.env.values(), *arguments, *([service.image] if service.image else [])]


def _add(
    result: dict[str, Template], service: Field, name: str, value: Template | None, at: Field, report: Report
) -> None:
    if not names.ENV.fullmatch(name):
        rule = f"{names.shown(name)} is no name of an environment variable"
        report.wrong(at, rule, "use letters, digits, `_`, `-` and `.`, with no digit first")
        return
    result[name] = passed_through(name, at, report) if value is None else value
    path: PathKey = (*service.path, "env", name)
    report.place(path, at)


def _from_file(item: Field, files: Files) -> list[Assignment]:
    """The assignments of one env file; a missing one is only noted, since many are kept out of git on
    purpose.
    """
    report = files.report
    report.mapping(item)
    path_field = item.get("path")
    path = files.path(path_field, "") if path_field else None
    if path is None or path_field is None:
        return []
    text = files.read(path)
    if text is None:
        _note_missing(item, path_field, path, report)
        return []
    return _parsed(item, path_field, path, text, report)


def _note_missing(item: Field, at: Field, path: str, report: Report) -> None:
    required = report.text(item.get("required"))
    if required is None or _REQUIRED_WORDS.get(required.lower(), True):
        remedy = "its variables are not set; write those needed under `environment` as `NAME: ${NAME}`"
        report.note(at, f"there is no file `{path}` in the repository", remedy)


def _parsed(item: Field, at: Field, path: str, text: str, report: Report) -> list[Assignment]:
    if len(text) > tree.MAX_CHARACTERS:
        report.wrong(at, f"`{path}` is longer than {tree.MAX_CHARACTERS // 1024} KiB", "split the file")
        return []
    style = report.text(item.get("format"))
    if style not in {None, "raw"}:
        report.wrong(
            at, f"the format {names.shown(style or '')} is not known", "write `format: raw`, or none"
        )
    try:
        return dotenv.parse(text, raw=style == "raw")
    except DotenvError as error:
        report.wrong(at, f"`{path}`, line {error.line}: {error}", "write `NAME=value`, one on each line")
        return []

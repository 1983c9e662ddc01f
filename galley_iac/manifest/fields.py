"""One function per kind of value: the scalar that was written → the value that is meant, or what is wrong
with it.

Each is used as a pydantic validator, so that the error is collected with its place; see :mod:`explain`.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NoReturn, TypeVar

from pydantic_core import PydanticCustomError

from galley_iac.manifest import command, names, paths, template, units
from galley_iac.manifest.nodes import PRUNED, Scalar, Type
from galley_iac.manifest.template import Template

PORTS = range(1, 65536)
STATUSES = range(200, 600)
LONGEST_TIMEOUT = 24 * 3600.0
MOST_CPUS = 1024.0

_COMPOSE_WORDS = {"no": "never", "db": "database", "job": "worker", "frontend": "web", "backend": "api"}
_TRUE = frozenset({"true", "yes", "on"})
_FALSE = frozenset({"false", "no", "off"})
_INTEGER = re.compile(r"[0-9]{1,12}")
_URL_PATH = re.compile(r"/[!-~]*")

E = TypeVar("E", bound=StrEnum)


def wrong(rule: str, remedy: str) -> NoReturn:
    """Refuse the value; the place is added by whoever collects the error."""
    raise PydanticCustomError("galley", "{rule}", {"rule": rule, "remedy": remedy})


def text(value: object, *, example: str = "some text") -> str:
    """Any scalar but an empty one, as the text that was written."""
    if not isinstance(value, Scalar):
        wrong("must be one value, not a list or a mapping", f"write {example}")
    if value.type is Type.NULL:
        wrong("has no value", f"write {example}, or remove the key")
    return value.text


def version(value: object) -> int:
    """The manifest's version: 1."""
    written = text(value, example="`version: 1`")
    if written != "1":
        wrong(f"must be 1, not {names.shown(written)}", "write `version: 1`")
    return 1


def service_name(value: object) -> str:
    """A key of ``services``."""
    name = str(value)
    if not names.SERVICE.fullmatch(name):
        rule = "is no service name: lower-case letters, digits and `-`, a letter first, at most 40 characters"
        wrong(rule, f"rename it{_suggested_name(name)}")
    return name


def env_name(value: object) -> str:
    """A key of ``env``."""
    name = str(value)
    if not names.ENV.fullmatch(name):
        remedy = "use letters, digits, `_`, `-` and `.`, with no digit first"
        wrong(f"{names.shown(name)} is no name of an environment variable", remedy)
    return name


def secret_name(value: object) -> str:
    """One entry of ``build.secrets``; whether there is such a secret is known with the preview."""
    name = "" if value is PRUNED else text(value, example="the name of a secret")
    if value is not PRUNED and not names.SECRET.fullmatch(name):
        remedy = "use letters, digits and `_`, with no digit and no `GALLEY_` first"
        wrong(f"{names.shown(name)} is no name of a secret", remedy)
    return name


def argument_name(value: object) -> str:
    """A key of ``build.args``."""
    name = str(value)
    if not names.BUILD_ARGUMENT.fullmatch(name):
        remedy = "use letters, digits and `_`, with no digit first"
        wrong(f"{names.shown(name)} is no name of a build argument", remedy)
    return name


def interpolated(value: object, *, example: str = 'a value, or `""` for an empty one') -> Template:
    """Text with ``${...}``: a string, a number as it is written, or a boolean as ``true`` or ``false``."""
    written = text(value, example=example)
    if isinstance(value, Scalar) and value.type is Type.BOOLEAN:
        written = written.lower()
    try:
        return template.parse(written)
    except template.TemplateError as error:
        wrong(f"{error} (character {error.offset + 1})", error.remedy)


def image(value: object) -> Template:
    """An image's name; checked as far as it is written out."""
    parsed = interpolated(value, example="the name of an image")
    name = parsed.text
    if name is not None and not names.IMAGE.fullmatch(name):
        wrong(f"{names.shown(name)} is no image name", "write `name:tag` or `registry/namespace/name:tag`")
    return parsed


def command_line(value: object) -> str:
    """A start or build command: one line of text."""
    if isinstance(value, list):
        wrong("must be one command line, not a list", _as_one_line(value))
    written = text(value, example="a command")
    try:
        command.argv(written)
    except command.CommandError as error:
        wrong(str(error), "write a command with its quotes closed, such as `uvicorn app:api --port 8000`")
    return written


def path(value: object) -> str:
    """A path relative to the manifest or to the context, normalised."""
    written = text(value, example="a path relative to this file")
    try:
        return paths.normalise(written)
    except paths.PathError as error:
        wrong(str(error), error.remedy)


def stage(value: object) -> str:
    """A stage of a Dockerfile."""
    written = text(value, example="the name of a stage")
    if not names.STAGE.fullmatch(written):
        wrong(f"{names.shown(written)} is no name of a stage", "write the name after `AS` in the Dockerfile")
    return written


def port(value: object) -> int:
    """A TCP port."""
    if isinstance(value, list):
        wrong(
            "must be one port, not a list",
            "write the one port that the service listens on, such as `expose: 8000`",
        )
    written = text(value, example="a port, such as `8000`")
    return _integer(
        written, PORTS, "a port from 1 to 65535", "write the port the service listens on, such as `8000`"
    )


def status(value: object) -> int:
    """The HTTP status that a final answer has."""
    return _integer(
        text(value, example="`200`"), STATUSES, "an HTTP status from 200 to 599", "write one, such as `200`"
    )


def url_path(value: object) -> str:
    """The path of an HTTP request."""
    written = text(value, example="a path, such as `/healthz`")
    if not _URL_PATH.fullmatch(written) or "#" in written:
        rule = f"{names.shown(written)} is no path of a request: a slash first, no spaces, ASCII only, no `#`"
        wrong(rule, "write a path such as `/healthz`, other characters percent-encoded")
    return written


def timeout(value: object) -> float:
    """A duration in seconds, more than none and at most a day."""
    written = text(value, example="a duration, such as `30s`")
    found = units.seconds(written)
    if found is None or not 0 < found <= LONGEST_TIMEOUT:
        rule = f"{names.shown(written)} is no duration above 0 and up to 24h"
        wrong(rule, "write a number with `ms`, `s`, `m` or `h`, such as `30s` or `1m30s`")
    return found


def cpus(value: object) -> float:
    """A number of CPUs."""
    written = text(value, example='a number, such as `"0.5"`')
    found = units.cpus(written)
    if found is None or not 0.01 <= found <= MOST_CPUS:
        wrong(
            f"{names.shown(written)} is no number of CPUs from 0.01 to 1024",
            'write a number, such as `"0.5"`',
        )
    return found


def memory(value: object) -> int:
    """An amount of memory in bytes."""
    written = text(value, example='an amount, such as `"512m"`')
    found = units.memory(written)
    if found is None:
        wrong(
            f"{names.shown(written)} is no amount of memory",
            'write a number with a unit: `"512m"`, `"1g"`, `"512Mi"`',
        )
    if not units.SMALLEST_MEMORY <= found < units.LARGEST_MEMORY:
        remedy = 'write at least `"6m"`; a number without a unit is bytes'
        wrong(
            f"{names.shown(written)} is not between Docker's least, 6m, and what a machine can have", remedy
        )
    return found


def boolean(value: object) -> bool:
    """``true`` or ``false``, also as YAML 1.1 writes them."""
    written = text(value, example="`true` or `false`").lower()
    if written not in _TRUE | _FALSE:
        wrong(f"must be true or false, not {names.shown(written)}", "write `true` or `false`")
    return written in _TRUE


def word(value: object, choices: type[E]) -> E:
    """One of the words of ``choices``."""
    written = text(value, example=f"one of {names.listed(choices)}")
    if written in set(choices):
        return choices(written)
    hint = names.did_you_mean(_COMPOSE_WORDS.get(written, written), choices)
    wrong(f"{names.shown(written)} is none of {names.listed(choices)}{hint}", "write one of these words")


def dependency(value: object) -> str:
    """One entry of ``depends_on``; whether there is such a service is checked later."""
    written = "" if value is PRUNED else text(value, example="the name of a service")
    if not written and value is not PRUNED:
        wrong("is empty", "write the name of a service, or remove the item")
    return written


def _integer(written: str, allowed: range, what: str, remedy: str) -> int:
    if not _INTEGER.fullmatch(written) or int(written) not in allowed:
        wrong(f"{names.shown(written)} is not {what}", remedy)
    return int(written)


def _suggested_name(name: str) -> str:
    made = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-").lstrip("0123456789-")[:40].strip("-")
    return f", for instance to `{made}`" if made else ""


def _as_one_line(value: list[object]) -> str:
    words = tuple(item.text for item in value if isinstance(item, Scalar))
    return f"write {names.shown(command.join(words))}"

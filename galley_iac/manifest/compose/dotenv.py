"""An env file → its assignments, as Compose reads it: quotes, comments, ``export``, values over several
lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from galley_iac.manifest import template
from galley_iac.manifest.template import Template, TemplateError

_NAME = re.compile(r"(?:export[ \t]+)?([A-Za-z0-9_.\-\[\]]+)[ \t]*(?:([=:])[ \t]*|(?=\n|$))")
_PLAIN = re.compile(r"[^\n]*")
_QUOTED = {
    "'": re.compile(r"'((?:[^'\\]|\\.)*)'[^\n]*", re.DOTALL),
    '"': re.compile(r'"((?:[^"\\]|\\.)*)"[^\n]*', re.DOTALL),
}
_BLANK = re.compile(r"(?:\s|#[^\n]*(?:\n|$))*")
_ESCAPE = re.compile(r"\\([nrt$\\])")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "$": "$$", "\\": "\\"}


@dataclass(frozen=True)
class Assignment:
    """One line. ``value`` is None for a name alone, whose value comes from elsewhere."""

    name: str
    value: Template | None
    line: int


class DotenvError(ValueError):
    """The text is no env file; ``line`` counts from 1."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


def parse(text: str, *, raw: bool = False) -> list[Assignment]:
    """The assignments in their order. ``raw``: no quotes and no variables, as ``format: raw`` asks for."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    return list(_raw(text) if raw else _assignments(text))


def _raw(text: str) -> Iterator[Assignment]:
    for number, line in enumerate(text.split("\n"), start=1):
        name, equals, value = line.partition("=")
        if line.strip() and not line.lstrip().startswith("#"):
            yield Assignment(name.strip(), Template.literal(value) if equals else None, number)


def _assignments(text: str) -> Iterator[Assignment]:
    at, line = _end(_BLANK, text, 0), 1
    line += text.count("\n", 0, at)
    while at < len(text):
        begun = at
        found = _NAME.match(text, at)
        if found is None:
            raise DotenvError("is no assignment `NAME=value`", line)
        if found[2] is None:
            yield Assignment(found[1], None, line)
            at = found.end()
        else:
            value, at = _value(text, found.end(), line)
            yield Assignment(found[1], value, line)
        at = _end(_BLANK, text, at)
        line += text.count("\n", begun, at)


def _value(text: str, at: int, line: int) -> tuple[Template, int]:
    quote = text[at : at + 1]
    if quote in _QUOTED:
        found = _QUOTED[quote].match(text, at)
        if found is None:
            raise DotenvError(f"the quote {quote} is not closed", line)
        inner = found[1].replace(f"\\{quote}", quote)
        value = Template.literal(inner) if quote == "'" else _template(_unescaped(inner), line)
        return value, found.end()
    plain = _PLAIN.match(text, at)
    assert plain is not None, "it matches the empty text"
    return _template(re.split(r"(?:^|\s)#", plain.group())[0].strip(), line), plain.end()


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda found: _ESCAPES[found[1]], text)


def _template(text: str, line: int) -> Template:
    try:
        return template.parse(text)
    except TemplateError as error:
        raise DotenvError(f"{error}: {error.remedy}", line) from None


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at

"""Text with ``${...}`` in it, parsed once and resolved later, when the preview is known.

The forms are Compose's: ``$NAME``, ``${NAME}``, ``${NAME:-default}``, ``${NAME-default}``,
``${NAME:?message}``, ``${NAME?message}``, ``${NAME:+other}``, ``${NAME+other}`` and ``$$`` for a dollar sign.
Operands are templates themselves, so ``${A:-${B:-c}}`` works.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

MAX_DEPTH = 16

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_OPERATOR = re.compile(r":[-?+]|[-?+]")
_STOP = re.compile(r"[$}]")

T = TypeVar("T")


@dataclass(frozen=True)
class Variable:
    """A reference: ``operator`` is one of ``""``, ``:-``, ``-``, ``:?``, ``?``, ``:+``, ``+``; ``operand``
    its text.
    """

    name: str
    operator: str = ""
    operand: Template | None = None

    def __str__(self) -> str:
        operand = "" if self.operand is None else str(self.operand)
        return f"${{{self.name}{self.operator}{operand}}}"


@dataclass(frozen=True)
class Template:
    """Literal text and references in their order; adjacent literals are merged, empty ones left out."""

    parts: tuple[str | Variable, ...] = ()

    @staticmethod
    def literal(text: str) -> Template:
        """A template that is just ``text``, dollar signs and all."""
        return Template((text,) if text else ())

    @property
    def text(self) -> str | None:
        """The literal text of a template without references, else None."""
        return (
            None if any(isinstance(part, Variable) for part in self.parts) else "".join(map(str, self.parts))
        )

    def variables(self) -> tuple[str, ...]:
        """Every name referred to, those in operands included, each once, in the order of the text."""
        return tuple(dict.fromkeys(_names(self)))

    def __str__(self) -> str:
        """The source text: parsing it gives this template again."""
        return "".join(str(p) if isinstance(p, Variable) else p.replace("$", "$$") for p in self.parts)


@dataclass(frozen=True)
class Unresolved:
    """A variable without a value. ``message`` is the text of ``:?`` or ``?``; None where neither is
    written.
    """

    name: str
    message: str | None = None


class TemplateError(ValueError):
    """The text is no template. ``offset`` counts characters from 0; ``remedy`` says what to write."""

    def __init__(self, message: str, remedy: str, offset: int) -> None:
        super().__init__(message)
        self.remedy = remedy
        self.offset = offset


def is_name(text: str) -> bool:
    """Whether a variable can be called ``text``."""
    return _NAME.fullmatch(text) is not None


def parse(text: str) -> Template:
    """Parse ``text``; raises :class:`TemplateError` with the offset of what is wrong."""
    template, end = _template(text, 0, depth=0)
    assert end == len(text), "only an operand ends before its text does"
    return template


def resolve(
    template: Template, lookup: Callable[[str], str | T | None]
) -> tuple[tuple[str | T, ...], tuple[Unresolved, ...]]:
    """Replace every reference by its value.

    ``lookup`` gives a variable's value: text, None when it is not set, or any other object (a secret, a value
    that only the target knows), which is passed through as a part of its own and counts as set and not empty.
    Returns the parts (adjacent text merged, empty text left out) and whatever has no value.
    """
    parts: list[str | T] = []
    missing: list[Unresolved] = []
    for part in template.parts:
        if isinstance(part, Variable):
            found, unresolved = _resolve_variable(part, lookup)
            parts.extend(found)
            missing.extend(unresolved)
        else:
            parts.append(part)
    return tuple(_merged(parts)), tuple(dict.fromkeys(missing))


def _names(template: Template) -> Iterator[str]:
    for part in template.parts:
        if isinstance(part, Variable):
            yield part.name
            yield from _names(part.operand or Template())


def _resolve_variable(
    variable: Variable, lookup: Callable[[str], str | T | None]
) -> tuple[tuple[str | T, ...], tuple[Unresolved, ...]]:
    value = lookup(variable.name)
    is_set = value is not None and not (variable.operator.startswith(":") and value == "")
    operand = variable.operand or Template()
    if variable.operator.endswith("+"):
        return resolve(operand, lookup) if is_set else ((), ())
    if is_set and value is not None:
        return (value,), ()
    if variable.operator.endswith("-"):
        return resolve(operand, lookup)
    message = _message(operand, lookup) if variable.operator.endswith("?") else None
    return (), (Unresolved(variable.name, message),)


def _message(operand: Template, lookup: Callable[[str], str | T | None]) -> str:
    """The text of ``:?``. What is not plain text may be a secret, so it is left as it was written."""
    parts = []
    for part in operand.parts:
        value = lookup(part.name) if isinstance(part, Variable) else part
        parts.append(value if isinstance(value, str) else str(part))
    return "".join(parts)


def _merged(parts: list[str | T]) -> Iterator[str | T]:
    text = ""
    for part in parts:
        if isinstance(part, str):
            text += part
            continue
        if text:
            yield text
        yield part
        text = ""
    if text:
        yield text


def _template(text: str, start: int, depth: int) -> tuple[Template, int]:
    """Parse from ``start`` to the end, or, inside braces, to the brace that closes; returns where it
    stopped.
    """
    if depth > MAX_DEPTH:
        raise TemplateError("references are nested too deeply", f"nest at most {MAX_DEPTH} levels", start)
    parts: list[str | Variable] = []
    at = start
    while at < len(text):
        stop = _STOP.search(text, at)
        end = stop.start() if stop else len(text)
        parts.append(text[at:end])
        at = end
        if stop is None or (text[at] == "}" and depth):
            break
        part, at = _dollar(text, at, depth) if text[at] == "$" else ("}", at + 1)
        parts.append(part)
    return Template(tuple(_merged(parts))), at


def _dollar(text: str, at: int, depth: int) -> tuple[str | Variable, int]:
    following = text[at + 1 : at + 2]
    if following == "$":
        return "$", at + 2
    if following == "{":
        return _braces(text, at, depth)
    name = _NAME.match(text, at + 1)
    if name is None:
        raise TemplateError("a `$` that begins no variable", "write `$$` for a dollar sign", at)
    return Variable(name.group()), name.end()


def _braces(text: str, at: int, depth: int) -> tuple[Variable, int]:
    name = _NAME.match(text, at + 2)
    if name is None:
        raise TemplateError(
            "`${` without a variable's name", "write `${NAME}`, or `$${` for the text `${`", at
        )
    operator = _OPERATOR.match(text, name.end())
    if operator is None:
        return Variable(name.group()), _closing(text, at, name.end())
    operand, end = _template(text, operator.end(), depth + 1)
    return Variable(name.group(), operator.group(), operand), _closing(text, at, end)


def _closing(text: str, opened: int, at: int) -> int:
    if text[at : at + 1] == "}":
        return at + 1
    if at < len(text):
        forms = "`${NAME}`, `${NAME:-default}`, `${NAME:?message}` or `${NAME:+other}`"
        raise TemplateError(f"`{text[opened : at + 1]}` is no reference", f"write {forms}", opened)
    raise TemplateError("`${` is not closed", "close it with `}`, or write `$${` for the text `${`", opened)

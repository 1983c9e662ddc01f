"""One place in a compose file with what stands there, and the report of all that is wrong or not carried
over.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from galley_iac.errors import InputError, Problem
from galley_iac.manifest import names, nodes, template
from galley_iac.manifest.compose.keys import KeyTable
from galley_iac.manifest.nodes import Mapping, Mark, Node, PathKey, Scalar, Sequence, Type
from galley_iac.manifest.template import Template, TemplateError


@dataclass(frozen=True)
class Field:
    """A node, its path, and where a problem with it is shown: a scalar itself, the key of a list or
    mapping.
    """

    path: PathKey
    node: Node
    mark: Mark
    key_mark: Mark | None = None

    def key(self) -> Field:
        """The same, shown at its key: for what is said of the key rather than of its value."""
        return replace(self, mark=self.key_mark or self.mark)

    @property
    def name(self) -> str:
        """The last part of the path."""
        return str(self.path[-1]) if self.path else ""

    @property
    def is_null(self) -> bool:
        """A key with nothing after it."""
        return isinstance(self.node, Scalar) and self.node.type is Type.NULL

    def get(self, key: str) -> Field | None:
        """The value of ``key``; None when this is no mapping, or there is none, or it is empty."""
        found = next((child for child in self.children() if child.name == key), None)
        return None if found is None or found.is_null else found

    def children(self) -> Iterator[Field]:
        """The values of a mapping, or the items of a list."""
        if isinstance(self.node, Mapping):
            for key, value in self.node.entries.items():
                own = isinstance(value, Scalar) and value.type is not Type.NULL
                key_mark = self.node.keys[key]
                yield Field((*self.path, key), value, value.mark if own else key_mark, key_mark)
        if isinstance(self.node, Sequence):
            for index, item in enumerate(self.node.items):
                yield Field((*self.path, index), item, item.mark)


@dataclass
class Report:
    """What is found while a compose file is read. ``places`` and ``spelled`` are those of the Manifest."""

    file: str
    problems: list[Problem] = field(default_factory=list)
    notices: list[Problem] = field(default_factory=list)
    places: dict[str, tuple[int, int]] = field(default_factory=dict)
    spelled: dict[str, str] = field(default_factory=dict)

    def wrong(self, at: Field, rule: str, remedy: str) -> None:
        """The file cannot be used."""
        self.problems.append(self._problem(at, rule, remedy))

    def note(self, at: Field, rule: str, remedy: str) -> None:
        """Something is not carried over; the remedy says what happens instead."""
        self.notices.append(self._problem(at, rule, remedy))

    def place(self, path: PathKey, at: Field) -> None:
        """What the Manifest has at ``path`` stands here in the compose file."""
        self.places[nodes.dotted(path)] = (at.mark.line, at.mark.column)
        self.spelled[nodes.dotted(path)] = nodes.dotted(at.path)

    def stop_if_wrong(self) -> None:
        """Raise InputError when there was anything wrong."""
        if self.problems:
            raise InputError(self.problems)

    def check_keys(self, at: Field | None, table: KeyTable) -> None:
        """Note or refuse the keys of a mapping as the table says, and refuse those that it does not know."""
        for key in self.mapping(at):
            if key.name in table.dropped and not key.is_null:
                self.note(
                    key.key(), f"`{table.prefix}{key.name}` is not carried over", table.dropped[key.name]
                )
            elif key.name in table.refused and not key.is_null:
                rule = f"`{table.prefix}{key.name}` cannot be carried over"
                self.wrong(key.key(), rule, table.refused[key.name])
            elif key.name not in table:
                hint = names.did_you_mean(key.name, table.known)
                remedy = "Compose has no such key; write `x-` before the name of one of your own"
                self.wrong(key.key(), f"unknown key{hint}", remedy)

    def mapping(self, at: Field | None) -> list[Field]:
        """The values of a mapping; another shape is wrong, nothing is empty. Keys with ``x-`` are left
        out.
        """
        if at is None or at.is_null:
            return []
        if not isinstance(at.node, Mapping):
            self.wrong(at, "must be a mapping", f"write keys with values below `{at.name}`")
            return []
        return [child for child in at.children() if not child.name.startswith("x-")]

    def items(self, at: Field | None) -> list[Field]:
        """The items of a list; another shape is wrong, nothing is empty."""
        if at is None or at.is_null:
            return []
        if not isinstance(at.node, Sequence):
            self.wrong(at, "must be a list", "write one item per line after `- `")
            return []
        return list(at.children())

    def template(self, at: Field) -> Template | None:
        """The text of a scalar with its variables; None, and a problem, when it has none."""
        if not isinstance(at.node, Scalar) or at.is_null:
            self.wrong(at, "must be one value, not a list or a mapping", "write some text")
            return None
        try:
            return template.parse(at.node.text)
        except TemplateError as error:
            self.wrong(at, f"{error} (character {error.offset + 1})", error.remedy)
            return None

    def text(self, at: Field | None) -> str | None:
        """The text of a scalar where a preview's variables cannot be used: their defaults are taken."""
        if at is None:
            return None
        parsed = self.template(at)
        if parsed is None:
            return None
        parts, missing = template.resolve(parsed, _unset)
        for variable in missing:
            rule = f"`${{{variable.name}}}` has no default, and variables are not known here"
            self.wrong(at, rule, f"write `${{{variable.name}:-value}}`, or the value itself")
        return None if missing else "".join(parts)

    def _problem(self, at: Field, rule: str, remedy: str) -> Problem:
        path, rule, remedy = nodes.dotted(at.path), names.one_line(rule), names.one_line(remedy)
        return Problem(self.file, at.mark.line, at.mark.column, path, rule, remedy)


def _unset(_name: str) -> None:
    """No variable has a value while a file is imported."""

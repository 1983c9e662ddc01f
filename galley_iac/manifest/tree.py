"""YAML text → a tree of nodes that know their line and column; no value is interpreted here.

Safe on hostile text: no tags, no objects, and limits on size, depth and what aliases expand to. Scalars keep
the text they were written with, so that ``1.10``, ``0755`` and ``22:22`` mean what the reader of the file
sees. Which plain scalars are null, booleans and numbers follows YAML 1.2, as Compose does; ``yes`` and ``on``
are text.
"""

from __future__ import annotations

import re

import yaml

from galley_iac.errors import InputError, Problem
from galley_iac.manifest.names import one_line
from galley_iac.manifest.nodes import Mapping, Mark, Node, PathKey, Scalar, Sequence, Type, dotted

MAX_CHARACTERS = 256 * 1024
MAX_DEPTH = 32
MAX_NODES = 20_000
MAX_KEY = 256

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEAN = frozenset({"true", "True", "TRUE", "false", "False", "FALSE"})
_NUMBER = re.compile(r"[-+]?(\d[\d_]*|0x[0-9a-fA-F]+|0o[0-7]+|(\d+\.\d*|\.\d+|\d+)([eE][-+]?\d+)?)")
_FORBIDDEN = re.compile("[\0\ud800-\udfff]")
_PLAIN_TAGS = frozenset(
    f"tag:yaml.org,2002:{name}"
    for name in ("null", "bool", "int", "float", "str", "timestamp", "value", "merge")
)
_COLLECTION_TAGS = frozenset({"tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"})


def decode(content: bytes, file: str) -> str:
    """The bytes of a manifest as text, which must be UTF-8 (a byte order mark is taken off)."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        problem = Problem(file, line, 1, "", "is not UTF-8 text", "save the file as UTF-8")
        raise InputError([problem]) from None


def parse(text: str, file: str, problems: list[Problem]) -> Node:
    """The root of ``text``. Adds what is wrong but does not hide the rest (a key twice) to ``problems``.

    Raises InputError at once when the text is no YAML or passes a limit.
    """
    if len(text) > MAX_CHARACTERS:
        rule = f"is longer than {MAX_CHARACTERS // 1024} KiB"
        raise InputError(
            [Problem(file, 0, 0, "", rule, "a manifest describes services; keep data in other files")]
        )
    return _Builder(file, problems).node(_compose(text, file), ())


class _Loader(yaml.SafeLoader):
    """Composes nodes only; constructs nothing. The composer recurses, so its depth is bounded here."""

    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            rule = f"more than {MAX_DEPTH} levels of nesting"
            raise yaml.composer.ComposerError(None, None, rule, self.get_mark())
        try:
            return super().compose_node(parent, index)
        finally:
            self.depth -= 1


def _compose(text: str, file: str) -> yaml.Node:
    try:
        root = yaml.compose(text, Loader=_Loader)
    except yaml.reader.ReaderError as error:
        raise InputError([_unreadable(text, file, error)]) from None
    except yaml.MarkedYAMLError as error:
        raise InputError([_syntax(file, error)]) from None
    if root is None:
        raise InputError([Problem(file, 1, 1, "", "is empty", "write `version: 1` and at least one service")])
    return root


def _unreadable(text: str, file: str, error: yaml.reader.ReaderError) -> Problem:
    before = text[: error.position]
    line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
    rule = f"the character U+{ord(text[error.position]):04X} may not be in YAML"
    return Problem(file, line, column, "", rule, "remove it, or write it as an escape in double quotes")


def _syntax(file: str, error: yaml.MarkedYAMLError) -> Problem:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    said = one_line((error.problem or "it cannot be read").replace("\n", " "))
    context = f" ({error.context})" if error.context else ""
    return Problem(file, line, column, "", f"is not valid YAML: {said}{context}", _syntax_remedy(said))


def _syntax_remedy(said: str) -> str:
    if "'\\t'" in said:
        return "indent with spaces; YAML allows no tabs there"
    if "character '@'" in said or "character '`'" in said or "character '%'" in said:
        return "put the value in quotes"
    if "mapping values are not allowed" in said:
        return "put a value that contains `: ` in quotes, and give keys of one mapping the same indentation"
    if "undefined alias" in said:
        return "define the anchor (`&name`) above the alias (`*name`), or write the value out"
    if "another document" in said or "single document" in said:
        return "keep one document in the file: remove what follows `---`"
    return "compare the line and the one above it: indentation, quotes and brackets must match"


class _Builder:
    """Turns composed nodes into ours, counting, so that aliases cannot multiply without end."""

    def __init__(self, file: str, problems: list[Problem]) -> None:
        self.file = file
        self.problems = problems
        self.count = 0
        self.open: set[int] = set()

    def node(self, node: yaml.Node, path: PathKey) -> Node:
        self._guard(node, path)
        self.open.add(id(node))
        try:
            if isinstance(node, yaml.MappingNode):
                return self._mapping(node, path)
            if isinstance(node, yaml.ScalarNode):
                return self._scalar(node, path)
            items = tuple(self.node(item, (*path, i)) for i, item in enumerate(node.value))
            return Sequence(items, _mark(node))
        finally:
            self.open.discard(id(node))

    def _guard(self, node: yaml.Node, path: PathKey) -> None:
        self.count += 1
        if id(node) in self.open:
            self._stop(node, path, "an alias refers to what it is inside of", "write the value out")
        if self.count > MAX_NODES or len(path) > MAX_DEPTH:
            self._stop(node, path, f"aliases expand to more than {MAX_NODES} values", "use fewer aliases")
        if node.tag not in _PLAIN_TAGS | _COLLECTION_TAGS:
            tag = node.tag.replace("tag:yaml.org,2002:", "!!")
            self._add(node, path, f"the tag `{tag}` is not understood", "remove the tag")

    def _scalar(self, node: yaml.ScalarNode, path: PathKey) -> Scalar:
        if found := _FORBIDDEN.search(node.value):
            rule = f"contains the character U+{ord(found.group()):04X}"
            self._add(node, path, rule, "remove it: no program can be given such a value")
            return Scalar(_FORBIDDEN.sub("", node.value) or "?", Type.TEXT, _mark(node))
        return Scalar(node.value, _type(node), _mark(node))

    def _mapping(self, node: yaml.MappingNode, path: PathKey) -> Mapping:
        result = Mapping({}, {}, _mark(node))
        merged: list[Mapping] = []
        for key, value in node.value:
            name = self._key(key, path)
            if name is None:
                continue
            if name == "<<" and key.tag.endswith(":merge"):
                merged.extend(self._merge(value, path))
            elif name in result.entries:
                first = result.keys[name].line
                self._add(
                    key,
                    (*path, name),
                    f"the key is here twice (first on line {first})",
                    "keep one of the two",
                )
            else:
                result.keys[name] = _mark(key)
                result.entries[name] = self.node(value, (*path, name))
        return _with_merged(result, merged)

    def _key(self, key: yaml.Node, path: PathKey) -> str | None:
        if isinstance(key, yaml.ScalarNode) and key.value.isprintable() and 0 < len(key.value) <= MAX_KEY:
            return str(key.value)
        remedy = "write a name; a value that begins with `{` or `[` needs quotes"
        self._add(key, path, f"a key must be printable text of at most {MAX_KEY} characters", remedy)
        return None

    def _merge(self, value: yaml.Node, path: PathKey) -> list[Mapping]:
        """The mappings that ``<<`` names: an earlier one wins over a later one."""
        sources = value.value if isinstance(value, yaml.SequenceNode) else [value]
        nodes = [self.node(source, path) for source in sources]
        if not all(isinstance(node, Mapping) for node in nodes):
            self._add(value, path, "`<<` takes mappings only", "write `<<: *name` of a mapping's anchor")
        return [node for node in nodes if isinstance(node, Mapping)]

    def _add(self, node: yaml.Node, path: PathKey, rule: str, remedy: str) -> None:
        mark = _mark(node)
        self.problems.append(Problem(self.file, mark.line, mark.column, dotted(path), one_line(rule), remedy))

    def _stop(self, node: yaml.Node, path: PathKey, rule: str, remedy: str) -> None:
        self._add(node, path[:6], rule, remedy)
        raise InputError(self.problems)


def _with_merged(own: Mapping, merged: list[Mapping]) -> Mapping:
    for source in merged:
        for key, value in source.entries.items():
            if key not in own.entries:
                own.entries[key] = value
                own.keys[key] = source.keys[key]
    return own


def _type(node: yaml.ScalarNode) -> Type:
    if node.style is not None:  # quoted, or a block
        return Type.TEXT
    if node.value in _NULL:
        return Type.NULL
    if node.value in _BOOLEAN:
        return Type.BOOLEAN
    return Type.NUMBER if _NUMBER.fullmatch(node.value) else Type.TEXT


def _mark(node: yaml.Node) -> Mark:
    return Mark(node.start_mark.line + 1, node.start_mark.column + 1)

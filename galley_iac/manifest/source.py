"""A file's tree with its places: what turns a path into a problem that has a line and a column."""

from __future__ import annotations

from galley_iac.errors import Problem
from galley_iac.manifest import names, nodes
from galley_iac.manifest.nodes import Mark, PathKey


class Source:
    """A file's tree with the places of its parts; makes problems, and knows what was written at all."""

    def __init__(self, file: str, root: nodes.Node) -> None:
        self.file = file
        self.root = root
        self.places: dict[PathKey, Mark] = dict(nodes.places(root))
        self.misspelt: set[PathKey] = set()

    def has(self, *path: str | int) -> bool:
        """Whether there is anything at ``path``, right or wrong, or misspelt."""
        return path in self.places or path in self.misspelt

    def problem(self, path: PathKey, rule: str, remedy: str) -> Problem:
        """A problem at ``path``, or at its nearest ancestor that is in the file."""
        return self._problem(self._mark(path), path, rule, remedy)

    def key_problem(self, path: PathKey, rule: str, remedy: str) -> Problem:
        """A problem with the key itself rather than with its value."""
        return self._problem(self._key_mark(path), path, rule, remedy)

    def _problem(self, mark: Mark, path: PathKey, rule: str, remedy: str) -> Problem:
        rule, remedy = names.one_line(rule), names.one_line(remedy)
        return Problem(self.file, mark.line, mark.column, nodes.dotted(path), rule, remedy)

    def node(self, path: PathKey) -> nodes.Node | None:
        """What is at ``path``; None when there is nothing."""
        node: nodes.Node | None = self.root
        for part in path:
            node = _child(node, part)
        return node

    def _mark(self, path: PathKey) -> Mark:
        while path and path not in self.places:
            path = path[:-1]
        return self.places[path] if path else self.root.mark

    def _key_mark(self, path: PathKey) -> Mark:
        node = self.node(path[:-1])
        if isinstance(node, nodes.Mapping) and path[-1] in node.keys:
            return node.keys[str(path[-1])]
        return self._mark(path)


def _child(node: nodes.Node | None, part: str | int) -> nodes.Node | None:
    if isinstance(node, nodes.Mapping):
        return node.get(str(part))
    if isinstance(node, nodes.Sequence) and isinstance(part, int):
        return node.items[part]
    return None

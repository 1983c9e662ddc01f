"""Other files that a compose file names: ``include``, ``extends``, and the paths inside them."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from dataclasses import dataclass, field

from galley_iac.manifest import nodes, paths, tree
from galley_iac.manifest.compose import canonical
from galley_iac.manifest.compose.field import Field, Report
from galley_iac.manifest.nodes import Mapping, Node, Scalar, Sequence
from galley_iac.manifest.paths import PathError

Read = Callable[[str], str | None]
"""Path relative to the compose file's folder → the file's text; None when there is no such file."""

MOST_FILES = 50
MOST_VALUES = 5 * tree.MAX_NODES


@dataclass
class Files:
    """Reads other compose files, each once, and only so many; counts what is made of them."""

    report: Report
    read: Read
    documents: dict[str, Mapping | None] = field(default_factory=dict)
    values: int = 0

    def spend(self, at: Field, node: Node) -> None:
        """Count the values of a service made by ``extends``; a file must not make endlessly many of a few."""
        self.values += nodes.count(node)
        if self.values > MOST_VALUES:
            rule = f"`extends` makes more than {MOST_VALUES} values"
            self.report.wrong(at, rule, "extend smaller services, or fewer times")
            self.report.stop_if_wrong()

    def path(self, at: Field, folder: str) -> str | None:
        """The path that is written at ``at``, relative to the main file's folder."""
        written = self.report.text(at)
        if written is None:
            return None
        try:
            return posixpath.normpath(posixpath.join(folder, paths.normalise(written)))
        except PathError as error:
            self.report.wrong(at, str(error), error.remedy)
            return None

    def document(self, at: Field, path: str) -> Mapping | None:
        """The file ``path``, named at ``at``; its services in the long form, with paths from the main
        file. None, and a problem where it is first named, when it cannot be had.
        """
        if path not in self.documents:
            self.documents[path] = self._document(at, path)
        return self.documents[path]

    def _document(self, at: Field, path: str) -> Mapping | None:
        root = self._tree(at, path)
        services = root.get("services") if isinstance(root, Mapping) else None
        if not isinstance(root, Mapping) or not isinstance(services, Mapping):
            if root is not None:
                self.report.wrong(at, f"`{path}` has no services", "name a compose file with `services:`")
            return None
        folder = posixpath.dirname(path)
        entries = {name: rebased(long_form(node), folder) for name, node in services.entries.items()}
        long = Mapping(entries, services.keys, services.mark)
        return Mapping({**root.entries, "services": long}, root.keys, root.mark)

    def _tree(self, at: Field, path: str) -> Node | None:
        if len(self.documents) >= MOST_FILES:
            self.report.wrong(at, f"more than {MOST_FILES} files", "put the services into fewer files")
            return None
        text = self.read(path)
        if text is None:
            self.report.wrong(at, f"there is no file `{path}`", "name a file of the repository")
            return None
        return tree.parse(text, path, self.report.problems)


def long_form(node: Node) -> Node:
    """A service with its short forms written out; anything else as it is."""
    return canonical.service(node) if isinstance(node, Mapping) else node


def rebased(node: Node, folder: str) -> Node:
    """A service of a file in ``folder``, its ``build.context`` and ``env_file`` seen from the main file."""
    if not isinstance(node, Mapping) or not folder:
        return node
    entries = dict(node.entries)
    build, files = entries.get("build"), entries.get("env_file")
    if isinstance(build, Mapping):
        entries["build"] = _joined(build, "context", folder)
    if isinstance(files, Sequence):
        entries["env_file"] = Sequence(
            tuple(_joined(item, "path", folder) for item in files.items), files.mark
        )
    return Mapping(entries, node.keys, node.mark)


def _joined(node: Node, key: str, folder: str) -> Node:
    value = node.get(key) if isinstance(node, Mapping) else None
    if not isinstance(node, Mapping) or not isinstance(value, Scalar) or not _is_relative(value.text):
        return node
    moved = Scalar(posixpath.join(folder, value.text), value.type, value.mark)
    return Mapping({**node.entries, key: moved}, node.keys, node.mark)


def _is_relative(path: str) -> bool:
    try:
        paths.normalise(path)
    except PathError:
        return False
    return True

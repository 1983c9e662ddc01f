"""A service on top of the one that it extends. Both are in the long form."""

from __future__ import annotations

from galley_iac.manifest.nodes import Mapping, Mark, Node, Scalar, Sequence

_REPLACED = frozenset({"command", "entrypoint", "test"})


def merge(base: Mapping, own: Mapping) -> Mapping:
    """Mappings are merged, lists appended, everything else (and whole commands) replaced, as Compose does."""
    result = Mapping(dict(base.entries), dict(base.keys), own.mark)
    for key, value in own.entries.items():
        result.entries[key] = _merged(key, base.entries.get(key), value)
        result.keys[key] = own.keys[key]
    return result


def relocated(node: Node, mark: Mark) -> Node:
    """The node as if all of it stood at ``mark``: what comes from another file is shown where that is
    named.
    """
    match node:
        case Mapping():
            entries = {key: relocated(value, mark) for key, value in node.entries.items()}
            return Mapping(entries, dict.fromkeys(node.keys, mark), mark)
        case Sequence():
            return Sequence(tuple(relocated(item, mark) for item in node.items), mark)
        case Scalar():
            return Scalar(node.text, node.type, mark)


def _merged(key: str, base: Node | None, own: Node) -> Node:
    if key in _REPLACED:
        return own
    if isinstance(base, Mapping) and isinstance(own, Mapping):
        return merge(base, own)
    if isinstance(base, Sequence) and isinstance(own, Sequence):
        return Sequence((*base.items, *own.items), own.mark)
    return own

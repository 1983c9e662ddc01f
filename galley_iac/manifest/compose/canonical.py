"""Short forms of a compose service → long ones, before anything is merged or read.

A shape that is neither is left as it is: whoever reads the key says what is wrong with it.
"""

from __future__ import annotations

from galley_iac.manifest.nodes import Mapping, Node, Scalar, Sequence, Type


def service(node: Mapping) -> Mapping:
    """The service with mappings for ``environment``, ``build``, ``build.args``, ``depends_on`` and a list of
    mappings for ``env_file``."""
    forms = {
        "environment": _assignments,
        "build": _build,
        "depends_on": _dependencies,
        "env_file": _env_files,
        "labels": _assignments,
    }
    entries = {key: forms[key](value) if key in forms else value for key, value in node.entries.items()}
    return Mapping(entries, node.keys, node.mark)


def _assignments(node: Node) -> Node:
    """``[A=b, C]`` as ``{A: b, C: }``."""
    if not isinstance(node, Sequence) or not all(isinstance(item, Scalar) for item in node.items):
        return node
    result = Mapping({}, {}, node.mark)
    for item in node.items:
        assert isinstance(item, Scalar)
        name, equals, value = item.text.partition("=")
        result.entries[name] = Scalar(value, Type.TEXT if equals else Type.NULL, item.mark)
        result.keys[name] = item.mark
    return result


def _build(node: Node) -> Node:
    if isinstance(node, Scalar) and node.type is not Type.NULL:
        return Mapping({"context": node}, {"context": node.mark}, node.mark)
    if isinstance(node, Mapping) and "args" in node.entries:
        entries = {**node.entries, "args": _assignments(node.entries["args"])}
        return Mapping(entries, node.keys, node.mark)
    return node


def _dependencies(node: Node) -> Node:
    if not isinstance(node, Sequence) or not all(isinstance(item, Scalar) for item in node.items):
        return node
    result = Mapping({}, {}, node.mark)
    for item in node.items:
        assert isinstance(item, Scalar)
        started = Scalar("service_started", Type.TEXT, item.mark)
        result.entries[item.text] = Mapping({"condition": started}, {"condition": item.mark}, item.mark)
        result.keys[item.text] = item.mark
    return result


def _env_files(node: Node) -> Node:
    items = node.items if isinstance(node, Sequence) else (node,)
    if isinstance(node, Scalar) and node.type is Type.NULL:
        return node
    return Sequence(tuple(_env_file(item) for item in items), node.mark)


def _env_file(item: Node) -> Node:
    if isinstance(item, Scalar):
        return Mapping({"path": item}, {"path": item.mark}, item.mark)
    return item

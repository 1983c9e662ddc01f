"""Tree → the models of :mod:`written`, and pydantic's errors → problems with place, rule and remedy."""

from __future__ import annotations

from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from galley_iac.errors import Problem
from galley_iac.manifest import names, nodes
from galley_iac.manifest.nodes import PathKey
from galley_iac.manifest.source import Source
from galley_iac.manifest.written import WrittenManifest

MOST_SHOWN = 10


def read(source: Source, problems: list[Problem]) -> WrittenManifest:
    """What is right in the tree; what is wrong is added to ``problems`` and left out."""
    content = nodes.data(source.root)
    try:
        return WrittenManifest.model_validate(content)
    except ValidationError as error:
        errors = error.errors(include_url=False)
    problems.extend(_problem(source, error) for error in errors)
    return WrittenManifest.model_validate(_pruned(content, errors) if isinstance(content, dict) else {})


def _path(error: ErrorDetails) -> PathKey:
    return tuple(part for part in error["loc"] if part != "[key]")


def _pruned(content: object, errors: list[ErrorDetails]) -> object:
    for error in errors:
        _remove(content, _path(error))
    return content


def _remove(content: Any, path: PathKey) -> None:
    """Take out what is at ``path``, or, where a short form was written, the ancestor that is there."""
    holder, at = content, 0
    while at < len(path) - 1 and isinstance(_item(holder, path[at]), dict | list):
        holder, at = holder[path[at]], at + 1
    if isinstance(holder, list):
        holder[int(path[at])] = nodes.PRUNED
    elif isinstance(holder, dict) and path:
        holder.pop(path[at], None)


def _item(holder: Any, part: str | int) -> object:
    return holder.get(part) if isinstance(holder, dict) else holder[part]


def _problem(source: Source, error: ErrorDetails) -> Problem:
    path = _path(error)
    match error["type"]:
        case "galley":
            context = error["ctx"]
            place = source.key_problem if error["loc"][-1] == "[key]" else source.problem
            return place(path, context["rule"], context["remedy"])
        case "extra_forbidden":
            return _unknown_key(source, path)
        case "list_type":
            return source.problem(path, "must be a list", _list_remedy(source, path))
        case _:
            remedy = (
                f"write keys with values below `{path[-1]}`" if path else "write `version: 1` and `services:`"
            )
            return source.problem(path, "must be a mapping", remedy)


def _list_remedy(source: Source, path: PathKey) -> str:
    node = source.node(path)
    if isinstance(node, nodes.Mapping) and len(node.entries) < MOST_SHOWN:
        return f"write the names alone: {names.shown('[' + ', '.join(node.entries) + ']')}"
    return "write one item per line after `- `, or `[a, b]`"


def _unknown_key(source: Source, path: PathKey) -> Problem:
    known = known_keys(path[:-1])
    found = names.nearest(str(path[-1]), known)
    rule = f"unknown key{names.did_you_mean(str(path[-1]), known)}"
    remedy = f"write `{found}`, or remove the line" if found else f"known here: {', '.join(known)}"
    if found:
        source.misspelt.add((*path[:-1], found))
    return source.key_problem(path, rule, remedy)


def known_keys(path: PathKey) -> list[str]:
    """The keys that the mapping at ``path`` may have."""
    model: type[BaseModel] = WrittenManifest
    for part in path:
        if isinstance(part, str) and part in model.model_fields:
            model = _model_of(model.model_fields[part].annotation) or model
    return list(model.model_fields)


def _model_of(annotation: object) -> type[BaseModel] | None:
    """The model inside ``dict[str, Model] | None`` and the like."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    found = (_model_of(argument) for argument in get_args(annotation))
    return next((model for model in found if model), None)

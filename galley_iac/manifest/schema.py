"""The JSON Schema of galley.yaml, made from the models of :mod:`written`, for editors.

It describes shapes and single values; what only the parser can say (a path, a cycle, a template) it leaves
open.
"""

from __future__ import annotations

import json
from typing import Any

import yaml

from galley_iac.manifest.rules import MOST_SERVICES
from galley_iac.manifest.written import SHORT_FORM, WrittenManifest

FILE = "galley.schema.json"
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_ROUTED_NEEDS_A_PORT = {
    "if": {"properties": {"kind": {"enum": ["web", "api"]}}, "required": ["kind"]},
    "then": {"required": ["expose"]},
}


def json_schema() -> dict[str, Any]:
    """The schema as data; the same for the same version of the program."""
    schema = _tidy(WrittenManifest.model_json_schema())
    definitions = {name.removeprefix("Written"): value for name, value in schema.pop("$defs").items()}
    _add_rules(schema, definitions)
    return {"$schema": _DIALECT, "title": "galley.yaml", **schema, "$defs": definitions}


def text() -> str:
    """The schema as it is checked in and as ``galley schema`` prints it."""
    return json.dumps(json_schema(), indent=2) + "\n"


def _add_rules(schema: dict[str, Any], definitions: dict[str, Any]) -> None:
    schema["required"] = ["version", "services"]
    schema["patternProperties"] = {"^x-": True}
    schema["properties"]["services"] |= {"minProperties": 1, "maxProperties": MOST_SERVICES}
    definitions["Service"] |= {
        "anyOf": [{"required": ["build"]}, {"required": ["image"]}],
        "dependentRequired": {"health": ["expose"]},
        **_ROUTED_NEEDS_A_PORT,
    }
    definitions["Build"]["required"] = ["path"]
    definitions["Health"]["required"] = ["path"]


def _tidy(value: Any) -> Any:
    """Without what pydantic adds for Python: titles, nulls and defaults of null, its names of the models."""
    if isinstance(value, list):
        return [_tidy(item) for item in value]
    if not isinstance(value, dict):
        return value
    tidied = {key: _member(key, found) for key, found in value.items() if key not in {"title", "default"}}
    if "$ref" in tidied:
        tidied["$ref"] = tidied["$ref"].replace("/Written", "/")
    if "patternProperties" in tidied:
        tidied["additionalProperties"] = False
    return tidied


def _member(key: str, value: Any) -> Any:
    if key == "properties":
        return {name: _property(found) for name, found in value.items()}
    if key == "description":
        return value.replace("``", "`")  # docstrings write code as reStructuredText does
    return _tidy(value)


def _property(found: dict[str, Any]) -> dict[str, Any]:
    """One key: its one form, or a choice of the short and the long one."""
    forms = [_tidy(form) for form in found["anyOf"] if form != {"type": "null"}]
    if SHORT_FORM in found:
        forms.insert(0, {"type": "string", "pattern": found[SHORT_FORM]})
    form = forms[0] if len(forms) == 1 else {"anyOf": forms}
    examples = [yaml.safe_load(example) for example in found.get("examples", [])]
    return {"description": found["description"], **form, **({"examples": examples} if examples else {})}

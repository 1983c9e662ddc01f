"""The plan as data and as a fingerprint; a secret is masked in both."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from enum import Enum
from typing import Any

from galley_iac.plan.model import Plan
from galley_iac.plan.values import Value

_FINGERPRINT_LENGTH = 8


def as_data(plan: Plan) -> dict[str, Any]:
    """The plan in JSON's own types; the router's configuration as an object, not as text."""
    data: dict[str, Any] = _plain(plan)
    data["name"] = plan.name
    if plan.router:
        known = {key: value for key, value in data["router"].items() if value}
        data["router"] = {**known, "config": json.loads(plan.router.config)}
    return data


def fingerprint(plan: Plan) -> str:
    """Eight hexadecimal digits that change with anything in the plan.

    Over its representation: that has a secret's name, where the JSON has the same mask for every secret.
    """
    return hashlib.sha256(_identifying(plan).encode()).hexdigest()[:_FINGERPRINT_LENGTH]


def _identifying(plan: Plan) -> str:
    """What came later counts where it is used: without it, a plan has the fingerprint that it always had."""
    router = plan.router
    later = repr((router.edge, router.secrets)) if router and (router.edge or router.secrets) else ""
    return repr(plan) + later


def _plain(value: Any) -> Any:
    if isinstance(value, Value):
        return str(value)
    if isinstance(value, Enum):
        return value.value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
        return {"type": type(value).__name__, **fields} if type(value).__name__.endswith("Check") else fields
    if isinstance(value, Mapping):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    return value

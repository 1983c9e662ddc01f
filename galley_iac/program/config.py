"""The stack's configuration: the namespace ``galley:``, as docs/pulumi.md describes it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pulumi

from galley_iac import settext
from galley_iac.engine.registries import Login, logins
from galley_iac.errors import UsageError
from galley_iac.plan.settings import KEYS
from galley_iac.request import Request, identity_from_stack

NAMESPACE = "galley"


def read() -> Request:
    """The request that the stack's configuration makes. Raises UsageError when the manifest is not named."""
    config = pulumi.Config(NAMESPACE)
    manifest = config.get("manifest")
    if not manifest:
        raise UsageError(
            "this stack does not say which manifest it is for", "pulumi config set manifest PATH"
        )
    branch, pull_request = config.get("branch") or "", config.get_int("pr")
    if not branch and pull_request is None:
        branch, pull_request = identity_from_stack(pulumi.get_stack())
    return Request(
        manifest=Path(manifest),
        branch=branch,
        pull_request=pull_request,
        project=config.get("project") or "",
        engine=config.get("dockerHost"),
        strict=config.get_bool("strict") or False,
        profiles=tuple(config.get_object("profiles") or ()),
        untrusted=config.get_bool("untrusted") or False,
        own_settings={name: text for name in KEYS if (text := config.get(name))},
        project_settings=_texts("projectSettings"),
        own_variables=_texts("vars"),
        project_variables=_texts("projectVars"),
        secrets=frozenset(secrets()),
        access=frozenset(access()),
    )


def secrets() -> dict[str, str]:
    """The values, decrypted by Pulumi, the preview's own before its project's.

    They are made secret outputs again where a resource takes them.
    """
    return {**_texts("projectSecrets"), **_texts("secrets")}


def access() -> dict[str, str]:
    """What opens the project's previews, by name: hashes of users' passwords, a token."""
    return _texts("projectAccess")


def registries() -> dict[str, Login]:
    """Configured logins by host, the preview's own before its project's."""
    return {**logins(_map("projectRegistries")), **logins(_map("registries"))}


def _texts(key: str) -> dict[str, str]:
    return {name: settext.unquoted(value) for name, value in _map(key).items()}


def _map(key: str) -> dict[str, Any]:
    """A map, by the runtime's own function: ``Config`` warns of every secret read in the clear."""
    stored = pulumi.runtime.get_config(f"{NAMESPACE}:{key}")
    try:
        return dict(json.loads(stored or "{}").items())
    except (ValueError, AttributeError):
        raise UsageError(
            f"{NAMESPACE}:{key} is no map of names to values", f"pulumi config set --path {key}.NAME VALUE"
        ) from None

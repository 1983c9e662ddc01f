"""A stack's configuration file, and how a preview's comes to hold what is set for its whole project.

Values that are set for a project live in the configuration of a stack of its own, which never has a resource.
Secrets are written, moved and read by Pulumi alone, so they are encrypted with the backend's own provider.
"""

from __future__ import annotations

import dataclasses
import hashlib
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from galley_iac import home
from galley_iac.plan.identity import preview_name, safe_name
from galley_iac.plan.settings import KEYS
from galley_iac.request import Request, identity_for

NAMESPACE = "galley"
PROJECT_VARIABLES = f"{NAMESPACE}:projectVars"
PROJECT_SECRETS = f"{NAMESPACE}:projectSecrets"
VARIABLES = f"{NAMESPACE}:vars"
SECRETS = f"{NAMESPACE}:secrets"
PROJECT_SETTINGS = f"{NAMESPACE}:projectSettings"
_COPIED_FROM = f"{NAMESPACE}:projectDigest"
"""A digest of the project's configuration, as it was copied; while it is the same, nothing is to copy."""

_PROJECT_PREFIX = "project."
_SUBSTITUTE_BYTES = 24
_STACK_LENGTH = 80


def project_stack(project: str) -> str:
    """The name of the stack that holds a project's settings; the dot keeps it apart from every preview."""
    return f"{_PROJECT_PREFIX}{safe_name(project, project, limit=_STACK_LENGTH)}"


def is_preview(stack: str) -> bool:
    """Whether a stack is a preview's, and not one that only holds settings."""
    return not stack.startswith(_PROJECT_PREFIX)


class ConfigFile:
    """``Pulumi.<stack>.yaml``: read on demand, and written in one step, so that a crash loses nothing."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def config(self) -> dict[str, Any]:
        """Every key of the configuration; secrets are ``{"secure": ...}``."""
        return dict(self._document().get("config") or {})

    def merge(self, values: Mapping[str, Any]) -> None:
        """Sets the keys; None removes one. Keys that are not named stay as they are."""
        document = self._document()
        config = {**(document.get("config") or {}), **values}
        document["config"] = {key: value for key, value in config.items() if value is not None}
        write_if_other(self.path, yaml.safe_dump(document, sort_keys=True))

    def names(self, *keys: str) -> frozenset[str]:
        """The names in the maps under ``keys``."""
        config = self.config()
        return frozenset(name for key in keys for name in config.get(key) or {})

    def digest(self) -> str:
        """Changes with anything in the file."""
        return hashlib.sha256(self.path.read_bytes()).hexdigest() if self.path.is_file() else ""

    def _document(self) -> dict[str, Any]:
        return (yaml.safe_load(self.path.read_text(encoding="utf-8")) or {}) if self.path.is_file() else {}


def config_file(stack: str) -> ConfigFile:
    """A stack's configuration, whether or not there is such a stack."""
    return ConfigFile(home.workspace() / "stacks" / f"Pulumi.{stack}.yaml")


def with_settings(request: Request, root: Path) -> Request:
    """The request with what is set for its project and its preview; the repository is at ``root``."""
    identity = identity_for(request, root)
    project, preview = config_file(project_stack(identity.project)), config_file(preview_name(identity))
    return dataclasses.replace(
        request,
        project_settings=project_settings(project),
        own_settings={**own_settings(preview), **request.own_settings},
        project_variables=project.config().get(PROJECT_VARIABLES) or {},
        own_variables={**(preview.config().get(VARIABLES) or {}), **request.own_variables},
        secrets=project.names(PROJECT_SECRETS) | preview.names(SECRETS),
    )


def project_settings(project: ConfigFile) -> dict[str, str]:
    """The settings in the configuration of a project's stack."""
    return dict(project.config().get(PROJECT_SETTINGS) or {})


def own_settings(preview: ConfigFile) -> dict[str, str]:
    """The settings that are one preview's own."""
    config = preview.config()
    return {name: str(config[key]) for name in KEYS if (key := f"{NAMESPACE}:{name}") in config}


def is_copied(project: ConfigFile, preview: ConfigFile) -> bool:
    """Whether the preview has all that is set for its project."""
    return bool(preview.config().get(_COPIED_FROM, "") == project.digest())


def copy_plain(project: ConfigFile, preview: ConfigFile) -> None:
    """Copies what is no secret; a project without secrets takes away those that it had."""
    found = project.config()
    values = {key: found.get(key) for key in (PROJECT_VARIABLES, PROJECT_SETTINGS)}
    preview.merge(values if project.names(PROJECT_SECRETS) else {**values, PROJECT_SECRETS: None})


def mark_copied(project: ConfigFile, preview: ConfigFile) -> None:
    """Notes that the preview has everything; last, so that what was cut off is copied again."""
    preview.merge({_COPIED_FROM: project.digest() or None})


def substitute() -> str:
    """What an untrusted preview gets instead of a secret: random, of no use anywhere else."""
    return secrets.token_urlsafe(_SUBSTITUTE_BYTES)


def write_if_other(path: Path, text: str) -> None:
    """Replaces the file in one step unless it holds the text already."""
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)

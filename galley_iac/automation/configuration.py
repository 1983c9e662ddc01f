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
from galley_iac.engine.registries import OPEN
from galley_iac.plan.identity import preview_name, safe_name
from galley_iac.plan.settings import KEYS
from galley_iac.request import Request, identity_for

NAMESPACE = "galley"
PROJECT_VARIABLES = f"{NAMESPACE}:projectVars"
PROJECT_SECRETS = f"{NAMESPACE}:projectSecrets"
VARIABLES = f"{NAMESPACE}:vars"
SECRETS = f"{NAMESPACE}:secrets"
PROJECT_REGISTRIES = f"{NAMESPACE}:projectRegistries"
REGISTRIES = f"{NAMESPACE}:registries"
PROJECT_ACCESS = f"{NAMESPACE}:projectAccess"
"""What opens the project's previews: hashes of users' passwords, a token. An outsider's have them as well."""
PROJECT_SETTINGS = f"{NAMESPACE}:projectSettings"
_COPIED_FROM = f"{NAMESPACE}:projectDigest"
"""A digest of the project's configuration, as it was copied; while it is the same, nothing is to copy."""

_UNTRUSTED = "untrusted-"
"""Begins the digest where substitutes stand for the secrets."""

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

    def open_registries(self) -> frozenset[str]:
        """Hosts whose configured login an outsider's preview may use too."""
        found = self.config().get(PROJECT_REGISTRIES) or {}
        return frozenset(host for host, entry in found.items() if OPEN in entry)

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
        access=project.names(PROJECT_ACCESS),
    )


def inside(key: str, name: str) -> str:
    """The path of one entry of a map, as Pulumi reads it; a registry's name has dots."""
    return f'{key}["{name}"]'


def asked(request: Request, manifest: Path) -> dict[str, Any]:
    """Every key that an update writes; None removes one that an earlier update wrote."""
    values: dict[str, Any] = {
        "manifest": str(manifest),
        "branch": request.branch or None,
        "pr": request.pull_request,
        "project": request.project or None,
        **{key: request.own_settings.get(key) for key in KEYS},
        "dockerHost": request.engine,
        "strict": True if request.strict else None,
        "profiles": list(request.profiles) or None,
        "untrusted": True if request.untrusted else None,
        "vars": dict(request.own_variables) or None,
    }
    return {
        f"{NAMESPACE}:{key}": str(value) if isinstance(value, int) else value for key, value in values.items()
    }


def project_settings(project: ConfigFile) -> dict[str, str]:
    """The settings in the configuration of a project's stack."""
    return dict(project.config().get(PROJECT_SETTINGS) or {})


def own_settings(preview: ConfigFile) -> dict[str, str]:
    """The settings that are one preview's own."""
    config = preview.config()
    return {name: str(config[key]) for name in KEYS if (key := f"{NAMESPACE}:{name}") in config}


def is_copied(project: ConfigFile, preview: ConfigFile, *, untrusted: bool) -> bool:
    """Whether the preview has all that is set for its project, and is trusted as it was then."""
    return bool(preview.config().get(_COPIED_FROM, "") == _mark(project, untrusted))


def copy_plain(project: ConfigFile, preview: ConfigFile, *, untrusted: bool) -> None:
    """Copies what is no secret, and takes away what the preview is not, or no longer, to have.

    Of an outsider's preview only its substitutes stay: those that an earlier untrusted update made.
    """
    found = project.config()
    values = {key: found.get(key) for key in (PROJECT_VARIABLES, PROJECT_SETTINGS)}
    substituted = str(preview.config().get(_COPIED_FROM, "")).startswith(_UNTRUSTED)
    if not project.names(PROJECT_SECRETS) or untrusted != substituted:
        values[PROJECT_SECRETS] = None
    preview.merge({**values, PROJECT_REGISTRIES: None, PROJECT_ACCESS: None})


def mark_copied(project: ConfigFile, preview: ConfigFile, *, untrusted: bool) -> None:
    """Notes that the preview has everything; last, so that what was cut off is copied again."""
    preview.merge({_COPIED_FROM: _mark(project, untrusted) or None})


def _mark(project: ConfigFile, untrusted: bool) -> str:
    return f"{_UNTRUSTED if untrusted else ''}{project.digest()}"


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

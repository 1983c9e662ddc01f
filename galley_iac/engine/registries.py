"""Which registries there are credentials for: by the user's Docker login, and configured for the project."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from galley_iac import settext
from galley_iac.errors import UsageError
from galley_iac.plan.registries import HUB, HUB_LOGIN, host_of

FOLDER, VARIABLE = "DOCKER_CONFIG", "DOCKER_AUTH_CONFIG"
"""Where Docker's client looks for its configuration, and credentials that it takes without any file."""

OPEN = "untrusted"
"""The key that opens a configured login to outsiders' previews, whatever its value."""

_FILE = "config.json"


@dataclass(frozen=True)
class Login:
    """Credentials that are configured for a project; ``untrusted``: an outsider's preview gets them too."""

    username: str
    password: str = field(repr=False)
    untrusted: bool = False


@dataclass(frozen=True)
class Access:
    """What an update may use: configured logins by host, and the hosts of the user's own Docker login."""

    configured: Mapping[str, Login] = field(default_factory=dict)
    by_file: frozenset[str] = frozenset()
    by_variable: frozenset[str] = frozenset()
    own: bool = False
    """Whether Docker's own configuration, logins and proxies alike, may be used at all."""


def access(configured: Mapping[str, Login], environ: Mapping[str, str], *, untrusted: bool = False) -> Access:
    """All that is there; for an outsider's preview only what is configured for outsiders."""
    if untrusted:
        return Access({host: login for host, login in configured.items() if login.untrusted})
    variable = frozenset(map(host_of, _variable(environ)))
    return Access(configured, _hosts(_document(folder(environ))), variable, own=True)


def folder(environ: Mapping[str, str]) -> Path:
    """Docker's configuration folder of the user."""
    return Path(environ.get(FOLDER) or Path(environ.get("HOME") or Path.home()) / ".docker")


def is_configured(environ: Mapping[str, str]) -> bool:
    """Whether there is a configuration of the user's."""
    return (folder(environ) / _FILE).is_file()


def write_empty(empty: Path) -> Path:
    """Makes ``empty`` a folder with a configuration that says nothing."""
    empty.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not (empty / _FILE).exists():
        (empty / _FILE).write_text("{}\n", encoding="utf-8")
    return empty


def environment(found: Access, environ: Mapping[str, str], empty: Path) -> dict[str, str]:
    """What the plugin's builder has to find in its environment.

    ``empty`` is a folder to use where the user's has no configuration, since the provider fails without it,
    and where nothing of the user's may be used. The two last variables would pass for every registry's login.
    """
    write_empty(empty)
    auths = _variable(environ) if found.by_variable else {}
    auths |= {HUB_LOGIN if host == HUB else host: _auth(login) for host, login in found.configured.items()}
    return {
        FOLDER: str(folder(environ) if found.own and is_configured(environ) else empty),
        VARIABLE: json.dumps({"auths": auths}) if auths else "",
        "DOCKER_REGISTRY_USER": "",
        "DOCKER_REGISTRY_PASS": "",
    }


def logins(stored: Mapping[str, Any]) -> dict[str, Login]:
    """Configured logins by host, from the map that the configuration keeps."""
    return {
        host: Login(
            str(entry.get("username", "")), settext.unquoted(entry["password"]), bool(entry.get(OPEN))
        )
        for host, entry in stored.items()
        if isinstance(entry, Mapping) and "password" in entry
    }


def _auth(login: Login) -> dict[str, str]:
    return {"auth": base64.b64encode(f"{login.username}:{login.password}".encode()).decode()}


def _hosts(config: Mapping[str, Any]) -> frozenset[str]:
    """An entry without credentials says that a store has them; a token is no use to the provider."""
    store, auths = bool(config.get("credsStore")), config.get("auths") or {}
    known = {host_of(host) for host, entry in auths.items() if _usable(entry or {}, store)}
    return frozenset(known | set(map(host_of, config.get("credHelpers") or {})))


def _usable(entry: Mapping[str, Any], store: bool) -> bool:
    if entry.get("identitytoken"):
        return False
    return store or bool(entry.get("auth") or entry.get("username"))


def _variable(environ: Mapping[str, str]) -> dict[str, Any]:
    try:
        document = json.loads(environ.get(VARIABLE) or "{}")
    except ValueError:
        raise UsageError(f"{VARIABLE} is no JSON document", "unset it, or mend it") from None
    return dict(document.get("auths") or {})


def _document(where: Path) -> dict[str, Any]:
    path = where / _FILE
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} cannot be read: {error}", "mend it, or log in again") from None
    return document if isinstance(document, dict) else {}

"""Who may enter a preview: public, basic auth or an IP allow-list, and a token by which CI passes.

The rules are part of the preview's own router, so that they hold on whatever way a request comes, and a
change of one project's touches no other. The values (bcrypt hashes, the token) are files of the router's
container, which Caddy reads by their placeholders: its configuration has none of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_network

_FOLDER = "/etc/caddy/access"

TOKEN = "token"
USER_PREFIX = "user."
"""Names of the secrets: ``token``, and ``user.alice`` for the hash of a user's password."""

BYPASS_HEADER = "X-Galley-Bypass"
BYPASS_COOKIE = "galley-bypass"
REALM = "preview"
USER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")
HASH = re.compile(r"\$2[aby]\$[0-9]{2}\$[./A-Za-z0-9]{53}")
"""A bcrypt hash, as ``htpasswd -B`` and Caddy write it."""

_LONG_ENOUGH = "{16,}"
"""A token is longer. It must be there at all: Caddy takes a file that cannot be read for an empty text."""

_PASSED = "galley_passed"


class Access(StrEnum):
    """Who may enter."""

    PUBLIC = "public"
    BASIC = "basic"
    ALLOWLIST = "allowlist"


@dataclass(frozen=True)
class Guard:
    """A preview's rules. ``users`` are names, ``allowed`` networks; ``token``: whether there is one."""

    access: Access = Access.PUBLIC
    users: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()
    token: bool = False

    @property
    def secrets(self) -> tuple[str, ...]:
        """The names of the secrets that the router needs."""
        if self.access is Access.PUBLIC:
            return ()
        users = self.users if self.access is Access.BASIC else ()
        return (*(f"{USER_PREFIX}{user}" for user in users), *((TOKEN,) if self.token else ()))


def read_access(text: str) -> Access | None:
    """The setting ``access``; None when it is none."""
    return Access(text) if text in tuple(Access) else None


def read_allowed(text: str) -> tuple[str, ...] | None:
    """Addresses and networks, separated by commas, in canonical form; None when one of them is none."""
    try:
        found = {str(ip_network(part.strip())) for part in text.split(",")}
    except ValueError:
        return None
    return tuple(sorted(found))


def users_of(secrets: frozenset[str]) -> tuple[str, ...]:
    """The users among the names of secrets."""
    return tuple(sorted(n.removeprefix(USER_PREFIX) for n in secrets if n.startswith(USER_PREFIX)))


def path(secret: str) -> str:
    """The file in the router's container that holds a secret."""
    return f"{_FOLDER}/{secret}.txt"


def caddy_routes(guard: Guard) -> list[dict[str, object]]:
    """The routes that come before all others; none for a preview that is public.

    What opens the door is taken out of the request, so that no application gets to see it.
    """
    if guard.access is Access.PUBLIC:
        return []
    rule: dict[str, object] = {"match": [{"not": _exempt(guard)}], "handle": _demand(guard)}
    if not guard.token:
        return [rule]
    return [{"match": _bypass(), "handle": [_forget_token(), _set_passed()]}, rule]


def _exempt(guard: Guard) -> list[dict[str, object]]:
    """Requests that the rule is not for."""
    passed: dict[str, object] = {"vars": {_PASSED: ["yes"]}}
    if guard.access is Access.ALLOWLIST:
        return [passed, {"client_ip": {"ranges": list(guard.allowed)}}]
    return [passed]


def _demand(guard: Guard) -> list[dict[str, object]]:
    if guard.access is Access.ALLOWLIST:
        return [{"handler": "static_response", "status_code": 403, "body": "Not from this address.\n"}]
    accounts = [{"username": user, "password": _file(f"{USER_PREFIX}{user}")} for user in guard.users]
    basic = {"accounts": accounts, "hash": {"algorithm": "bcrypt"}, "hash_cache": {}, "realm": REALM}
    return [
        {"handler": "authentication", "providers": {"http_basic": basic}},
        {"handler": "headers", "request": {"delete": ["Authorization"]}},
    ]


def _bypass() -> list[dict[str, object]]:
    """The token in a header or in a cookie."""
    header, cookie = f"^.{_LONG_ENOUGH}$", f"{BYPASS_COOKIE}=[^;]{_LONG_ENOUGH}"
    return [
        {
            "header_regexp": {BYPASS_HEADER: {"pattern": header}},
            "vars": {f"{{http.request.header.{BYPASS_HEADER}}}": [_file(TOKEN)]},
        },
        {
            "header_regexp": {"Cookie": {"pattern": cookie}},
            "vars": {f"{{http.request.cookie.{BYPASS_COOKIE}}}": [_file(TOKEN)]},
        },
    ]


def _forget_token() -> dict[str, object]:
    cut = {"search_regexp": f"{BYPASS_COOKIE}=[^;]*(; )?", "replace": ""}
    return {"handler": "headers", "request": {"delete": [BYPASS_HEADER], "replace": {"Cookie": [cut]}}}


def _set_passed() -> dict[str, object]:
    return {"handler": "vars", _PASSED: "yes"}


def _file(secret: str) -> str:
    return f"{{file.{path(secret)}}}"

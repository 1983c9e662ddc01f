"""What a runner says of its event: in variables and a file, or outright by options."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from pathlib import Path

from galley_iac.errors import UsageError
from galley_iac.forge import gitlab, payload
from galley_iac.forge.events import read as read_event
from galley_iac.forge.model import Event, ForgeKind

TOKEN = "GALLEY_FORGE_TOKEN"
_OWN_TOKENS = {
    ForgeKind.GITHUB: ("GITHUB_TOKEN",),
    ForgeKind.GITEA: ("FORGEJO_TOKEN", "GITEA_TOKEN", "GITHUB_TOKEN"),
    ForgeKind.GITLAB: ("GITLAB_TOKEN",),
}
_GITEA_API = "/api/v1"
_YES = "true"


@dataclass(frozen=True)
class Trigger:
    """An event and where it came from."""

    kind: ForgeKind
    api: str
    event: Event
    token: str = field(default="", repr=False)


def read(args: argparse.Namespace, variables: MutableMapping[str, str]) -> Trigger:
    """The event that this job runs for. Raises UsageError with what is missing.

    The token is taken out of ``variables``: nothing that is started later has any use for it.
    """
    kind = _kind(args.forge, variables)
    event = _event(args, kind, variables)
    _same_repository(event, variables)
    return Trigger(kind, _api(args.api, kind, variables), event, _token(kind, variables))


def _kind(asked: str | None, variables: Mapping[str, str]) -> ForgeKind:
    if asked:
        return ForgeKind(asked)
    if variables.get("GITLAB_CI") == _YES:
        return ForgeKind.GITLAB
    if _YES in (variables.get("GITEA_ACTIONS"), variables.get("FORGEJO_ACTIONS")):
        return ForgeKind.GITEA
    if variables.get("GITHUB_ACTIONS") == _YES:
        is_gitea = variables.get("GITHUB_API_URL", "").rstrip("/").endswith(_GITEA_API)
        return ForgeKind.GITEA if is_gitea else ForgeKind.GITHUB
    raise UsageError(
        "this is no runner of a forge that is known", "say whose event it is: --forge github|gitea|gitlab"
    )


def _event(args: argparse.Namespace, kind: ForgeKind, variables: Mapping[str, str]) -> Event:
    """A payload that is named wins over the runner's, and a payload over variables."""
    if kind is ForgeKind.GITLAB:
        file = args.payload or variables.get("TRIGGER_PAYLOAD", "")
        return read_event(kind, "", _payload(file)) if file else gitlab.from_variables(variables)
    name = args.event or variables.get("GITHUB_EVENT_NAME", "")
    file = args.payload or variables.get("GITHUB_EVENT_PATH", "")
    if not name or not file:
        raise UsageError("no event was given", "name it: --event NAME --payload FILE")
    return read_event(kind, name, _payload(file))


def _payload(file: str) -> dict[str, object]:
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"the event's payload cannot be read: {error}", "check --payload") from None
    return payload.parse(text)


def _same_repository(event: Event, variables: Mapping[str, str]) -> None:
    """A payload from elsewhere must not bring up what is checked out here."""
    own = variables.get("GITHUB_REPOSITORY") or variables.get("CI_PROJECT_PATH") or ""
    if event.repository and own and event.repository.casefold() != own.casefold():
        raise UsageError(
            f"the event is of {event.repository}, and this job of {own}", "hand over an event of this one"
        )


def _api(asked: str, kind: ForgeKind, variables: Mapping[str, str]) -> str:
    name = "CI_API_V4_URL" if kind is ForgeKind.GITLAB else "GITHUB_API_URL"
    found = asked or variables.get(name, "")
    if not found.startswith(("https://", "http://")):
        raise UsageError("the address of the forge's API is not known", "give it: --api https://...")
    return found


def _token(kind: ForgeKind, variables: MutableMapping[str, str]) -> str:
    names = (TOKEN, *_OWN_TOKENS[kind])
    given = [variables.pop(name, "").strip() for name in names]
    found = next((token for token in given if token), "")
    if not found:
        raise UsageError(
            f"no token for the forge was given in {' or '.join(names)}",
            "docs/ci.md says what it has to be allowed",
        )
    return found

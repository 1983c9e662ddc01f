"""From what was asked for to a plan: the one way that the Pulumi program and every command take."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from galley_iac.plan.identity import Identity
from galley_iac.plan.model import Plan
from galley_iac.plan.planner import make_plan
from galley_iac.plan.preview import Preview
from galley_iac.plan.settings import Settings, make_settings
from galley_iac.source.contexts import contexts_of
from galley_iac.source.find import Source, read
from galley_iac.source.repository import origin_of

_PULL_REQUEST_STACK = re.compile(r"pr-([0-9]+)$")


@dataclass(frozen=True)
class Request:
    """What a preview is asked for with; every empty field has a default that follows from the repository.

    What is the preview's own wins over what is its project's. Settings are texts; of secrets there are
    only the names.
    """

    manifest: Path
    branch: str = ""
    pull_request: int | None = None
    project: str = ""
    engine: str | None = None
    strict: bool = False
    profiles: tuple[str, ...] = ()
    untrusted: bool = False
    rebuild: bool = False
    """Build every image anew, though its content is known. It is of this one update and not kept."""
    own_settings: Mapping[str, str] = field(default_factory=dict)
    project_settings: Mapping[str, str] = field(default_factory=dict)
    own_variables: Mapping[str, str] = field(default_factory=dict)
    project_variables: Mapping[str, str] = field(default_factory=dict)
    secrets: frozenset[str] = frozenset()
    access: frozenset[str] = frozenset()
    """Names of what opens the project's previews: users, a token."""


@dataclass(frozen=True)
class Prepared:
    """The plan, and what it was made from."""

    request: Request
    source: Source
    settings: Settings
    plan: Plan


def prepare(request: Request) -> Prepared:
    """Reads the manifest and its build contexts and makes the plan. Raises InputError or UsageError."""
    source = read(request.manifest, strict=request.strict, profiles=request.profiles)
    settings = _settings(request)
    preview = Preview(identity_for(request, source.root), settings.address)
    plan = make_plan(source.manifest, preview, contexts_of(source), settings)
    return Prepared(request, source, settings, plan)


def identity_for(request: Request, root: Path) -> Identity:
    """The identity of a preview of the repository at ``root``; the project is the repository's name unless
    set.
    """
    origin = origin_of(root)
    return Identity(
        project=request.project or origin.repository or root.name,
        branch=request.branch,
        pull_request=request.pull_request,
        forge=origin.forge,
        owner=origin.owner,
        repository=origin.repository,
    )


def identity_from_stack(stack: str) -> tuple[str, int | None]:
    """(branch, pull request) of a stack that was created by hand and configured with neither."""
    match = _PULL_REQUEST_STACK.match(stack)
    return ("", int(match[1])) if match else (stack, None)


def _settings(request: Request) -> Settings:
    variables = {**request.project_variables, **request.own_variables}
    texts = {**request.project_settings, **request.own_settings}
    made = make_settings(texts, variables, request.secrets, request.access)
    return replace(made, untrusted=request.untrusted)

"""From what was asked for to a plan: the one way that the Pulumi program and every command take."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from galley_iac.engine.free import DEFAULT_POOL
from galley_iac.plan.identity import Identity
from galley_iac.plan.model import Plan
from galley_iac.plan.planner import make_plan
from galley_iac.plan.preview import Address, Layout, Preview, behind_edge
from galley_iac.plan.settings import Settings
from galley_iac.source.contexts import contexts_of
from galley_iac.source.find import Source, read
from galley_iac.source.repository import origin_of

_PULL_REQUEST_STACK = re.compile(r"pr-([0-9]+)$")


@dataclass(frozen=True)
class Request:
    """What a preview is asked for with; every empty field has a default that follows from the repository.

    ``own_variables`` are the preview's, and win over ``project_variables``. ``secrets`` are names.
    """

    manifest: Path
    branch: str = ""
    pull_request: int | None = None
    project: str = ""
    domain: str = ""
    layout: Layout | None = None
    engine: str | None = None
    subnet_pool: str = DEFAULT_POOL
    strict: bool = False
    profiles: tuple[str, ...] = ()
    untrusted: bool = False
    own_variables: Mapping[str, str] = field(default_factory=dict)
    project_variables: Mapping[str, str] = field(default_factory=dict)
    secrets: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Prepared:
    """The plan, and the source that it was made from."""

    request: Request
    source: Source
    plan: Plan


def prepare(request: Request) -> Prepared:
    """Reads the manifest and its build contexts and makes the plan. Raises InputError or UsageError."""
    source = read(request.manifest, strict=request.strict, profiles=request.profiles)
    preview = Preview(identity_for(request, source.root), _address(request))
    plan = make_plan(source.manifest, preview, contexts_of(source), _settings(request))
    return Prepared(request, source, plan)


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


def _address(request: Request) -> Address:
    if not request.domain or request.domain == "localhost":
        return Address()
    return behind_edge(request.domain, request.layout or Layout.FLAT)


def _settings(request: Request) -> Settings:
    variables = {**request.project_variables, **request.own_variables}
    return Settings(variables=variables, secrets=request.secrets)

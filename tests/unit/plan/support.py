"""A plan from a few lines of YAML, with contexts that need no files."""

from __future__ import annotations

import hashlib
import textwrap
from collections.abc import Mapping
from pathlib import Path

from galley_iac.manifest import parse
from galley_iac.manifest.models import Manifest
from galley_iac.plan.identity import Identity
from galley_iac.plan.images import Context
from galley_iac.plan.model import Container, Plan
from galley_iac.plan.planner import make_plan
from galley_iac.plan.preview import Address, Preview
from galley_iac.plan.settings import Settings

EXAMPLES = Path(__file__).parents[3] / "examples"

MAIN = Identity("shop", branch="main", forge="git.example", owner="acme", repository="shop")

STACK = """\
version: 1
services:
  web:
    kind: web
    build: {path: ./web, args: {API: "${GALLEY_PREVIEW_HOST_api}"}}
    expose: 3000
    depends_on: [api]
  api:
    kind: api
    build: {path: ./api, target: run}
    expose: 8000
    depends_on: [db, migrate]
    env: {TOKEN: "${TOKEN}", URL: "${GALLEY_PREVIEW_URL_api}", LEVEL: info}
    health: {path: /healthz, status: 204, timeout: 45s}
    resources: {cpus: "0.5", memory: 256m}
  migrate:
    kind: worker
    restart: never
    build: {path: ./api, target: run, start: "alembic upgrade head"}
    depends_on: [db]
  db:
    kind: database
    image: postgres:16-alpine
    ephemeral: true
"""
"""Every part of a plan at once: routes, a job, a probe, a volume, a secret, an open port."""

SECRETS = Settings(secrets=frozenset({"TOKEN"}))


def services(text: str) -> Manifest:
    """A manifest with these services, indented as one likes."""
    body = textwrap.indent(textwrap.dedent(text).strip(), "  ")
    return parse(f"version: 1\nservices:\n{body}\n", "galley.yaml").manifest


def contexts(manifest: Manifest, digests: Mapping[str, str] | None = None) -> dict[str, Context]:
    """A context for every build; its digest follows from its path unless given by path."""
    given = digests or {}
    return {
        service.name: Context(service.build.path, given.get(service.build.path) or digest(service.build.path))
        for service in manifest.services.values()
        if service.build
    }


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def plan(
    manifest: Manifest,
    identity: Identity = MAIN,
    address: Address | None = None,
    settings: Settings | None = None,
    digests: Mapping[str, str] | None = None,
) -> Plan:
    """The plan of one preview of the manifest."""
    preview = Preview(identity, address or Address())
    return make_plan(manifest, preview, contexts(manifest, digests), settings or Settings())


def container(text: str, name: str) -> Container:
    """One container of the plan of these services."""
    return plan(services(text)).container(name)


def whole_plan() -> Plan:
    """The plan of STACK."""
    return plan(parse(STACK, "galley.yaml").manifest, settings=SECRETS)

"""The manifest that both targets are given, and what is changed in it."""

from __future__ import annotations

DOCKER, CLUSTER = TARGETS = ("docker", "kubernetes")
SECRET = "s3cr3t-of-both"
MEMORY = 128 * 1024 * 1024

_TEXT = """
    version: 1
    services:
      web:
        kind: web
        build: {path: ./}
        expose: 8000
        depends_on: [db, job]
        env: {LEVEL: "%(level)s", KEY: "${KEY}", HOST: "${GALLEY_PREVIEW_HOST_web}", DOLLAR: "$$HOME"}
        health: {path: /status/302, status: %(status)s, timeout: 20s}
        resources: {memory: 128m}
      worker: {kind: worker, build: {path: ./}}
      job: {kind: worker, restart: never, build: {path: ./, start: "echo once"}, depends_on: [db]}
      db: {kind: cache, image: "redis:7-alpine", expose: 6379}
      scratch: {kind: cache, image: "redis:7-alpine", expose: 6379, ephemeral: true}
"""
RESTARTED_ON_FAILURE = """
    version: 1
    services:
      w: {kind: worker, image: "redis:7-alpine", restart: on-failure}
"""


def text(level: str = "one", status: int = 302) -> str:
    """galley.yaml; the web answers its health check with 302 whatever is asked for."""
    return _TEXT % {"level": level, "status": status}

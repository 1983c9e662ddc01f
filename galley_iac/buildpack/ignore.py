"""What no image needs, whatever .dockerignore says or forgets."""

from __future__ import annotations

DEFAULTS = (
    # Repositories and what only people and forges read. A changed manifest must not make another image.
    *("**/.git", "**/.hg", "**/.svn", ".github", ".gitlab-ci.yml", ".dockerignore"),
    *(
        "galley.yaml",
        "galley.yml",
        "compose.yaml",
        "compose.yml",
        "docker-compose.yaml",
        "docker-compose.yml",
    ),
    # Secrets of the developer's machine; a committed .env.production stays, since front ends are built with
    # it.
    *("**/.env", "**/.env.local", "**/.env.*.local"),
    # Installed or compiled on the developer's machine, for that machine.
    *("**/.venv", "**/venv", "**/node_modules", "**/__pycache__", "**/*.py[co]", "**/.next", "**/.nuxt"),
    *("**/.mypy_cache", "**/.pytest_cache", "**/.ruff_cache", "**/.tox", "**/.nox", "**/.DS_Store"),
)
"""Patterns of .dockerignore; the context's own come after them, so that ``!name`` brings back what it
needs.
"""

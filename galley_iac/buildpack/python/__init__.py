"""Python: requirements.txt, or pyproject.toml with uv, Poetry or pip."""

from __future__ import annotations

from galley_iac.buildpack.python.project import recognises
from galley_iac.buildpack.python.render import application

__all__ = ["application", "recognises"]

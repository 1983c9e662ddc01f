"""A build context without a Dockerfile → the Dockerfile that fits it, or what stands in the way.

Pure: the context is seen through :class:`Files`, nothing is run and nothing written. What is looked at, in
which order, and why: docs/builds.md.
"""

from __future__ import annotations

from galley_iac.buildpack.application import Application, Ask, Refusal, Start, UnbuildableError
from galley_iac.buildpack.detect import MARKERS, detect
from galley_iac.buildpack.files import Files
from galley_iac.buildpack.ignore import DEFAULTS

__all__ = [
    "DEFAULTS",
    "MARKERS",
    "Application",
    "Ask",
    "Files",
    "Refusal",
    "Start",
    "UnbuildableError",
    "detect",
]

"""The labels and annotations by which this project's objects are known on a cluster.

They are those of the Docker engine, as far as a label can hold them: 63 characters, none of them a slash.
What it cannot hold, and nobody selects by, is an annotation.
"""

from __future__ import annotations

import re

from galley_iac.engine.labels import (
    BRANCH,
    IDENTITY,
    IMAGE,
    KIND,
    PREVIEW,
    PROJECT,
    PULL_REQUEST,
    ROLE,
    ROLE_JOB,
    ROLE_PROBE,
    ROLE_SERVICE,
    ROLE_VOLUME,
    SERVICE,
    URLS,
)
from galley_iac.plan.identity import safe_name
from galley_iac.plan.model import BuiltImage, Image, Plan

ROLE_NAMESPACE = "namespace"
ROLE_ENVIRONMENT = "environment"
ROLE_ACCESS = "access"
ROLE_ROUTE = "route"
ROLE_POLICY = "policy"

USER = "galley.user"
"""Annotation of a workload: its image's user, for an update by an engine that does not have the image."""

DEPLOY = "galley.deploy"
"""Annotation of pods that are new with every deploy."""

_LONGEST = 63
_VALUE = re.compile(r"[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?")

__all__ = [
    "BRANCH",
    "DEPLOY",
    "IDENTITY",
    "IMAGE",
    "KIND",
    "PREVIEW",
    "PROJECT",
    "PULL_REQUEST",
    "ROLE",
    "ROLE_ACCESS",
    "ROLE_ENVIRONMENT",
    "ROLE_JOB",
    "ROLE_NAMESPACE",
    "ROLE_POLICY",
    "ROLE_PROBE",
    "ROLE_ROUTE",
    "ROLE_SERVICE",
    "ROLE_VOLUME",
    "SERVICE",
    "URLS",
    "USER",
    "name_of",
    "of",
    "value",
]


def of(plan: Plan, service: str, role: str) -> dict[str, str]:
    """An object's labels, without empty ones."""
    own = {**plan.labels, SERVICE: service, ROLE: role}
    return {key: value(text) for key, text in sorted(own.items()) if text}


def name_of(image: Image) -> str:
    """What people know an image by: the tag of a built one, the reference of a pulled one."""
    return image.tag if isinstance(image, BuiltImage) else image.reference


def value(text: str) -> str:
    """The text as a label's value: itself where that can be, else made fit, with a hash."""
    if len(text) <= _LONGEST and _VALUE.fullmatch(text):
        return text
    return safe_name(text, text, limit=_LONGEST)

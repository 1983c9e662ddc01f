"""What a compose service is for: by its image's name, its ports, and how others wait for it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from galley_iac.manifest.known_images import KnownImage
from galley_iac.manifest.models import Kind

_API = re.compile(r"(?:^|-)(?:api|backend|server|graphql|rest|rpc)(?:-|[0-9]*$)")


@dataclass(frozen=True)
class Evidence:
    """What is known of a service. ``explicit_never``: its file says that it is not started again."""

    name: str
    is_built: bool
    image: KnownImage | None
    has_port: bool
    is_published: bool
    is_awaited_to_end: bool
    is_awaited_to_run: bool
    explicit_never: bool


def is_job(found: Evidence) -> bool:
    """A one-shot job: something waits for its end, or it is never restarted and nothing shows that it
    serves.
    """
    serves = found.has_port or found.is_awaited_to_run or found.image is not None
    return found.is_awaited_to_end or (found.explicit_never and not serves)


def kind(found: Evidence) -> Kind:
    """The kind. A published port makes an api when the name says so, else a web.

    A service that is never restarted and is no job is no worker either: both together would make it one.
    """
    if is_job(found):
        return Kind.WORKER
    if found.image is not None:
        return found.image.kind
    if found.is_published:
        return Kind.API if _API.search(found.name) else Kind.WEB
    return Kind.WORKER if found.is_built and not found.has_port and not found.explicit_never else Kind.OTHER

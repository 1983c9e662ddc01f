"""Who a preview belongs to, and the one name that follows from it.

The name has to serve as a DNS label, a Docker object's name, a Kubernetes namespace and a Pulumi stack name,
and two branches must never share one (``feature/x`` and ``feature-x``).
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

MAX_NAME = 40
"""So that ``<service>--<preview>`` still leaves a service 21 of a DNS label's 63 characters."""

HASH_LENGTH = 5
_ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz"
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_PULL_REQUEST_LIKE = re.compile(r"pr-[0-9]+(-|$)")


@dataclass(frozen=True)
class Identity:
    """A preview's full identity: the project and either a branch or a pull request of it.

    ``forge``, ``owner`` and ``repository`` are empty where there is no remote.
    """

    project: str
    branch: str = ""
    pull_request: int | None = None
    forge: str = ""
    owner: str = ""
    repository: str = ""

    def __post_init__(self) -> None:
        if not self.branch and self.pull_request is None:
            raise ValueError("a preview needs a branch or a pull request")

    def key(self) -> str:
        """What distinguishes it from every other preview: equal keys are the same preview.

        A pull request's branch is not part of it, since a branch can be renamed.
        """
        what = f"pr:{self.pull_request}" if self.pull_request is not None else f"branch:{self.branch}"
        return "\n".join((self.forge, self.owner, self.repository, self.project, what))

    def digest(self) -> str:
        """A short fingerprint of :meth:`key`, fit for a label."""
        return hashlib.sha256(self.key().encode("utf-8", "surrogatepass")).hexdigest()[:16]

    def describe(self) -> str:
        """For messages: ``branch main of acme/shop``."""
        what = (
            f"pull request {self.pull_request}" if self.pull_request is not None else f"branch {self.branch}"
        )
        home = "/".join(part for part in (self.forge, self.owner, self.repository) if part)
        return f"{what} of {home or self.project}"


def preview_name(identity: Identity) -> str:
    """``pr-<n>-<project>`` or ``<branch>-<project>``, with a hash wherever that alone could be ambiguous."""
    if identity.pull_request is not None:
        wanted = f"pr-{identity.pull_request}-{identity.project}"
        return safe_name(wanted, wanted)
    wanted = f"{identity.branch}-{identity.project}"
    source = f"{identity.branch}\n{identity.project}"
    return safe_name(wanted, source, force_hash=bool(_PULL_REQUEST_LIKE.match(identity.branch)))


def is_name(text: str) -> bool:
    """Whether the text could be a preview's name."""
    return len(text) <= MAX_NAME and bool(_NAME.fullmatch(text))


def safe_name(wanted: str, source: str, *, limit: int = MAX_NAME, force_hash: bool = False) -> str:
    """``wanted`` as a DNS label of at most ``limit`` characters without ``--``.

    Where anything had to be changed or cut (or ``force_hash``), it ends with a hash of ``source``.
    """
    safe = re.sub(r"[^a-z0-9]+", "-", wanted.lower()).strip("-")
    if safe and safe == wanted and len(safe) <= limit and not force_hash:
        return safe
    head = safe[: limit - HASH_LENGTH - 1].strip("-")
    return f"{head}-{short_hash(source)}".lstrip("-")


def short_hash(source: str) -> str:
    """Five characters of ``0-9a-z`` that follow from ``source``."""
    number = int.from_bytes(hashlib.sha256(source.encode("utf-8", "surrogatepass")).digest()[:8], "big")
    digits = []
    for _ in range(HASH_LENGTH):
        number, digit = divmod(number, len(_ALPHABET))
        digits.append(_ALPHABET[digit])
    return "".join(digits)

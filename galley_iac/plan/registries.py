"""Which registry an image comes from."""

from __future__ import annotations

_HUB = ("docker", "io")
"""In parts: no package registry is named by its host anywhere in this project."""

HUB = ".".join(("registry-1", *_HUB))
"""What the provider calls the registry of images that name none."""

HUB_LOGIN = f"https://{'.'.join(('index', *_HUB))}/v1/"
"""What Docker's own client calls it."""

_HUB_NAMES = frozenset(
    {HUB, ".".join(_HUB), ".".join(("index", *_HUB)), ".".join(("registry", "hub", *_HUB))}
)


def registry_of(reference: str) -> str:
    """The host of an image's registry, with its port where it has one: Docker's own rule."""
    first, slash, _ = reference.partition("/")
    named = bool(slash) and (first == "localhost" or "." in first or ":" in first)
    return host_of(first) if named else HUB


def host_of(address: str) -> str:
    """A registry's host, however it is written: with a scheme, with a path, by one of the Hub's names."""
    host = address.partition("://")[2] or address
    host = host.partition("/")[0].lower()
    return HUB if host in _HUB_NAMES else host

"""Which registry an image comes from."""

from __future__ import annotations

import pytest

from galley_iac.plan.registries import HUB, HUB_LOGIN, host_of, registry_of


@pytest.mark.parametrize(
    ("reference", "host"),
    [
        ("redis", HUB),
        ("redis:7-alpine", HUB),
        ("team/app:1", HUB),
        ("a/b/c", HUB),
        ("localhost/app", "localhost"),
        ("localhost:5000/app", "localhost:5000"),
        ("127.0.0.1:5000/team/app:1", "127.0.0.1:5000"),
        ("registry.example.com/app@sha256:" + "0" * 64, "registry.example.com"),
        ("Registry.Example.com/app", "registry.example.com"),
    ],
)
def test_registry_of_an_image(reference: str, host: str) -> None:
    assert registry_of(reference) == host


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("registry.example.com", "registry.example.com"),
        ("https://registry.example.com", "registry.example.com"),
        ("http://127.0.0.1:5000/v2/", "127.0.0.1:5000"),
        (HUB_LOGIN, HUB),
        (HUB, HUB),
    ],
)
def test_host_of_an_address(address: str, host: str) -> None:
    assert host_of(address) == host

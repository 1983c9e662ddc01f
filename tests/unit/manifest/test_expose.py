from __future__ import annotations

import pytest

from tests.unit.manifest.support import problem, service


@pytest.mark.parametrize(("written", "port"), [("1", 1), ("8000", 8000), ("65535", 65535), ('"80"', 80)])
def test_ports(written: str, port: int) -> None:
    assert service("api", "8000", written).expose == port


def test_absent() -> None:
    assert service("worker").expose is None


@pytest.mark.parametrize(
    "written", ["0", "65536", "-1", "1.5", "80:80", "http", "8_000", "0x50", "9999999999999999999999"]
)
def test_bad_ports(written: str) -> None:
    assert problem("8000", written) == (
        f"galley.yaml:6:13: services.api.expose: `{written}` is not a port from 1 to 65535\n"
        "    write the port the service listens on, such as `8000`"
    )


def test_list() -> None:
    assert problem("8000", "[8000]") == (
        "galley.yaml:6:5: services.api.expose: must be one port, not a list\n"
        "    write the one port that the service listens on, such as `expose: 8000`"
    )


def test_no_value() -> None:
    assert problem("expose: 8000", "expose:") == (
        "galley.yaml:6:5: services.api.expose: has no value\n"
        "    write a port, such as `8000`, or remove the key"
    )

"""What the host itself uses: its routes as Linux writes them, and its ports."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from galley_iac.engine import host

TABLE = """\
Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
eth0\t00000000\t0100A8C0\t0003\t0\t0\t0\t00000000\t0\t0\t0
tun0\t0000D50A\t00000000\t0001\t0\t0\t50\t0000FFFF\t0\t0\t0
eth0\t0000A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
eth0\t0500000A\t0100A8C0\t0007\t0\t0\t0\tFFFFFFFF\t0\t0\t0

broken line
"""


def routes(monkeypatch: pytest.MonkeyPatch, path: Path) -> list[str]:
    monkeypatch.setattr(host, "_ROUTES", path)
    return host.routed_subnets()


def test_a_routing_table(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "route").write_text(TABLE)
    assert routes(monkeypatch, tmp_path / "route") == ["10.213.0.0/16", "192.168.0.0/24", "10.0.0.5/32"]


def test_no_table(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert routes(monkeypatch, tmp_path / "none") == []


def test_only_a_header(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "route").write_text(TABLE.splitlines()[0])
    assert routes(monkeypatch, tmp_path / "route") == []


def test_this_host_s_own_table_can_be_read() -> None:
    assert all("/" in subnet for subnet in host.routed_subnets())


def test_a_port_that_something_listens_on_is_not_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert not host.is_free(port)
    assert host.is_free(port)


def test_a_port_that_is_only_listened_on_for_all_addresses_is_not_free() -> None:
    with socket.create_server(("0.0.0.0", 0)) as server:
        assert not host.is_free(server.getsockname()[1])

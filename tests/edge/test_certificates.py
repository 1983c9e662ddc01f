"""Certificates that others have made: one of the team's own, and an ACME authority's."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.edge.acme import certificate, free_port, pebble
from tests.edge.conftest import DOMAIN, Edge, host
from tests.integration.harness.preview import Preview


@pytest.fixture(scope="module", autouse=True)
def internal_again(edge: Edge) -> Iterator[None]:
    """The edge is shared: at the end it has its own authority again, which is the same."""
    yield
    root = Path(edge.root).read_text()
    edge.up("--tls", "internal")
    assert Path(edge.root).read_text() == root


def test_a_wildcard_certificate_of_one_s_own(edge: Edge, shop: Preview, tmp_path: Path) -> None:
    certificate(tmp_path, "own", f"DNS:*.{DOMAIN}")
    own, key = tmp_path / "own.crt", tmp_path / "own.key"
    edge.up("--tls", "own", "--certificate", str(own), "--key", str(key))
    client = replace(edge.client, root=str(own))
    assert client.ask(host(shop)).status == 200
    assert client.ask(host(shop, "web")).status == 200
    with pytest.raises(ssl.SSLCertVerificationError):
        edge.client.ask(host(shop))
    kept = [path for path in edge.galley.home.rglob("*") if path.is_file()]
    secret = key.read_text().splitlines()[1]
    assert any(str(key) in path.read_text(errors="replace") for path in kept), "the search sees the state"
    assert not [path for path in kept if secret in path.read_text(errors="replace")]


@pytest.mark.parametrize("way", ["http", "https"])
def test_acme_gives_one_to_a_known_host_and_to_no_other(
    edge: Edge, shop: Preview, tmp_path: Path, way: str
) -> None:
    """HTTP-01 and TLS-ALPN-01: the authority finds the edge on one of its ports only."""
    network = edge.engine.client.api.inspect_network(f"galley-edge.{edge.name}")
    subnet = network["IPAM"]["Config"][0]
    gateway = subnet.get("Gateway", "").partition("/")[0] or first_address(subnet["Subnet"])
    nobody = free_port(gateway)
    http, https = (edge.http, nobody) if way == "http" else (nobody, edge.https)
    with pebble(tmp_path / "pebble", gateway, http, https) as authority:
        edge.up("--tls", "acme", "--acme-directory", authority.directory, "--acme-root", authority.own_root)
        client = replace(edge.client, root=authority.issued_root)
        assert client.ask(host(shop)).status == 200
        assert authority.asked_for(host(shop)), "the search sees what was asked for"
        for stranger in (f"stranger.{DOMAIN}", host(shop, "nobody"), "main.other.test"):
            with pytest.raises(ssl.SSLError):
                client.ask(stranger)
            assert not authority.asked_for(stranger)


def first_address(subnet: str) -> str:
    """What Docker gives to the bridge itself."""
    return subnet.partition("/")[0].rpartition(".")[0] + ".1"

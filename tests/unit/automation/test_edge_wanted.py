"""What an edge is asked for: options now, options of earlier, and files in PEM format."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from galley_iac.automation.edge.wanted import remember, wanted, with_earlier
from galley_iac.edge.model import Issuer
from galley_iac.errors import UsageError

DOMAIN = {"domains": ["p.example.com"]}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GALLEY_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def pem(tmp_path: Path) -> str:
    path = tmp_path / "some.pem"
    path.write_text("-----BEGIN CERTIFICATE-----\n")
    return str(path)


def test_what_is_not_given_stays_as_it_was() -> None:
    remember("main", {**DOMAIN, "httpsPort": 8443, "email": None})
    assert with_earlier("main", {"domains": None, "bind": "127.0.0.1"}) == {
        **DOMAIN,
        "httpsPort": 8443,
        "bind": "127.0.0.1",
    }
    assert with_earlier("main", {"httpsPort": 443})["httpsPort"] == 443
    assert with_earlier("other", DOMAIN) == DOMAIN


def test_a_domain_is_enough() -> None:
    edge = wanted("main", DOMAIN).edge
    assert (edge.domains, edge.bind, edge.http_port, edge.https_port) == (
        ("p.example.com",),
        "0.0.0.0",
        80,
        443,
    )
    assert edge.certificates.issuer is Issuer.INTERNAL


def test_a_certificate_of_one_s_own(pem: str) -> None:
    files = wanted("main", {**DOMAIN, "issuer": "own", "certificate": pem, "key": pem}).files
    assert files.certificate == files.key == "-----BEGIN CERTIFICATE-----\n"


def test_a_private_root_is_read_for_acme_alone(pem: str) -> None:
    acme = wanted("main", {**DOMAIN, "issuer": "acme", "acmeRoot": pem})
    assert acme.files.acme_root
    assert acme.edge.certificates.private_root
    assert not wanted("main", {**DOMAIN, "acmeRoot": pem}).files.acme_root


@pytest.mark.parametrize(
    ("name", "options", "said"),
    [
        ("a.b", DOMAIN, "is no edge's name"),
        ("main", {}, "needs a domain"),
        ("main", {"domains": ["not a domain"]}, "is no value of domain"),
        ("main", {**DOMAIN, "issuer": "own"}, "is two files"),
        ("main", {**DOMAIN, "issuer": "own", "certificate": "/none", "key": "/none"}, "cannot be read"),
    ],
)
def test_what_is_wrong(name: str, options: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        wanted(name, options)


def test_a_file_that_is_no_pem(tmp_path: Path) -> None:
    path = tmp_path / "key.der"
    path.write_bytes(b"0\x82\x01")
    for content in (b"0\x82\x01", b"nothing"):
        path.write_bytes(content)
        with pytest.raises(UsageError, match=r"key\.der"):
            wanted("main", {**DOMAIN, "issuer": "own", "certificate": str(path), "key": str(path)})

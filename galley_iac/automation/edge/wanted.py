"""What an edge is asked for: options, what earlier ones said, and the files that they name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from galley_iac.automation.edge.stack import PROJECT, config_file
from galley_iac.edge import names
from galley_iac.edge.model import Certificates, Edge, Issuer
from galley_iac.errors import UsageError
from galley_iac.plan.settings import check
from galley_iac.targets.docker.edge import Files

KEYS = (
    *("domains", "issuer", "certificate", "key", "directory", "email", "acmeRoot", "bind", "httpPort"),
    *("httpsPort", "image"),
)
_PEM = re.compile("-----BEGIN [A-Z ]+-----")


@dataclass(frozen=True)
class Wanted:
    """An edge, and the texts that go into it."""

    edge: Edge
    files: Files


def remember(name: str, options: Mapping[str, Any]) -> None:
    """Keeps the options that were given, beside those of earlier."""
    config_file(name).merge(
        {f"{PROJECT}:{key}": options[key] for key in KEYS if options.get(key) is not None}
    )


def with_earlier(name: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """The options, completed by those that were given before."""
    kept = config_file(name).config()
    earlier = {key: kept[f"{PROJECT}:{key}"] for key in KEYS if f"{PROJECT}:{key}" in kept}
    return {**earlier, **{key: value for key, value in options.items() if value is not None}}


def wanted(name: str, options: Mapping[str, Any]) -> Wanted:
    """Reads and checks everything. Raises UsageError for the first that is wrong."""
    if names.read(name) is None:
        raise UsageError(f"{name!r} is no edge's name", "write lower-case letters, digits and dashes")
    domains = tuple(str(check("domain", domain)) for domain in options.get("domains") or ())
    if not domains:
        raise UsageError("an edge needs a domain", "galley edge up --domain preview.example.com")
    given = {key: options[key] for key in ("bind", "image") if key in options}
    ports = {"http_port": options.get("httpPort", 80), "https_port": options.get("httpsPort", 443)}
    edge = Edge(domains, name, _certificates(options), **given, **ports)
    return Wanted(edge, _files(edge, options))


def _certificates(options: Mapping[str, Any]) -> Certificates:
    return Certificates(
        issuer=Issuer(options.get("issuer", Issuer.INTERNAL)),
        directory=str(options.get("directory", "")),
        email=str(options.get("email", "")),
        private_root=bool(options.get("acmeRoot")),
    )


def _files(edge: Edge, options: Mapping[str, Any]) -> Files:
    if edge.certificates.issuer is Issuer.OWN:
        if not (options.get("certificate") and options.get("key")):
            raise UsageError(
                "a certificate of your own is two files", "--tls own --certificate CHAIN.pem --key KEY.pem"
            )
        return Files(_pem(options["certificate"]), _pem(options["key"]))
    root = options.get("acmeRoot") if edge.certificates.issuer is Issuer.ACME else None
    return Files(acme_root=_pem(root)) if root else Files()


def _pem(name: str) -> str:
    try:
        text = Path(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text"
        raise UsageError(f"{name} cannot be read: {reason}", "name a file in PEM format") from None
    if not _PEM.search(text):
        raise UsageError(f"{name} is no file in PEM format", "it begins with -----BEGIN")
    return text

"""The cluster's certificates, made with openssl: an authority, two servers, and a user who may do all."""

from __future__ import annotations

from pathlib import Path

from galley_iac.toolchain.cluster.config import NODE
from galley_iac.toolchain.cluster.place import API_SERVICE, Place
from galley_iac.toolchain.runner import Runner

_DAYS = 30
_EC = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")


def make(folder: Path, place: Place, runner: Runner) -> None:
    """Writes NAME.crt and NAME.key for ca, api, kubelet and admin. Raises ToolError."""
    folder.mkdir(mode=0o700)
    authority = ("-addext", "keyUsage=critical,keyCertSign,digitalSignature")
    runner.run(
        ["openssl", "req", "-x509", *_EC, *_files(folder, "ca"), "-subj", "/CN=galley-cluster", *authority]
    )
    names = ("kubernetes", "kubernetes.default", "kubernetes.default.svc", "localhost")
    addresses = (place.node, API_SERVICE, "127.0.0.1")
    alternatives = ",".join([*(f"DNS:{name}" for name in names), *(f"IP:{address}" for address in addresses)])
    _signed(folder, "api", "/CN=kube-apiserver", f"subjectAltName={alternatives}", runner)
    _signed(folder, "kubelet", f"/CN={NODE}", f"subjectAltName=DNS:{NODE},IP:{place.node}", runner)
    _signed(folder, "admin", "/O=system:masters/CN=admin", "extendedKeyUsage=clientAuth", runner)


def _signed(folder: Path, name: str, subject: str, extension: str, runner: Runner) -> None:
    authority = ("-CA", str(folder / "ca.crt"), "-CAkey", str(folder / "ca.key"))
    words = ["-subj", subject, "-addext", extension, "-addext", "basicConstraints=critical,CA:FALSE"]
    runner.run(["openssl", "req", "-x509", *_EC, *_files(folder, name), *authority, *words])


def _files(folder: Path, name: str) -> list[str]:
    return ["-days", str(_DAYS), "-out", str(folder / f"{name}.crt"), "-keyout", str(folder / f"{name}.key")]

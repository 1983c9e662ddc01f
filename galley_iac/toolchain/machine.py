"""What a stand-in takes from this machine: certificate authorities, and where package managers look."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from galley_iac.errors import MachineError
from galley_iac.toolchain.runner import Runner, ToolError

_INSIDE = "/etc/ssl/certs/ca-certificates.crt"
_USUAL_BUNDLES = (_INSIDE, "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem")
_PIP_SETTINGS = ("index-url", "extra-index-url", "trusted-host", "timeout", "default-timeout")


def write_settings(folder: Path, runner: Runner, environ: Mapping[str, str] = os.environ) -> None:
    """Writes ca-certificates.crt, pip.conf and npmrc. Raises MachineError where the machine trusts nobody."""
    (folder / "ca-certificates.crt").write_bytes(_bundle(environ).read_bytes())
    (folder / "pip.conf").write_text("\n".join(["[global]", f"cert = {_INSIDE}", *_pip(runner)]) + "\n")
    (folder / "npmrc").write_text("\n".join([f"cafile={_INSIDE}", *_npm(runner)]) + "\n")


def fingerprint(environ: Mapping[str, str] = os.environ, usual: Sequence[str] = _USUAL_BUNDLES) -> str:
    """Changes when the machine trusts other authorities: the stand-ins are then made again."""
    return hashlib.sha256(_bundle(environ, usual).read_bytes()).hexdigest()


def _bundle(environ: Mapping[str, str], usual: Sequence[str] = _USUAL_BUNDLES) -> Path:
    named = environ.get("SSL_CERT_FILE")
    for path in [*([named] if named else []), *usual]:
        if Path(path).is_file():
            return Path(path)
    raise MachineError(
        "no bundle of certificate authorities was found", "install ca-certificates or set SSL_CERT_FILE"
    )


def _pip(runner: Runner) -> list[str]:
    """pip's settings as it prints them, ``global.index-url='...'``; those of variables come last and win."""
    try:
        printed = runner.run(["pip", "config", "list"])
    except ToolError:
        return []
    found = {}
    for line in printed.splitlines():
        name, _, value = line.partition("=")
        setting = name.rpartition(".")[2]
        if setting in _PIP_SETTINGS and not _has_password(value.strip("'")):
            found[setting] = value.strip("'")
    return [f"{name} = {value}" for name, value in sorted(found.items())]


def _npm(runner: Runner) -> list[str]:
    try:
        registry = runner.run(["npm", "config", "get", "registry"]).splitlines()[-1].strip()
    except (ToolError, IndexError):
        return []
    return [] if _has_password(registry) else [f"registry={registry}"]


def _has_password(address: str) -> bool:
    """A password in an address would end in an image's layer, where everyone can read it."""
    return "@" in urlsplit(address).netloc

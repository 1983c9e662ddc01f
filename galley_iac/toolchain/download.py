"""Official archives: fetched from Pulumi's site, checked against the checksums published beside them.

``GALLEY_PULUMI_SITE`` names another address that holds the same files, such as a company's mirror.
The CLI's checksums are SHA-256, the plugins' SHA-1: so they are published. Their length tells them apart.
"""

from __future__ import annotations

import hashlib
import os
import platform
import tarfile
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from pathlib import Path, PurePosixPath
from typing import cast
from urllib.parse import urlsplit

from galley_iac.toolchain.console import Console

SITE = "https://get.pulumi.com/releases"
_ANSWER_TIMEOUT = 5.0
"""Seconds until the site must have answered: where it is out of reach, the build from source begins soon."""
_ALGORITHMS = {40: "sha1", 64: "sha256"}
_BLOCK = 1 << 18


class DownloadError(Exception):
    """The archive cannot be had or is not what was published; the text says which."""


@dataclass(frozen=True)
class Archive:
    """A file of the site and the file that lists its checksum, both relative to the site."""

    path: str
    checksums: str


def cli_archive(version: str, machine: str | None = None, system: str | None = None) -> Archive:
    """The CLI with its language hosts. Raises DownloadError where Pulumi publishes none for the machine."""
    cpu = {"amd64": "x64", "arm64": "arm64"}[_cpu(machine)]
    name = f"pulumi-v{version}-{_system(system)}-{cpu}.tar.gz"
    return Archive(f"sdk/{name}", f"sdk/pulumi-{version}-checksums.txt")


def plugin_archive(name: str, version: str, machine: str | None = None, system: str | None = None) -> Archive:
    """A resource plugin. Raises DownloadError where Pulumi publishes none for the machine."""
    file = f"pulumi-resource-{name}-v{version}-{_system(system)}-{_cpu(machine)}.tar.gz"
    return Archive(f"plugins/{file}", f"plugins/pulumi-{name}_{version}_checksums.txt")


class Site:
    """The download site. Once it did not answer it is not asked again: each attempt costs seconds."""

    def __init__(self, console: Console, environ: Mapping[str, str] = os.environ) -> None:
        self._base = environ.get("GALLEY_PULUMI_SITE", SITE).rstrip("/")
        self._console = console
        self._silent = ""

    @property
    def host(self) -> str:
        """The site's name, for messages."""
        return urlsplit(self._base).netloc

    def unpack(self, archive: Archive, folder: Path) -> None:
        """Puts the archive's files into ``folder``, once its checksum is right. Raises DownloadError."""
        expected = self._checksum(archive)
        packed = folder / ".archive"
        self._save(archive.path, packed)
        actual = _digest(packed, _ALGORITHMS[len(expected)])
        if actual != expected:
            packed.unlink()
            raise DownloadError(
                f"{archive.path} of {self.host} has the checksum {actual}, published is {expected}: refused"
            )
        extract(packed, folder)
        packed.unlink()

    def _checksum(self, archive: Archive) -> str:
        name = PurePosixPath(archive.path).name
        for line in self._read(archive.checksums).splitlines():
            digest, _, file = line.partition(" ")
            if file.strip().lstrip("*").removeprefix("./") == name and len(digest) in _ALGORITHMS:
                return digest.lower()
        raise DownloadError(f"{archive.checksums} of {self.host} has no checksum for {name}")

    def _read(self, path: str) -> str:
        with self._open(path) as response:
            return response.read().decode("ascii", "replace")

    def _save(self, path: str, target: Path) -> None:
        name = PurePosixPath(path).name
        try:
            with self._open(path) as response, target.open("wb") as file:
                size = int(response.headers.get("Content-Length") or 0)
                while block := response.read(_BLOCK):
                    file.write(block)
                    self._console.tick(f"{name}: {file.tell() >> 20} of {size >> 20} MB")
                if size and file.tell() != size:
                    raise DownloadError(f"{name}: only {file.tell()} of {size} bytes arrived")
        except (OSError, HTTPException) as error:
            raise DownloadError(f"{name}: {error}") from None

    def _open(self, path: str) -> HTTPResponse:
        if self._silent:
            raise DownloadError(self._silent)
        try:
            response = urllib.request.urlopen(f"{self._base}/{path}", timeout=_ANSWER_TIMEOUT)
        except urllib.error.HTTPError as error:
            raise DownloadError(f"{self.host} answers {error.code} for {path}") from None
        except (OSError, HTTPException) as error:
            self._silent = f"{self.host} cannot be reached ({getattr(error, 'reason', error)})"
            raise DownloadError(self._silent) from None
        return cast(HTTPResponse, response)


def _cpu(machine: str | None) -> str:
    name = (machine or platform.machine()).lower()
    for cpu, names in {"amd64": ("x86_64", "amd64"), "arm64": ("aarch64", "arm64")}.items():
        if name in names:
            return cpu
    raise DownloadError(f"Pulumi publishes nothing for {name}")


def _system(system: str | None) -> str:
    name = (system or platform.system()).lower()
    if name not in ("linux", "darwin"):
        raise DownloadError(f"Pulumi publishes no archive that is used here for {name}")
    return name


def _digest(path: Path, algorithm: str) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, algorithm).hexdigest()


def extract(packed: Path, folder: Path) -> None:
    """Regular files only, each under the folder: an archive cannot write elsewhere."""
    try:
        with tarfile.open(packed) as archive:
            for member in archive:
                name = PurePosixPath(member.name)
                content = archive.extractfile(member) if member.isfile() else None
                if content is None or name.is_absolute() or ".." in name.parts:
                    continue
                target = folder / name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content.read())
                target.chmod(member.mode & 0o755)
    except tarfile.TarError as error:
        raise DownloadError(f"{packed.name} is not a tar archive: {error}") from None

"""The image of the cluster's own pods: static programs in one layer, in the format of `docker save`."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from collections.abc import Sequence
from pathlib import Path


def write(target: Path, name: str, programs: Sequence[Path]) -> None:
    """Writes the archive; each program lies in the image's root, and the first one is run by default."""
    layer = target.with_name("layer.tar")
    with tarfile.open(layer, "w") as archive:
        for program in programs:
            archive.add(program, program.name, filter=_plain)
    config = {
        "architecture": "amd64",
        "os": "linux",
        "config": {"Entrypoint": [f"/{programs[0].name}"]},
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{_digest(layer)}"]},
    }
    manifest = [{"Config": "config.json", "RepoTags": [name], "Layers": ["layer.tar"]}]
    with tarfile.open(target, "w") as archive:
        for path, content in {"manifest.json": manifest, "config.json": config}.items():
            _add(archive, path, json.dumps(content).encode())
        archive.add(layer, "layer.tar")
    layer.unlink()


def _plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    """The same programs give the same layer, whoever has built them, and when."""
    entry.uid = entry.gid = entry.mtime = 0
    entry.uname = entry.gname = ""
    entry.mode = 0o755
    return entry


def _add(archive: tarfile.TarFile, path: str, content: bytes) -> None:
    entry = tarfile.TarInfo(path)
    entry.size = len(content)
    archive.addfile(entry, io.BytesIO(content))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

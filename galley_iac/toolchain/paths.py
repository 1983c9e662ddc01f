"""Where the tools are kept: ``GALLEY_TOOLS``, else ``galley`` in the user's cache folder."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PACKAGE = Path(__file__).parent
GO_RECIPES = PACKAGE / "go"
IMAGE_RECIPES = PACKAGE / "images"


@dataclass(frozen=True)
class Layout:
    """The folders under one root. Making them is left to who fills them."""

    root: Path
    pulumi_home: Path

    @property
    def lock(self) -> Path:
        """Held while a set-up runs."""
        return self.root / "lock"

    @property
    def pulumi(self) -> Path:
        """The CLI and the language host: ``bin/`` to be run, ``libexec/`` for what the host needs."""
        return self.root / "pulumi"

    @property
    def plugins(self) -> Path:
        """Where Pulumi looks for plugins."""
        return self.pulumi_home / "plugins"

    @property
    def engine(self) -> Path:
        """Data, log and configuration of the Docker engine that the set-up starts."""
        return self.root / "engine"

    @property
    def short_name(self) -> str:
        """Six characters that tell this root from another, for names that must be short."""
        return hashlib.sha256(str(self.root).encode()).hexdigest()[:6]


def layout(environ: Mapping[str, str] = os.environ) -> Layout:
    """The layout that the environment asks for: GALLEY_TOOLS, XDG_CACHE_HOME, HOME, PULUMI_HOME."""
    cache = environ.get("XDG_CACHE_HOME") or Path(environ.get("HOME") or Path.home()) / ".cache"
    root = Path(environ.get("GALLEY_TOOLS") or Path(cache) / "galley").absolute()
    return Layout(root, Path(environ.get("PULUMI_HOME") or root / "pulumi-home").absolute())


def recipe_hash(*folders: Path) -> str:
    """Twelve characters that change with any file under the folders: name, content, executable bit."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            executable = bool(path.stat().st_mode & 0o100)
            digest.update(f"{path.relative_to(folder)}\0{executable}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]

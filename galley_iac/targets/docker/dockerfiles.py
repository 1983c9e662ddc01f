"""Generated Dockerfiles on their way to the builder.

The builder takes a Dockerfile from outside its context, and prefers ``Dockerfile.dockerignore`` beside it
to the context's own .dockerignore (docs/builds.md). So nothing is written into the user's checkout.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from galley_iac.home import generated_build
from galley_iac.plan.model import Generated

NAME = "Dockerfile"
IGNORE = f"{NAME}.dockerignore"


def write(tag: str, generated: Generated) -> Path:
    """Writes both files to the folder of the image's tag; returns the Dockerfile's path."""
    folder = generated_build(tag)
    _replace(folder / IGNORE, generated.dockerignore)
    return _replace(folder / NAME, generated.dockerfile)


def _replace(path: Path, text: str) -> Path:
    """In one step: another update may be building the same image from these files."""
    descriptor, temporary = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    return Path(temporary).replace(path)

"""What building leaves in this home: each image's log, and a generated Dockerfile's folder.

Both are made anew whenever the image is built, so that nothing but a build that runs needs them.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import docker

from galley_iac import home

_NAME = re.compile(r"(?P<repository>galley-[a-z0-9-]+)-(?P<hash>[0-9a-f]{16})(?:\.log)?")
"""As :func:`home.build_log` and :func:`home.generated_build` name them."""


@dataclass(frozen=True)
class Remains:
    """What one build has left. ``size`` in bytes; ``since`` is when it was last written to."""

    tag: str
    repository: str
    size: int
    since: float


def of_gone_images(client: docker.DockerClient) -> list[Remains]:
    """What was left of images that the engine has not, by tag; what is named otherwise is not ours."""
    there = {tag for image in client.api.images() for tag in image["RepoTags"] or ()}
    found: dict[str, list[Path]] = {}
    for path in _folder().iterdir():
        match = _NAME.fullmatch(path.name)
        if match and (tag := f"{match['repository']}:{match['hash']}") not in there:
            found.setdefault(tag, []).extend([path, *path.glob("*")])
    return [_remains(tag, found[tag]) for tag in sorted(found)]


def remove(tag: str) -> None:
    """Removes what the image's build has left; nothing there is no error."""
    shutil.rmtree(_folder() / tag.replace(":", "-"), ignore_errors=True)
    home.build_log(tag).unlink(missing_ok=True)


def _remains(tag: str, paths: Iterable[Path]) -> Remains:
    stats = [path.lstat() for path in paths]
    return Remains(
        tag, tag.rpartition(":")[0], sum(one.st_size for one in stats), max(one.st_mtime for one in stats)
    )


def _folder() -> Path:
    return home.build_log("").parent

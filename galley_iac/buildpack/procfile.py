"""Procfile: start commands that the repository itself declares. ``web`` and ``worker`` are taken."""

from __future__ import annotations

import re
from collections.abc import Iterator

from galley_iac.buildpack.application import Role, Start
from galley_iac.buildpack.files import Files
from galley_iac.manifest.command import CommandError, argv

NAME = "Procfile"
_LINE = re.compile(r"^(web|worker):[ \t]*(\S.*)$", re.MULTILINE)


def starts(files: Files) -> Iterator[Start]:
    """The processes ``web`` and ``worker``."""
    if not files.exists(NAME):
        return
    for process, command in _LINE.findall(files.read(NAME)):
        try:
            words = argv(command.strip())
        except CommandError:
            continue
        yield Start(Role(process), words, f"`{process}` in Procfile")

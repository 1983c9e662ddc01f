"""Instructions of a Dockerfile, safe whatever the texts in them are.

A text that is not ours (a command, a script) goes into a JSON array: there a newline is an escape, so that
it can never begin an instruction of its own, and Docker expands nothing. Paths are only used where
:func:`galley_iac.buildpack.files.is_plain` holds.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterable, Mapping, Sequence

from galley_iac.buildpack.application import Start, default

SHELL = ("/bin/sh", "-c")
CACHED = "# Before the source, so that a push which changes only source reuses these layers."
WHOLE = "# The source is needed to install, so a push installs again."
UID = "10001"
"""No user of the host's or of a base image's."""

_PLAIN_COMMAND = re.compile(r"[A-Za-z0-9./_][A-Za-z0-9 ./_:=@,+-]*")


def render(paragraphs: Iterable[Sequence[str]]) -> str:
    """Paragraphs of lines, an empty line between them; empty paragraphs left out."""
    return "\n\n".join("\n".join(lines) for lines in paragraphs if lines) + "\n"


def header(what: str) -> str:
    """The first line."""
    return f"# {what}. Made by Galley: `galley eject` writes it into the repository."


def copy(sources: Sequence[str], to: str = "./", *, owner: str = "", stage: str = "") -> str:
    """COPY of plain paths; ``owner`` is a user with a group of the same name."""
    flags = [f"--from={stage}"] if stage else []
    flags += [f"--chown={owner}:{owner}"] if owner else []
    return " ".join(["COPY", *flags, *sources, to])


def copies(paths: Iterable[str], owner: str = "") -> list[str]:
    """COPY of files, each to its own folder: one instruction would put them all into the same."""
    by_folder: dict[str, list[str]] = {}
    for path in paths:
        by_folder.setdefault(posixpath.dirname(path), []).append(path)
    return [copy(some, f"./{folder}/" if folder else "./", owner=owner) for folder, some in by_folder.items()]


def source(owner: str = "") -> str:
    """COPY of the whole context."""
    return copy(["."], ".", owner=owner)


def env(values: Mapping[str, str]) -> str:
    """One ENV of several variables, whose values are ours."""
    return "ENV " + " \\\n    ".join(f"{name}={value}" for name, value in values.items())


def arguments(names: Iterable[str]) -> list[str]:
    """ARG for every build argument, so that the commands after it see them."""
    return [f"ARG {name}" for name in names]


def run(command: str) -> str:
    """RUN of a command that the manifest or a file gives."""
    return f"RUN {command}" if _PLAIN_COMMAND.fullmatch(command) else f"RUN {array((*SHELL, command))}"


def cmd(starts: Iterable[Start]) -> list[str]:
    """CMD of what the image runs by itself; none where that could not be found."""
    start = default(starts)
    return [f"CMD {array(start.words)}"] if start and not start.doubt else []


def array(words: Sequence[str]) -> str:
    """A JSON array; ``<<`` is escaped, since newer builders look for the start of a here-document in any
    RUN.
    """
    return json.dumps(list(words)).replace("<<", "\\u003c\\u003c")


def shell(line: str) -> tuple[str, ...]:
    """A line of ours that needs ``$PORT``, as the words of a command; the program replaces the shell, for
    its signals.
    """
    return (*SHELL, f"exec {line}")

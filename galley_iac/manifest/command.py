"""A command line → the arguments that a container is started with."""

from __future__ import annotations

import re
import shlex

_SHELL = ("/bin/sh", "-c")
_BUILTINS = frozenset(
    {
        ".",
        ":",
        "cd",
        "command",
        "eval",
        "exec",
        "exit",
        "export",
        "for",
        "if",
        "set",
        "source",
        "trap",
        "ulimit",
        "umask",
    }
    | {"until", "while"}
)
_ASSIGNMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*=")
_PIECE = re.compile(
    r"'[^']*'"  # single quotes: nothing inside means anything
    r'|"(?:[^"\\$`]|\\.)*"'  # double quotes without an expansion
    r"|\\."
    r"|(?P<special>[|&;<>()$`*?\[\]{}!~#\n\"'\\])"
    r"|.",
    re.DOTALL,
)


class CommandError(ValueError):
    """The text is no command line: empty, or a quote is not closed."""


def argv(command: str) -> tuple[str, ...]:
    """``uvicorn app:api`` as its words; ``a && b``, ``$PORT`` or anything else of the shell's as ``/bin/sh
    -c``.

    A plain command runs without a shell, so that it gets the signals itself and works in an image without
    one. Raises CommandError for what neither can run.
    """
    words = _words(command)
    return (*_SHELL, command) if needs_shell(command, words) else tuple(words)


def join(words: tuple[str, ...]) -> str:
    """The command line that :func:`argv` takes apart into ``words`` again."""
    return shlex.join(words)


def needs_shell(command: str, words: list[str]) -> bool:
    """Whether only a shell understands ``command``, whose words are ``words``.

    An empty word needs one too: Docker's provider for Pulumi cannot pass an empty argument.
    """
    special = any(piece.group("special") for piece in _PIECE.finditer(command.strip()))
    return special or words[0] in _BUILTINS or _ASSIGNMENT.match(words[0]) is not None or "" in words


def _words(command: str) -> list[str]:
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise CommandError(f"is no command line ({str(error).lower()})") from None
    if not words or not words[0]:
        raise CommandError("is empty")
    return words

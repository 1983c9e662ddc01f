"""A start command → what the container is given.

A plain command runs without a shell, so that it is process 1 and receives the stop signal itself. What only a shell
can do (``a && b``, ``$PORT``, ``>log``) runs in ``/bin/sh -c``.
"""

from __future__ import annotations

import shlex

_SHELL_CHARACTERS = frozenset("|&;<>()`$*?[\n")


def argv(start: str) -> tuple[str, ...]:
    """The argument vector of a start command; raises ValueError when a quote is not closed."""
    words = tuple(shlex.split(start))
    if needs_shell(start):
        return ("/bin/sh", "-c", start)
    return words


def needs_shell(start: str) -> bool:
    """Whether a character outside quotes (or ``$`` and a backquote inside double ones) means something to a shell."""
    quote = ""
    escaped = False
    for character in start:
        if escaped:
            escaped = False
        elif character == "\\" and quote != "'":
            escaped = True
        elif quote:
            if character == quote:
                quote = ""
            elif quote == '"' and character in "$`":
                return True
        elif character in "'\"":
            quote = character
        elif character in _SHELL_CHARACTERS:
            return True
    return _assigns_first(start)


def _assigns_first(start: str) -> bool:
    """``NAME=value command`` sets a variable for the command, which only a shell does."""
    first = start.split(maxsplit=1)[:1]
    return bool(first) and "=" in first[0] and first[0].partition("=")[0].isidentifier()

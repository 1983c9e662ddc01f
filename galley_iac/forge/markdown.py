"""Text that others wrote, fit to be shown in a comment: nothing in it is a mention, a link, HTML or Markdown.

All of it goes into code, where no forge looks for any of these. A block's lines never begin with a ``/``:
GitLab would take that for a quick action, and carry it out with our permissions.
"""

from __future__ import annotations

import re

_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|.)?")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
"""What is not printed: also characters that turn the direction of writing, and separators of lines."""

_TICKS = re.compile("`+")
_URL = re.compile(r"https?://[A-Za-z0-9.:/_-]+")
_LONGEST_LINE = 400
_SHOWN_OF_SPAN = 120
_QUIET = "\u2060"
"""No width, and no line ends there: after an ``@`` it leaves no name to call."""


def plain(text: str) -> str:
    """Lines of printable characters."""
    lines = _ESCAPES.sub("", text).replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ")
    return _CONTROL.sub("", lines)


def span(text: str) -> str:
    """A short text within a line, also in a table's cell; what would end either is replaced."""
    one_line = " ".join(plain(text).split())
    safe = one_line.replace("`", "'").replace("|", "\u00a6").replace("@", f"@{_QUIET}")
    return f"`{_cut(safe, _SHOWN_OF_SPAN) or '-'}`"


def block(text: str, limit: int) -> str:
    """Lines as a block of code, of at most about ``limit`` characters: its middle is left out."""
    lines = [_cut(line, _LONGEST_LINE) for line in plain(text).rstrip().splitlines()]
    safe = _within("\n".join(f" {line}" for line in lines).replace("@", f"@{_QUIET}"), limit)
    longest = max((len(ticks) for ticks in _TICKS.findall(safe)), default=0)
    fence = "`" * max(longest + 1, 3)
    return f"{fence}text\n{safe}\n{fence}"


def link(url: str) -> str:
    """An address of ours as a link; anything that is not simply one as code."""
    return f"<{url}>" if _URL.fullmatch(url) else span(url)


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[: limit - 1]}\u2026"


def _within(text: str, limit: int) -> str:
    """The beginning says what failed, the end why: of both a part is kept, in whole lines."""
    if len(text) <= limit:
        return text
    head = text[: limit // 3].rpartition("\n")[0]
    tail = text[-(limit * 2 // 3) :].partition("\n")[2]
    return f"{head}\n [...]\n{tail}"

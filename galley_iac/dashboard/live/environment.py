"""Services' environments with every secret masked.

A value is shown only where Pulumi's state has it in the clear: then it is in galley.yaml in the clear as
well. Even so, what is called a password, and the password in a URL, are masked: pages are looked at over
shoulders.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from galley_iac.dashboard.model import Variable
from galley_iac.masking import MASK

_TELLING = re.compile(
    r"passw|secret|token|credential|private|api_?key|access_?key|(^|_)(pw|pwd|pass|key)($|_)", re.I
)
_URL_PASSWORD = re.compile(r"(?P<before>[a-z][a-z0-9+.-]*://[^\s/:@]*:)[^\s/@]+(?=@)", re.I)


def variables(
    given: Sequence[str], of_image: Iterable[str], plain: frozenset[str] | None
) -> tuple[Variable, ...]:
    """What a container was given beyond its image's own, by name.

    ``given`` and ``of_image`` are ``NAME=VALUE``; ``plain`` is what the state has in the clear, None where
    there is no state to ask: then no value is shown.
    """
    own = sorted(set(given) - set(of_image))
    return tuple(_variable(entry, plain is not None and entry in plain) for entry in own)


def _variable(entry: str, is_plain: bool) -> Variable:
    name, _, value = entry.partition("=")
    if not is_plain or (_TELLING.search(name) and value):
        return Variable(name, MASK, masked=True)
    shown = _URL_PASSWORD.sub(rf"\g<before>{re.escape(MASK)}".replace("\\*", "*"), value)
    return Variable(name, shown, masked=shown != value)

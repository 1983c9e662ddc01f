"""Services' environments with every secret masked.

A value is shown only where none of the preview's secrets is in it: then galley.yaml has it in the clear.
Even so, what is called a password, and the password in a URL, are masked: pages are looked at over
shoulders.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from galley_iac.dashboard.live.lines import Mask
from galley_iac.dashboard.model import Variable
from galley_iac.masking import MASK

_TELLING = re.compile(
    r"passw|secret|token|credential|private|api_?key|access_?key|(^|_)(pw|pwd|pass|key)($|_)", re.I
)
_URL_PASSWORD = re.compile(r"(?P<before>[a-z][a-z0-9+.-]*://[^\s/:@]*:)[^\s/@]+(?=@)", re.I)


def variables(given: Sequence[str], of_image: Iterable[str], mask: Mask) -> tuple[Variable, ...]:
    """What a container was given beyond its image's own, by name; each is ``NAME=VALUE``.

    ``mask`` knows the preview's secrets.
    """
    own = sorted(set(given) - set(of_image))
    return tuple(_variable(entry, mask(entry) == entry) for entry in own)


def _variable(entry: str, is_plain: bool) -> Variable:
    name, _, value = entry.partition("=")
    if not is_plain or (_TELLING.search(name) and value):
        return Variable(name, MASK, masked=True)
    shown = _URL_PASSWORD.sub(rf"\g<before>{re.escape(MASK)}".replace("\\*", "*"), value)
    return Variable(name, shown, masked=shown != value)

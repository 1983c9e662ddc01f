"""Templates: everything in them is escaped, whoever wrote it; what is not defined is an error, not a gap."""

from __future__ import annotations

import re
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from galley_iac import __version__, duration, timing
from galley_iac.dashboard import drawing, states
from galley_iac.life.room import size_text

_ESCAPES = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])|[\x00-\x08\x0b-\x1f\x7f]"
)
_SHORT_COMMIT = 7
_SHORT_DIGEST = 12
_DIGEST = "sha256:"


def coarse(seconds: float) -> str:
    """A duration in its largest unit: a page that is looked at need not change every second."""
    return "moments" if seconds < duration.MINUTE else " ".join(duration.text(seconds).split()[:2])


def cpus(value: float | None) -> str:
    """CPUs in use, in hundredths."""
    return "–" if value is None else f"{value:.2f}"


def plain(text: str) -> str:
    """A log line without what steers a terminal."""
    return _ESCAPES.sub("", text)


def image(reference: str) -> str:
    """An image's name; only the beginning of a bare digest."""
    if reference.startswith(_DIGEST):
        return reference[len(_DIGEST) :][:_SHORT_DIGEST]
    return reference


def signed(seconds: float) -> str:
    """A duration of an update's step, in tenths of a second."""
    return f"{seconds:.1f} s" if seconds < duration.MINUTE else duration.text(seconds)


def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("galley_iac.dashboard"),
        autoescape=True,
        auto_reload=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(
        coarse=coarse,
        cpus=cpus,
        plain=plain,
        image=image,
        took=signed,
        size=size_text,
        stamp=timing.stamp,
        duration=duration.text,
        commit=lambda text: text[:_SHORT_COMMIT],
        tone=lambda state: states.tone(state).value,
    )
    made.globals.update(version=__version__, node=(drawing.NODE_WIDTH, drawing.NODE_HEIGHT))
    return made


_TEMPLATES = _environment()


def render(template: str, **values: Any) -> Markup:
    """A template's text, to be sent or to be put into another template."""
    return Markup(_TEMPLATES.get_template(template).render(**values))

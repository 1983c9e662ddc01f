"""What the environment says: where the database and the broker are."""

from __future__ import annotations

from collections.abc import Mapping

DRIVER = "postgresql+psycopg"


class SettingError(RuntimeError):
    """An environment variable that the application cannot do without is not set."""


def setting(environment: Mapping[str, str], name: str) -> str:
    """The value of `name`, or SettingError when it is absent or empty."""
    value = environment.get(name, "")
    if not value:
        raise SettingError(f"the environment variable {name} is not set")
    return value


def sqlalchemy_url(url: str) -> str:
    """The same database in SQLAlchemy's terms.

    Platforms hand out `postgres://`, which SQLAlchemy does not know, and `postgresql://` leaves the driver
    to its default. Any other scheme names its driver already and is returned as it is.
    """
    scheme, separator, rest = url.partition("://")
    if scheme in ("postgres", "postgresql"):
        return DRIVER + separator + rest
    return url

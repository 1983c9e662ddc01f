from __future__ import annotations

import pytest

from galley_iac.manifest.models import Restart
from tests.unit.manifest.support import problem, service


@pytest.mark.parametrize("restart", list(Restart))
def test_words(restart: Restart) -> None:
    assert service("api", "restart: always", f"restart: {restart}").restart is restart


def test_default() -> None:
    assert service("db").restart is Restart.UNLESS_STOPPED


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("no", " (did you mean `never`?)"),
        ('"no"', " (did you mean `never`?)"),
        ("allways", " (did you mean `always`?)"),
        ("on-failure:3", " (did you mean `on-failure`?)"),
        ("unless_stopped", " (did you mean `unless-stopped`?)"),
        ("42", ""),
    ],
)
def test_unknown_word(written: str, hint: str) -> None:
    shown = written.strip('"')
    assert problem("restart: always", f"restart: {written}") == (
        f"galley.yaml:9:14: services.api.restart: `{shown}` is none of `always`, `unless-stopped`, "
        f"`on-failure` and `never`{hint}\n    write one of these words"
    )

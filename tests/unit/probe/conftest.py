"""Time runs faster here: the pauses are short, the rules are the same."""

from __future__ import annotations

import pytest

from galley_iac.probe import ready


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ready, "PAUSE", 0.01)


@pytest.fixture
def short_attempts(monkeypatch: pytest.MonkeyPatch) -> None:
    """For servers that do not answer; one that does gets its time, on a busy machine too."""
    monkeypatch.setattr(ready, "LAST_ATTEMPT", 0.05)

"""What an update tries again by itself."""

from __future__ import annotations

from typing import Any

import pytest

from galley_iac.automation import update
from galley_iac.errors import PreviewError
from tests.unit.automation.test_progress import fed


@pytest.fixture
def tries(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether each attempt was to refresh; nothing is updated."""
    monkeypatch.setattr(update, "present", lambda _client, _images: frozenset())
    monkeypatch.setattr(update, "_reused", lambda _prepared: ())
    monkeypatch.setattr(update.report, "failure", lambda _client, _plan, _progress, said: said)
    return []


def run(tries: list[bool], failures: list[str | None], monkeypatch: pytest.MonkeyPatch) -> None:
    def attempt(*arguments: Any) -> str | None:
        tries.append(arguments[-1])
        return failures[len(tries) - 1]

    monkeypatch.setattr(update, "_attempt", attempt)
    nothing: Any = None
    prepared: Any = type("Prepared", (), {"plan": fed().plan})
    update._update(nothing, nothing, prepared, nothing, refresh=False)


@pytest.mark.parametrize(
    "said",
    [
        "Pool overlaps with other one on this address space",
        "Bind for 127.0.0.1:80 failed: port is already allocated",
        "error: failed to load stack tags: failed to read stack tags file: EOF",
    ],
)
def test_what_passes(said: str, tries: list[bool], monkeypatch: pytest.MonkeyPatch) -> None:
    run(tries, [said, said, None], monkeypatch)
    assert tries == [False, True, True], "what has changed meanwhile is looked at"


def test_what_does_not(tries: list[bool], monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(PreviewError, match="no space"):
        run(tries, ["no space left", None], monkeypatch)
    assert tries == [False]


def test_not_for_ever(tries: list[bool], monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(PreviewError, match="Pool overlaps"):
        run(tries, ["Pool overlaps"] * 3, monkeypatch)
    assert len(tries) == 3

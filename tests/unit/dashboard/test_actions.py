"""Which command an action is."""

from __future__ import annotations

from pathlib import Path

import pytest

from galley_iac.automation.configuration import config_file
from galley_iac.dashboard.actions import ACTIONS
from galley_iac.errors import UsageError
from tests.unit.dashboard.support import preview


@pytest.fixture
def manifest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Of a preview as its last update has noted it."""
    monkeypatch.setenv("GALLEY_HOME", str(tmp_path / "home"))
    path = tmp_path / "galley.yaml"
    path.touch()
    config_file("main-shop").merge(
        {"galley:manifest": str(path), "galley:branch": "main", "galley:strict": "True"}
    )
    return path


def words(action: str) -> list[str]:
    return list(ACTIONS[action].words(preview(), {}))


def test_redeploy_compares_with_the_engine_and_asks_as_before(manifest: Path) -> None:
    assert words("redeploy") == ["up", "--full", f"--file={manifest}", "--branch=main", "--strict"]


def test_rebuild_is_a_redeploy_that_builds_anew(manifest: Path) -> None:
    assert manifest.is_file()
    assert words("rebuild") == [*words("redeploy"), "--rebuild"]


def test_what_is_brought_up_elsewhere_is_not_brought_up_here(manifest: Path) -> None:
    manifest.unlink()
    with pytest.raises(UsageError, match="the manifest of main-shop is not on this machine"):
        words("rebuild")

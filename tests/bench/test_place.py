"""What a contender's commands find in their environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.catalog import catalog
from bench.contenders.base import Place


def test_nothing_that_steers_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "DOCKER_CONTEXT",
        "PULUMI_BACKEND_URL",
        "GALLEY_HOME",
        "PYTHONDONTWRITEBYTECODE",
        "PYTHONPATH",
    ):
        monkeypatch.setenv(name, "the user's")
    monkeypatch.setenv("LANG", "C.UTF-8")
    place = Place(catalog()["tiny"], "bench", tmp_path / "app", tmp_path / "home", "unix:///engine.sock")
    found = place.environment(GALLEY_HOME="of the benchmark")
    assert "the user's" not in found.values()
    assert found["DOCKER_HOST"] == "unix:///engine.sock"
    assert Path(found["DOCKER_CONFIG"]).is_dir()
    assert (found["GALLEY_HOME"], found["LANG"]) == ("of the benchmark", "C.UTF-8")

"""A home of the test's own, where images' build logs have their place, and no cluster of anybody's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="module", autouse=True)
def galley_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GALLEY_HOME", str(folder))
        patch.delenv("KUBECONFIG", raising=False)
        yield folder

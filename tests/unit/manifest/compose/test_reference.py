from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from galley_iac.manifest.compose import keys, reference

DOCS = Path(__file__).parents[4] / "docs"


def test_the_page_names_every_key_that_is_not_carried_over(golden: Callable[[Path, str], None]) -> None:
    page = reference.page((DOCS / "compose.in.md").read_text(encoding="utf-8"))
    golden(DOCS / "compose.md", page)
    for table in (keys.TOP, keys.SERVICE, keys.BUILD, keys.DEPLOY):
        for key, text in {**table.dropped, **table.refused}.items():
            assert f"{key}` | {text} |" in page

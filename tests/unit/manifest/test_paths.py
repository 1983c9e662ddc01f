from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from galley_iac.manifest import paths
from galley_iac.manifest.paths import PathError


@pytest.mark.parametrize(
    ("base", "path", "expected"),
    [
        (".", ".", "."),
        (".", "api", "api"),
        ("sub", "..", "."),
        ("sub", "../other", "other"),
        ("a/b", "../../c", "c"),
        (".", "..", None),
        (".", "../x", None),
        ("sub", "../../x", None),
        ("sub", "../..", None),
        (".", "/etc", None),
        (".", "..x", "..x"),
        (".", "a/..b/c", "a/..b/c"),
    ],
)
def test_inside(base: str, path: str, expected: str | None) -> None:
    assert paths.inside(base, path) == expected


@given(st.lists(st.sampled_from(["a", "b", "..", ".", "", "..."]), min_size=1, max_size=12).map("/".join))
def test_nothing_inside_begins_with_two_dots(path: str) -> None:
    found = paths.inside("x/y", path)
    assert found is None or not (found == ".." or found.startswith(("../", "/")))


@pytest.mark.parametrize("path", ["./~", "./~/a", "./git@x", "./C:/x", "./github.com/x", "x/../~"])
def test_a_folder_that_looks_like_something_else(path: str) -> None:
    normal = paths.normalise(path)
    assert normal.startswith("./")
    assert paths.normalise(normal) == normal
    assert paths.inside("a", normal) is not None


PATHS = st.text(alphabet=st.sampled_from("./~:CD@gitab-h\\"), max_size=20) | st.text(max_size=20)


@given(PATHS)
def test_normalising_twice_changes_nothing(path: str) -> None:
    try:
        once = paths.normalise(path)
    except PathError:
        return
    assert paths.normalise(once) == once

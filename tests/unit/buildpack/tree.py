"""A build context that is only a mapping."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


class Tree:
    """:class:`galley_iac.buildpack.Files` over paths and texts."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self._files = files

    def exists(self, path: str) -> bool:
        return path in self._files

    def read(self, path: str) -> str:
        return self._files[path]

    def list(self, folder: str) -> Sequence[str]:
        prefix = "" if folder == "." else f"{folder}/"
        rests = (path.removeprefix(prefix) for path in self._files if path.startswith(prefix))
        return sorted({name + slash for name, slash, _ in (rest.partition("/") for rest in rests)})

"""Stand-ins for the operating system and the download site: handed in, nothing is patched."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from galley_iac.toolchain import download, paths
from galley_iac.toolchain.console import Console
from galley_iac.toolchain.pulumi import Means
from galley_iac.toolchain.runner import ToolError

Answer = str | ToolError | Callable[[Sequence[str], Path | None], str]


class FakeRunner:
    """Knows some programs; answers commands by how they begin: the program's file name, then its words."""

    def __init__(
        self, programs: Mapping[str, str] | None = None, answers: Mapping[str, Answer] | None = None
    ) -> None:
        self.programs = dict(programs or {})
        self.answers = dict(answers or {})
        self.commands: list[str] = []
        self.environments: list[Mapping[str, str]] = []

    def run(
        self,
        command: Sequence[str | Path],
        *,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        on_line: Callable[[str], None] | None = None,
    ) -> str:
        words = [Path(command[0]).name, *map(str, command[1:])]
        line = " ".join(words)
        self.commands.append(line)
        self.environments.append(env or {})
        for start, answer in self.answers.items():
            if line.startswith(start):
                return self._give(answer, words, cwd, on_line)
        raise ToolError(f"{words[0]}: No such file or directory")

    def which(self, program: str) -> Path | None:
        return Path(self.programs[program]) if program in self.programs else None

    @staticmethod
    def _give(
        answer: Answer, words: Sequence[str], cwd: Path | None, on_line: Callable[[str], None] | None
    ) -> str:
        if isinstance(answer, ToolError):
            raise answer
        text = answer if isinstance(answer, str) else answer(words, cwd)
        for line in text.splitlines():
            if on_line:
                on_line(line)
        return text


class FakeSite(download.Site):
    """Unpacks the files that it is given for an archive; refuses the others with a reason."""

    def __init__(
        self, archives: Mapping[str, Mapping[str, str]] | None = None, refuses: str = "site is silent"
    ) -> None:
        super().__init__(Console(io.StringIO()), {})
        self.archives = archives or {}
        self.refuses = refuses
        self.asked: list[str] = []

    def unpack(self, archive: download.Archive, folder: Path) -> None:
        name = archive.path.rpartition("/")[2]
        self.asked.append(name)
        if name not in self.archives:
            raise download.DownloadError(self.refuses)
        for path, content in self.archives[name].items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(content)


def means(root: Path, runner: FakeRunner, site: FakeSite) -> tuple[Means, io.StringIO]:
    """What a step needs, and what it prints."""
    out = io.StringIO()
    environ = {"GALLEY_TOOLS": str(root), "HOME": str(root.parent / "home")}
    return Means(paths.layout(environ), Console(out), runner, site, environ), out


def go_builds(words: Sequence[str], _cwd: Path | None) -> str:
    """What `go build -o FILE` leaves behind."""
    Path(words[words.index("-o") + 1]).write_text(f"built: {words[-1]}")
    return "go: downloading example v1\nexample\n"

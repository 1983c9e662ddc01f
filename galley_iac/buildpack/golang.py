"""Go: a module whose programs are at its top or below cmd/."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from galley_iac.buildpack import dockerfile, procfile
from galley_iac.buildpack.application import Application, Ask, Refusal, Role, Start, UnbuildableError
from galley_iac.buildpack.dockerfile import CACHED, UID, WHOLE
from galley_iac.buildpack.files import TOP, Files, folders, join, present

MOD = "go.mod"
LOOKED_FOR = "a Procfile, `package main` at the top and in the folders below cmd/"
EXAMPLE = "server --port $PORT"
DEFAULT = (1, 24)
_SINGLE = "app"
"""Name of the program at the module's top, which has none of its own."""

_VERSION = re.compile(r"^go[ \t]+(\d+)\.(\d+)", re.MULTILINE)
_TOOLCHAIN = re.compile(r"^toolchain[ \t]+go(\d+)\.(\d+)", re.MULTILINE)
_REPLACED = re.compile(r"=>[ \t]*(\.{1,2}(?:/\S*)?)[ \t]*$", re.MULTILINE)
_MAIN = re.compile(r"^package[ \t]+main\b", re.MULTILINE)
_IGNORED = re.compile(r"^//go:build[ \t]+ignore\b", re.MULTILINE)
_PROGRAM = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_NEXT_COMMAND = frozenset({"&&", "||", "|", ";", "&"})
_FLAGS = "-trimpath -tags timetzdata"
"""The last stage has no database of time zones, so it goes into the program."""

_COMPILED_ONCE = "net/http"
"""Most of what a service takes from the standard library, so that a push compiles little but its own."""


@dataclass(frozen=True)
class Module:
    """``programs`` maps a program's name to its package."""

    version: tuple[int, int]
    programs: dict[str, str]
    needs_source: bool


def recognises(files: Files) -> bool:
    """Whether the context is a Go module."""
    return files.exists(MOD)


def application(files: Files, ask: Ask) -> Application:
    """The module as an image with all of its programs. Raises UnbuildableError."""
    module = _module(files)
    if not module.programs and not ask.command:
        rule = f"{MOD} is there, but no program: looked for {LOOKED_FOR}"
        remedy = "write `build.command: go build -o /out/ ./path/to/main`, or a Dockerfile"
        raise UnbuildableError.one("command", rule, remedy)
    _refuse_output_elsewhere(ask.command)
    starts = (*procfile.starts(files), *_starts(module, ask))
    text = _dockerfile(files, module, starts, ask)
    return Application("Go", text, starts, LOOKED_FOR, EXAMPLE)


def _refuse_output_elsewhere(command: str | None) -> None:
    """Raises UnbuildableError where ``go build`` writes to a file that no image would have.

    Only what says so itself is refused: what a Makefile or a script writes is not known.
    """
    for path in _outputs((command or "").split()):
        if "/out/" not in (command or ""):
            rule = f"`go build` writes `{path[:60]}`, and only what is in /out/ gets into the image"
            remedy = "write `-o /out/`, and the program's name as `build.start`"
            raise UnbuildableError.one("command", rule, remedy)


def _outputs(words: list[str]) -> Iterator[str]:
    """The arguments of ``-o`` of every ``go build``."""
    building = False
    for before, word, after in zip(["", *words], words, [*words[1:], ""], strict=False):
        if (before, word) == ("go", "build"):
            building = True
        elif word in _NEXT_COMMAND or before.endswith(";"):
            building = False
        elif building and word == "-o":
            yield after.strip("'\";")
        elif building and word.startswith("-o="):
            yield word.removeprefix("-o=").strip("'\";")


def _module(files: Files) -> Module:
    text = files.read(MOD)
    found = [
        (int(major), int(minor)) for major, minor in (*_VERSION.findall(text), *_TOOLCHAIN.findall(text))
    ]
    replaced = _REPLACED.findall(text)
    outside = [path for path in replaced if join(TOP, path).startswith("..")]
    if outside:
        rule = f"{MOD} replaces a module by `{outside[0][:60]}`, which is outside the build context"
        raise UnbuildableError.one(
            "path", rule, "name the folder above as `build.path`, with a Dockerfile in it"
        )
    needs_source = bool(replaced) or bool(present(files, "go.work", "vendor/modules.txt"))
    return Module(max([DEFAULT, *found]), _programs(files), needs_source)


def _programs(files: Files) -> dict[str, str]:
    """The top if it is a program; else cmd/ itself; else everything below it."""
    if _is_main(files, TOP):
        return {_SINGLE: "."}
    if _is_main(files, "cmd"):
        return {"cmd": "./cmd"}
    names = (folder.rpartition("/")[2] for folder in folders(files, "cmd") if _is_main(files, folder))
    return {name: f"./cmd/{name}" for name in names if _PROGRAM.fullmatch(name)}


def _is_main(files: Files, folder: str) -> bool:
    sources = [name for name in files.list(folder) if name.endswith(".go") and not name.endswith("_test.go")]
    texts = (files.read(join(folder, name)) for name in sources)
    return any(_MAIN.search(text) and not _IGNORED.search(text) for text in texts)


def _starts(module: Module, ask: Ask) -> Iterator[Start]:
    if ask.command:
        rule = "`command` decides what is built, so the program's name is not known"
        remedy = f"write `build.start` with the program that it puts into /out/, for instance `{EXAMPLE}`"
        yield Start(Role.ANY, (), "`build.command`", Refusal("start", rule, remedy))
    elif len(module.programs) > 1:
        rule = f"there are several programs below cmd/: {', '.join(module.programs)}"
        remedy = f"write the one that this service runs, such as `build.start: {next(iter(module.programs))}`"
        yield Start(Role.ANY, (), "several programs", Refusal("start", rule, remedy))
    else:
        for name, package in module.programs.items():
            yield Start(Role.ANY, (name,), f"`package main` in {package}")


def _dockerfile(files: Files, module: Module, starts: tuple[Start, ...], ask: Ask) -> str:
    sums = present(files, MOD, "go.sum")
    download = [] if files.exists("vendor/modules.txt") else ["RUN go mod download"]
    early = [CACHED, dockerfile.copy(sums), *download, f"RUN go build {_FLAGS} {_COMPILED_ONCE}"]
    late = [WHOLE, dockerfile.source(), *download]
    build = dockerfile.run(ask.command) if ask.command else f"RUN go build {_FLAGS} {_output(module)}"
    return dockerfile.render(
        [
            [dockerfile.header("A Go module")],
            [f"FROM golang:{module.version[0]}.{module.version[1]}-alpine AS build", "ENV CGO_ENABLED=0"],
            ["WORKDIR /src"],
            late if module.needs_source else [*early, dockerfile.source()],
            [*dockerfile.arguments(ask.arguments), build],
            [
                "FROM alpine:3",
                f"RUN mkdir /app && chown {UID}:{UID} /app",
                "WORKDIR /app",
                f"USER {UID}:{UID}",
            ],
            [
                "# The source too: templates and the like are read from where a program is started.",
                dockerfile.source(UID),
                "COPY --from=build /out/ /usr/local/bin/",
            ],
            dockerfile.cmd(starts),
        ]
    )


def _output(module: Module) -> str:
    if module.programs.get(_SINGLE) == ".":
        return f"-o /out/{_SINGLE} ."
    return f"-o /out/ {' '.join(module.programs.values())}"

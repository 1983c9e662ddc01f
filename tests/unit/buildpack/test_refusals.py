"""What cannot be built without a Dockerfile: what is said, word for word, and what to write."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from galley_iac.buildpack import Ask, UnbuildableError, detect
from tests.unit.buildpack.shapes import CELERY, FASTAPI, FLASK, MAIN, POETRY_LOCK, UV_LOCK, package, pyproject
from tests.unit.buildpack.tree import Tree

LOOKED = "looked for requirements.txt, pyproject.toml, go.mod, package.json, index.html"
PYTHON = (
    "looked for a Procfile, manage.py, a module that makes a `FastAPI()`, `Flask()` or `Celery()`, "
    "the one script of pyproject.toml, main.py, app.py, server.py, worker.py"
)
NODE = (
    "looked for a Procfile, `start` and `main` in package.json, Next.js, server.js, index.js, app.js, main.js"
)

BUILDS = {
    "nothing": (
        {"README.md": ""},
        f"path: `./` has no Dockerfile and is in no known language: {LOOKED}; found none of them",
        "write a Dockerfile, or name one with `build.dockerfile`",
    ),
    "ruby": (
        {"Gemfile": "", "package.jsonc": ""},
        f"path: `./` has no Dockerfile and is in no known language: {LOOKED}; found Gemfile (Ruby)",
        "write a Dockerfile, or name one with `build.dockerfile`",
    ),
    "pipenv": (
        {"Pipfile": ""},
        f"path: `./` has no Dockerfile and is in no known language: {LOOKED}; found Pipfile (Pipenv)",
        "run `pipenv requirements > requirements.txt` and commit it",
    ),
    "python-file-alone": (
        {"app.py": FLASK},
        f"path: `./` has no Dockerfile and is in no known language: {LOOKED}; "
        "found app.py (Python without requirements.txt or pyproject.toml)",
        "write a requirements.txt, which may be empty",
    ),
    "one-folder-down": (
        {"backend/requirements.txt": "", "web/package.json": "{}", ".hidden/go.mod": ""},
        f"path: `./` has no Dockerfile and is in no known language: {LOOKED}; found none of them; "
        "below it backend/requirements.txt, web/package.json",
        "write `build.path: ./backend`",
    ),
    "two-languages": (
        {"requirements.txt": "", "package.json": package(scripts={"build": "vite build"})},
        "path: `./` is in several languages: found requirements.txt, package.json",
        "give each its own folder and name that in `build.path`, or write a Dockerfile",
    ),
    "tools-only-pyproject": (
        {"pyproject.toml": "[tool.ruff]\n", "Cargo.toml": ""},
        f"path: `./` has no Dockerfile and is in no known language: {LOOKED}; found Cargo.toml (Rust)",
        "write a Dockerfile, or name one with `build.dockerfile`",
    ),
    "two-python-locks": (
        {"pyproject.toml": pyproject(), "uv.lock": UV_LOCK, "poetry.lock": POETRY_LOCK},
        "path: uv.lock and poetry.lock are both there",
        "keep the one that is up to date and remove the other",
    ),
    "poetry-without-lock": (
        {"pyproject.toml": '[tool.poetry]\nname = "shop"\n'},
        "path: pyproject.toml is Poetry's, but there is no poetry.lock",
        "run `poetry lock` and commit poetry.lock, so that every build installs the same",
    ),
    "broken-pyproject": (
        {"pyproject.toml": "[project\n"},
        "path: pyproject.toml is no TOML "
        "(Expected ']' at the end of a table declaration (at line 1, column 9))",
        "correct pyproject.toml",
    ),
    "pypy": (
        {"requirements.txt": "", ".python-version": "pypy3.10\n"},
        "path: .python-version names no version of Python 3: `pypy3.10`",
        "write one into .python-version, such as `3.12`",
    ),
    "python-2": (
        {"pyproject.toml": pyproject(more='requires-python = "<3"\n')},
        "path: pyproject.toml asks for Python `<3`, "
        "which none of 3.9, 3.10, 3.11, 3.12, 3.13, 3.14 satisfies",
        "correct it, or write the version into .python-version",
    ),
    "broken-package": (
        {"package.json": "{"},
        "path: package.json is no JSON (Expecting property name enclosed in double quotes: "
        "line 1 column 2 (char 1))",
        "correct package.json",
    ),
    "package-that-is-a-list": (
        {"package.json": "[]"},
        "path: package.json is no JSON object",
        "correct package.json",
    ),
    "two-node-locks": (
        {"package.json": "{}", "package-lock.json": "{}", "yarn.lock": ""},
        "path: lock files of several package managers are there: package-lock.json, yarn.lock",
        'keep the one in use, or name its manager in package.json: `"packageManager": "pnpm@9.15.0"`',
    ),
    "bun": (
        {"package.json": "{}", "bun.lockb": ""},
        "path: bun is not known here: looked for npm, pnpm, yarn",
        "install with one of these, or write a Dockerfile",
    ),
    "old-node": (
        {"package.json": package(engines={"node": "<12"})},
        "path: package.json asks for Node `<12`, which none of 18, 20, 22, 24 satisfies",
        "correct `engines.node`, or write the version into .nvmrc",
    ),
    "unreadable-nvmrc": (
        {"package.json": "{}", ".nvmrc": "newest please\n"},
        "path: .nvmrc names no version of Node: `newest please`",
        "write one into .nvmrc, such as `20`",
    ),
    "front-end-without-build": (
        {"package.json": package(devDependencies={"vite": "6"})},
        "command: vite is among the dependencies, but package.json has no script `build`",
        "add one, or write `build.command: npx vite build`",
    ),
    "go-without-program": (
        {"go.mod": "module shop\n", "shop.go": "package shop\n", "main_test.go": MAIN},
        "command: go.mod is there, but no program: "
        "looked for a Procfile, `package main` at the top and in the folders below cmd/",
        "write `build.command: go build -o /out/ ./path/to/main`, or a Dockerfile",
    ),
    "go-replaced-outside": (
        {"go.mod": "module shop\n\nreplace lib => ../lib\n", "main.go": MAIN},
        "path: go.mod replaces a module by `../lib`, which is outside the build context",
        "name the folder above as `build.path`, with a Dockerfile in it",
    ),
    "several-sites": (
        {"public/index.html": "", "dist/index.html": ""},
        "path: several folders have an index.html: public, dist",
        "name the one that is the site: `build.path: ./public`",
    ),
}

STARTS = {
    "worker-in-a-web": (
        {"requirements.txt": "uvicorn\n", "main.py": FASTAPI},
        False,
        f"start: no start command for a worker in this Python project: {PYTHON}; found FastAPI in main.py",
        "write `build.start`, for instance `python main.py`",
    ),
    "web-in-a-worker": (
        {"requirements.txt": "celery\n", "tasks.py": CELERY},
        True,
        f"start: no start command that serves in this Python project: {PYTHON}; found Celery in tasks.py",
        "write `build.start`, for instance `python main.py`",
    ),
    "library": (
        {"requirements.txt": "", "shop/__init__.py": ""},
        None,
        f"start: no start command in this Python project: {PYTHON}; found none of these",
        "write `build.start`, for instance `python main.py`",
    ),
    "fastapi-without-server": (
        {"requirements.txt": "fastapi\n", "main.py": FASTAPI},
        True,
        "start: FastAPI in main.py, but none of uvicorn, hypercorn, daphne is among the dependencies",
        "add `uvicorn` to them, or write `build.start`",
    ),
    "two-modules": (
        {"requirements.txt": "fastapi\nuvicorn\n", "admin/main.py": FASTAPI, "shop/main.py": FASTAPI},
        True,
        "start: several modules make a FastAPI application: `admin.main:app`, `shop.main:app`",
        "write the one that is meant, such as "
        "`build.start: uvicorn --host 0.0.0.0 --port $PORT admin.main:app`",
    ),
    "two-celeries": (
        {"requirements.txt": "celery\n", "a/tasks.py": CELERY, "b/tasks.py": CELERY},
        False,
        "start: several modules make a Celery application: `a.tasks:celery`, `b.tasks:celery`",
        "write the one that is meant, such as `build.start: celery --app a.tasks:celery worker`",
    ),
    "node-without-start": (
        {"package.json": package(main="missing.js")},
        True,
        f"start: no start command that serves in this Node project: {NODE}; found none of these",
        "write `build.start`, for instance `node server.js`",
    ),
    "development-server": (
        {"package.json": package(scripts={"start": "ng serve --open", "build": "ng build"})},
        True,
        "start: `start` in package.json is a development server: `ng serve --open`",
        "write `build.start: node server.js` with what serves the built application",
    ),
    "go-several": (
        {"go.mod": "module shop\n", "cmd/api/main.go": MAIN, "cmd/worker/main.go": MAIN},
        True,
        "start: there are several programs below cmd/: api, worker",
        "write the one that this service runs, such as `build.start: api`",
    ),
    "worker-in-a-site": (
        {"index.html": ""},
        False,
        "start: no start command for a worker in this static project: looked for index.html; "
        "found a static site",
        "write `build.start`, for instance `caddy run --config /etc/caddy/Caddyfile`",
    ),
}


@pytest.mark.parametrize(("files", "rule", "remedy"), BUILDS.values(), ids=BUILDS)
def test_build(files: Mapping[str, str], rule: str, remedy: str) -> None:
    with pytest.raises(UnbuildableError) as refused:
        detect(Tree(files), Ask(path="./"))
    assert said(refused.value) == (rule, remedy)


@pytest.mark.parametrize(("files", "serves", "rule", "remedy"), STARTS.values(), ids=STARTS)
def test_start(files: Mapping[str, str], serves: bool | None, rule: str, remedy: str) -> None:
    application = detect(Tree(files), Ask())
    with pytest.raises(UnbuildableError) as refused:
        application.start(serves=serves)
    assert said(refused.value) == (rule, remedy)


def test_a_command_needs_something_to_run_in() -> None:
    with pytest.raises(UnbuildableError) as refused:
        detect(Tree({"index.html": ""}), Ask(command="hugo"))
    rule = "command: `command` has nothing to run in: there is only a static site"
    assert said(refused.value) == (rule, "remove it, or add the package.json that it needs")


def test_a_command_of_go_hides_the_programs_name() -> None:
    application = detect(Tree({"go.mod": "module shop\n", "main.go": MAIN}), Ask(command="make"))
    with pytest.raises(UnbuildableError) as refused:
        application.start(serves=True)
    assert said(refused.value) == (
        "start: `command` decides what is built, so the program's name is not known",
        "write `build.start` with the program that it puts into /out/, for instance `server --port $PORT`",
    )


@pytest.mark.parametrize(
    ("command", "path"),
    [
        ("go build -o /bin/server ./cmd/server", "/bin/server"),
        ("go generate ./... && CGO_ENABLED=0 go build -trimpath -o=server .", "server"),
        ("mkdir -p bin; go build -ldflags '-s -w' -o 'bin/api' ./cmd/api", "bin/api"),
        ("go build -o /out .", "/out"),
    ],
)
def test_a_program_that_would_be_in_no_image(command: str, path: str) -> None:
    with pytest.raises(UnbuildableError) as refused:
        detect(Tree({"go.mod": "module shop\n", "main.go": MAIN}), Ask(command=command))
    assert said(refused.value) == (
        f"command: `go build` writes `{path}`, and only what is in /out/ gets into the image",
        "write `-o /out/`, and the program's name as `build.start`",
    )


@pytest.mark.parametrize(
    "command",
    ["go build -o /out/api .", "make", "go build -o bin ./... && cp bin/api /out/", "go build . && tar -o x"],
)
def test_a_program_that_may_be_in_the_image(command: str) -> None:
    assert detect(Tree({"go.mod": "module shop\n", "main.go": MAIN}), Ask(command=command))


def test_files_of_a_front_end_are_not_served_by_an_image_that_runs_a_program() -> None:
    vite = {"package.json": package(scripts={"build": "vite build"}, devDependencies={"vite": "6"})}
    application = detect(Tree(vite), Ask(started=True))
    with pytest.raises(UnbuildableError) as refused:
        application.start(serves=True)
    assert said(refused.value) == (
        "start: another service of this build has a start command, so the files of vite are not served",
        "write `build.start` here too, or another `build.command`, which makes it a build of its own",
    )


@pytest.mark.parametrize("path", [".", "apps/shop", "../shop"])
def test_the_folder_to_write_is_seen_from_the_manifest(path: str) -> None:
    with pytest.raises(UnbuildableError) as refused:
        detect(Tree({"api/go.mod": ""}), Ask(path=path))
    expected = {".": "./api", "apps/shop": "./apps/shop/api", "../shop": "../shop/api"}[path]
    assert refused.value.refusals[0].remedy == f"write `build.path: {expected}`"


def said(error: UnbuildableError) -> tuple[str, str]:
    (refusal,) = error.refusals
    return f"{refusal.key}: {refusal.rule}", refusal.remedy

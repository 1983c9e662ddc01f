"""Folders without a Dockerfile, built by the real engine with real package managers, all in one preview."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.integration.conftest import MakePreview, MakeRepository
from tests.integration.harness.preview import Preview
from tests.integration.harness.repository import EXAMPLES, Repository
from tests.integration.harness.web import eventually

BUILDS = Path(__file__).parent / "builds"
UV = Path(sys.executable).parent / "uv"
POETRY = ("tool", "run", "--from", "poetry==2.5.1", "poetry")
FIRST_BUILD = 900
"""Seconds for everything that is ever downloaded; afterwards the layers are there."""

PORTS = {
    "pip": "8123",
    "pyproject": "8124",
    "uv": "8125",
    "poetry": "8126",
    "django": "8127",
    "npm": "8128",
    "pnpm": "8129",
    "go": "8130",
}
USERS = {**dict.fromkeys(PORTS, 10001), "npm": 1000, "pnpm": 1000}
SOURCES = {
    "pip": "shop.py",
    "pyproject": "src/shop/main.py",
    "uv": "src/shop/main.py",
    "poetry": "app.py",
    "django": "shop/urls.py",
    "npm": "server.js",
    "pnpm": "server.mjs",
    "vite": "main.js",
    "go": "cmd/api/main.go",
}
INSTALLS = {
    "pip": "pip install",
    "pyproject": "pip install",
    "uv": "uv sync --locked --no-dev --no-install-project",
    "poetry": "poetry install",
    "django": "pip install",
    "npm": "npm ci",
    "pnpm": "pnpm install",
    "vite": "npm ci",
    "go": "go build -trimpath -tags timetzdata net/http",
}
PUSHED = {
    ".py": "PUSHED = '{}'",
    ".js": "globalThis.pushed = '{}';",
    ".mjs": "globalThis.pushed = '{}';",
    ".go": "// pushed {}",
}
"""A line for the end of a source file, another in every session: the engine's cache remembers the last one's.

Not a comment where comments are removed: the same output would be the same image.
"""

DEVELOPERS_OWN = (".env", ".venv/bin/python", "node_modules/left/index.js", "__pycache__/x.pyc", ".git/HEAD")


@pytest.fixture(scope="module")
def built(make_repository: MakeRepository, make_preview: MakePreview) -> Iterator[Preview]:
    """Every folder of builds/ as a service of one preview."""
    repository = make_repository(BUILDS)
    lock(repository.path)
    for name in PORTS:
        litter(repository.path / name)
    with make_preview(repository) as preview:
        up(preview)
        yield preview


def lock(folder: Path) -> None:
    """Locks that name their package index are made here and not checked in."""
    # Resolving needs any Python: the one that .python-version asks for would be downloaded.
    run(folder / "uv", str(UV), "lock", "--quiet", "--python", sys.executable)
    index = re.search(r'registry = "([^"]+)"', (folder / "uv" / "uv.lock").read_text())
    assert index
    run(folder / "poetry", str(UV), *POETRY, "source", "add", "--priority=primary", "index", index[1])
    run(folder / "poetry", str(UV), *POETRY, "lock")


def run(folder: Path, *command: str) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def litter(folder: Path) -> None:
    """What a developer's checkout has and no image needs."""
    for name in DEVELOPERS_OWN:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("TOKEN=only-on-this-machine")


def up(preview: Preview) -> None:
    done = preview.galley("up", "--branch", preview.branch, at=preview.repository.path, timeout=FIRST_BUILD)
    assert done.code == 0, done.text


def answer(preview: Preview, service: str) -> dict[str, Any]:
    found: dict[str, Any] = preview.ask(service).json
    return found


@pytest.mark.parametrize("service", PORTS)
def test_it_answers_on_its_port_and_not_as_root(built: Preview, service: str) -> None:
    found = answer(built, service)
    assert (found["name"], found["port"], found["user"]) == (service, PORTS[service], USERS[service])


@pytest.mark.parametrize("service", PORTS)
def test_nothing_of_the_developers_own_is_in_the_image(built: Preview, service: str) -> None:
    code, found = built.execute(service, "sh", "-c", "grep -rl only-on-this-machine /app || ls -A /app")
    assert code == 0
    assert "/app" not in found
    assert not {".env", ".venv", ".git", "__pycache__"} & set(found.split())


@pytest.mark.parametrize("service", ["static", "vite", "goworker", "celery"])
def test_what_does_not_say_its_user_is_not_root_either(built: Preview, service: str) -> None:
    code, found = built.execute(service, "id", "-u")
    assert (code, found.strip()) == (0, "10001")


def test_services_of_one_folder_share_one_image(built: Preview) -> None:
    services = built.status()["services"]
    assert len({services[name]["image"] for name in ("pip", "celery", "script")}) == 1
    assert len({services[name]["image"] for name in ("go", "goworker")}) == 1
    assert len({service["image"] for service in services.values()}) == len(services) - 3


def test_a_worker_starts_the_celery_that_was_found(built: Preview) -> None:
    eventually(lambda: "ready." in logs(built, "celery"), "celery says that it is ready")


def test_a_job_runs_its_own_start_in_the_shared_image(built: Preview) -> None:
    assert built.states()["script"] == "done"
    assert logs(built, "script").strip() == "pip"


def test_several_programs_of_go_are_in_one_image(built: Preview) -> None:
    assert answer(built, "go")["page"] == "a page\n"
    eventually(lambda: "working" in logs(built, "goworker"), "the worker says that it works")


def test_a_project_with_a_build_system_is_installed(built: Preview) -> None:
    assert answer(built, "uv")["version"] == "1"


def test_what_is_for_development_is_not_installed(built: Preview) -> None:
    assert answer(built, "poetry")["pytest"] is False


def test_the_build_command_runs_in_the_image(built: Preview) -> None:
    found = answer(built, "django")
    assert found["static"] is True
    assert {"log.txt", "built.txt"} <= set(found["files"])


def test_the_build_script_sees_the_build_arguments(built: Preview) -> None:
    found = answer(built, "npm")
    assert found["built"] == {"branch": "main", "day": 86400000}
    assert found["mode"] == "production"


def test_a_front_end_is_built_and_its_paths_are_its_own(built: Preview) -> None:
    page = built.ask("vite").body
    script = re.search(r'src="(/assets/[^"]+\.js)"', page)
    assert script
    assert "vite built this" in built.ask("vite", script[1]).body
    assert built.ask("vite", "/any/path").body == page


@pytest.mark.parametrize(
    ("path", "status", "title"),
    [
        ("/", 200, "a site"),
        ("/about", 200, "about"),
        ("/missing", 404, "not here"),
        ("/.git/HEAD", 404, "not here"),
    ],
)
def test_a_site_is_served(built: Preview, path: str, status: int, title: str) -> None:
    found = built.ask("static", path)
    assert (found.status, f"<title>{title}</title>" in found.body) == (status, True)


def test_nothing_is_written_into_the_checkout(built: Preview) -> None:
    files = {path.name for path in built.repository.path.rglob("*") if path.is_file()}
    assert not {"Dockerfile", ".dockerignore", "Dockerfile.dockerignore"} & files


def test_the_image_that_runs_is_the_one_that_is_shown(built: Preview) -> None:
    shown = built.run("plan", "--dockerfile", "npm")
    assert "\nCMD " in shown.out
    command = json.loads(shown.out.rpartition("\nCMD ")[2])
    assert built.inspect("npm")["Config"]["Cmd"] == command


def test_a_push_of_source_installs_nothing_again(built: Preview) -> None:
    """The last test here: every image is another one afterwards."""
    before = {name: service["image"] for name, service in built.status()["services"].items()}
    for service, name in SOURCES.items():
        path = built.repository.path / service / name
        path.write_text(f"{path.read_text()}{PUSHED[path.suffix].format(built.repository.project)}\n")
    up(built)
    after = {name: service["image"] for name, service in built.status()["services"].items()}
    assert {name for name in before if before[name] != after[name]} == {
        *SOURCES,
        "celery",
        "script",
        "goworker",
    }
    assert {name: cached(built.build_log(name), INSTALLS[name]) for name in SOURCES} == dict.fromkeys(
        SOURCES, True
    )
    assert {name: cached(built.build_log(name), "COPY", ". .") for name in SOURCES} == dict.fromkeys(
        SOURCES, False
    )


def cached(log: str, *parts: str) -> bool:
    """Whether the last step whose instruction has all these parts came from the cache."""
    pattern = r"^#(\d+) \[[^\]]+\] (?:RUN|COPY) .*" if parts[0] != "COPY" else r"^#(\d+) \[[^\]]+\] COPY .*"
    steps = [
        match[1]
        for match in re.finditer(pattern, log, re.MULTILINE)
        if all(part in match[0] for part in parts)
    ]
    assert steps, log
    return f"#{steps[0]} CACHED" in log


def logs(preview: Preview, service: str) -> str:
    container = preview.engine.client.containers.get(preview.ids()[service])
    text: str = container.logs().decode()
    return text


def test_an_ejected_dockerfile_gives_the_same(
    make_repository: MakeRepository, make_preview: MakePreview
) -> None:
    """The static site is enough: what is ejected is the text that the other tests build."""
    repository = make_repository(BUILDS / "static", "ejected").manifest(
        """\
        version: 1
        services:
          static: {kind: web, build: {path: ./}, expose: 8131, health: {path: /}}
        """
    )
    with make_preview(repository) as preview:
        preview.up()
        generated = preview.ask("static").body
        assert preview.run("down").code == 0
        assert preview.galley("eject", "static", at=repository.path).code == 0
        preview.up()
        assert preview.ask("static").body == generated
        assert (repository.path / "Dockerfile").is_file()
        assert preview.run("plan", "--dockerfile", "static").code == 2


def test_the_example_without_a_dockerfile(make_repository: MakeRepository, make_preview: MakePreview) -> None:
    with make_preview(make_repository(EXAMPLES / "flask")) as preview:
        up(preview)
        assert preview.ask("web", "/healthz").body == "ok\n"
        assert preview.execute("web", "id", "-un") == (0, "app\n")


def test_a_build_that_fails_shows_its_last_lines(
    make_repository: MakeRepository, make_preview: MakePreview
) -> None:
    repository = make_repository(BUILDS / "static", "broken").manifest(
        """\
        version: 1
        services:
          site:
            kind: worker
            build: {path: ./, command: "echo one; echo two >&2; exit 7", start: sleep 60}
        """
    )
    (repository.path / "requirements.txt").write_text("")
    with make_preview(repository) as preview:
        done = preview.fails()
        assert "two" in done.err
        assert "exit code: 7" in done.err


def test_a_context_that_is_not_understood_is_refused_before_anything_is_made(
    make_repository: MakeRepository, make_preview: MakePreview
) -> None:
    repository: Repository = make_repository(BUILDS / "static", "ruby").manifest(
        "version: 1\nservices:\n  app: {kind: worker, build: {path: ./}}\n"
    )
    (repository.path / "public" / "index.html").unlink()
    repository.write("Gemfile", "")
    with make_preview(repository) as preview:
        done = preview.run("up")
        assert done.code == 2
        assert "galley.yaml:3:37: services.app.build.path: `./` has no Dockerfile" in done.err
        assert "found Gemfile (Ruby)" in done.err

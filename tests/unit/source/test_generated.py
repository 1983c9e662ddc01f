"""Contexts without a Dockerfile: one build for the services that say the same, problems with their places."""

from __future__ import annotations

import os
import textwrap
from pathlib import Path

import pytest

from galley_iac.errors import InputError
from galley_iac.plan.images import Context
from galley_iac.source.contexts import contexts_of
from galley_iac.source.find import read
from galley_iac.source.generated import ContextFiles

FASTAPI = {
    "requirements.txt": "uvicorn\ncelery\n",
    "main.py": "app = FastAPI()\n",
    "tasks.py": "a = Celery('x')\n",
}
VITE = {"package.json": '{"scripts": {"build": "vite build"}, "devDependencies": {"vite": "6"}}'}


def contexts(folder: Path, services: str, files: dict[str, str]) -> dict[str, Context]:
    (folder / ".git").mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    body = textwrap.indent(textwrap.dedent(services), "  ")
    (folder / "galley.yaml").write_text(f"version: 1\nservices:\n{body}")
    return contexts_of(read(folder))


def refused(folder: Path, services: str, files: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.chdir(folder)
    with pytest.raises(InputError) as error:
        contexts(folder, services, files)
    return str(error.value).splitlines()


def test_services_that_say_the_same_share_the_build(tmp_path: Path) -> None:
    found = contexts(
        tmp_path,
        """
        api: {kind: api, build: {path: ./}, expose: 8000}
        worker: {kind: worker, build: {path: ./}}
        job: {kind: worker, restart: never, build: {path: ./, start: python seed.py}}
        """,
        FASTAPI,
    )
    assert len({(one.path, one.digest, one.generated) for one in found.values()}) == 1
    assert found["api"].command == (
        "/bin/sh",
        "-c",
        "exec uvicorn --host 0.0.0.0 --port ${PORT:-8000} main:app",
    )
    assert found["worker"].command == ("celery", "--app", "tasks:a", "worker", "--loglevel", "info")
    assert found["job"].command is None


def test_another_command_is_another_build(tmp_path: Path) -> None:
    found = contexts(
        tmp_path,
        """
        api: {kind: api, build: {path: ./}, expose: 8000}
        built: {kind: api, build: {path: ./, command: make}, expose: 8000}
        """,
        FASTAPI,
    )
    assert found["api"].generated != found["built"].generated


def test_a_start_of_one_service_decides_for_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = "web: {kind: web, build: {path: ./}, expose: 80}\n"
    alone = contexts(tmp_path, site, VITE)["web"]
    assert alone.generated
    assert "FROM caddy" in alone.generated.dockerfile
    other = "job: {kind: worker, build: {path: ./, start: node job.js}}\n"
    assert refused(tmp_path, site + other, VITE, monkeypatch)[0] == (
        "galley.yaml:3:20: services.web.build.start: "
        "another service of this build has a start command, so the files of vite are not served"
    )


def test_all_problems_are_placed_and_told_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    services = """\
        a: {kind: worker, build: {path: ruby}}
        b: {kind: worker, build: {path: api}}
        c:
          kind: worker
          build:
            path: own
            command: make
        d: {kind: worker, build: {path: api, target: test, start: x}}
        """
    files = {"ruby/Gemfile": "", "api/requirements.txt": "", "own/Dockerfile": "FROM scratch\n"}
    lines = refused(tmp_path, services, files, monkeypatch)
    assert [line.split(": looked")[0] for line in lines[::2]] == [
        "galley.yaml:3:35: services.a.build.path: `ruby` has no Dockerfile and is in no known language",
        "galley.yaml:4:21: services.b.build.start: no start command for a worker in this Python project",
        "galley.yaml:9:16: services.c.build.command: `command` is for builds without a Dockerfile, "
        "and `own` has one",
        "galley.yaml:10:48: services.d.build.target: `target` names a stage of a Dockerfile, "
        "and there is none in `api`",
    ]


def test_what_dockerignore_hides_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {"package.json": "{}", ".dockerignore": "*\n!src\n"}
    lines = refused(tmp_path, "a: {kind: worker, build: {path: ./}}\n", files, monkeypatch)
    assert lines[0].endswith("found none of them; .dockerignore leaves out package.json")


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "outside").write_text("secret")
    context = tmp_path / "context"
    (context / "folder").mkdir(parents=True)
    (context / "main.py").write_text("x")
    (context / "link.py").symlink_to("../outside")
    (context / "linked").symlink_to("..")
    os.mkfifo(context / "pipe")
    files = ContextFiles(context, ["folder", "main.py", "link.py", "linked", "pipe"])
    assert files.list(".") == ["folder/", "link.py", "linked", "main.py", "pipe"]
    assert files.list("linked") == []
    assert [name for name in files.list(".") if files.exists(name)] == ["main.py"]
    assert (files.read("link.py"), files.read("pipe"), files.read("missing")) == ("", "", "")


def test_text_that_is_none_is_read_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"\xff\xfe\x00a")
    assert ContextFiles(tmp_path, ["x"]).read("x") == "\ufffd\ufffd\x00a"

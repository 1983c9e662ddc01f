"""Values that are hard to keep: they reach the container unchanged, and nothing that is written or shown."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.conftest import MakePreview, MakeRepository
from tests.integration.harness.canaries import MARK, PLAIN, VALUES, files, leaked, searched
from tests.integration.harness.preview import Preview

SHOW = (
    "import json, os; e = {n: os.environ[n] for n in sorted(os.environ)};"
    "print(json.dumps(e)); print(json.dumps(e, ensure_ascii=False)); [print(v) for v in e.values()]"
)
ENV = "\n".join(f'          {name}: "${{{name}}}"' for name in VALUES)
MANIFEST = f"""
    version: 1
    services:
      api:
        kind: api
        build: {{path: ./, start: "python3 -u /show.py && exec python3 -u /server.py"}}
        expose: 8000
        health: {{path: /healthz, timeout: 60s}}
        env:
          PLAIN: "${{PLAIN}}"
{ENV}
      aside:
        kind: worker
        build: {{path: ./}}
        env: {{PLAIN: "${{PLAIN}}"}}
"""
JOB = f"""
      migrate:
        kind: worker
        restart: never
        build: {{path: ./, start: "python3 -u /show.py && exit 4"}}
        env:
          PLAIN: "${{PLAIN}}"
{ENV}
"""


class Arguments(threading.Thread):
    """Reads every process's arguments, again and again, until it is ended."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.seen: set[bytes] = set()
        self._over = threading.Event()

    def run(self) -> None:
        while not self._over.wait(0.02):
            for path in Path("/proc").glob("[0-9]*/cmdline"):
                with contextlib.suppress(OSError):
                    self.seen.add(path.read_bytes())

    def end(self) -> str:
        """All that was seen."""
        self._over.set()
        self.join()
        return b"\n".join(self.seen).decode("utf-8", "replace")


@pytest.fixture(scope="module")
def arguments() -> Iterator[Arguments]:
    reader = Arguments()
    reader.start()
    yield reader
    reader.end()


@pytest.fixture(scope="module")
def preview(
    make_repository: MakeRepository, make_preview: MakePreview, arguments: Arguments
) -> Iterator[Preview]:
    """Brought up while somebody looks at the arguments of every process."""
    made = make_repository().manifest(MANIFEST).write("show.py", SHOW)
    dockerfile = (made.path / "Dockerfile").read_text()
    made.write("Dockerfile", dockerfile.replace("COPY", "COPY show.py /show.py\nCOPY", 1))
    with make_preview(made) as preview:
        assert arguments.is_alive()
        assert preview.galley("var", "set", "PLAIN", PLAIN, at=made.path).code == 0
        for name, value in VALUES.items():
            done = preview.galley("secret", "set", name, "--from-env", "CANARY", at=made.path, CANARY=value)
            assert done.code == 0, done.text
        preview.up()
        yield preview


def test_no_process_had_them_in_its_arguments(preview: Preview, arguments: Arguments) -> None:
    assert preview.states() == {"api": "ready", "aside": "running"}
    assert searched(arguments.end()) == set()


def test_the_container_has_them_unchanged(preview: Preview) -> None:
    environment = preview.ask("api", "/env").json
    assert {name: environment[name] for name in VALUES} == VALUES


def test_they_make_no_difference_to_the_next_update(preview: Preview) -> None:
    assert "nothing to change" in preview.up().err
    assert "nothing to change" in preview.up("--full").err


@pytest.mark.parametrize("words", [("logs", "api"), ("logs", "--tail", "2", "api")])
def test_logs_mask_them_in_every_form(preview: Preview, words: tuple[str, ...]) -> None:
    shown = preview.run(*words)
    assert shown.code == 0
    assert leaked(shown.text) == set()
    assert MARK not in shown.text


def test_the_search_of_the_logs_finds_what_is_plain(preview: Preview) -> None:
    assert searched(preview.run("logs", "api").out) == set()


@pytest.mark.parametrize("words", [("plan",), ("plan", "--json")])
def test_plans_mask_them(preview: Preview, words: tuple[str, ...]) -> None:
    assert searched(preview.run(*words).text) == set()


def test_labels_configuration_and_history_do_not_hold_them(preview: Preview) -> None:
    info = preview.inspect("api")
    assert searched(json.dumps(info["Config"]["Env"], ensure_ascii=False)), "the search finds them here"
    assert leaked(json.dumps([info["Config"]["Labels"], info["Args"]], ensure_ascii=False)) == set()
    image = preview.engine.client.images.get(info["Image"])
    assert leaked(json.dumps([image.history(), image.attrs], ensure_ascii=False)) == set()


def test_state_backups_and_history_do_not_hold_them(preview: Preview) -> None:
    found = {path.name for path in (preview.galley.home / "state" / ".pulumi").iterdir()}
    assert {"stacks", "history"} <= found
    for folder in ("stacks", "history"):
        assert searched(files(preview.galley.home / "state" / ".pulumi" / folder)) == set()


def test_a_failing_job_and_a_failing_service_show_none(preview: Preview) -> None:
    preview.repository.manifest(MANIFEST + JOB)
    told = preview.fails().text
    assert "migrate: exited with code 4" in told
    assert searched(told) == set()
    assert MARK not in told
    preview.repository.manifest(MANIFEST.replace("&& exec python3 -u /server.py", "&& exit 5"))
    told = preview.fails().text
    assert searched(told) == set()
    assert MARK not in told
    text = files(preview.galley.home)
    assert searched(text) == set()
    assert MARK not in text

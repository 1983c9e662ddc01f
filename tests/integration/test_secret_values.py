"""Values that are hard to keep: they reach the container unchanged, and nothing that is written or shown."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.conftest import MakePreview, MakeRepository
from tests.integration.harness.canaries import MARK, PLAIN, VALUES, files, searched
from tests.integration.harness.command import Galley
from tests.integration.harness.engine import Engine
from tests.integration.harness.events import EngineEvents, keeping_pulumi
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
        build:
          path: ./
          args: {{NOTE: "${{PLAIN}}"}}
          start: "python3 -u /show.py && echo shown {PLAIN} && exec python3 -u /server.py"
        expose: 8000
        health: {{path: /healthz, timeout: 60s}}
        env:
          PLAIN: "${{PLAIN}}"
{ENV}
      {PLAIN}:
        kind: worker
        build: {{path: ./, args: {{NOTE: "${{PLAIN}}"}}}}
"""
"""A service is called after the plain value: so it is in all that names services, labels and events too."""

DOCKERFILE = """\
FROM python:3.12-alpine
ARG NOTE
LABEL note=$NOTE
COPY show.py server.py /
CMD ["python3", "-u", "/server.py"]
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
def engine_events(engine: Engine) -> Iterator[EngineEvents]:
    listener = EngineEvents(engine)
    listener.start()
    yield listener
    listener.end()


@pytest.fixture(scope="module")
def pulumi(galley: Galley, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Pulumi command, whose event logs stay in the folder beside it."""
    return keeping_pulumi(galley.tools.pulumi, tmp_path_factory.mktemp("pulumi"))


@pytest.fixture(scope="module")
def preview(
    make_repository: MakeRepository,
    make_preview: MakePreview,
    arguments: Arguments,
    engine_events: EngineEvents,
    pulumi: Path,
) -> Iterator[Preview]:
    """Brought up while somebody looks at the arguments of every process, and at the engine's events."""
    made = make_repository().manifest(MANIFEST).write("show.py", SHOW).write("Dockerfile", DOCKERFILE)
    with make_preview(made) as preview:
        assert arguments.is_alive()
        assert engine_events.is_alive()
        assert preview.galley("var", "set", "PLAIN", PLAIN, at=made.path).code == 0
        for name, value in VALUES.items():
            done = preview.galley("secret", "set", name, "--from-env", "CANARY", at=made.path, CANARY=value)
            assert done.code == 0, done.text
        up = preview.galley("up", "--branch", preview.branch, at=made.path, GALLEY_PULUMI=str(pulumi))
        assert up.code == 0, up.text
        yield preview


def test_no_process_had_them_in_its_arguments(preview: Preview, arguments: Arguments) -> None:
    assert preview.states() == {"api": "ready", PLAIN: "running"}
    assert searched(arguments.end()) == set()


def test_the_container_has_them_unchanged(preview: Preview) -> None:
    environment = preview.ask("api", "/env").json
    assert {name: environment[name] for name in VALUES} == VALUES


def test_they_make_no_difference_to_the_next_update(preview: Preview) -> None:
    assert "nothing to change" in preview.up().err
    assert "nothing to change" in preview.up("--full").err


@pytest.mark.parametrize("words", [("logs", "api"), ("logs", "--tail", "12", "api")])
def test_logs_mask_them_in_every_form(preview: Preview, words: tuple[str, ...]) -> None:
    shown = preview.run(*words)
    assert shown.code == 0
    assert searched(shown.text) == set()
    assert MARK not in shown.text


@pytest.mark.parametrize("words", [("plan",), ("plan", "--json"), ("status",), ("status", "--json")])
def test_what_is_shown_of_it_masks_them(preview: Preview, words: tuple[str, ...]) -> None:
    assert searched(preview.run(*words).text) == set()


@pytest.mark.parametrize("words", [("preview",), ("preview", "--json")])
def test_what_an_update_would_change_does_not_show_them(preview: Preview, words: tuple[str, ...]) -> None:
    """Every service would change, and so every one is named."""
    preview.repository.manifest(MANIFEST.replace("args: {NOTE: ", "args: {MORE: x, NOTE: "))
    shown = preview.run(*words)
    preview.repository.manifest(MANIFEST)
    assert "replace" in shown.out
    assert searched(shown.text) == set()


def test_labels_and_arguments_do_not_hold_them(preview: Preview) -> None:
    info = preview.inspect("api")
    assert searched(json.dumps(info["Config"]["Env"], ensure_ascii=False)), "the search finds them here"
    assert searched(json.dumps(info["Config"]["Labels"], ensure_ascii=False)) == set()
    assert searched(json.dumps([info["Path"], *info["Args"]], ensure_ascii=False)) == set()


def test_every_other_object_of_the_engine_does_not_hold_them(preview: Preview) -> None:
    """The containers of the router and of the checks, and the network with the names that are on it."""
    found = preview.engine.containers(preview.name)
    del found["api"]
    others = [*found.values(), *preview.engine.networks(preview.name)]
    assert len(others) == 4
    assert searched(json.dumps(others, ensure_ascii=False)) == set()


def test_the_image_s_history_and_configuration_do_not_hold_them(preview: Preview) -> None:
    image = preview.engine.client.images.get(preview.inspect("api")["Image"])
    for part in (image.history(), image.attrs, image.labels):
        assert searched(json.dumps(part, ensure_ascii=False)) == set()


def test_pulumis_own_events_do_not_hold_them(preview: Preview, pulumi: Path) -> None:
    """As Pulumi writes them: before anything of ours has read, shortened or masked them."""
    text = files(pulumi.parent / "events")
    assert '"resOutputsEvent"' in text
    assert preview.name in text
    assert searched(text) == set()
    assert MARK not in text


def test_the_engine_s_events_do_not_hold_them(preview: Preview, engine_events: EngineEvents) -> None:
    text = engine_events.text()
    assert f'"name": "{preview.name}.api"' in text
    assert searched(text) == set()
    assert MARK not in text


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

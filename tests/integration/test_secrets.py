"""A secret reaches its container and nothing else; each search finds a plain value in the same place."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.integration.conftest import MakePreview, MakeRepository
from tests.integration.harness.preview import Preview

MANIFEST = """
    version: 1
    services:
      api:
        kind: api
        build:
          path: ./
          args: {NOTE: "${PLAIN}"}
          start: "echo token $TOKEN plain $PLAIN && exec python3 -u /server.py"
        expose: 8000
        env: {TOKEN: "Bearer ${TOKEN}", OWN: "${OWN}", PLAIN: "${PLAIN}"}
        health: {path: /healthz, timeout: 20s}
"""
JOB = """
      migrate:
        kind: worker
        restart: never
        build: {path: ./, args: {NOTE: "${PLAIN}"}, start: "echo token $TOKEN plain $PLAIN && exit 1"}
        env: {TOKEN: "${TOKEN}", PLAIN: "${PLAIN}"}
"""


@dataclass(frozen=True)
class Canaries:
    """The project's secret, the preview's own, and the plain one that the same searches have to find."""

    token: str = f"canary-token-{secrets.token_hex(8)}"
    own: str = f"canary-own-{secrets.token_hex(8)}"
    plain: str = f"canary-plain-{secrets.token_hex(8)}"

    def shown(self, text: str) -> set[str]:
        """Which of them a text holds."""
        return {name for name, value in vars(self).items() if value in text}


CANARIES = Canaries()
ONLY_PLAIN = {"plain"}


@pytest.fixture(scope="module")
def preview(make_repository: MakeRepository, make_preview: MakePreview) -> Iterator[Preview]:
    made = make_repository().manifest(MANIFEST)
    dockerfile = (made.path / "Dockerfile").read_text()
    noted = "ARG NOTE\nLABEL note=$NOTE\nRUN echo noted $NOTE\nCOPY"
    made.write("Dockerfile", dockerfile.replace("COPY", noted, 1))
    with make_preview(made) as preview:
        at = made.path
        for words, value in (
            (("secret", "set", "TOKEN"), CANARIES.token),
            (("secret", "set", "OWN", "--branch", "main"), CANARIES.own),
        ):
            assert preview.galley(*words, "--from-env", "CANARY", at=at, CANARY=value).code == 0
        assert preview.galley("var", "set", "PLAIN", CANARIES.plain, at=at).code == 0
        preview.up()
        yield preview


def files(folder: Path) -> str:
    """Everything below a folder, names too."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return "\n".join(f"{path}\n{path.read_text(errors='replace')}" for path in found)


def test_the_values_reach_the_container(preview: Preview) -> None:
    environment = preview.ask("api", "/env").json
    assert environment["TOKEN"] == f"Bearer {CANARIES.token}"
    assert environment["OWN"] == CANARIES.own
    assert environment["PLAIN"] == CANARIES.plain


def test_secrets_make_no_difference_to_the_next_update(preview: Preview) -> None:
    assert "nothing to change" in preview.up().err


def test_state_and_configuration_hold_them_encrypted(preview: Preview) -> None:
    for folder in ("state", "workspace"):
        text = files(preview.galley.home / folder)
        assert CANARIES.shown(text) == ONLY_PLAIN, folder
        assert "secure" in text or "ciphertext" in text


def test_nothing_else_at_home_holds_them(preview: Preview) -> None:
    assert CANARIES.shown(files(preview.galley.home)) == ONLY_PLAIN
    assert CANARIES.shown(files(preview.galley.home / "builds")) == ONLY_PLAIN


@pytest.mark.parametrize("words", [("plan",), ("plan", "--json")])
def test_a_plan_masks_them(preview: Preview, words: tuple[str, ...]) -> None:
    shown = preview.run(*words)
    assert shown.code == 0
    assert CANARIES.shown(shown.text) == ONLY_PLAIN
    assert "********" in shown.out


def test_logs_mask_them(preview: Preview) -> None:
    shown = preview.run("logs", "api")
    assert CANARIES.shown(shown.text) == ONLY_PLAIN
    assert "token Bearer ********" in shown.out


def test_a_list_has_names_alone_and_plain_values(preview: Preview) -> None:
    at = preview.repository.path
    assert preview.galley("secret", "ls", "--json", at=at).json == ["TOKEN"]
    assert CANARIES.shown(preview.galley("var", "ls", at=at).text) == ONLY_PLAIN


def test_labels_and_the_images_history_do_not_hold_them(preview: Preview) -> None:
    info = preview.inspect("api")
    assert CANARIES.shown(json.dumps(info["Config"]["Env"])) == {"token", "own", "plain"}
    assert CANARIES.shown(json.dumps(info["Config"]["Labels"])) == ONLY_PLAIN
    image = preview.engine.client.images.get(info["Image"])
    assert CANARIES.shown(json.dumps([image.history(), image.attrs])) == ONLY_PLAIN


def test_an_outsider_gets_a_substitute_that_stays(preview: Preview, make_preview: MakePreview) -> None:
    """Variables are no secrets; what was set for this preview alone was meant for it."""
    with make_preview(preview.repository, "outsider") as outsider:
        words = ("secret", "set", "OWN", "--branch", "outsider", "--from-env", "CANARY")
        done = outsider.galley(*words, at=preview.repository.path, CANARY=CANARIES.own)
        assert done.code == 0, done.text
        assert outsider.run("up", "--untrusted").code == 0
        given = outsider.ask("api", "/env").json
        assert CANARIES.shown(json.dumps(given)) == {"own", "plain"}
        assert len(given["TOKEN"]) > len("Bearer ") + 15
        again = outsider.run("up", "--untrusted")
        assert "nothing to change" in again.err
        assert outsider.ask("api", "/env").json["TOKEN"] == given["TOKEN"]
        assert preview.ask("api", "/env").json["TOKEN"] == f"Bearer {CANARIES.token}", "the team's own has it"


def test_the_error_of_a_failed_job_masks_them(preview: Preview) -> None:
    preview.repository.manifest(MANIFEST + JOB)
    told = preview.fails().text
    assert CANARIES.shown(told) == ONLY_PLAIN
    assert "| token ******** plain" in told
    assert CANARIES.shown(files(preview.galley.home)) == ONLY_PLAIN, "a job's output is kept encrypted"


def test_a_build_argument_cannot_be_a_secret(preview: Preview) -> None:
    preview.repository.manifest(MANIFEST.replace('NOTE: "${PLAIN}"', 'NOTE: "${TOKEN}"'))
    done = preview.run("up")
    assert done.code == 2
    assert "galley.yaml:8:" in done.err
    assert "a secret cannot stand here" in done.err

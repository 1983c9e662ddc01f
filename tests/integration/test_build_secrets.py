"""Secrets of a build: they reach the steps that mount them, and are in nothing that is left of the build."""

from __future__ import annotations

import hashlib
import json
import tarfile
import tempfile
from collections.abc import Iterator

import pytest

from tests.integration.conftest import MakePreview, MakeRepository
from tests.integration.harness.canaries import MARK, PLAIN, VALUES, files, searched
from tests.integration.harness.preview import Preview
from tests.integration.harness.repository import Repository

NAMES = ", ".join(VALUES)
MANIFEST = f"""
    version: 1
    services:
      {PLAIN}:
        kind: worker
        build: {{path: ./, args: {{NOTE: {PLAIN}}}, secrets: [{NAMES}]}}
"""
"""The service is called after the plain value: so it is in all that names services, too."""

MOUNTS = " ".join(f"--mount=type=secret,id={name}" for name in VALUES)
DOCKERFILE = f"""\
FROM python:3.12-alpine
ARG NOTE
RUN {MOUNTS} cd /run/secrets && sha256sum {" ".join(VALUES)} > /digests && cat * && echo noted $NOTE
COPY server.py /server.py
CMD ["python3", "-u", "/server.py"]
"""


def make(repository: Repository) -> Repository:
    return repository.manifest(MANIFEST).write("Dockerfile", DOCKERFILE)


def set_all(preview: Preview) -> None:
    for name, value in VALUES.items():
        done = preview.galley(
            "secret", "set", name, "--from-env", "CANARY", at=preview.repository.path, CANARY=value
        )
        assert done.code == 0, done.text


def digests(preview: Preview) -> dict[str, str]:
    code, output = preview.execute(PLAIN, "cat", "/digests")
    assert code == 0
    return {name: digest for digest, name in (line.split() for line in output.splitlines())}


EXPECTED = {name: hashlib.sha256(value.encode()).hexdigest() for name, value in VALUES.items()}


@pytest.fixture(scope="module")
def preview(make_repository: MakeRepository, make_preview: MakePreview) -> Iterator[Preview]:
    with make_preview(make(make_repository())) as made:
        set_all(made)
        made.up()
        yield made


def test_every_value_reaches_its_step_unchanged(preview: Preview) -> None:
    assert digests(preview) == EXPECTED


def test_another_update_has_nothing_to_do(preview: Preview) -> None:
    assert "nothing to change" in preview.up().err
    assert "nothing to change" in preview.up("--full").err


def test_the_log_is_masked_on_the_disk(preview: Preview) -> None:
    log = preview.build_log(PLAIN)
    assert f"noted {PLAIN}" in log
    assert "********" in log
    assert searched(log) == set()


def test_nothing_at_home_holds_them(preview: Preview) -> None:
    text = files(preview.galley.home)
    assert searched(text) == set()
    assert MARK not in text


def test_the_image_s_history_and_layers_do_not_hold_them(preview: Preview) -> None:
    """All of ``docker save``: configuration, history, and every file of every layer above the base."""
    image = preview.engine.client.images.get(preview.inspect(PLAIN)["Image"])
    assert searched(json.dumps([image.history(), image.attrs], ensure_ascii=False)) == set()
    with tempfile.TemporaryFile() as whole:
        for chunk in image.save():
            whole.write(chunk)
        whole.seek(0)
        found = list(_layers(whole))
    assert any(EXPECTED["SIGNS"].encode() in content for content in found), "the search sees into layers"
    assert not any(MARK.encode() in content for content in found)


def _layers(whole: object) -> Iterator[bytes]:
    """All layers but the biggest, which is the base image's, made before there were any values."""
    with tarfile.open(fileobj=whole) as outer:  # type: ignore[call-overload]
        members = [one for one in outer.getmembers() if one.isfile()]
        base = max(members, key=lambda one: one.size)
        for member in members:
            content = outer.extractfile(member)
            if content and member is not base:
                yield content.read()


@pytest.mark.parametrize("words", [("plan",), ("plan", "--json"), ("status",), ("status", "--json")])
def test_no_verb_shows_them(preview: Preview, words: tuple[str, ...]) -> None:
    assert searched(preview.run(*words).text) == set()


def test_what_an_update_would_change_does_not_show_them(preview: Preview) -> None:
    preview.repository.manifest(MANIFEST.replace("NOTE: ", "MORE: x, NOTE: "))
    shown = preview.run("preview", "--json")
    preview.repository.manifest(MANIFEST)
    assert {step["operation"] for step in shown.json["steps"]} >= {"create", "replace"}
    assert searched(shown.text) == set()


def test_a_failed_build_does_not_show_them(
    make_repository: MakeRepository, make_preview: MakePreview
) -> None:
    repository = make(make_repository())
    repository.replace("Dockerfile", "&& echo noted $NOTE", "&& echo noted $NOTE && exit 5")
    with make_preview(repository) as preview:
        set_all(preview)
        told = preview.fails()
        assert searched(told.text) == set()
        assert MARK not in told.text
        assert searched(files(preview.galley.home / "builds")) == set()


def test_a_missing_secret_is_named_by_line(small: Repository, make_preview: MakePreview) -> None:
    with make_preview(make(small)) as preview:
        done = preview.run("up")
        assert done.code == 2
        assert "galley.yaml:6:" in done.err
        assert "galley secret set LINES" in done.err


def test_an_outsider_s_build_shares_nothing_with_a_trusted_one(
    preview: Preview, make_preview: MakePreview
) -> None:
    """Its steps are the same, and the builder's cache does not tell one value from another by itself."""
    with make_preview(preview.repository, "outsider") as outsider:
        assert outsider.run("up", "--untrusted").code == 0
        assert set(digests(outsider)) == set(EXPECTED)
        assert set(digests(outsider).values()).isdisjoint(EXPECTED.values())
        assert (
            outsider.status()["services"][PLAIN]["image"]
            != preview.status()["services"][PLAIN]["image"]
        )
        assert digests(preview) == EXPECTED
        outsider.up()
        assert digests(outsider) == EXPECTED, "a branch that is trusted now gets the real values"
        assert outsider.run("up", "--untrusted").code == 0
        assert set(digests(outsider).values()).isdisjoint(EXPECTED.values()), "and loses them again"

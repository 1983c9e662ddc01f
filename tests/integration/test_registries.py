"""Private registries: by the user's Docker login or a configured one, for pulls and for builds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.conftest import MakePreview, MakeRepository
from tests.integration.harness.command import Completed
from tests.integration.harness.engine import Engine
from tests.integration.harness.preview import Preview
from tests.integration.harness.registry import DockerConfig, Registry, started

PULLED = """
    version: 1
    services:
      cache:
        kind: cache
        image: {image}
        expose: 6379
      worker:
        kind: worker
        build: {{path: ./}}
"""
BUILT = """
    version: 1
    services:
      worker:
        kind: worker
        build: {path: ./}
"""
Images = tuple[str, str]


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    with started(tmp_path_factory.mktemp("registry")) as made:
        assert made.answers() == 401, "it wants a password"
        yield made


@pytest.fixture(scope="module")
def images(registry: Registry, engine: Engine, session: str) -> Iterator[Images]:
    """(one to pull, one to build from); the engine has neither name."""
    cache = registry.fill(engine, "redis:7-alpine", f"team/cache:{session}")
    base = registry.fill(engine, "python:3.12-alpine", f"team/base:{session}")
    yield cache, base
    registry.forget(engine, cache)
    registry.forget(engine, base)


@pytest.fixture
def preview(
    make_repository: MakeRepository,
    make_preview: MakePreview,
    registry: Registry,
    engine: Engine,
    images: Images,
) -> Iterator[Preview]:
    """One that pulls; its repository's login, if a test makes one, is its own project's."""
    registry.forget(engine, images[0])
    with make_preview(make_repository().manifest(PULLED.format(image=images[0]))) as made:
        yield made


def up(preview: Preview, config: Path, *words: str) -> Completed:
    return run(preview, "up", config, *words)


def run(preview: Preview, verb: str, config: Path, *words: str) -> Completed:
    """With ``config`` as the folder of Docker's configuration."""
    at = preview.repository.path
    return preview.galley(verb, "--branch", preview.branch, *words, at=at, DOCKER_CONFIG=str(config))


def helped(preview: Preview, config: DockerConfig, *words: str) -> Completed:
    """An update in whose environment a credential helper is found."""
    at = preview.repository.path
    return preview.galley("up", "--branch", preview.branch, *words, at=at, **config.environment)


def log_in(preview: Preview, registry: Registry, *words: str, password: str = "") -> Completed:
    """``galley registry login``, the password on standard input."""
    command = [str(preview.galley.program), "registry", "login", registry.host, "-u", registry.user, *words]
    shell = ["sh", "-c", 'printf %s "$PASSWORD" | "$@"', "sh", *command]
    at = preview.repository.path
    return preview.galley.run(shell, at=at, PASSWORD=password or registry.password)


def files(folder: Path) -> dict[str, str]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_text(errors="replace") for path in found}


def holding(folder: Path, *values: str) -> list[str]:
    return [name for name, text in files(folder).items() if any(value in text for value in values)]


def test_without_a_login_it_says_what_to_do(preview: Preview, registry: Registry, tmp_path: Path) -> None:
    done = up(preview, tmp_path)
    assert done.code == 1
    assert f"the image {registry.host}/team/cache" in done.err
    assert "galley registry login" in done.err


def test_the_docker_login_pulls_and_is_written_nowhere(
    preview: Preview, registry: Registry, tmp_path: Path
) -> None:
    config = registry.docker_config(tmp_path / "docker")
    assert up(preview, config).code == 0
    assert preview.states() == {"cache": "ready", "worker": "running"}
    assert "nothing to change" in up(preview, config).err
    assert holding(preview.galley.home, registry.host), "the search finds what is there"
    assert holding(preview.galley.home, registry.password, registry.auth) == []


@pytest.mark.parametrize("key", ["credHelpers", "credsStore"])
def test_a_credential_helper_pulls_and_what_it_says_is_written_nowhere(
    preview: Preview, registry: Registry, tmp_path: Path, key: str
) -> None:
    config = registry.helped_config(tmp_path / "docker", key)
    refused = helped(preview, config, "--untrusted")
    assert (refused.code, config.calls()) == (1, ""), "an outsider's preview does not even ask it"
    assert helped(preview, config).code == 0
    assert f"get {registry.host}" in config.calls().replace("https://", "")
    assert preview.states() == {"cache": "ready", "worker": "running"}
    assert "nothing to change" in helped(preview, config).err
    assert holding(preview.galley.home, registry.host), "the search finds what is there"
    assert holding(preview.galley.home, registry.password, registry.auth) == []


def test_a_preview_can_be_removed_where_nobody_has_logged_in(
    preview: Preview, registry: Registry, tmp_path: Path
) -> None:
    assert up(preview, registry.docker_config(tmp_path / "docker")).code == 0
    done = run(preview, "down", tmp_path / "nowhere")
    assert done.code == 0, done.text
    assert preview.left() == []


def test_a_configured_login_pulls_and_its_password_is_encrypted(
    preview: Preview, registry: Registry, tmp_path: Path
) -> None:
    assert log_in(preview, registry).code == 0
    assert preview.galley("registry", "ls", "--json", at=preview.repository.path).json == [
        {"host": registry.host, "user": registry.user, "untrusted": False}
    ]
    assert up(preview, tmp_path).code == 0
    assert "nothing to change" in up(preview, tmp_path).err
    state = preview.galley.home / "state" / ".pulumi" / "stacks" / "galley" / f"{preview.name}.json"
    provider = next(one for one in resources(state) if one["type"] == "pulumi:providers:docker")
    assert "ciphertext" in provider["inputs"]["registryAuth"]
    assert holding(preview.galley.home, registry.user), "the search finds what is plain"
    assert holding(preview.galley.home, registry.password, registry.auth) == []


def resources(state: Path) -> list[dict[str, dict[str, dict[str, str]]]]:
    found = json.loads(state.read_text())["checkpoint"]["latest"]["resources"]
    return list(found)


def test_another_login_replaces_nothing(preview: Preview, registry: Registry, tmp_path: Path) -> None:
    config = registry.docker_config(tmp_path / "docker")
    assert up(preview, config).code == 0
    before = preview.ids()
    assert log_in(preview, registry).code == 0
    assert "nothing to change" in up(preview, config).err
    at = preview.repository.path
    assert preview.galley("registry", "rm", registry.host, at=at).code == 0
    assert "nothing to change" in up(preview, tmp_path).err
    assert preview.ids() == before


def test_a_wrong_password_is_told(preview: Preview, registry: Registry, tmp_path: Path) -> None:
    assert log_in(preview, registry, password="wrong-one").code == 0
    done = up(preview, tmp_path)
    assert done.code == 1
    assert "galley registry login" in done.err
    assert "wrong-one" not in done.text
    assert log_in(preview, registry).code == 0
    assert up(preview, tmp_path).code == 0


def test_an_outsider_gets_no_login_unless_it_is_open_to_outsiders(
    preview: Preview, registry: Registry, tmp_path: Path
) -> None:
    config = registry.docker_config(tmp_path / "docker")
    assert log_in(preview, registry).code == 0
    assert up(preview, config, "--untrusted").code == 1
    assert log_in(preview, registry, "--untrusted").code == 0
    assert up(preview, tmp_path, "--untrusted").code == 0


@pytest.mark.parametrize("way", ["docker login", "credHelpers", "configured"])
def test_a_build_from_a_private_image(
    preview: Preview, registry: Registry, engine: Engine, images: Images, tmp_path: Path, way: str
) -> None:
    registry.forget(engine, images[1])
    preview.repository.manifest(BUILT).write(
        "Dockerfile", f"FROM {images[1]}\nRUN echo {way}\nCOPY server.py /server.py\nCMD python3 /server.py\n"
    )
    config = DockerConfig(tmp_path, tmp_path)
    if way.startswith("cred"):
        config = registry.helped_config(tmp_path / "docker", way)
    elif way == "docker login":
        registry.docker_config(tmp_path)
    else:
        assert log_in(preview, registry).code == 0
    refused = helped(preview, config, "--untrusted")
    assert refused.code == 1, "an outsider's build has no login"
    done = helped(preview, config)
    assert done.code == 0, done.text
    assert bool(config.calls()) == way.startswith("cred")
    assert preview.states() == {"worker": "running"}
    assert holding(preview.galley.home, registry.password, registry.auth) == []

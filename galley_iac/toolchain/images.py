"""Base images: pulled where a registry answers, else stand-ins, which only an engine of our own gets."""

from __future__ import annotations

import contextlib
import platform
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import docker
from docker.errors import APIError, DockerException, ImageNotFound

from galley_iac.errors import MachineError
from galley_iac.toolchain import machine, recipes
from galley_iac.toolchain.engine import Engine
from galley_iac.toolchain.fetch import Fetcher
from galley_iac.toolchain.pulumi import Means
from galley_iac.toolchain.recipes import Recipe
from galley_iac.toolchain.runner import ToolError

LABEL = "galley.standin"
_KEY_LABEL = "galley.standin.recipe"
_WHAT_LABEL = "galley.standin.what"
_ANSWER_SECONDS = 5
_BUILD_SECONDS = 900


def ensure(engine: Engine, wanted: Sequence[Recipe], means: Means) -> None:
    """Sees to it that the engine has every image that the recipes stand in for. Raises MachineError."""
    with _client(engine, _BUILD_SECONDS) as client:
        pending = [
            recipe
            for recipe in wanted
            if not all(_is_real(client, name) for name in recipe.stands_in_for[:1])
        ]
        if not pending:
            means.console.note(f"base images: all {len(wanted)} are there")
        elif registry_answers(engine, pending[0].stands_in_for[0]):
            _pull(client, pending, means)
        elif engine.ours:
            _stand_in(client, pending, means)
        else:
            names = ", ".join(recipe.stands_in_for[0] for recipe in pending)
            means.console.note(
                f"no registry answers, and {engine.host} lacks {names}: previews that use them will fail"
            )


def registry_answers(engine: Engine, image: str) -> bool:
    """Asks the engine to look the image up in its registry: it knows of mirrors and proxies, we do not."""
    try:
        with _client(engine, _ANSWER_SECONDS) as client:
            client.images.get_registry_data(image)
    except (DockerException, OSError):
        return False
    return True


def stand_ins(engine: Engine) -> list[str]:
    """The names in this engine that are stand-ins, sorted: every report says so."""
    names = {name for recipe in recipes.load().values() for name in recipe.stands_in_for}
    with _client(engine, _ANSWER_SECONDS) as client:
        found = client.images.list(filters={"label": f"{LABEL}=true"})
        return sorted(names & {tag for image in found for tag in image.tags})


def _pull(client: docker.DockerClient, pending: Sequence[Recipe], means: Means) -> None:
    for recipe in pending:
        name = recipe.stands_in_for[0]
        try:
            for event in client.api.pull(*name.split(":"), stream=True, decode=True):
                means.console.tick(f"{name}: {event.get('status', '')} {event.get('progress', '')}")
        except DockerException as error:
            raise MachineError(f"{name} could not be pulled: {error}", "run `galley setup` again") from None
        means.console.note(f"{name}: pulled")


def _stand_in(client: docker.DockerClient, pending: Sequence[Recipe], means: Means) -> None:
    if platform.machine() not in ("x86_64", "amd64"):
        raise MachineError(
            "no registry answers, and stand-in images exist for x86-64 only", "let a registry be reached"
        )
    known = recipes.load()
    trusted = machine.fingerprint()
    for recipe in recipes.with_bases({recipe.name for recipe in pending}, known):
        key = recipes.key(recipe, known, trusted)
        if not _is_current(client, recipe, key):
            _build(client, recipe, key, means)
        means.console.note(f"stand-in for {', '.join(recipe.stands_in_for)}: {recipe.what}")
    client.images.prune({"dangling": True})


def _build(client: docker.DockerClient, recipe: Recipe, key: str, means: Means) -> None:
    labels = {LABEL: "true", _WHAT_LABEL: recipe.what, _KEY_LABEL: key}
    try:
        with _context(recipe, means) as context:
            _run_build(client, recipe, labels, context, means)
    except ToolError as error:
        raise MachineError(
            f"the stand-in for {recipe.stands_in_for[0]}: {error}", "run `galley setup` again"
        ) from None
    image = client.images.get(recipe.tag)
    for name in recipe.stands_in_for:
        image.tag(name)


def _run_build(
    client: docker.DockerClient, recipe: Recipe, labels: dict[str, str], context: Path, means: Means
) -> None:
    """The classic builder: it needs neither the docker command nor a plugin of it."""
    said: list[str] = []
    stream = client.api.build(
        path=str(context), tag=recipe.tag, labels=labels, rm=True, forcerm=True, decode=True
    )
    for event in stream:
        text = str(event.get("stream") or event.get("error") or "").strip()
        if text:
            said.append(text)
            means.console.tick(f"{recipe.name}: {text.splitlines()[0][:100]}")
        if "error" in event:
            raise ToolError("\n".join(said[-10:]))


@contextlib.contextmanager
def _context(recipe: Recipe, means: Means) -> Iterator[Path]:
    """The recipe's files and what it fetches, in a folder that is removed afterwards."""
    means.layout.root.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=means.layout.root, prefix=f".image-{recipe.name}-") as folder:
        context = Path(folder) / "context"
        shutil.copytree(recipe.folder, context)
        fetcher = Fetcher(means.runner, means.console)
        for fetch in recipe.fetches:
            fetcher.fetch(fetch, context)
        yield context


def _is_real(client: docker.DockerClient, name: str) -> bool:
    labels = _labels(client, name)
    return labels is not None and LABEL not in labels


def _is_current(client: docker.DockerClient, recipe: Recipe, key: str) -> bool:
    found = [_labels(client, name) for name in (recipe.tag, *recipe.stands_in_for)]
    return all(labels is not None and labels.get(_KEY_LABEL) == key for labels in found)


def _labels(client: docker.DockerClient, name: str) -> dict[str, str] | None:
    """The image's labels; None when the engine does not have it."""
    try:
        return dict(client.images.get(name).labels)
    except ImageNotFound:
        return None
    except APIError as error:
        raise MachineError(f"the Docker engine cannot tell whether it has {name}: {error}", "") from None


@contextlib.contextmanager
def _client(engine: Engine, timeout: int) -> Iterator[docker.DockerClient]:
    host = engine.host
    client = docker.DockerClient(base_url=host, timeout=timeout, use_ssh_client=host.startswith("ssh://"))
    try:
        yield client
    finally:
        client.close()

"""Stand-in images: built under the names of the real ones, and labelled as what they are.

Images that are built on them inherit the labels: a stand-in also has a name that a recipe takes.
"""

from __future__ import annotations

import contextlib
import platform
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import docker
from docker.errors import DockerException, ImageNotFound

from galley_iac.errors import MachineError
from galley_iac.toolchain import machine, recipes
from galley_iac.toolchain.fetch import Fetcher
from galley_iac.toolchain.pulumi import Means
from galley_iac.toolchain.recipes import Recipe
from galley_iac.toolchain.runner import ToolError

LABEL = "galley.standin"
KEY_LABEL = "galley.standin.recipe"
WHAT_LABEL = "galley.standin.what"


def ensure(client: docker.DockerClient, wanted: Sequence[Recipe], means: Means) -> None:
    """Builds those that are missing or of an older recipe, with what they build on. Raises MachineError."""
    if platform.machine() not in ("x86_64", "amd64"):
        raise MachineError(
            "no registry answers, and stand-ins exist for x86-64 only", "let a registry be reached"
        )
    known = recipes.load()
    trusted = machine.fingerprint()
    for recipe in recipes.with_bases({recipe.name for recipe in wanted}, known):
        key = recipes.key(recipe, known, trusted)
        if not _is_current(client, recipe, key):
            _build(client, recipe, key, means)
        means.console.note(f"stand-in for {', '.join(recipe.stands_in_for)}: {recipe.what}")
    client.images.prune({"dangling": True})


def has_real(client: docker.DockerClient, name: str) -> bool:
    """Whether the engine has the image, and it is no stand-in."""
    labels = _labels(client, name)
    return labels is not None and LABEL not in labels


def names(client: docker.DockerClient) -> list[str]:
    """The names in this engine that are stand-ins, sorted."""
    taken = {name for recipe in recipes.load().values() for name in recipe.stands_in_for}
    labelled = client.images.list(filters={"label": f"{LABEL}=true"})
    return sorted(taken & {tag for image in labelled for tag in image.tags})


def _build(client: docker.DockerClient, recipe: Recipe, key: str, means: Means) -> None:
    labels = {LABEL: "true", WHAT_LABEL: recipe.what, KEY_LABEL: key}
    try:
        with _context(recipe, means) as context:
            _run_build(client, recipe, labels, context, means)
    except (ToolError, DockerException) as error:
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
            means.console.tick(f"{recipe.name}: {text.splitlines()[0]}")
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


def _is_current(client: docker.DockerClient, recipe: Recipe, key: str) -> bool:
    found = [_labels(client, name) for name in (recipe.tag, *recipe.stands_in_for)]
    return all(labels is not None and labels.get(KEY_LABEL) == key for labels in found)


def _labels(client: docker.DockerClient, name: str) -> dict[str, str] | None:
    """The image's labels; None when the engine does not have it."""
    try:
        return dict(client.images.get(name).labels)
    except ImageNotFound:
        return None

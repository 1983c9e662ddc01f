"""The garbage collection, from a home of its own, beside what is none of its business."""

from __future__ import annotations

import fcntl
import io
import os
import pty
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.integration.conftest import MakeRepository
from tests.integration.harness.command import BOUND, Galley
from tests.integration.harness.engine import PREVIEW, TEST, Engine
from tests.integration.harness.preview import Preview
from tests.integration.harness.repository import Repository

WORKER = """\
version: 1
services:
  work: {kind: worker, image: "python:3.12-alpine", start: sleep 3600, resources: {cpus: 0.1, memory: 64m}}
"""
CACHE = 'version: 1\nservices:\n  data: {kind: cache, image: "redis:7-alpine", expose: 6379}\n'
IMAGE = "python:3.12-alpine"
AT_ONCE = 3
STATIC = Path(__file__).parent / "builds" / "static"


@pytest.fixture(scope="module")
def own(galley: Galley, engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Galley:
    """The command with a home that knows of no other test's previews."""
    return Galley(tmp_path_factory.mktemp("gc"), engine.host, galley.tools)


class Previews:
    """Previews of one home, by name; taken down at the end whether or not anything else removed them."""

    def __init__(self, own: Galley, engine: Engine) -> None:
        self.own, self.engine = own, engine
        self.at: dict[str, Repository] = {}

    def up(self, repository: Repository, *whose: str) -> str:
        """Brings one up; its name."""
        done = self.own("up", *whose, "--json", at=repository.path)
        assert done.code == 0, done.text
        name = str(done.json["preview"])
        self.at[name] = repository
        return name

    def many(self, repository: Repository, kind: str, values: list[str]) -> list[str]:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            return list(pool.map(lambda value: self.up(repository, kind, value), values))

    def short_lived(self, name: str) -> None:
        """Its time is over a second after its last activity."""
        branch = name.removesuffix(f"-{self.at[name].project}")
        done = self.own("config", "set", "--branch", branch, "ttl", "1s", at=self.at[name].path)
        assert done.code == 0, done.text

    def lose(self, name: str) -> None:
        """The stack is gone, as after `pulumi stack rm --force`, and the objects are not."""
        at = self.at[name].path
        more = self.own("env", "--json", at=at).json
        command = [str(self.own.tools.pulumi), "stack", "rm", "--force", "--yes", name]
        done = self.own.run(command, at=self.own.home / "workspace", **more)
        assert done.code == 0, done.text
        assert self.engine.of(name)

    def alive(self) -> set[str]:
        """Those of which there is anything on the engine."""
        return {name for name in self.at if self.engine.of(name)}

    def remove(self) -> None:
        for name, repository in self.at.items():
            done = self.own("down", "--name", name, at=repository.path)
            assert done.code == 0, done.text


@pytest.fixture
def previews(own: Galley, engine: Engine) -> Iterator[Previews]:
    made = Previews(own, engine)
    try:
        yield made
    finally:
        made.remove()


def collect(own: Galley, repository: Repository, *words: str) -> dict[str, Any]:
    done = own("gc", *words, "--json", at=repository.path)
    assert done.code == 0, done.text
    found: dict[str, Any] = done.json
    return found


def by_cause(found: dict[str, Any]) -> dict[str, set[str]]:
    causes: dict[str, set[str]] = {}
    for one in found["garbage"]:
        causes.setdefault(one["cause"], set()).add(one["name"])
    return causes


def in_terminal(own: Galley, repository: Repository, *words: str) -> str:
    """What the command says where a person sits before it."""
    outside, inside = pty.openpty()
    try:
        done = subprocess.run(
            [str(own.program), *words],
            cwd=repository.path,
            env=own.environment(),
            stdin=inside,
            capture_output=True,
            text=True,
            timeout=BOUND,
            check=True,
        )
    finally:
        os.close(outside)
        os.close(inside)
    return done.stdout + done.stderr


class Foreign:
    """Containers, networks, volumes and images that are not Galley's, some of them nearly so."""

    def __init__(self, engine: Engine) -> None:
        self.client, self.session = engine.client, engine.session
        self.name = f"foreign-{engine.session}"
        self.made: set[str] = set()

    def make(self) -> None:
        client, plain, nearly = self.client, {TEST: self.session}, self._nearly()
        client.containers.run(IMAGE, ["sleep", "900"], name=f"{self.name}.run", labels=plain, detach=True)
        client.containers.create(IMAGE, ["true"], name=f"{self.name}.stopped", labels=plain)
        client.networks.create(self.name, labels=plain)
        client.volumes.create(self.name, labels=plain)
        client.containers.create(IMAGE, ["true"], name=f"{self.name}.labelled", labels=nearly)
        client.networks.create(f"{self.name}.labelled", labels=nearly)
        client.volumes.create(f"{self.name}.labelled", labels=nearly)
        self._build("someone/else:1", f"LABEL galley.project={self.name}")
        self._build(f"galley-{self.name}:{'0' * 16}", f"LABEL owner={self.session}")
        self._build(f"galley-{self.name}:latest", f"LABEL galley.project={self.name}\nENV a=b")
        self.made = self.left()
        assert len(self.made) == 10

    def left(self) -> set[str]:
        """Every one of them that still exists."""
        api, mine = self.client.api, {"name": self.name}
        found = {entry["Names"][0].lstrip("/") for entry in api.containers(all=True, filters=mine)}
        found |= {f"network {entry['Name']}" for entry in api.networks(filters=mine)}
        found |= {f"volume {entry['Name']}" for entry in api.volumes(filters=mine)["Volumes"] or ()}
        images = {tag for image in api.images() for tag in image["RepoTags"] or ()}
        return found | {tag for tag in images if self.name in tag or tag == self._tag("someone/else:1")}

    def remove(self) -> None:
        for entry in self.client.api.containers(all=True, filters={"name": self.name}):
            self.client.api.remove_container(entry["Id"], force=True)
        for entry in self.client.api.networks(filters={"name": self.name}):
            self.client.api.remove_network(entry["Id"])
        for entry in self.client.api.volumes(filters={"name": self.name})["Volumes"] or ():
            self.client.api.remove_volume(entry["Name"])
        for tag in [one for one in self.left() if ":" in one]:
            self.client.api.remove_image(tag, force=True)

    def _nearly(self) -> dict[str, str]:
        """The labels of a preview that another home has made."""
        return {PREVIEW: f"other-{self.name}", "galley.project": self.name, TEST: self.session}

    def _tag(self, tag: str) -> str:
        return tag.replace("someone/", f"someone-{self.session}/")

    def _build(self, tag: str, line: str) -> None:
        text = f"FROM {IMAGE}\n{line}\n"
        self.client.images.build(fileobj=io.BytesIO(text.encode()), tag=self._tag(tag), rm=True)


@pytest.fixture(scope="module")
def foreign(engine: Engine) -> Iterator[Foreign]:
    made = Foreign(engine)
    try:
        made.make()
        yield made
    finally:
        made.remove()


def test_three_orphans_of_each_sort_and_nothing_else(
    own: Galley,
    galley: Galley,
    engine: Engine,
    make_repository: MakeRepository,
    previews: Previews,
    foreign: Foreign,
) -> None:
    repository = make_repository().manifest(WORKER)
    for branch in ("e1", "e2", "e3", "fresh"):
        repository.git("branch", branch)
    expired = previews.many(repository, "--branch", ["e1", "e2", "e3"])
    gone = previews.many(repository, "--branch", ["g1", "g2", "g3"])
    closed = previews.many(repository, "--pr", ["11", "12", "13"])
    lost = previews.many(make_repository().manifest(CACHE), "--branch", ["o1", "o2", "o3"])
    fresh, pinned = previews.many(repository, "--branch", ["fresh", "pinned"])
    opened = previews.up(repository, "--pr", "14")
    assert own("pin", "--name", pinned, at=repository.path).code == 0
    for name in (*expired, pinned):
        previews.short_lived(name)
    for name in lost:
        previews.lose(name)
    words = ("--branches-from", ".", "--open-prs", "14")
    with Preview(galley, engine, make_repository().manifest(WORKER)) as visitor:
        visitor.up()
        _check(own, repository, words, expired, gone, closed, lost, visitor.name, foreign)
        removed = collect(own, repository, *words)
        assert {one["outcome"] for one in removed["garbage"]} == {"removed"}
        assert len(removed["garbage"]) == 12
        assert previews.alive() == {fresh, pinned, opened}
        assert collect(own, repository, *words)["garbage"] == []
        assert visitor.status()["state"] == "running", "another home's preview on the same engine"
    assert foreign.left() == foreign.made


def _check(
    own: Galley,
    repository: Repository,
    words: tuple[str, ...],
    expired: list[str],
    gone: list[str],
    closed: list[str],
    lost: list[str],
    visitor: str,
    foreign: Foreign,
) -> None:
    """What would go, and why, before anything does; in a terminal nothing goes without a word of consent."""
    found = collect(own, repository, *words, "--dry-run")
    assert by_cause(found) == {
        "expired": set(expired),
        "branch gone": set(gone),
        "pull request closed": set(closed),
        "no stack": set(lost),
    }
    assert {one["outcome"] for one in found["garbage"]} == {"found"}
    amounts = {one["name"]: (one["containers"], one["networks"], one["volumes"]) for one in found["garbage"]}
    assert {amounts[name] for name in (*expired, *gone, *closed)} == {(1, 1, 0)}
    assert {amounts[name] for name in lost} == {(2, 1, 1)}
    assert [line for line in found["left"] if line.startswith((visitor, f"other-{foreign.name}"))]
    shown = in_terminal(own, repository, "gc", *words)
    assert "nothing was removed; `galley gc --yes` removes these 12" in shown
    assert f"{gone[0]}: branch g1 is gone; 1 container, 1 network" in shown
    assert by_cause(collect(own, repository, *words, "--dry-run")) == by_cause(found)


def test_images_that_no_container_uses(
    own: Galley, engine: Engine, make_repository: MakeRepository, previews: Previews, foreign: Foreign
) -> None:
    repository = make_repository()
    repository.manifest("version: 1\nservices:\n  work: {kind: worker, build: ./}\n")
    scope = ("--images", "--project", repository.project)
    tags = []
    for version in ("one", "two", "three"):
        repository.write("server.py", (repository.path / "server.py").read_text() + f"# {version}\n")
        name = previews.up(repository, "--branch", "main")
        (found,) = own("status", "--name", name, "--json", at=repository.path).json["services"].values()
        tags.append(found["image"])
    assert len(set(tags)) == 3
    assert collect(own, repository, *scope)["garbage"] == [], "they are younger than a day"
    assert by_cause(collect(own, repository, *scope, "--keep", "1s")) == {"unused": set(tags[:2])}
    assert _present(engine, tags) == {tags[2]}
    assert own("sleep", "--name", name, at=repository.path).code == 0
    assert collect(own, repository, *scope, "--keep", "1s")["garbage"] == [], (
        "a sleeping preview needs its image"
    )
    assert own("down", "--name", name, at=repository.path).code == 0
    assert by_cause(collect(own, repository, *scope, "--keep", "1s")) == {"unused": {tags[2]}}
    assert _present(engine, tags) == set()
    assert not built_here(own, repository), "their logs went with them"
    everything = collect(own, repository, "--images", "--keep", "1s", "--dry-run")
    assert not {one["name"] for one in everything["garbage"]} & foreign.made


def built_here(own: Galley, repository: Repository) -> list[str]:
    """What builds of the repository's images have left in the home."""
    return [path.name for path in (own.home / "builds").glob(f"galley-{repository.project}-*")]


def test_what_the_build_of_a_lost_image_left(
    own: Galley, engine: Engine, make_repository: MakeRepository, previews: Previews
) -> None:
    """Removed by hand, as `docker image prune` would; a generated Dockerfile has a folder beside its log."""
    repository = make_repository(STATIC)
    repository.manifest("version: 1\nservices:\n  site: {kind: web, build: {path: ./}, expose: 8080}\n")
    name = previews.up(repository, "--branch", "main")
    (site,) = own("status", "--name", name, "--json", at=repository.path).json["services"].values()
    scope = ("--images", "--project", repository.project, "--keep", "1s")
    assert len(built_here(own, repository)) == 2
    assert collect(own, repository, *scope)["garbage"] == [], "the image is there"
    assert own("down", "--name", name, at=repository.path).code == 0
    engine.client.api.remove_image(site["image"])
    assert by_cause(collect(own, repository, *scope)) == {"no image": {site["image"]}}
    assert built_here(own, repository) == []


def _present(engine: Engine, tags: list[str]) -> set[str]:
    return {tag for image in engine.client.api.images() for tag in image["RepoTags"] or ()} & set(tags)


def test_what_is_in_use_is_left_until_the_next_time(
    own: Galley, make_repository: MakeRepository, previews: Previews
) -> None:
    repository = make_repository().manifest(WORKER)
    name = previews.up(repository, "--branch", "main")
    words = ("--branches", "dev", "--project", repository.project)
    with (own.home / "locks" / name).open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        (one,) = collect(own, repository, *words)["garbage"]
        assert (one["outcome"], one["why"]) == ("skipped", "a command is working on it")
    assert previews.alive() == {name}
    (one,) = collect(own, repository, *words)["garbage"]
    assert one["outcome"] == "removed"
    assert previews.alive() == set()


def test_one_that_cannot_be_removed_does_not_keep_the_others(
    own: Galley, engine: Engine, make_repository: MakeRepository, previews: Previews
) -> None:
    repository = make_repository().manifest(WORKER)
    first, second = previews.many(repository, "--branch", ["a", "b"])
    with engine.guest(first):
        done = own("gc", "--branches", "main", "--project", repository.project, at=repository.path)
        assert done.code == 1
        assert f"{first}: failed: network {first} cannot be removed" in done.out
        assert f"{second}: removed: branch b is gone" in done.out
        assert previews.alive() == {first}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--open-prs", ""], "is no list of numbers"),
        (["--open-prs", "1,x"], "is no list of numbers"),
        (["--branches", ","], "names no branch"),
        (["--branches-from", "nowhere"], "git ls-remote nowhere lists no branches"),
        (["--branches", "main", "--branches-from"], "two answers"),
        (["--images", "--keep", "soon"], "is no duration"),
    ],
)
def test_an_answer_that_is_none_removes_nothing(
    own: Galley, make_repository: MakeRepository, words: list[str], said: str
) -> None:
    """An empty list is what a forge that did not answer looks like in a script."""
    done = own("gc", *words, at=make_repository().path)
    assert done.code == 2
    assert said in done.err

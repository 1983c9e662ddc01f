"""What Gitea delivers, recorded from itself: the same today as in the files that other tests read.

``pytest --update-golden tests/forge/test_deliveries.py`` writes the files anew.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.forge import project
from tests.forge.api import Api
from tests.forge.conftest import MakeProject
from tests.forge.gitea import Forge
from tests.forge.listener import Delivery, Listener, listening
from tests.forge.normal import Normal
from tests.forge.project import Project

FOLDER = Path(__file__).parent / "deliveries" / "gitea"

Record = Callable[..., None]


class Recorder:
    """Waits for the delivery that an act causes, and keeps it under a name."""

    def __init__(self, listener: Listener) -> None:
        self.listener = listener
        self.kept: dict[str, Delivery] = {}

    def __call__(
        self, name: str, event: str, action: str, act: Callable[[], object], *, ref: str = ""
    ) -> None:
        seen = len(self.listener.deliveries)
        act()
        self.kept[name] = self.listener.next(event, action, ref=ref, after=seen)


def branch_s_life(of: Project, record: Recorder) -> None:
    """A pull request from its first push to the merge, with what happens on the way."""
    one, branch = {"one.txt": "1"}, "refs/heads/feature/one"
    record("push", "push", "", lambda: of.push("feature/one", one), ref=branch)
    record("opened", "pull_request", "opened", lambda: of.open("feature/one", "One", body="The first."))
    record("synchronized", "pull_request", "synchronized", lambda: of.push("feature/one", {"one.txt": "2"}))
    label = of.api.post(f"{of.at}/labels", {"name": "preview", "color": "#00aabb"})["id"]
    labels = f"{of.at}/issues/1/labels"
    record("labelled", "pull_request", "label_updated", lambda: of.api.post(labels, {"labels": [label]}))
    record("unlabelled", "pull_request", "label_updated", lambda: of.api.delete(f"{labels}/{label}"))
    record("comment", "issue_comment", "created", lambda: of.comment(1, "/galley rebuild"))
    record("closed", "pull_request", "closed", lambda: of.state(1, "closed"))
    record("reopened", "pull_request", "reopened", lambda: of.state(1, "open"))
    merge = {"Do": "merge", "delete_branch_after_merge": False}
    record("merged", "pull_request", "closed", lambda: of.api.post(f"{of.at}/pulls/1/merge", merge))
    record("branch-deleted", "delete", "", lambda: of.git("push", "--quiet", "origin", ":feature/one"))


def draft_s_life(of: Project, record: Recorder) -> None:
    of.push("two", {"two.txt": "2"})
    record("draft", "pull_request", "opened", lambda: of.open("two", "WIP: Two"))
    ready = {"title": "Two"}
    record("ready", "pull_request", "edited", lambda: of.api.patch(f"{of.at}/pulls/2", ready))


def fork_s_life(of: Project, outsider: Api, path: Path, record: Recorder) -> None:
    """Somebody who may only read makes a pull request from a copy, and asks for something."""
    outsider.post(f"{of.at}/forks", {})
    fork = project.clone(outsider, f"{outsider.name}/{of.name}", path)
    fork.push("three", {"three.txt": "3"})
    asked = {"base": "main", "head": f"{outsider.name}:three", "title": "Three"}
    record("fork", "pull_request", "opened", lambda: outsider.post(f"{of.at}/pulls", asked))
    say = {"body": "/galley down"}
    record(
        "outsider-comment",
        "issue_comment",
        "created",
        lambda: outsider.post(f"{of.at}/issues/3/comments", say),
    )
    record(
        "fork-synchronized", "pull_request", "synchronized", lambda: fork.push("three", {"three.txt": "4"})
    )
    approval = f"/galley approve {of.pull(3)['head']['sha']}"
    record("maintainer-comment", "issue_comment", "created", lambda: of.comment(3, approval))


@pytest.fixture(scope="module")
def kept(
    forge: Forge,
    make_project: MakeProject,
    outsider: Api,
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, str]:
    """Every delivery in normal form, by name."""
    of = make_project(name="shop")
    with listening() as listener:
        of.hook(listener)
        record = Recorder(listener)
        branch_s_life(of, record)
        draft_s_life(of, record)
        fork_s_life(of, outsider, tmp_path_factory.mktemp("fork") / "shop", record)
    normal = Normal(forge.url)
    return {name: _text(normal, one) for name, one in record.kept.items()}


def _text(normal: Normal, one: Delivery) -> str:
    document = {"event": one.event, "kind": one.kind, "payload": normal(one.payload)}
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def test_gitea_delivers_what_is_recorded(kept: dict[str, str], golden: Callable[[Path, str], None]) -> None:
    for name, text in kept.items():
        golden(FOLDER / f"{name}.json", text)
    assert {path.stem for path in FOLDER.glob("*.json")} == kept.keys()

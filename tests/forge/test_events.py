"""What the command reads in the deliveries that were recorded from Gitea."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from galley_iac.forge import events
from galley_iac.forge.model import Event, ForgeKind, Subject

FOLDER = Path(__file__).parent / "deliveries" / "gitea"
NAMES = sorted(path.stem for path in FOLDER.glob("*.json"))

PULLS = {
    **dict.fromkeys(("opened", "synchronized", "labelled", "unlabelled", "closed", "reopened", "merged"), 1),
    **dict.fromkeys(("draft", "ready"), 2),
    **dict.fromkeys(("fork", "fork-synchronized"), 3),
}
"""Delivery → its pull request. Whether it is closed, or a draft, is asked of the forge, not read here."""

COMMENTS = {
    "comment": (1, "mia", "/galley rebuild"),
    "outsider-comment": (3, "otto", "/galley down"),
    "maintainer-comment": (3, "mia", "/galley approve "),
}


def recorded(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return found


def read(name: str) -> Event:
    delivery = recorded(name)
    return events.read(ForgeKind.GITEA, delivery["event"], delivery["payload"])


def test_every_delivery_is_looked_at() -> None:
    assert set(NAMES) == {*PULLS, *COMMENTS, "push", "branch-deleted"}


@pytest.mark.parametrize("name", NAMES)
def test_every_delivery_says_whose_it_is(name: str) -> None:
    assert read(name).repository == "mia/shop"


@pytest.mark.parametrize(("name", "number"), PULLS.items())
def test_a_pull_request(name: str, number: int) -> None:
    event, head = read(name), recorded(name)["payload"]["pull_request"]["head"]
    assert (event.subject, event.pull_request) == (Subject.PULL_REQUEST, number)
    assert event.sha == head["sha"]


@pytest.mark.parametrize("name", COMMENTS)
def test_a_comment(name: str) -> None:
    event, (number, actor, begins) = read(name), COMMENTS[name]
    assert (event.subject, event.pull_request, event.actor) == (Subject.COMMENT, number, actor)
    assert event.comment.startswith(begins)


@pytest.mark.parametrize("name", ["push", "branch-deleted"])
def test_a_branch(name: str) -> None:
    event = read(name)
    assert (event.subject, event.branch) == (Subject.BRANCH, "feature/one")


def test_a_fork_is_another_repository_than_the_one_that_is_asked() -> None:
    pull = recorded("fork")["payload"]["pull_request"]
    assert pull["head"]["repo"]["full_name"] == "otto/shop"
    assert pull["base"]["repo"]["full_name"] == "mia/shop"

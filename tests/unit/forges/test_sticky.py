"""The one comment, on a fake of GitHub."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from galley_iac.forge.comment import marker
from galley_iac.forge.model import ForgeKind
from galley_iac.forges import sticky
from galley_iac.forges.base import Forge
from galley_iac.forges.connect import connect
from tests.fake_forge import TOKEN, Asked, FakeForge, serve

NAME = "pr-12-shop"
BODY = f"{marker(NAME)}\nrunning"


@pytest.fixture
def fake() -> FakeForge:
    return FakeForge("acme/shop", head="a" * 40)


@pytest.fixture
def forge(fake: FakeForge) -> Iterator[Forge]:
    with serve(fake.answer) as server:
        yield connect(ForgeKind.GITHUB, server.url, TOKEN, "acme/shop")


def test_there_is_one_and_it_is_replaced(fake: FakeForge, forge: Forge) -> None:
    fake.comment("ann", "hello")
    for state in ("queued", "building", "running"):
        sticky.put(forge, 12, NAME, f"{marker(NAME)}\n{state}")
    assert fake.mine() == [f"{marker(NAME)}\nrunning"]
    assert len(fake.comments) == 2


def test_what_is_the_same_is_not_written_again(fake: FakeForge, forge: Forge) -> None:
    sticky.put(forge, 12, NAME, BODY)
    sticky.put(forge, 12, NAME, BODY)
    assert fake.bodies == [BODY]


def test_somebody_else_s_comment_with_our_marker_is_theirs(fake: FakeForge, forge: Forge) -> None:
    fake.comment("mallory", BODY)
    sticky.put(forge, 12, NAME, BODY)
    sticky.put(forge, 12, NAME, f"{BODY}!")
    assert list(fake.comments.values()) == [("mallory", BODY), ("robot", f"{BODY}!")]


def test_another_preview_of_the_same_pull_request_has_its_own(fake: FakeForge, forge: Forge) -> None:
    sticky.put(forge, 12, NAME, BODY)
    sticky.put(forge, 12, "pr-12-docs", f"{marker('pr-12-docs')}\nrunning")
    assert len(fake.mine()) == 2


def test_of_two_that_were_written_at_once_the_older_one_stays(fake: FakeForge, forge: Forge) -> None:
    def other_run(asked: Asked) -> None:
        if asked.method == "POST" and not fake.mine():
            fake.comment("robot", f"{marker(NAME)}\nqueued")

    fake.before = other_run
    sticky.put(forge, 12, NAME, BODY)
    assert fake.comments == {1: ("robot", BODY)}


def test_an_answer(fake: FakeForge, forge: Forge) -> None:
    sticky.answer(forge, 12, NAME, "nobody sees that")
    assert fake.comments == {}
    sticky.put(forge, 12, NAME, BODY)
    sticky.answer(forge, 12, NAME, "pinned")
    (body,) = fake.mine()
    assert body.startswith(BODY)
    assert body.endswith("> pinned")

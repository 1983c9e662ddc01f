"""What is said on the forge, and what is not, on a fake of GitHub."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator

import pytest

from galley_iac.cli.pipeline.publisher import Publisher
from galley_iac.forge.comment import Report, Stage
from galley_iac.forge.model import ForgeKind
from galley_iac.forges.connect import connect
from tests.fake_forge import TOKEN, FakeForge, serve
from tests.unit.forge.shapes import OTHER, SHA

NAME = "pr-12-shop"
Make = Callable[[int | None], Publisher]


@pytest.fixture
def fake() -> FakeForge:
    return FakeForge("acme/shop", head=SHA)


@pytest.fixture
def publisher(fake: FakeForge) -> Iterator[Make]:
    with serve(fake.answer) as server:
        forge = connect(ForgeKind.GITHUB, server.url, TOKEN, "acme/shop")
        yield lambda number: Publisher(forge, number, "galley/shop", lambda: ["hush-hush"])


def test_a_comment_and_a_mark(fake: FakeForge, publisher: Make) -> None:
    publisher(12).publish(Report(NAME, Stage.RUNNING, SHA, took=3))
    assert "running" in fake.mine()[0]
    assert fake.statuses == [(SHA, "success", "running in 3 s")]


def test_a_branch_has_only_a_mark_and_a_removal_only_a_comment(fake: FakeForge, publisher: Make) -> None:
    publisher(None).publish(Report(NAME, Stage.RUNNING, SHA))
    assert (fake.mine(), len(fake.statuses)) == ([], 1)
    publisher(12).publish(Report(NAME, Stage.REMOVED))
    assert (len(fake.mine()), len(fake.statuses)) == (1, 1)


def test_where_nothing_was_said_nothing_is_said_of_its_end(fake: FakeForge, publisher: Make) -> None:
    publisher(12).publish(Report(NAME, Stage.REMOVED), existing=True)
    assert fake.mine() == []


def test_an_overtaken_commit_leaves_the_newest_one_s_comment_alone(fake: FakeForge, publisher: Make) -> None:
    publisher(12).publish(Report(NAME, Stage.BUILDING, SHA))
    publisher(12).publish(Report(NAME, Stage.SUPERSEDED, OTHER))
    assert "building" in fake.mine()[0]
    publisher(12).publish(Report(NAME, Stage.SUPERSEDED, SHA))
    assert "superseded" in fake.mine()[0]
    assert [state for _, state, _ in fake.statuses] == ["pending", "error", "error"]


def test_secrets_are_masked_before_anything_is_changed_or_cut(fake: FakeForge, publisher: Make) -> None:
    publisher(12).publish(Report(NAME, Stage.FAILED, SHA, log="it said hush-hush\n" * 10_000))
    assert "hush" not in fake.mine()[0]
    assert "it said ********" in fake.mine()[0]


def test_without_the_secrets_nothing_of_the_log_is_shown(
    fake: FakeForge, publisher: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    def unreadable() -> list[str]:
        raise RuntimeError("no such stack")

    blind = dataclasses.replace(publisher(12), secrets=unreadable)
    blind.publish(Report(NAME, Stage.FAILED, SHA, log="it said hush-hush"))
    assert "hush" not in fake.mine()[0]
    assert "could not be masked" in fake.mine()[0]
    assert "no such stack" in capsys.readouterr().err


def test_a_forge_that_refuses_is_a_warning(
    fake: FakeForge, publisher: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    fake.refuses = ("/comments", SHA)
    publisher(12).publish(Report(NAME, Stage.RUNNING, SHA))
    publisher(12).answer(NAME, "hello")
    said = capsys.readouterr().err
    assert said.count("warning: the forge answered 403") == 3
    assert TOKEN not in said

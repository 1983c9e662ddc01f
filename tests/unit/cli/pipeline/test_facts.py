"""What is asked of the forge, and what is not, on a fake of GitHub."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from galley_iac.cli.pipeline.facts import gather
from galley_iac.forge.comment import Report, Stage, render
from galley_iac.forge.model import Event, ForgeKind, Subject
from galley_iac.forge.policy import Facts, Policy
from galley_iac.forges.connect import connect
from galley_iac.forges.http import ForgeError
from tests.fake_forge import TOKEN, FakeForge, Server, serve
from tests.unit.forge.shapes import OTHER, SHA

ABOUT = Event(Subject.PULL_REQUEST, "acme/shop", 12)


@pytest.fixture
def fake() -> FakeForge:
    return FakeForge("acme/shop", head=SHA)


@pytest.fixture
def server(fake: FakeForge) -> Iterator[Server]:
    with serve(fake.answer) as running:
        yield running


def facts(server: Server, event: Event = ABOUT, policy: Policy | None = None, token: str = TOKEN) -> Facts:
    forge = connect(ForgeKind.GITHUB, server.url, token, "acme/shop")
    return gather(forge, event, policy or Policy(), None)


def comment(body: str, actor: str) -> Event:
    return Event(Subject.COMMENT, "acme/shop", 12, comment=body, actor=actor)


def test_of_the_team_s_own_pull_request_one_question_is_enough(server: Server) -> None:
    found = facts(server)
    assert found.pull_request is not None
    assert found.pull_request.head == SHA
    assert len(server.asked) == 1


def test_of_one_that_is_not_open_nothing_more_matters(fake: FakeForge, server: Server) -> None:
    fake.state, fake.fork = "closed", True
    facts(server, comment("/galley pin", "max"), Policy(paths=("x",)))
    assert len(server.asked) == 1


def test_paths_are_asked_for_where_they_matter(server: Server) -> None:
    assert facts(server, policy=Policy(paths=("x",))).paths == ("server.py",)


def test_who_comments(server: Server) -> None:
    assert facts(server, comment("/galley pin", "max")).actor_may_write
    assert not facts(server, comment("/galley pin", "eve")).actor_may_write
    asked = len(server.asked)
    facts(server, comment("hello", "max"))
    assert len(server.asked) == asked + 1, "who says nothing to us is not asked about"


def test_approvals(fake: FakeForge, server: Server) -> None:
    fake.fork = True
    fake.comment("ann", f"/galley approve {SHA}")
    fake.comment("max", f"/galley approve {OTHER}")
    fake.comment("max", render(Report("pr-12-shop", Stage.WAITING, SHA)))
    fake.comment("max", f"> /galley approve {SHA}")
    assert facts(server).approvals == {}
    fake.comment("max", f"Looks good.\n/galley approve {SHA}")
    assert facts(server).approvals == {SHA: "max"}
    fake.writers.clear()
    assert facts(server).approvals == {}, "who may not write any more has approved nothing"


def test_whoever_cannot_be_asked_for_may_not(
    fake: FakeForge, server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    fake.refuses = ("/permission",)
    assert not facts(server, comment("/galley pin", "max")).actor_may_write
    assert "warning: nobody can say who may write" in capsys.readouterr().err


def test_branches(server: Server) -> None:
    for branch, head in (("feature", SHA), ("gone", None)):
        event = Event(Subject.BRANCH, "acme/shop", branch=branch)
        assert facts(server, event).branch_head == head


def test_what_cannot_be_asked_is_not_guessed(server: Server) -> None:
    with pytest.raises(ForgeError, match="401"):
        facts(server, token="wrong")

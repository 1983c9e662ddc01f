"""What is decided: the rules one by one, and what holds for every event and all that may be true."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from galley_iac.forge.decide import Act, Decision, decide
from galley_iac.forge.model import Event, PullRequest, State, Subject
from galley_iac.forge.policy import OFF_LABEL, PIN_LABEL, Facts, Policy
from tests.unit.forge.shapes import OTHER, SHA

PULL = PullRequest(12, State.OPEN, SHA, "feature", "ann", outside=False)
FORK = replace(PULL, outside=True)
ABOUT = Event(Subject.PULL_REQUEST, "acme/shop", 12, action="opened", sha=SHA, actor="ann")
BRANCH = Event(Subject.BRANCH, "acme/shop", branch="main", action="pushed", sha=SHA)
APPROVED = {SHA: "max"}


def comment(body: str, actor: str = "max") -> Event:
    return Event(Subject.COMMENT, "acme/shop", 12, comment=body, actor=actor)


def facts(pull: PullRequest | None = PULL, **more: object) -> Facts:
    return replace(Facts(pull_request=pull), **more)  # type: ignore[arg-type]


def act(event: Event, known: Facts, policy: Policy | None = None) -> Act:
    return decide(event, policy or Policy(), known).act


def test_an_open_pull_request_comes_up_whatever_the_event_was() -> None:
    for action in ("opened", "synchronize", "closed", "reopened"):
        found = decide(replace(ABOUT, action=action, sha=OTHER), Policy(), facts())
        assert (found.act, found.commit, found.untrusted) == (Act.UP, SHA, False)


@pytest.mark.parametrize("state", [State.CLOSED, State.MERGED])
@pytest.mark.parametrize("event", [ABOUT, comment("/galley rebuild"), comment("/galley pin")])
def test_one_that_is_not_open_goes_down_whatever_the_event_was(state: State, event: Event) -> None:
    found = decide(event, Policy(), facts(replace(PULL, state=state), actor_may_write=True))
    assert (found.act, found.why) == (Act.DOWN, f"the pull request is {state}")


def test_one_that_is_not_there_goes_down() -> None:
    assert act(ABOUT, facts(None)) is Act.DOWN


def test_what_nobody_said_to_us_is_nothing() -> None:
    for pull in (PULL, replace(PULL, state=State.CLOSED)):
        assert act(comment("nice work"), facts(pull, actor_may_write=True)) is Act.NOTHING
    assert act(Event(Subject.NONE, action="star"), Facts()) is Act.NOTHING


def test_drafts() -> None:
    draft = facts(replace(PULL, draft=True))
    assert act(ABOUT, draft) is Act.NOTHING
    assert "draft" in decide(ABOUT, Policy(), draft).why
    assert act(ABOUT, draft, Policy(drafts=True)) is Act.UP
    assert act(comment("/galley rebuild", "ann"), draft) is Act.UP


def test_paths() -> None:
    policy = Policy(paths=("api/**",))
    assert act(ABOUT, facts(paths=("README.md",)), policy) is Act.NOTHING
    assert act(ABOUT, facts(paths=("README.md", "api/a.py")), policy) is Act.UP
    assert act(comment("/galley rebuild", "ann"), facts(paths=("README.md",)), policy) is Act.UP


def test_a_preview_that_is_there_never_stays_old_because_of_paths() -> None:
    assert act(ABOUT, facts(paths=("README.md",), preview=OTHER), Policy(paths=("api/**",))) is Act.UP


def test_labels() -> None:
    off, wanted = facts(replace(PULL, labels=frozenset({OFF_LABEL}))), Policy(label="preview")
    assert act(ABOUT, off) is Act.DOWN
    assert act(comment("/galley rebuild", "ann"), off) is Act.NOTHING
    assert act(ABOUT, facts(), wanted) is Act.DOWN
    assert act(ABOUT, facts(replace(PULL, labels=frozenset({"preview"}))), wanted) is Act.UP
    pinned = replace(PULL, labels=frozenset({PIN_LABEL}))
    assert decide(ABOUT, Policy(), facts(pinned)).pin
    assert not decide(ABOUT, Policy(), facts()).pin
    taken = replace(ABOUT, label=PIN_LABEL)
    assert act(taken, facts(preview=SHA)) is Act.UNPIN
    assert act(taken, facts()) is Act.UP
    assert act(taken, facts(pinned, preview=SHA)) is Act.UP, "somebody has put it back"


def test_an_outsider_waits_for_an_approval_of_exactly_this_commit() -> None:
    assert act(ABOUT, facts(FORK)) is Act.WAIT
    assert act(ABOUT, facts(FORK, approvals={OTHER: "max"})) is Act.WAIT
    found = decide(ABOUT, Policy(), facts(FORK, approvals=APPROVED))
    assert (found.act, found.commit, found.untrusted) == (Act.UP, SHA, True)


def test_a_member_s_fork_needs_no_approval_and_is_untrusted_all_the_same() -> None:
    found = decide(ABOUT, Policy(), facts(FORK, author_may_write=True))
    assert (found.act, found.untrusted) == (Act.UP, True)


def test_no_command_gets_past_the_approval() -> None:
    for body in ("/galley rebuild", f"/galley approve {SHA}"):
        assert act(comment(body, "ann"), facts(FORK)) in (Act.WAIT, Act.NOTHING)
    assert act(comment("/galley rebuild"), facts(FORK, actor_may_write=True)) is Act.WAIT


def test_an_approval() -> None:
    may = facts(FORK, actor_may_write=True, approvals=APPROVED)
    assert act(comment(f"/galley approve {SHA}"), may) is Act.UP
    late = decide(comment(f"/galley approve {OTHER}"), Policy(), may)
    assert (late.act, late.tell) == (Act.NOTHING, True)
    assert "another commit" in late.why


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("/galley rebuild", Act.UP),
        ("/galley down", Act.DOWN),
        ("/galley sleep", Act.SLEEP),
        ("/galley wake", Act.WAKE),
        ("/galley pin", Act.PIN),
        ("/galley unpin", Act.UNPIN),
        ("/galley extend 2d", Act.EXTEND),
    ],
)
def test_commands(body: str, expected: Act) -> None:
    assert act(comment(body), facts(actor_may_write=True)) is expected
    assert act(comment(body, "mallory"), facts()) is Act.NOTHING
    harmless = expected in (Act.UP, Act.DOWN, Act.SLEEP, Act.WAKE)
    assert (act(comment(body, "ann"), facts()) is expected) is harmless


def test_a_rebuild_looks_at_everything_and_an_extension_says_by_how_much() -> None:
    assert decide(comment("/galley rebuild"), Policy(), facts(actor_may_write=True)).full
    assert decide(comment("/galley extend 2d"), Policy(), facts(actor_may_write=True)).by == 172800


def test_nobody_is_nobody_s_author() -> None:
    """A deleted account has no name, on both sides."""
    assert act(comment("/galley down", ""), facts(replace(PULL, author=""))) is Act.NOTHING


def test_a_mistake_is_answered_to_who_may_ask() -> None:
    told = decide(comment("/galley fly"), Policy(), facts(actor_may_write=True))
    assert (told.act, told.tell) == (Act.NOTHING, True)
    assert not decide(comment("/galley fly", "mallory"), Policy(), facts()).tell


def test_branches() -> None:
    policy = Policy(branches=("main", "release/*"))
    there = Facts(branch_head=SHA)
    assert decide(BRANCH, policy, there) == Decision(Act.UP, "the branch has one", SHA)
    assert act(replace(BRANCH, branch="x"), there, policy) is Act.NOTHING
    assert act(BRANCH, there) is Act.NOTHING
    for chosen in (policy, Policy()):
        assert act(BRANCH, Facts(), chosen) is Act.DOWN


def test_gitlab_s_order_to_stop() -> None:
    assert act(replace(ABOUT, stopped=True), facts()) is Act.DOWN
    assert act(replace(BRANCH, stopped=True), Facts(branch_head=SHA), Policy(branches=("main",))) is Act.DOWN


EVENTS = [
    ABOUT,
    BRANCH,
    Event(Subject.NONE),
    replace(ABOUT, label=PIN_LABEL),
    replace(ABOUT, stopped=True),
    *(
        comment(body, actor)
        for actor in ("max", "ann", "mallory")
        for body in ("hi", "/galley rebuild", "/galley pin", "/galley x", f"/galley approve {SHA}")
    ),
]
PULLS = [
    None,
    *(
        PullRequest(12, state, SHA, "feature", "ann", outside, draft, frozenset(labels))
        for state in State
        for outside in (False, True)
        for draft in (False, True)
        for labels in ((), (OFF_LABEL,), (PIN_LABEL,))
    ),
]
YES_NO = (False, True)


def everything() -> list[tuple[Event, Policy, Facts]]:
    policies = [Policy(), Policy(drafts=True, paths=("api/**",), branches=("main",), label="preview")]
    known = [
        Facts(pull, head, preview, writer, member, approvals, ("README.md",))
        for pull, head, preview, writer, member, approvals in itertools.product(
            PULLS, (None, SHA), (None, OTHER), YES_NO, YES_NO, ({}, APPROVED, {OTHER: "max"})
        )
    ]
    return list(itertools.product(EVENTS, policies, known))


def test_what_holds_for_every_event_and_all_that_may_be_true() -> None:
    cases = everything()
    assert len(cases) > 50_000
    for event, policy, known in cases:
        found, pull = decide(event, policy, known), known.pull_request
        assert found.why
        if found.act is not Act.UP:
            continue
        assert found.commit == SHA, "only ever the newest commit"
        if event.subject is Subject.BRANCH:
            assert known.branch_head
            continue
        assert pull is not None
        assert pull.state is State.OPEN
        assert OFF_LABEL not in pull.labels
        assert found.untrusted is pull.outside
        assert not pull.outside or known.author_may_write or SHA in known.approvals
        if event.subject is Subject.COMMENT:
            assert known.actor_may_write or event.actor == pull.author

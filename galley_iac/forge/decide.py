"""What is to be done. It follows from what is true now; the event says only where to look, and what was asked
for. So events may come late, twice, in any order, or not at all: the next one puts it right.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from galley_iac import duration
from galley_iac.forge import commands
from galley_iac.forge.commands import Command, Mistake, Verb
from galley_iac.forge.model import Event, PullRequest, State, Subject
from galley_iac.forge.patterns import any_match, matches
from galley_iac.forge.policy import OFF_LABEL, PIN_LABEL, Facts, Policy


class Act(StrEnum):
    """What to do with the preview."""

    UP = "up"
    DOWN = "down"
    WAIT = "wait for approval"
    NOTHING = "nothing"
    SLEEP = "sleep"
    WAKE = "wake"
    PIN = "pin"
    UNPIN = "unpin"
    EXTEND = "extend"


KEEPING = frozenset({Act.PIN, Act.UNPIN, Act.EXTEND, Act.WAKE})
"""After these the preview still has to be brought to the newest commit, if it is not there."""


@dataclass(frozen=True)
class Decision:
    """What to do and why, in words that hold nothing that an outsider wrote."""

    act: Act
    why: str
    commit: str = ""
    """What to bring up."""
    untrusted: bool = False
    full: bool = False
    """Compare everything with the engine first, and build every image anew: somebody asked for it."""
    pin: bool = False
    """It is labelled to be pinned."""
    by: float = 0.0
    tell: bool = False
    """Whether somebody waits for an answer."""


def decide(event: Event, policy: Policy, facts: Facts) -> Decision:
    """What is to be done about an event; see docs/ci.md for the rules in their order."""
    if event.subject is Subject.NONE:
        return _nothing(f"no preview depends on this event ({event.action})")
    if event.subject is Subject.BRANCH:
        return _branch(event, policy, facts)
    said = commands.parse(event.comment) if event.subject is Subject.COMMENT else None
    if event.subject is Subject.COMMENT and said is None:
        return _nothing("the comment has no command")
    if facts.pull_request is None:
        return Decision(Act.DOWN, "there is no such pull request any more")
    if facts.pull_request.state is not State.OPEN:
        return Decision(Act.DOWN, f"the pull request is {facts.pull_request.state}")
    if event.stopped:
        return Decision(Act.DOWN, "the environment was stopped")
    if said is not None:
        return _said(said, event, policy, facts, facts.pull_request)
    return _unasked(event, policy, facts, facts.pull_request)


def _branch(event: Event, policy: Policy, facts: Facts) -> Decision:
    if not facts.branch_head:
        return Decision(Act.DOWN, "the branch is gone")
    if event.stopped:
        return Decision(Act.DOWN, "the environment was stopped")
    if not matches(event.branch, policy.branches):
        return _nothing("branches have no preview of their own here; pull requests have")
    return Decision(Act.UP, "the branch has one", facts.branch_head)


def _unasked(event: Event, policy: Policy, facts: Facts, pull: PullRequest) -> Decision:
    """Opened, pushed, labelled: all of these are answered alike."""
    if OFF_LABEL in pull.labels:
        return Decision(Act.DOWN, f"it is labelled {OFF_LABEL}")
    if policy.label and policy.label not in pull.labels:
        return Decision(Act.DOWN, "it has not the label that asks for a preview")
    if event.label == PIN_LABEL and PIN_LABEL not in pull.labels and facts.preview is not None:
        return Decision(Act.UNPIN, f"the label {PIN_LABEL} was taken away")
    if pull.draft and not policy.drafts:
        return _nothing("it is a draft; `/galley rebuild` brings it up all the same")
    if policy.paths and facts.preview is None and not any_match(facts.paths, policy.paths):
        return _nothing("it changes nothing that the preview is made from; `/galley rebuild` brings it up")
    return _up(facts, pull, "it is open")


def _up(facts: Facts, pull: PullRequest, why: str, *, full: bool = False) -> Decision:
    """An outsider's Dockerfile runs on the host, secrets or not, so somebody has to have looked at it."""
    trusted = not pull.outside or facts.author_may_write
    if not trusted and pull.head not in facts.approvals:
        return Decision(Act.WAIT, "it comes from outside", pull.head, untrusted=True)
    pinned = PIN_LABEL in pull.labels
    return Decision(Act.UP, why, pull.head, untrusted=pull.outside, full=full, pin=pinned)


def _said(said: Command | Mistake, event: Event, policy: Policy, facts: Facts, pull: PullRequest) -> Decision:
    if not _may(said, event, facts, pull):
        return _nothing("only who may write to the repository can ask for that")
    if isinstance(said, Mistake):
        return _nothing(said.why, tell=True)
    if said.verb is Verb.APPROVE and said.commit != pull.head:
        return _nothing("the approval is of another commit than the newest; look at that one", tell=True)
    if said.verb in (Verb.APPROVE, Verb.REBUILD) and OFF_LABEL in pull.labels:
        return _nothing(f"it is labelled {OFF_LABEL}", tell=True)
    if said.verb is Verb.APPROVE:
        return _unasked(event, policy, facts, pull)
    if said.verb is Verb.REBUILD:
        return _up(facts, pull, "somebody asked for it", full=True)
    return _ANSWERS[said.verb](said)


def _may(said: Command | Mistake, event: Event, facts: Facts, pull: PullRequest) -> bool:
    """The author may do what costs no more than the preview there is; an outsider's approval is nobody's."""
    if facts.actor_may_write:
        return True
    harmless = isinstance(said, Mistake) or said.verb in commands.HARMLESS
    return harmless and bool(event.actor) and event.actor == pull.author


def _extend(said: Command) -> Decision:
    return Decision(Act.EXTEND, f"somebody asked for {duration.text(said.by)} more", by=said.by, tell=True)


def _simply(act: Act) -> Callable[[Command], Decision]:
    return lambda _said: Decision(act, "somebody asked for it", tell=True)


_ANSWERS: dict[Verb, Callable[[Command], Decision]] = {
    Verb.DOWN: _simply(Act.DOWN),
    Verb.SLEEP: _simply(Act.SLEEP),
    Verb.WAKE: _simply(Act.WAKE),
    Verb.PIN: _simply(Act.PIN),
    Verb.UNPIN: _simply(Act.UNPIN),
    Verb.EXTEND: _extend,
}


def _nothing(why: str, *, tell: bool = False) -> Decision:
    return Decision(Act.NOTHING, why, tell=tell)

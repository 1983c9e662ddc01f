"""What is true now: asked of the forge, as far as the event makes it matter."""

from __future__ import annotations

from collections.abc import Mapping

from galley_iac.cli import output
from galley_iac.errors import MachineError
from galley_iac.forge import commands
from galley_iac.forge.model import Event, PullRequest, State, Subject
from galley_iac.forge.policy import Facts, Policy
from galley_iac.forges.base import Forge


def gather(forge: Forge, event: Event, policy: Policy, preview: str | None) -> Facts:
    """The facts that :func:`decide` needs for the event; ``preview`` is what the backend knows of it.

    Raises ForgeError: what cannot be asked is not guessed.
    """
    if event.subject is Subject.BRANCH:
        return Facts(branch_head=forge.branch_head(event.branch), preview=preview)
    pull = forge.pull_request(event.pull_request or 0)
    if pull is None or pull.state is not State.OPEN:
        return Facts(pull_request=pull, preview=preview)
    asked = event.subject is Subject.COMMENT and commands.parse(event.comment) is not None
    return Facts(
        pull_request=pull,
        preview=preview,
        actor_may_write=asked and _may_write(forge, event.actor),
        author_may_write=pull.outside and _may_write(forge, pull.author),
        approvals=_approvals(forge, pull) if pull.outside else {},
        paths=forge.changed_paths(pull.number) if policy.paths else (),
    )


def _approvals(forge: Forge, pull: PullRequest) -> Mapping[str, str]:
    """Only of the newest commit, and only by who may write as of now. A deleted comment is one taken back."""
    for comment in forge.comments(pull.number):
        if commands.approved(comment.body) == pull.head and _may_write(forge, comment.author):
            return {pull.head: comment.author}
    return {}


def _may_write(forge: Forge, user: str) -> bool:
    """Who cannot be asked for may not."""
    try:
        return forge.may_write(user)
    except MachineError as error:
        output.say(f"warning: nobody can say who may write: {error}")
        return False

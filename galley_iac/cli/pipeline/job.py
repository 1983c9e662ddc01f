"""One run of ``galley ci``: which preview it is about, what is true of it, and what is said of it."""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import docker

from galley_iac.automation import hold, records, tags
from galley_iac.automation.locks import InUseError
from galley_iac.automation.records import Record
from galley_iac.cli import output, target
from galley_iac.cli.pipeline.facts import gather
from galley_iac.cli.pipeline.publisher import Publisher
from galley_iac.cli.pipeline.trigger import Trigger
from galley_iac.errors import GalleyError, UsageError
from galley_iac.forge.decide import Decision, decide
from galley_iac.forge.model import Event
from galley_iac.forge.policy import Facts, Policy
from galley_iac.forges.base import Forge
from galley_iac.forges.connect import connect
from galley_iac.forges.http import ForgeError
from galley_iac.plan.identity import Identity, preview_name
from galley_iac.request import Prepared
from galley_iac.source.repository import origin_of, root_of


class SupersededError(GalleyError):
    """What was decided is not right any more; ``now`` is what would be decided now.

    ``waited``: that was found when it was this one's turn, so nobody else was working on the preview.
    """

    exit_code = 0

    def __init__(self, now: Decision, *, waited: bool = False) -> None:
        self.now, self.waited = now, waited
        newest = f"commit {now.commit[:10]}" if now.commit else now.act
        super().__init__(f"superseded by {newest} ({now.why})")


@dataclass(frozen=True)
class Job:
    """``args`` name the preview as they would for any other verb."""

    args: argparse.Namespace
    root: Path
    event: Event
    policy: Policy
    forge: Forge
    identity: Identity
    publisher: Publisher

    @property
    def name(self) -> str:
        """The preview's."""
        return preview_name(self.identity)

    def record(self) -> Record | None:
        """What the backend knows of the preview."""
        return records.record(self.name)

    def facts(self) -> Facts:
        """What is true now."""
        found = self.record()
        known = found.tags.get(tags.COMMIT, "") if found else None
        return gather(self.forge, self.event, self.policy, known)

    def decide(self) -> Decision:
        """What is to be done as things are now. Raises ForgeError: what cannot be asked is not guessed."""
        return decide(self.event, self.policy, self.facts())

    def insist(self, decision: Decision, *, waited: bool = False) -> None:
        """Raises SupersededError when something else would be decided now."""
        now = self.decide()
        if (now.act, now.commit) != (decision.act, decision.commit):
            raise SupersededError(now, waited=waited)

    def insist_afterwards(self, decision: Decision) -> None:
        """The same of what has been done already: a forge that does not answer now changes nothing."""
        try:
            self.insist(decision)
        except ForgeError as error:
            output.say(f"warning: {error}")

    @contextlib.contextmanager
    def last_word(self, client: docker.DockerClient, decision: Decision) -> Iterator[None]:
        """What is said inside is still right, and nobody who has it later is overtaken: the preview is held.

        Where another command holds it already, that one will have the last word. Raises SupersededError.
        """
        with contextlib.ExitStack() as held:
            with contextlib.suppress(InUseError):
                held.enter_context(hold.exclusive(client, self.name, wait=False))
            self.insist_afterwards(decision)
            yield

    def answer(self, words: str) -> None:
        """Answers a comment, once nobody else is about to replace the text that the answer is added to."""
        with hold.exclusive(target.client(), self.name):
            self.publisher.answer(self.name, words)

    def without_command(self) -> Job:
        """The same pull request, as if nobody had said anything."""
        return dataclasses.replace(self, event=self.event.without_command())

    def reference(self) -> str:
        """Where ``origin`` has the commit."""
        number = self.event.pull_request
        return self.forge.ref(number) if number is not None else f"refs/heads/{self.event.branch}"

    def prepared(self, folder: Path, *, untrusted: bool) -> Prepared:
        """The plan of what is checked out in ``folder``. Raises InputError or UsageError."""
        own = self.args.file.resolve().relative_to(self.root)
        file = folder / own
        if not file.resolve().is_relative_to(folder.resolve()):
            raise UsageError(f"{own} leads out of the repository", "the manifest has to be in it")
        changed = {"file": file, "untrusted": untrusted or self.args.untrusted}
        return target.prepared(argparse.Namespace(**{**vars(self.args), **changed}))


def make_job(args: argparse.Namespace, trigger: Trigger, policy: Policy) -> Job:
    """For an event that is about a pull request or a branch; UsageError when it is of another repository."""
    event, root = trigger.event, root_of(target.folder(args))
    _same_repository(root, event.repository)
    names = {"pr": event.pull_request, "branch": event.branch or None}
    asked = argparse.Namespace(**{**vars(args), **names})
    identity = target.identity(asked)
    assert identity is not None, "it is never named outright here"
    asked.project = identity.project
    forge = connect(trigger.kind, trigger.api, trigger.token, event.repository)
    publisher = Publisher(
        forge,
        event.pull_request,
        f"galley/{identity.project}",
        lambda: [trigger.token, *_secrets(preview_name(identity))],
    )
    return Job(asked, root, event, policy, forge, identity, publisher)


def _secrets(preview: str) -> Iterable[str]:
    from galley_iac.automation.workspace import Workspace

    return Workspace().secrets(preview).values()


def _same_repository(root: Path, repository: str) -> None:
    """The event's has to be the one that is checked out; where there is no remote nothing can be said."""
    origin = origin_of(root)
    own = f"/{origin.owner}/{origin.repository}".casefold()
    if origin.repository and not own.endswith(f"/{repository.casefold()}"):
        raise UsageError(
            f"the event is of {repository}, and {own.strip('/')} is checked out here",
            "run it in a checkout of the event's repository",
        )

"""Brings a preview up for an event; the newest commit wins."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import docker

from galley_iac.automation import claims, keep
from galley_iac.automation.outcome import Updated
from galley_iac.automation.progress import Progress
from galley_iac.automation.up import up
from galley_iac.cli import lifetime, output, target
from galley_iac.cli.pipeline import lines, running
from galley_iac.cli.pipeline.done import Done
from galley_iac.cli.pipeline.job import Job, SupersededError
from galley_iac.cli.table import Table
from galley_iac.errors import GalleyError
from galley_iac.forge.comment import Report, ServiceLine, Stage
from galley_iac.forge.decide import Decision
from galley_iac.request import Prepared
from galley_iac.source.checkout import checkout
from galley_iac.source.repository import commit_of


def bring_up(job: Job, decision: Decision) -> Done:
    """Updates the preview to the decision's commit.

    An update of an older commit that runs on this host is asked to stop. Once it is this one's turn the forge
    is asked again, and once more at the end: what is not the newest any more leaves the comment to the
    newest. Raises SupersededError then, or the error that the update ended with.
    """
    attempt = _Attempt(job, decision)
    try:
        return attempt.run()
    except SupersededError as error:
        attempt.say(Stage.SUPERSEDED, why=str(error))
        raise
    except (GalleyError, KeyboardInterrupt) as error:
        attempt.failed(error)
        raise


class _Attempt:
    """One update: what has been seen of it, and since when."""

    def __init__(self, job: Job, decision: Decision) -> None:
        self._job, self._decision = job, decision
        self._seen: Progress | None = None
        self._folder = Path()
        self._begun: float | None = None
        self._took: float | None = None
        self._client: docker.DockerClient | None = None

    def run(self) -> Done:
        """From the forge's commit to a preview that runs."""
        job, decision = self._job, self._decision
        if claims.is_held(job.name):
            job.insist(decision)
            self.say(Stage.QUEUED, why="another command is working on it")
        if running.ask_to_stop(job.name, decision.commit):
            output.say(f"{job.name}: an older commit's update is running and was asked to stop")
        with checkout(job.root, decision.commit, job.reference()) as folder:
            self._folder = folder
            updated = self._stoppable(self._prepared(folder))
        if decision.pin:
            keep.pin(job.name)
        return self._tell(updated)

    def _stoppable(self, prepared: Prepared) -> Updated:
        """Only so long may it be asked to stop: what it says afterwards is said to its end."""
        try:
            return self._update(prepared)
        finally:
            running.forget(self._job.name)

    def _prepared(self, folder: Path) -> Prepared:
        """On a cluster nothing can be built anew: there, what is compared has to do."""
        prepared = self._job.prepared(folder, untrusted=self._decision.untrusted)
        anew = self._decision.full and not prepared.settings.cluster
        return replace(prepared, request=replace(prepared.request, rebuild=anew))

    def _update(self, prepared: Prepared) -> Updated:
        self._client = target.client(prepared.request.engine)
        with Table(prepared.plan) as table:

            def show(progress: Progress, moved: set[str]) -> None:
                self._seen = progress
                table.show(progress, moved)

            return up(
                self._client,
                prepared,
                show,
                refresh=self._decision.full,
                commit=commit_of(self._folder),
                wanted=self._begin,
                queued=self._wait,
            )

    def _begin(self) -> None:
        """Called when it is this one's turn."""
        self._job.insist(self._decision, waited=True)
        running.register(self._job.name, self._decision.commit)
        self._begun = time.monotonic()
        self.say(Stage.BUILDING)

    def _wait(self, why: str) -> None:
        """Called when the host is full, and, with nothing, when it has room again: only then it begins."""
        if why:
            self.say(Stage.QUEUED, why=f"it waits for room, {why}")
            return
        self._begun = time.monotonic()
        self.say(Stage.BUILDING)

    def _tell(self, updated: Updated) -> Done:
        status, job = updated.status, self._job
        services, ends = lines.of_status(status, updated.progress), lifetime.words(job.name)
        self._took = self._since_begun()
        with job.last_word(self._client, self._decision):
            self.say(Stage.RUNNING, services=services, ends=ends)
        if not job.args.json:
            output.urls(status)
        urls = tuple(service.url for service in status.services if service.url)
        return Done(job.name, self._decision, urls=urls)

    def failed(self, error: BaseException) -> None:
        """Says so, unless a newer commit is why; then that is raised instead."""
        self._took = self._since_begun()
        stopped = isinstance(error, KeyboardInterrupt)
        try:
            with self._job.last_word(self._client or target.client(), self._decision):
                if stopped:
                    self.say(Stage.INTERRUPTED, why="it was stopped")
                else:
                    log, services = self._shortened(str(error)), lines.of_progress(self._seen)
                    self.say(Stage.FAILED, log=log, services=services)
        except SupersededError as superseded:
            self.say(Stage.SUPERSEDED, why=str(superseded))
            raise superseded from None

    def _since_begun(self) -> float | None:
        return None if self._begun is None else time.monotonic() - self._begun

    def say(
        self,
        stage: Stage,
        *,
        why: str = "",
        log: str = "",
        ends: str = "",
        services: tuple[ServiceLine, ...] = (),
    ) -> None:
        """Leaves the preview's state on the forge."""
        self._job.publisher.publish(
            Report(self._job.name, stage, self._decision.commit, why, services, self._took, ends, log)
        )

    def _shortened(self, message: str) -> str:
        """Without the folder that the commit happened to be checked out in."""
        return message.replace(f"{self._folder}/", "") if self._folder.is_absolute() else message

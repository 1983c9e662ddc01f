"""Takes a preview down for an event."""

from __future__ import annotations

import docker

from galley_iac.automation.down import down
from galley_iac.automation.outcome import Removed
from galley_iac.automation.workspace import Workspace
from galley_iac.cli import output, target
from galley_iac.cli.pipeline import running
from galley_iac.cli.pipeline.done import Done
from galley_iac.cli.pipeline.job import Job, SupersededError
from galley_iac.errors import GalleyError
from galley_iac.forge.comment import Report, Stage
from galley_iac.forge.decide import Decision


def take_down(job: Job, decision: Decision) -> Done:
    """Removes the preview, unless the pull request was opened again while this waited for its turn."""
    if running.ask_to_stop(job.name):
        output.say(f"{job.name}: an update of it is running and was asked to stop")
    workspace = Workspace()
    client = target.client(workspace.state(job.name).engine)
    try:
        removed = _remove(job, decision, workspace, client)
    except SupersededError:
        raise
    except GalleyError as error:
        failed = Report(job.name, Stage.FAILED, why="it could not be removed", log=str(error))
        job.publisher.publish(failed)
        raise
    output.say(f"{job.name}: {'removed' if removed else 'there was nothing to remove'}")
    with job.last_word(client, decision):
        job.publisher.publish(Report(job.name, Stage.REMOVED, why=decision.why), existing=not removed)
    return Done(job.name, decision)


def _remove(job: Job, decision: Decision, workspace: Workspace, client: docker.DockerClient) -> Removed:
    return down(
        workspace,
        client,
        job.name,
        lambda service: output.say(f"{service}: removed"),
        job.identity,
        wanted=lambda: job.insist(decision),
    )

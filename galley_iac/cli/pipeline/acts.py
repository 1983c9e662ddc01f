"""What is done about a decision. Each act leaves the preview's state on the forge."""

from __future__ import annotations

import time
from collections.abc import Callable

from galley_iac.automation import keep, tags
from galley_iac.automation.sleep import sleep
from galley_iac.automation.wake import wake
from galley_iac.automation.workspace import Workspace
from galley_iac.cli import lifetime, output, target
from galley_iac.cli.pipeline import lines, removal, update
from galley_iac.cli.pipeline.done import Done
from galley_iac.cli.pipeline.job import Job, SupersededError
from galley_iac.errors import GalleyError
from galley_iac.forge.comment import Report, Stage
from galley_iac.forge.decide import KEEPING, Act, Decision
from galley_iac.forge.markdown import span
from galley_iac.forge.model import Subject


def carry_out(job: Job) -> Done:
    """Decides, does it, and says so. What went wrong is said on the forge and then raised."""
    decision = job.decide()
    output.say(f"{job.identity.describe()}: {decision.act}: {decision.why}")
    try:
        done = _ACTS[decision.act](job, decision)
        if decision.act in KEEPING or decision.act is Act.NOTHING:
            return _catch_up(job) or done
        return done
    except SupersededError as error:
        output.say(f"{job.name}: {error}")
        _hand_over(job.without_command(), decision, error)
        return Done(job.name, decision, str(error))
    except GalleyError as error:
        if job.event.subject is Subject.COMMENT and decision.act not in (Act.UP, Act.DOWN):
            job.answer(f"That failed: {span(str(error).splitlines()[0])}")
        raise


def _hand_over(job: Job, decision: Decision, error: SupersededError) -> None:
    """The run that knows better may have ended already, and this one have spoken after it."""
    now = error.now
    try:
        if now.act is Act.DOWN:
            removal.take_down(job, now)
        elif error.waited and now.act is Act.UP and job.publisher.shows(job.name, decision.commit):
            update.bring_up(job, now)
    except SupersededError as again:
        output.say(f"{job.name}: {again}")


def _catch_up(job: Job) -> Done | None:
    """Brings a preview to the newest commit where the run that should have done it never came.

    A forge keeps one waiting run of a group and drops the others: the one that asked for a pin may have
    pushed out the one that a push had asked for.
    """
    found = job.record()
    if job.event.pull_request is None or found is None or found.asleep:
        return None
    job = job.without_command()
    decision, commit = job.decide(), found.tags.get(tags.COMMIT, "")
    if decision.act is Act.DOWN:
        return removal.take_down(job, decision)
    if decision.act is not Act.UP or commit in ("", decision.commit):
        return None
    output.say(f"{job.name} is behind: it is at {commit[:10]}")
    return update.bring_up(job, decision)


def _nothing(job: Job, decision: Decision) -> Done:
    if decision.tell:
        job.answer(f"Nothing done: {decision.why}.")
    return Done(job.name, decision)


def _wait(job: Job, decision: Decision) -> Done:
    """The preview of an older commit that was approved goes on."""
    still = job.facts().preview or ""
    job.insist(decision)
    job.publisher.publish(Report(job.name, Stage.WAITING, decision.commit, decision.why, still=still))
    return Done(job.name, decision)


def _sleep(job: Job, decision: Decision) -> Done:
    sleep(Workspace(), target.client(), job.name)
    commit, ends = _commit(job), lifetime.words(job.name)
    with job.last_word(target.client(), decision):
        if (found := job.record()) and found.asleep:
            job.publisher.publish(Report(job.name, Stage.ASLEEP, commit, decision.why, ends=ends))
    return Done(job.name, decision)


def _wake(job: Job, decision: Decision) -> Done:
    status = wake(
        Workspace(), target.client(), job.name, lambda service, phase: output.say(f"{service}: {phase}")
    )
    services, ends = lines.of_status(status), lifetime.words(job.name)
    with job.last_word(target.client(), decision):
        if (found := job.record()) and not found.asleep:
            job.publisher.publish(Report(job.name, Stage.RUNNING, _commit(job), "", services, ends=ends))
    return Done(job.name, decision)


def _commit(job: Job) -> str:
    return job.facts().preview or ""


def _keeping(change: Callable[[Job, Decision], object]) -> Callable[[Job, Decision], Done]:
    """What only moves the end of a preview."""

    def act(job: Job, decision: Decision) -> Done:
        change(job, decision)
        words = lifetime.words(job.name)
        output.say(f"{job.name}: {words}")
        job.answer(f"Done ({decision.act}): the preview {_is(words)}.")
        return Done(job.name, decision)

    return act


def _is(words: str) -> str:
    return f"is {words}" if words == "pinned" else words or "has no end that is known"


_ACTS: dict[Act, Callable[[Job, Decision], Done]] = {
    Act.UP: update.bring_up,
    Act.DOWN: removal.take_down,
    Act.WAIT: _wait,
    Act.NOTHING: _nothing,
    Act.SLEEP: _sleep,
    Act.WAKE: _wake,
    Act.PIN: _keeping(lambda job, _decision: keep.pin(job.name)),
    Act.UNPIN: _keeping(lambda job, _decision: keep.unpin(job.name)),
    Act.EXTEND: _keeping(lambda job, decision: keep.extend(job.name, decision.by, time.time())),
}

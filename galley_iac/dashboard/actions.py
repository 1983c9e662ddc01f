"""What can be done to a preview. Each action is a verb of the command, run as a process of its own.

So the page does what a person would do in a terminal, says what the command says, and an update that is under
way when the dashboard ends is not torn. Only what has no verb is done here: restarting a service, and
comparing with what was declared, which changes nothing.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from galley_iac import duration
from galley_iac.automation.configuration import config_file
from galley_iac.dashboard.jobs import Say, Work
from galley_iac.dashboard.model import Preview
from galley_iac.dashboard.source import Source
from galley_iac.engine import labels
from galley_iac.errors import PreviewError, UsageError

Fields = Mapping[str, str]
"""What came with the request: ``confirm``, ``service``, ``by``."""

_ANSI = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")


@dataclass(frozen=True)
class Action:
    """``words`` are the command's; ``makes_sense`` says whether it does now; ``asks`` the fields it needs."""

    name: str
    title: str
    words: Callable[[Preview, Fields], Sequence[str]]
    makes_sense: Callable[[Preview], bool]
    asks: tuple[str, ...] = ()
    summary: str = ""

    def offered(self, preview: Preview) -> bool:
        """Whether it can be done to a preview as it is, where it is."""
        return self.name not in preview.lacks and self.makes_sense(preview)


def _named(verb: str) -> Callable[[Preview, Fields], Sequence[str]]:
    return lambda preview, _fields: [verb, "--name", preview.name]


def _extend(preview: Preview, fields: Fields) -> Sequence[str]:
    by = fields.get("by", "")
    if duration.parse(by) is None:
        raise UsageError(f"{by!r} is no duration", "write one such as 2d, 12h or 1w")
    return ["extend", by, "--name", preview.name]


def _destroy(preview: Preview, fields: Fields) -> Sequence[str]:
    if fields.get("confirm") != preview.name:
        raise UsageError("the name does not match", f"to destroy it, type its name: {preview.name}")
    return ["down", "--name", preview.name]


def _rebuild(preview: Preview, fields: Fields) -> Sequence[str]:
    return [*_redeploy(preview, fields), "--rebuild"]


def _redeploy(preview: Preview, _fields: Fields) -> Sequence[str]:
    """As it was brought up the last time; the command reads its other settings from where it wrote them.

    ``--full``: whoever presses it wants what is on the engine to be as declared, whatever was done to it.
    """
    config = _config(preview)
    manifest = str(config.get("manifest", ""))
    if not Path(manifest).is_file():
        raise UsageError(
            f"the manifest of {preview.name} is not on this machine", "run `galley up` where it is"
        )
    which = f"--pr={config['pr']}" if config.get("pr") else f"--branch={config.get('branch', '')}"
    project = [f"--project={config['project']}"] if config.get("project") else []
    profiles = [f"--profile={profile}" for profile in config.get("profiles") or ()]
    flags = [f"--{name}" for name in ("strict", "untrusted") if config.get(name) == "True"]
    return ["up", "--full", f"--file={manifest}", which, *project, *profiles, *flags]


def _config(preview: Preview) -> dict[str, Any]:
    stored = config_file(preview.name).config()
    return {key.partition(":")[2]: value for key, value in stored.items()}


def _restart(preview: Preview, fields: Fields) -> Sequence[str]:
    service = preview.service(fields.get("service", ""))
    if service is None or service.role == labels.ROLE_JOB:
        raise UsageError(f"{preview.name} has no service {fields.get('service', '')!r} to restart")
    return ["restart", service.name]


def _is_idle(preview: Preview) -> bool:
    return preview.activity is None


def _can_compare(preview: Preview) -> bool:
    return _is_idle(preview) and _lives(preview)


def _lives(preview: Preview) -> bool:
    return preview.state in ("running", "degraded", "failed") and bool(preview.services)


ACTIONS: Mapping[str, Action] = {
    action.name: action
    for action in (
        Action("redeploy", "Redeploy", _redeploy, _is_idle, summary="bring it up again as its files are now"),
        Action(
            "rebuild",
            "Rebuild",
            _rebuild,
            _is_idle,
            summary="build its images anew, though nothing has changed",
        ),
        Action("restart", "Restart", _restart, _lives, ("service",), "stop a service and start it again"),
        Action(
            "drift",
            "Compare",
            _named("drift"),
            _can_compare,
            summary="look what differs from what was declared",
        ),
        Action("sleep", "Sleep", _named("sleep"), _lives, summary="stop it and keep its data"),
        Action("wake", "Wake", _named("wake"), lambda p: p.state == "asleep", summary="start it again"),
        Action("pin", "Pin", _named("pin"), lambda p: not p.pinned, summary="nothing removes it by itself"),
        Action("unpin", "Unpin", _named("unpin"), lambda p: p.pinned, summary="its time counts again"),
        Action("extend", "Extend", _extend, lambda p: not p.pinned, ("by",), "let it stay longer"),
        Action("destroy", "Destroy", _destroy, _is_idle, ("confirm",), "remove it and all its data"),
    )
}


def prepare(action: Action, preview: Preview, fields: Fields, host: str, source: Source) -> Work:
    """What is to be done, checked as far as it can be. Raises UsageError when the fields are wrong."""
    words = list(action.words(preview, fields))
    if action.name == "drift":
        return lambda say: _compare(source, preview.name, say)
    if action.name == "restart":
        return lambda say: _restart_service(source, preview.name, words[1], say)
    return lambda say: _run(words, host, say)


def _run(words: Sequence[str], host: str, say: Say) -> None:
    """Runs the command to its end. Raises PreviewError when it fails; what it said has been said already."""
    command = [sys.executable, "-m", "galley_iac.cli.main", *words]
    environment = {**os.environ, "DOCKER_HOST": host, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,
    ) as child:
        assert child.stdout is not None
        for line in child.stdout:
            say(_ANSI.sub("", line.rstrip()))
    if child.returncode != 0:
        raise PreviewError(f"`galley {words[0]}` ended with exit code {child.returncode}")


def _compare(source: Source, preview: str, say: Say) -> None:
    for difference in source.compare(preview).differences:
        say(str(difference))


def _restart_service(source: Source, preview: str, service: str, say: Say) -> None:
    source.restart(preview, service)
    say(f"{service}: restarted")

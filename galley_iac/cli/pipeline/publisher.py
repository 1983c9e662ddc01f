"""Says on the forge how a preview is. That the forge does not listen is a warning: it fails no update."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from galley_iac.cli import output
from galley_iac.forge.comment import Report, Stage, commit_marker, render
from galley_iac.forge.model import CommitStatus
from galley_iac.forges import sticky
from galley_iac.forges.base import Forge
from galley_iac.forges.http import ForgeError
from galley_iac.masking import Masker


@dataclass(frozen=True)
class Publisher:
    """For one preview; ``number`` is its pull request's, None where there is only a commit to mark."""

    forge: Forge
    number: int | None
    context: str
    secrets: Callable[[], Iterable[str]]
    """Values that must not be seen, asked for only where there is a log that could hold them."""

    def publish(self, report: Report, *, existing: bool = False) -> None:
        """Replaces the comment and marks the commit. ``existing``: where there is no comment none is made."""
        if report.log:
            report = dataclasses.replace(report, log=self._masked(report.log))
        self._try(lambda: self._mark(report))
        self._try(lambda: self._comment(report, existing=existing))

    def _masked(self, log: str) -> str:
        """Whatever keeps the secrets from being read keeps the log from being shown."""
        try:
            return Masker(self.secrets())(log)
        except Exception as error:
            output.say(f"warning: the secrets could not be read: {error}")
            return "The report is in the job's log: the secrets in it could not be masked here."

    def shows(self, preview: str, commit: str) -> bool:
        """Whether the comment is about this commit; a forge that does not say so says no."""
        found: list[bool] = []
        self._try(lambda: found.append(self._is_about(preview, commit)))
        return any(found)

    def _is_about(self, preview: str, commit: str) -> bool:
        shown = sticky.mine(self.forge, self.number, preview) if self.number is not None else []
        return bool(shown) and commit_marker(commit) in shown[0].body

    def answer(self, preview: str, words: str) -> None:
        """Answers somebody's comment, below ours."""
        if self.number is not None:
            number = self.number
            self._try(lambda: sticky.answer(self.forge, number, preview, words))

    def _mark(self, report: Report) -> None:
        if report.commit:
            status = CommitStatus(self.context, report.outcome, report.description, report.url)
            self.forge.set_status(report.commit, status)

    def _comment(self, report: Report, *, existing: bool) -> None:
        """Of a commit that is not the newest any more, only what the comment says of that commit is replaced:
        the newest has its own run, which may have written already.
        """
        if self.number is None:
            return
        if report.stage is Stage.SUPERSEDED and not self._is_about(report.preview, report.commit):
            return
        if existing and not sticky.mine(self.forge, self.number, report.preview):
            return
        sticky.put(self.forge, self.number, report.preview, render(report))

    def _try(self, say: Callable[[], None]) -> None:
        try:
            say()
        except ForgeError as error:
            output.say(f"warning: {error}")

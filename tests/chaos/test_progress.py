from __future__ import annotations

import pytest

from chaos.moments import Phase, Verb
from chaos.progress import Progress


def test_an_update_from_its_beginning_to_its_end() -> None:
    progress = Progress(Verb.UP)
    seen = [progress.phase]
    progress.pulumi(runs=True)
    seen.append(progress.phase)
    for line in ("api: building", "db: waiting for health (new)", "api: starting", "db: ready", "api: ready"):
        progress.line(line)
        seen.append(progress.phase)
    progress.pulumi(runs=False)
    seen.append(progress.phase)
    assert seen == [
        Phase.BEFORE,
        Phase.CREATING,
        Phase.BUILDING,
        Phase.BUILDING,
        Phase.WAITING,
        Phase.CREATING,
        Phase.CREATING,
        Phase.AFTER,
    ]


def test_a_removal() -> None:
    progress = Progress(Verb.DOWN)
    assert progress.phase is Phase.BEFORE
    progress.pulumi(runs=True)
    progress.line("api: removed")
    assert progress.phase is Phase.REMOVING
    progress.pulumi(runs=False)
    assert progress.phase is Phase.AFTER


@pytest.mark.parametrize("line", ["error: the image could not be built", "two words: building", "building"])
def test_other_lines_say_nothing_of_a_service(line: str) -> None:
    progress = Progress(Verb.UP)
    progress.pulumi(runs=True)
    progress.line(line)
    assert progress.phase is Phase.CREATING

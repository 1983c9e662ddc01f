"""What a runner leaves locked that dies, on this host and on another."""

from __future__ import annotations

import os
import re
import signal

from tests.shared.conftest import MakePair, Pair
from tests.shared.test_at_once import ok, proves_nothing_left

ELSEWHERE = "runner-7.example.test"
SOON, NEVER = '"sleep 4 &&', '"sleep 900 &&'


def garbage(pair: Pair) -> set[tuple[str, str, str]]:
    """What `galley gc` would remove of the preview of main."""
    done = pair.two.galley("gc", "--dry-run", "--json", at=pair.two.checkout.path)
    assert done.code == 0, done.text
    found = {(one["sort"], one["name"], one["cause"]) for one in done.json["garbage"]}
    return {one for one in found if one[1] == pair.preview("main")}


def test_the_lock_of_a_dead_process_of_this_host_is_released(make_pair: MakePair) -> None:
    """Killed with all that it had started, so that neither it nor Pulumi releases anything."""
    pair = make_pair("postgres")
    pair.one.checkout.replace("galley.yaml", SOON, NEVER)
    with pair.one.started("up", "main") as running:
        running.line("api: waiting for health")
        for process in pair.one.galley.processes():
            os.kill(process, signal.SIGKILL)
        running.wait(60)
    locked = pair.one.pulumi("stack", "init", pair.preview("main"), "--no-select")
    assert "the stack is currently locked" in locked.text
    assert ("hold", pair.preview("main"), "owner dead") in garbage(pair)

    done = ok(pair.two("up", "main"))
    assert "waiting for it to end" not in done.err
    pair.one.checkout.replace("galley.yaml", NEVER, SOON)
    assert "nothing to change" in ok(pair.one("up", "main")).err
    ok(pair.two("down", "main"))
    proves_nothing_left(pair, "main")


def test_another_host_is_waited_for_and_never_robbed(make_pair: MakePair) -> None:
    """Alive or dead, this host cannot tell: it says who and since when, and a person can release it."""
    pair = make_pair("s3")
    pair.one.checkout.replace("galley.yaml", SOON, NEVER)
    with pair.one.elsewhere(ELSEWHERE).started("up", "main") as running:
        running.line("api: waiting for health")
        impatient = pair.two("up", "main", GALLEY_LOCK_TIMEOUT="1s")
        assert impatient.code == 1
        words = rf"is being worked on by process {running.pid} on {ELSEWHERE} since \S+ \(\d+ s ago\)"
        assert re.search(words, impatient.err), impatient.text
        assert not running.ended
        for process in pair.one.galley.processes():
            os.kill(process, signal.SIGKILL)
        running.wait(60)

    assert garbage(pair) == set(), "it may be alive"
    refused = pair.two("up", "main", GALLEY_LOCK_TIMEOUT="1s")
    assert refused.code == 1
    volume = re.search(r"`docker volume rm (\S+)` releases the preview", refused.err)
    assert volume, refused.text
    pair.engine.client.api.remove_volume(volume[1])

    refused = pair.two("up", "main", GALLEY_LOCK_TIMEOUT="1s")
    assert refused.code == 1
    assert re.search(rf"is being updated by process \d+ on {ELSEWHERE} since ", refused.err), refused.text
    assert "`pulumi cancel` releases its lock" in refused.err
    ok(pair.two.pulumi("cancel", "--yes", "--stack", pair.preview("main")))
    ok(pair.two("up", "main"))
    ok(pair.two("down", "main"))
    proves_nothing_left(pair, "main")

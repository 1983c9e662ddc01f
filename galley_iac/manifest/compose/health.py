"""``healthcheck`` → an HTTP check, where the test is a request to the service itself."""

from __future__ import annotations

import re
from dataclasses import dataclass

from galley_iac.manifest import fields, names, units
from galley_iac.manifest.compose.field import Field, Report
from galley_iac.manifest.compose.keys import HEALTHCHECK
from galley_iac.manifest.known_images import KnownImage
from galley_iac.manifest.models import Health
from galley_iac.manifest.nodes import Sequence

_REQUEST = re.compile(
    r"http://(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1?\])(?::(?P<port>[0-9]{1,5}))?(?P<path>/[!-~]*)?",
    re.DOTALL,
)
_CLIENT = re.compile(r"\b(?:curl|wget)\b")
_OWN_CHECKS = {
    "postgres": ("pg_isready", "psql"),
    "mysql": ("mysqladmin", "mariadb-admin", "healthcheck.sh", "mysql", "mariadb"),
    "mongo": ("mongosh", "mongo"),
    "redis": ("redis-cli", "valkey-cli", "keydb-cli"),
    "memcached": ("nc", "memcached-tool", "memcstat"),
    "amqp": ("rabbitmq-diagnostics", "rabbitmqctl"),
    "nats": ("nats", "nats-server", "nc", "wget"),
    "kafka": ("kafka-topics", "kafka-broker-api-versions", "kafka-cluster", "nc", "rpk"),
}
"""The usual tests of each protocol, which the protocol's own readiness check stands for."""

_DEFAULT_INTERVAL, _DEFAULT_RETRIES, _HTTP = 30.0, 3, 80


@dataclass(frozen=True)
class Check:
    """An HTTP check and the port that it asks."""

    health: Health
    port: int
    at: Field


def check(service: Field, image: KnownImage | None, report: Report) -> Check | None:
    """The HTTP check of a service. A test that is none is noted, unless the image's protocol is asked
    anyway.
    """
    at = service.get("healthcheck")
    if at is None:
        return None
    report.check_keys(at, HEALTHCHECK)
    timeout = _timeout(at, report)
    test = at.get("test")
    line = _test(test, report) if test else None
    if test is None or line is None or report.text(at.get("disable")) in {"true", "True", "TRUE"}:
        return None
    request = _request(line)
    if request is None:
        if not _is_the_protocols_own(line, image):
            _note(test, image, report)
        return None
    return Check(Health(path=request[1], timeout=timeout), request[0], at)


def _test(at: Field, report: Report) -> str | None:
    """The test as one line of words; None when the check is switched off."""
    if not isinstance(at.node, Sequence):
        return report.text(at)
    words = [report.text(item) or "" for item in at.children()]
    if not words or words[0] not in {"CMD", "CMD-SHELL", "NONE"}:
        report.wrong(at, "a list begins with `CMD`, `CMD-SHELL` or `NONE`", "write it as the first item")
        return None
    return None if words[0] == "NONE" else " ".join(words[1:])


def _request(line: str) -> tuple[int, str] | None:
    found = _REQUEST.search(line)
    if found is None or _CLIENT.search(line, 0, found.start()) is None:
        return None
    path = re.split(r"[\s'\"|;)]", found["path"] or "/")[0].partition("#")[0]
    return int(found["port"] or _HTTP), path


def _is_the_protocols_own(line: str, image: KnownImage | None) -> bool:
    if image is None or image.protocol is None:
        return False
    words = re.split(r"[\s'\"|;&()]+", line)
    usual = _OWN_CHECKS[image.protocol]
    return any(
        word.rpartition("/")[2].removesuffix(".sh") in usual or word.rpartition("/")[2] in usual
        for word in words
    )


def _note(at: Field, image: KnownImage | None, report: Report) -> None:
    instead = "its own protocol answers" if image and image.protocol else "it is running"
    remedy = f"it is ready when {instead}; only `curl` or `wget` of a URL on localhost becomes a check"
    report.note(at, "the healthcheck is not carried over", remedy)


def _timeout(at: Field, report: Report) -> float:
    """All the time that Compose allows before it calls a container unhealthy."""
    start = _seconds(at.get("start_period"), report, 0.0)
    interval = _seconds(at.get("interval"), report, _DEFAULT_INTERVAL)
    retries = _retries(at.get("retries"), report)
    return min(round(start + interval * retries, 3) or _DEFAULT_INTERVAL, fields.LONGEST_TIMEOUT)


def _seconds(at: Field | None, report: Report, default: float) -> float:
    text = report.text(at)
    if text is None or at is None:
        return default
    found = units.seconds(text)
    if found is None:
        report.wrong(at, f"{names.shown(text)} is no duration", "write a number with a unit, such as `30s`")
    return default if found is None else found


def _retries(at: Field | None, report: Report) -> int:
    text = report.text(at)
    if text is None or at is None:
        return _DEFAULT_RETRIES
    if not text.isascii() or not text.isdigit() or len(text) > 6:
        report.wrong(at, f"{names.shown(text)} is no number", "write a number, such as `3`")
        return _DEFAULT_RETRIES
    return int(text) or _DEFAULT_RETRIES

"""docs/compose.md: the words of docs/compose.in.md around tables made from :mod:`keys`."""

from __future__ import annotations

from collections.abc import Mapping

from galley_iac.manifest.compose import keys

_ORIGIN = "<!-- Made by `pytest --update-golden` from docs/compose.in.md and manifest/compose/keys.py. -->"


def page(words: str) -> str:
    """The whole page. ``words`` has ``@dropped@`` and ``@refused@`` where the tables go."""
    dropped = {
        **_named("", keys.TOP.dropped),
        **_named("services.NAME.", keys.SERVICE.dropped),
        **_named("services.NAME.build.", keys.BUILD.dropped),
        **_named("services.NAME.deploy.", keys.DEPLOY.dropped),
        **_named("services.NAME.deploy.resources.", keys.DEPLOY_RESOURCES.dropped),
        **_named("services.NAME.deploy.resources.limits.", keys.LIMITS.dropped),
        **_named("services.NAME.deploy.restart_policy.", keys.RESTART_POLICY.dropped),
    }
    refused = {
        **_named("services.NAME.", keys.SERVICE.refused),
        **_named("services.NAME.build.", keys.BUILD.refused),
    }
    words = words.replace("@dropped@", _table("what happens instead", dropped))
    return f"{_ORIGIN}\n\n{words.replace('@refused@', _table('what to do', refused))}"


def _named(prefix: str, table: Mapping[str, str]) -> dict[str, str]:
    return {f"{prefix}{key}": text for key, text in table.items()}


def _table(heading: str, rows: Mapping[str, str]) -> str:
    lines = [f"| `{key}` | {text} |" for key, text in rows.items()]
    return "\n".join([f"| key | {heading} |", "|---|---|", *lines])

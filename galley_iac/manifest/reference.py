"""docs/manifest.md: the words of docs/manifest.in.md around tables made from the models of :mod:`written`.

So the page cannot name a key that is not accepted, nor leave one out. ``pytest --update-golden`` writes it.
"""

from __future__ import annotations

from typing import Any

from pydantic.fields import FieldInfo

from galley_iac.manifest import schema, tree
from galley_iac.manifest.rules import MOST_SERVICES
from galley_iac.manifest.written import (
    Written,
    WrittenBuild,
    WrittenHealth,
    WrittenManifest,
    WrittenResources,
    WrittenService,
)

_ORIGIN = (
    "<!-- Made by `pytest --update-golden` from docs/manifest.in.md and galley_iac/manifest/written.py. -->"
)
_SECTIONS: tuple[tuple[str, str, type[Written]], ...] = (
    ("The top", "", WrittenManifest),
    ("A service", "services.NAME", WrittenService),
    ("build", "services.NAME.build", WrittenBuild),
    ("health", "services.NAME.health", WrittenHealth),
    ("resources", "services.NAME.resources", WrittenResources),
)


def page(words: str) -> str:
    """The whole page. ``words`` has ``@tables@`` for the tables, ``@most_kib@`` and the like for limits."""
    values = {
        "tables": "\n".join(_section(*section) for section in _SECTIONS).rstrip(),
        "schema_file": schema.FILE,
        "most_kib": tree.MAX_CHARACTERS // 1024,
        "most_levels": tree.MAX_DEPTH,
        "most_values": tree.MAX_NODES,
        "most_services": MOST_SERVICES,
    }
    for name, value in values.items():
        words = words.replace(f"@{name}@", str(value))
    return f"{_ORIGIN}\n\n{words}"


def _section(title: str, path: str, model: type[Written]) -> str:
    heading = f"### {title}" + (f" (`{path}`)" if path else "")
    described: dict[str, Any] = schema.json_schema()
    if model is not WrittenManifest:
        described = described["$defs"][model.__name__.removeprefix("Written")]
    required = described.get("required", [])
    rows = [_row(name, field, name in required) for name, field in model.model_fields.items()]
    table = "\n".join(["| key | meaning | example |", "|---|---|---|", *rows])
    return f"{heading}\n\n{(model.__doc__ or '').strip()}\n\n{table}\n"


def _row(name: str, field: FieldInfo, required: bool) -> str:
    examples = " ".join(f"`{example}`" for example in field.examples or [])
    return f"| `{name}`{' (required)' if required else ''} | {field.description} | {examples} |"

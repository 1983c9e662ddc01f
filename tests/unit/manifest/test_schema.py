from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from galley_iac.manifest import nodes, reference, schema, tree, written
from tests.unit.manifest.support import VALID, changed, problems

ROOT = Path(__file__).parents[3]
VALIDATOR = Draft202012Validator(schema.json_schema())


def accepted(text: str) -> bool:
    return bool(VALIDATOR.is_valid(yaml.safe_load(text)))


def test_checked_in_schema_is_what_the_models_say(golden: Callable[[Path, str], None]) -> None:
    golden(ROOT / schema.FILE, schema.text())


def test_reference_page_is_what_the_models_say(golden: Callable[[Path, str], None]) -> None:
    words = (ROOT / "docs" / "manifest.in.md").read_text(encoding="utf-8")
    page = reference.page(words)
    golden(ROOT / "docs" / "manifest.md", page)
    assert "@" not in page.replace("@db:", "")


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(schema.json_schema())
    assert json.loads(schema.text()) == schema.json_schema()


MODELS = [
    written.WrittenManifest,
    written.WrittenService,
    written.WrittenBuild,
    written.WrittenHealth,
    written.WrittenResources,
]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_key_is_described(model: type[written.Written]) -> None:
    whole: dict[str, Any] = schema.json_schema()
    name = model.__name__.removeprefix("Written")
    described = (whole if name == "Manifest" else whole["$defs"][name])["properties"]
    assert list(described) == list(model.model_fields)
    for key, value in described.items():
        assert value["description"].endswith((".", "`.", ")")), key


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("version: 1", "version: 1\nx-mine: {a: [1]}"),
        ("{path: ./api}", "./api"),
        ("{path: /healthz}", "/healthz"),
        ("{path: /healthz}", "{path: /, status: 204, timeout: 1m30s}"),
        ("{path: /healthz}", "{path: /, timeout: 0.5}"),
        ("8000", '"8000"'),
        ("{LOG_LEVEL: info}", "{A: 1, B: 1.5, C: true, d.e-f: ''}"),
        ('{cpus: "0.5"}', "{cpus: 2, memory: 512Mi}"),
        ('{cpus: "0.5"}', "{memory: 536870912}"),
        ("restart: always", "restart: never"),
    ],
)
def test_what_both_accept(old: str, new: str) -> None:
    text = changed(old, new)
    assert problems(text) == []
    assert accepted(text)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("version: 1", "version: 2"),
        ("version: 1\n", ""),
        ("version: 1", "version: 1\nservice: 1"),
        ("worker:\n", "Worker:\n"),
        ("kind: api", "kind: apy"),
        ("    expose: 8000\n", ""),
        ("8000", "0"),
        ("8000", '"x"'),
        ("{LOG_LEVEL: info}", "{1A: 1}"),
        ("{LOG_LEVEL: info}", "{A: [1]}"),
        ("[db]\n    restart", "db\n    restart"),
        ("restart: always", "restart: 'no'"),
        ("{path: ./api}", "{}"),
        ("{path: ./api}", "{path: ./api, foo: 1}"),
        ("{path: /healthz}", "healthz"),
        ("{path: /healthz}", "{path: /, status: 99}"),
        ("{path: /healthz}", "{path: /, timeout: soon}"),
        ('{cpus: "0.5"}', "{cpus: 0}"),
        ('{cpus: "0.5"}', "{memory: lots}"),
        ("    image: postgres:16-alpine\n", ""),
    ],
)
def test_what_both_refuse(old: str, new: str) -> None:
    text = changed(old, new)
    assert problems(text)
    assert not accepted(text)


def test_the_valid_manifest_is_accepted() -> None:
    assert accepted(VALID)


def test_every_example_in_a_description_is_accepted() -> None:
    for model in MODELS:
        for name, field in model.model_fields.items():
            for example in field.examples or []:
                assert _reads(model, name, str(example)), f"{name}: {example}"


def _reads(model: type[written.Written], name: str, example: str) -> bool:
    node = tree.parse(f"{name}: {example}\n", "f", [])
    return getattr(model.model_validate(nodes.data(node)), name) is not None

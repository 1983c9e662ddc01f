"""For all that both can say, a galley.yaml and a compose file mean the same; so does what init writes."""

from __future__ import annotations

from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from galley_iac.manifest import command, parse, render, units
from galley_iac.manifest.compose import parse_compose
from galley_iac.manifest.models import Build, Health, Kind, Manifest, Resources, Restart, Service
from galley_iac.manifest.normalise import data_folder
from galley_iac.manifest.template import Template, Variable

TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
NAME = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,8}", fullmatch=True)
WORD = st.text(st.characters(codec="ascii", categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=8)
FOLDER = st.from_regex(r"[a-z][a-z0-9._-]{0,5}", fullmatch=True)
PATH = st.lists(FOLDER, max_size=3).map(lambda folders: "/".join(folders) or ".")
TEMPLATE = st.one_of(
    TEXT.map(Template.literal),
    NAME.map(lambda name: Template((Variable(name),))),
    st.tuples(NAME, TEXT.filter(lambda text: "}" not in text)).map(
        lambda found: Template((Variable(found[0], ":-", Template.literal(found[1])),))
    ),
)
BUILD = st.builds(
    Build,
    path=PATH,
    dockerfile=st.none() | PATH,
    target=st.none() | st.from_regex(r"[a-z][a-z0-9]{0,5}", fullmatch=True),
    args=st.dictionaries(NAME, TEMPLATE, max_size=2),
)
START = st.none() | st.lists(WORD, max_size=3).map(lambda words: command.join(("run", *words)))
RESOURCES = st.builds(
    Resources,
    cpus=st.none() | st.integers(1, 4000).map(lambda n: n / 100),
    memory=st.none() | st.integers(units.SMALLEST_MEMORY, 2**40),
)
HEALTH = st.builds(
    Health,
    path=st.from_regex(r"/[a-z0-9/?=&._-]{0,12}", fullmatch=True),
    timeout=st.integers(1, 86_400_000).map(lambda ms: ms / 1000),
)
IMAGES = {"db": "postgres:16", "cache": "redis:7", "queue": "rabbitmq:3", "store": "minio/minio"}
KINDS = {"db": Kind.DATABASE, "cache": Kind.CACHE, "queue": Kind.QUEUE, "store": Kind.OTHER}
RUNNING = st.sampled_from([Restart.ALWAYS, Restart.UNLESS_STOPPED, Restart.ON_FAILURE])


@st.composite
def services(draw: st.DrawFn) -> dict[str, Service]:
    """Services that both kinds of file can describe; the routed ones wait for the job, if there is one."""
    images = draw(st.lists(st.sampled_from(sorted(IMAGES)), unique=True))
    built = draw(
        st.lists(st.sampled_from(["web", "shop", "api", "backend", "worker"]), unique=True, min_size=1)
    )
    job = ["migrate"] if draw(st.booleans()) and built != ["worker"] else []
    found = [_image(draw, name) for name in images]
    found += [_built(draw, name, (*images, *job)) for name in built]
    found += [_built(draw, name, tuple(images), Restart.NEVER) for name in job]
    return {service.name: service for service in found}


def _image(draw: st.DrawFn, name: str) -> Service:
    image = Template.literal(IMAGES[name])
    return Service(
        name=name,
        kind=KINDS[name],
        image=image,
        start=draw(START),
        expose=draw(st.none() | st.integers(1, 65535)),
        env=draw(st.dictionaries(NAME, TEMPLATE, max_size=3)),
        restart=draw(RUNNING),
        data=data_folder(KINDS[name], image),
        resources=draw(RESOURCES),
    )


def _built(
    draw: st.DrawFn, name: str, depends_on: tuple[str, ...], restart: Restart | None = None
) -> Service:
    kinds = {"web": Kind.WEB, "shop": Kind.WEB, "api": Kind.API, "backend": Kind.API}
    kind = kinds.get(name, Kind.WORKER)
    routed = kind is not Kind.WORKER
    return Service(
        name=name,
        kind=kind,
        build=draw(BUILD),
        start=draw(START),
        expose=draw(st.integers(1, 65535)) if routed else None,
        env=draw(st.dictionaries(NAME, TEMPLATE, max_size=3)),
        depends_on=depends_on if routed else tuple(n for n in depends_on if n != "migrate"),
        restart=restart or draw(RUNNING),
        health=draw(st.none() | HEALTH) if routed else None,
        resources=draw(RESOURCES),
    )


def to_compose(found: dict[str, Service]) -> str:
    """The compose file that says the same."""
    return yaml.safe_dump(
        {"services": {name: _compose(service) for name, service in found.items()}}, sort_keys=False
    )


def _compose(service: Service) -> dict[str, Any]:
    ports = {"ports" if service.has_route else "expose": [str(service.expose)]} if service.expose else {}
    return {
        **({"build": _build(service.build)} if service.build else {"image": str(service.image)}),
        **ports,
        **({"command": _words(service.start)} if service.start else {}),
        **({"healthcheck": _check(service.health, service.expose)} if service.health else {}),
        "environment": {name: str(value) for name, value in service.env.items()},
        "depends_on": {name: {"condition": _condition(name)} for name in service.depends_on},
        "restart": "no" if service.restart is Restart.NEVER else str(service.restart),
        "deploy": {"resources": {"limits": _limits(service.resources)}},
    }


def _build(build: Build) -> dict[str, Any]:
    args = {name: str(value) for name, value in build.args.items()}
    return {"context": build.path, "dockerfile": build.dockerfile, "target": build.target, "args": args}


def _words(start: str) -> list[str]:
    return [word.replace("$", "$$") for word in command.argv(start)]


def _check(health: Health, port: int | None) -> dict[str, Any]:
    test = ["CMD", "curl", "-f", f"http://localhost:{port}{health.path}"]
    return {"test": test, "interval": units.seconds_text(health.timeout), "retries": 1}


def _condition(name: str) -> str:
    return "service_completed_successfully" if name == "migrate" else "service_started"


def _limits(resources: Resources) -> dict[str, Any]:
    return {
        "cpus": resources.cpus and str(resources.cpus),
        "memory": resources.memory and str(resources.memory),
    }


@given(services())
@settings(max_examples=40, deadline=None)
def test_what_is_written_means_what_it_was(found: dict[str, Service]) -> None:
    text = render.to_yaml(Manifest(file="x", services=found))
    assert parse(text, "galley.yaml").manifest.services == found


@given(services())
@settings(max_examples=40, deadline=None)
def test_a_compose_file_that_says_the_same_means_the_same(found: dict[str, Service]) -> None:
    text = to_compose(found)
    parsed = parse_compose(text, "compose.yaml", {}.get)
    assert parsed.manifest.services == found
    assert all("has no route" in notice.rule for notice in parsed.notices)


@given(services())
@settings(max_examples=40, deadline=None)
def test_init_loses_nothing(found: dict[str, Service]) -> None:
    manifest = parse_compose(to_compose(found), "compose.yaml", {}.get).manifest
    assert list(render.unsaid(manifest)) == []
    assert parse(render.to_yaml(manifest), "galley.yaml").manifest.services == found


def test_what_no_galley_yaml_can_say() -> None:
    text = "services: {a: {image: x/y, entrypoint: run, volumes: [vv:/v]}}"
    manifest = parse_compose(text, "compose.yaml", {}.get).manifest
    assert [str(problem) for problem in render.unsaid(manifest)] == [
        "compose.yaml:1:55: services.a.volumes.0: galley.yaml cannot say that /v is kept\n"
        "    keep the compose file, or keep the data in a service whose image is known",
        "compose.yaml:1:40: services.a.entrypoint: galley.yaml has no entrypoint\n"
        "    write it as `ENTRYPOINT` in the Dockerfile",
    ][::-1]

"""What may be written in a galley.yaml: every key with its values and its description.

These models are the reference. The JSON Schema, docs/manifest.md and the "did you mean" of an unknown key are
made from them, so none of the three can differ from what is accepted. Every key is optional here, so that one
wrong value does not hide another; which are required is said in :mod:`rules`.
"""

from __future__ import annotations

from functools import partial
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic.config import JsonDict

from galley_iac.manifest import fields, names
from galley_iac.manifest.models import Kind, Restart
from galley_iac.manifest.nodes import Scalar, Type
from galley_iac.manifest.template import Template

_SCALAR: JsonDict = {"type": ["string", "number", "boolean"]}
_DURATION: JsonDict = {
    "type": ["string", "number"],
    "pattern": r"^(\d+(\.\d+)?|(\d+(\.\d+)?(ms|s|m|h))+)$",
    "exclusiveMinimum": 0,
}
_MEMORY: JsonDict = {
    "type": ["string", "integer"],
    "pattern": r"^\d+(\.\d+)?\s*([kmgtKMGT]?([iI]?[bB])?|[kmgtKMGT]i)$",
}
_PORT: JsonDict = {"type": ["integer", "string"], "minimum": 1, "maximum": 65535, "pattern": "^[0-9]{1,5}$"}
_CPUS: JsonDict = {
    "type": ["number", "string"],
    "minimum": 0.01,
    "maximum": 1024,
    "pattern": r"^(\d+(\.\d+)?|\.\d+)$",
}
_STATUS: JsonDict = {"type": "integer", "minimum": 200, "maximum": 599}
_TEXT: JsonDict = {"type": "string", "minLength": 1}
_NAME: JsonDict = {"type": "string", "pattern": f"^{names.SERVICE.pattern}$"}

Version = Annotated[int, BeforeValidator(fields.version), WithJsonSchema({"const": 1})]
Interpolated = Annotated[Template, BeforeValidator(fields.interpolated), WithJsonSchema(_SCALAR)]
Image = Annotated[Template, BeforeValidator(fields.image), WithJsonSchema(_TEXT)]
Command = Annotated[str, BeforeValidator(fields.command_line), WithJsonSchema(_TEXT)]
Path = Annotated[str, BeforeValidator(fields.path), WithJsonSchema(_TEXT)]
Stage = Annotated[str, BeforeValidator(fields.stage), WithJsonSchema(_TEXT)]
Port = Annotated[int, BeforeValidator(fields.port), WithJsonSchema(_PORT)]
Status = Annotated[int, BeforeValidator(fields.status), WithJsonSchema(_STATUS)]
UrlPath = Annotated[
    str, BeforeValidator(fields.url_path), WithJsonSchema({"type": "string", "pattern": "^/[!-~]*$"})
]
Timeout = Annotated[float, BeforeValidator(fields.timeout), WithJsonSchema(_DURATION)]
Cpus = Annotated[float, BeforeValidator(fields.cpus), WithJsonSchema(_CPUS)]
Memory = Annotated[int, BeforeValidator(fields.memory), WithJsonSchema(_MEMORY)]
Boolean = Annotated[bool, BeforeValidator(fields.boolean), WithJsonSchema({"type": "boolean"})]
KindWord = Annotated[Kind, BeforeValidator(partial(fields.word, choices=Kind))]
RestartWord = Annotated[Restart, BeforeValidator(partial(fields.word, choices=Restart))]
Dependency = Annotated[str, BeforeValidator(fields.dependency), WithJsonSchema(_NAME)]
EnvName = Annotated[
    str, BeforeValidator(fields.env_name), WithJsonSchema({"pattern": f"^{names.ENV.pattern}$"})
]
ArgName = Annotated[
    str,
    BeforeValidator(fields.argument_name),
    WithJsonSchema({"pattern": f"^{names.BUILD_ARGUMENT.pattern}$"}),
]
SecretName = Annotated[
    str,
    BeforeValidator(fields.secret_name),
    WithJsonSchema({"type": "string", "pattern": f"^{names.SECRET.pattern}$"}),
]
ServiceName = Annotated[str, BeforeValidator(fields.service_name), WithJsonSchema(_NAME)]


SHORT_FORM = "x-short-form"
"""Marks a key that may be written as one string instead of a mapping, with the pattern of that string."""


def _short(key: str, value: object) -> object:
    """The short form ``build: ./api`` as the long one, ``build: {path: ./api}``."""
    return {key: value} if isinstance(value, Scalar) else value


def _or_empty(value: object) -> object:
    """A key with nothing after it, as if it were not there (``env:`` whose lines are all commented out)."""
    return None if isinstance(value, Scalar) and value.type is Type.NULL else value


_OrEmpty = BeforeValidator(_or_empty)


class Written(BaseModel):
    """A mapping in the file: no keys but those named."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class WrittenBuild(Written):
    """How the image is built from the repository."""

    path: Path | None = Field(
        default=None,
        description="Context folder, relative to this file and inside the repository. `./Dockerfile` there "
        "is used; without one, the language is detected and a Dockerfile is generated.",
        examples=["./", "./services/api"],
    )
    dockerfile: Path | None = Field(
        default=None,
        description="The Dockerfile, relative to the context.",
        examples=["docker/api.Dockerfile"],
    )
    target: Stage | None = Field(
        default=None, description="Stage of the Dockerfile to build.", examples=["runtime"]
    )
    args: Annotated[dict[ArgName, Interpolated] | None, _OrEmpty] = Field(
        default=None,
        description="Build arguments: string, number or boolean; interpolated. An argument with a preview's "
        "host in it makes the image that preview's own. Secrets are refused: an image's history shows its "
        "arguments.",
        examples=['{PYTHON_VERSION: "3.12"}'],
    )
    command: Command | None = Field(
        default=None, description="Build command of a build without a Dockerfile.", examples=["npm run build"]
    )
    secrets: Annotated[list[SecretName] | None, _OrEmpty] = Field(
        default=None,
        description="Names of secrets (`galley secret set`) that the Dockerfile's steps may mount: "
        "`RUN --mount=type=secret,id=NAME`. A value is in no layer and not in the image's history, and "
        "another value does not build the image again.",
        examples=["[NPM_TOKEN]"],
    )
    start: Command | None = Field(
        default=None,
        description="Start command, of a Dockerfile build too; not a part of the image, so that services "
        "that differ in nothing else share one image. A plain command runs without a shell; `&&`, `$NAME`, "
        "pipes and the like run it in `/bin/sh -c`.",
        examples=["celery -A app.tasks worker -l info"],
    )


class WrittenHealth(Written):
    """The HTTP request that must be answered before the service counts as ready; needs `expose`."""

    path: UrlPath | None = Field(
        default=None, description="Path of the request, beginning with a slash.", examples=["/healthz"]
    )
    status: Status | None = Field(
        default=None, description="The status that must be answered, exactly. Default: 200.", examples=["204"]
    )
    timeout: Timeout | None = Field(
        default=None,
        description="Time allowed from the start until the first right answer; a number without a unit is "
        "seconds. Default: 30s.",
        examples=["30s", "1m30s"],
    )


class WrittenResources(Written):
    """Limits of the service's container. Default: the project's, which is 1 CPU and 1g unless set."""

    cpus: Cpus | None = Field(default=None, description="Number of CPUs.", examples=['"0.5"'])
    memory: Memory | None = Field(
        default=None,
        description="Memory: a number with `k`, `m`, `g` or `Ki`, `Mi`, `Gi`, all powers of 1024 as Docker "
        "counts; at least 6m. Without a unit: bytes.",
        examples=['"512m"', '"1g"', '"512Mi"'],
    )


class WrittenService(Written):
    """One service: a container built from the repository or made from an image."""

    kind: KindWord | None = Field(
        default=None,
        description="What it is for. `web` and `api` get a public route (and need `expose`); `worker` has "
        "none and is never reachable from outside; `database`, `cache` and `queue` are internal and checked "
        "by their own protocol; `other` assumes nothing. Absent: inferred, with a warning, from the image's "
        "name (postgres is a database, redis a cache, rabbitmq a queue, ...); a built service is `web` if "
        "it exposes a port, else `worker`.",
        examples=["api"],
    )
    build: Annotated[WrittenBuild | None, BeforeValidator(partial(_short, "path"))] = Field(
        default=None,
        description="How the image is built; a string is the `path`. With `image` as well, `build` wins.",
        examples=["{path: ./}"],
        json_schema_extra={SHORT_FORM: "."},
    )
    image: Image | None = Field(
        default=None,
        description="An image to pull; interpolated. One of `build` and `image` is required.",
        examples=["postgres:16-alpine"],
    )
    start: Command | None = Field(
        default=None,
        description="Start command of an image service (a built one: `build.start`).",
        examples=["server /data"],
    )
    expose: Port | None = Field(
        default=None, description="The one port it listens on, 1-65535.", examples=["8000"]
    )
    env: Annotated[dict[EnvName, Interpolated] | None, _OrEmpty] = Field(
        default=None,
        description="Environment: name to string, number or boolean; interpolated. A number stays as it is "
        "written (`1.10`, `0755`), `yes` and `on` are text, true and false become `true` and `false`.",
        examples=["{LOG_LEVEL: info}"],
    )
    depends_on: Annotated[list[Dependency] | None, _OrEmpty] = Field(
        default=None,
        description="Services that must be ready first: a database, cache or queue answers its own "
        "protocol, a service with `health` answers it, a `restart: never` job has exited 0, any other is "
        "running.",
        examples=["[postgres, cache]"],
    )
    restart: RestartWord | None = Field(
        default=None,
        description="When it is started again after it ended. Default: `unless-stopped`. `never` with "
        "`kind: worker` is a one-shot job: `up` waits for it, a non-zero exit fails `up`, and it runs again "
        "when its image, command or env changes.",
        examples=["never"],
    )
    ephemeral: Boolean | None = Field(
        default=None,
        description="`true`: its data is thrown away on every deploy that changes anything. Default: a "
        "database, cache, queue or other service with a known data folder keeps it for as long as the "
        "preview lives.",
        examples=["true"],
    )
    health: Annotated[WrittenHealth | None, BeforeValidator(partial(_short, "path"))] = Field(
        default=None,
        description="The HTTP check of readiness; a string is the `path`.",
        examples=["{path: /healthz}"],
        json_schema_extra={SHORT_FORM: "^/[!-~]*$"},
    )
    resources: Annotated[WrittenResources | None, _OrEmpty] = Field(
        default=None, description="Limits of its container.", examples=['{cpus: "0.5", memory: "512m"}']
    )


class WrittenManifest(Written):
    """A galley.yaml. Keys of the top level that begin with `x-` are ignored: a place for YAML anchors."""

    version: Version | None = Field(default=None, description="The manifest's version: `1`.", examples=["1"])
    services: dict[ServiceName, WrittenService] | None = Field(
        default=None,
        description="The services by name. A name is a host name inside the preview: lower-case letters, "
        "digits and `-`, a letter first, at most 40 characters.",
    )

"""A preview's resources, declared plainly from the plan that BENCH_PLAN names, by none of galley's code."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pulumi
import pulumi_docker as docker

MIB = 1024 * 1024


def main() -> None:
    """Declares network, images, containers, their checks and the router."""
    plan = json.loads(Path(os.environ["BENCH_PLAN"]).read_text(encoding="utf-8"))
    network = docker.Network("network", name=plan["name"], driver="bridge")
    images = {key(container["image"]): container["image"] for container in plan["containers"]}
    built = {name: image(plan, name, images[name]) for name in images}
    prober = docker.RemoteImage("probe", name=plan["probe_image"]["reference"], keep_locally=True)
    ready: dict[str, pulumi.Resource] = {}
    for container in plan["containers"]:
        name = container["service"]
        made = service(plan, container, network, built, [ready[needed] for needed in container["depends_on"]])
        command = plan["checks"].get(name)
        ready[name] = check(plan, name, command, made, network, prober) if command else made
    if plan["router"]:
        router(plan, network)


def key(found: dict[str, Any]) -> str:
    """What an image is known by: the tag to build, or the name to pull."""
    return str(found.get("tag") or found["reference"])


def image(plan: dict[str, Any], name: str, found: dict[str, Any]) -> docker.RemoteImage:
    """An image that is built by its tag, or is there already."""
    if "tag" not in found:
        return docker.RemoteImage(name, name=name, keep_locally=True)
    build = docker.RemoteImageBuildArgs(
        context=str(Path(plan["root"], found["context"]).resolve()),
        dockerfile=found["dockerfile"],
        builder="default",
    )
    return docker.RemoteImage(name, name=name, keep_locally=True, build=build)


def service(
    plan: dict[str, Any],
    found: dict[str, Any],
    network: docker.Network,
    images: dict[str, docker.RemoteImage],
    needed: list[pulumi.Resource],
) -> docker.Container:
    """A service's container, or a job's, which runs to its end."""
    job = found["check"]["type"] == "ExitCheck"
    return docker.Container(
        found["service"],
        name=f"{plan['name']}.{found['service']}",
        image=images[key(found["image"])].image_id,
        command=found["command"],
        entrypoints=found["entrypoint"],
        envs=[f"{name}={value}" for name, value in found["env"]] or None,
        hostname=found["service"],
        networks_advanced=[attached(network, found["service"])],
        memory=max(found["limits"]["memory"] // MIB, 1),
        memory_swap=max(found["limits"]["memory"] // MIB, 1),
        remove_volumes=True,
        attach=job,
        must_run=not job,
        restart="no" if job else "unless-stopped",
        opts=pulumi.ResourceOptions(depends_on=needed, delete_before_replace=True),
    )


def check(
    plan: dict[str, Any],
    name: str,
    command: list[str],
    checked: docker.Container,
    network: docker.Network,
    prober: docker.RemoteImage,
) -> docker.Container:
    """A container that ends when the service answers."""
    script = docker.ContainerUploadArgs(content=plan["probe"]["script"], file=plan["probe"]["path"])
    return docker.Container(
        f"{name}.ready",
        name=f"{plan['name']}.{name}.ready",
        image=prober.image_id,
        command=["python3", plan["probe"]["path"], *command],
        envs=[pulumi.Output.concat("CHECKED=", checked.id)],
        uploads=[script],
        networks_advanced=[attached(network)],
        attach=True,
        must_run=False,
        restart="no",
        opts=pulumi.ResourceOptions(delete_before_replace=True),
    )


def router(plan: dict[str, Any], network: docker.Network) -> None:
    """The router, with the same configuration."""
    name = plan["router"]["image"]["reference"]
    found = docker.RemoteImage("router", name=name, keep_locally=True)
    config = json.dumps(plan["router"]["config"])
    docker.Container(
        "router",
        name=f"{plan['name']}.router",
        image=found.image_id,
        command=["caddy", "run", "--config", "/etc/caddy/bench.json"],
        uploads=[docker.ContainerUploadArgs(content=config, file="/etc/caddy/bench.json")],
        ports=[docker.ContainerPortArgs(internal=80, ip="127.0.0.1")],
        networks_advanced=[attached(network, "router")],
        restart="unless-stopped",
        opts=pulumi.ResourceOptions(delete_before_replace=True),
    )


def attached(network: docker.Network, *aliases: str) -> docker.ContainerNetworksAdvancedArgs:
    """Membership in the network under the given names."""
    return docker.ContainerNetworksAdvancedArgs(name=network.name, aliases=list(aliases))


main()

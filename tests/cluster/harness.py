"""What tests do in a cluster: namespaces that go at the end, pods, and commands in them."""

from __future__ import annotations

import contextlib
import os
import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from kubernetes import client, config
from kubernetes.client import ApiException
from kubernetes.stream import stream

from galley_iac.toolchain import download, paths
from galley_iac.toolchain.cluster.access import Access
from galley_iac.toolchain.console import Console
from galley_iac.toolchain.pulumi import Means
from galley_iac.toolchain.runner import SystemRunner

SECONDS = 180
"""For a pod to start or an object to appear: generous, since machines are slow when they are busy."""

SERVE = "import http.server as h; h.test(h.SimpleHTTPRequestHandler, port={port}, bind='0.0.0.0')"
ASK = "import urllib.request as u; print(u.urlopen('http://{where}/', timeout={seconds}).status)"


@dataclass(frozen=True)
class Space:
    """A namespace and the clients that work in it."""

    name: str
    image: str
    core: client.CoreV1Api
    networking: client.NetworkingV1Api

    def server(self, name: str, port: int = 8000, **spec: Any) -> None:
        """A pod with the label ``app: NAME`` that answers HTTP, and a service of its name on port 80."""
        self.pod(name, ["python3", "-c", SERVE.format(port=port)], port, **spec)
        ports = [{"port": 80, "targetPort": port}]
        body = {"metadata": {"name": name}, "spec": {"selector": {"app": name}, "ports": ports}}
        self.core.create_namespaced_service(self.name, body)

    def pod(self, name: str, command: list[str], port: int = 0, **spec: Any) -> None:
        """Starts a pod; ``spec`` adds to the pod's, ``mounts`` to the container's."""
        container: dict[str, Any] = {"name": "main", "image": self.image, "command": command}
        container["volumeMounts"] = spec.pop("mounts", [])
        if port:
            container["ports"] = [{"name": "web", "containerPort": port}]
            container["readinessProbe"] = {"tcpSocket": {"port": port}, "periodSeconds": 1}
        body = {
            "metadata": {"name": name, "labels": {"app": name}},
            "spec": {"containers": [container], "terminationGracePeriodSeconds": 0, **spec},
        }
        until(lambda: self.core.read_namespaced_service_account("default", self.name))
        self.core.create_namespaced_pod(self.name, body)

    def wait_for(self, *names: str) -> None:
        """Until the pods are ready."""
        for name in names:
            until(lambda name=name: self._is_ready(name))

    def run(self, pod: str, *command: str) -> str:
        """Runs a command in a pod: what it printed on both outputs."""
        return str(
            stream(
                self.core.connect_get_namespaced_pod_exec,
                pod,
                self.name,
                command=list(command),
                stdout=True,
                stderr=True,
                stdin=False,
                tty=False,
            )
        )

    def reaches(self, pod: str, where: str, seconds: int = 3) -> bool:
        """Whether a pod gets an answer over HTTP from HOST[:PORT] in that time."""
        return "200" in self.run(pod, "python3", "-c", ASK.format(where=where, seconds=seconds)).split()

    def policy(self, name: str, **spec: Any) -> None:
        """A NetworkPolicy."""
        body = {"metadata": {"name": name}, "spec": {"podSelector": {}, **spec}}
        self.networking.create_namespaced_network_policy(self.name, body)

    def address(self, pod: str) -> str:
        """The pod's own."""
        return str(self.core.read_namespaced_pod(pod, self.name).status.pod_ip)

    def _is_ready(self, name: str) -> bool:
        status = self.core.read_namespaced_pod(name, self.name).status
        return any(one.type == "Ready" and one.status == "True" for one in status.conditions or [])


def means(layout: paths.Layout) -> Means:
    """What starting a cluster may use; it prints as the set-up does."""
    console = Console()
    return Means(layout, console, SystemRunner(), download.Site(console), os.environ)


@contextlib.contextmanager
def space(cluster: Access, image: str) -> Iterator[Space]:
    """A new namespace; afterwards it is gone with everything in it."""
    api = config.new_client_from_config(str(cluster.kubeconfig), cluster.context)
    core = client.CoreV1Api(api)
    name = f"test-{secrets.token_hex(4)}"
    core.create_namespace({"metadata": {"name": name, "labels": {"name": name}}})
    try:
        yield Space(name, image, core, client.NetworkingV1Api(api))
    finally:
        core.delete_namespace(name)
        until(lambda: name not in [one.metadata.name for one in core.list_namespace().items])
        api.close()


def until(condition: Callable[[], Any], seconds: float = SECONDS) -> Any:
    """The first result of the condition that counts as true; an object that is not there yet does not."""
    end = time.monotonic() + seconds
    while True:
        with contextlib.suppress(ApiException):
            found = condition()
            if found:
                return found
        assert time.monotonic() < end, "it did not come true in time"
        time.sleep(0.2)

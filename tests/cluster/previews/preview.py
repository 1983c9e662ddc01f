"""One preview on a cluster, from the first ``up`` to the proof that nothing of it is left there."""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from kubernetes import client, config
from kubernetes.stream import stream

from galley_iac.toolchain.cluster.access import Access
from tests.integration.harness.command import Completed, Galley
from tests.integration.harness.engine import Engine
from tests.integration.harness.preview import Preview
from tests.integration.harness.repository import Repository
from tests.integration.harness.web import Answer, eventually

SELECTOR = "galley.preview"
PUSHED = "galley-tests"
"""Where in the registry the tests' images lie: nobody else's do."""

LONG = 420
"""Seconds for an update or a removal: pods are started and ended by a node that others use as well."""


@dataclass(frozen=True)
class Cluster:
    """A cluster as the tests see it: by the official client, and never through the code that is tested."""

    access: Access
    core: client.CoreV1Api
    apps: client.AppsV1Api

    @classmethod
    def of(cls, access: Access) -> Cluster:
        """A connection to it."""
        api = config.new_client_from_config(str(access.kubeconfig), access.context)
        return cls(access, client.CoreV1Api(api), client.AppsV1Api(api))

    def left(self, preview: str) -> list[str]:
        """The preview's namespace, and every volume that was a claim's of it."""
        spaces = self.core.list_namespace(label_selector=f"{SELECTOR}={preview}").items
        volumes = self.core.list_persistent_volume().items
        claimed = [one for one in volumes if one.spec.claim_ref and one.spec.claim_ref.namespace == preview]
        return [f"namespace {one.metadata.name}" for one in spaces] + [
            f"volume {one.metadata.name}" for one in claimed
        ]

    def pods(self, preview: str) -> dict[str, client.V1Pod]:
        """By service, without those that are being removed."""
        found = self.core.list_namespaced_pod(preview, label_selector=SELECTOR).items
        staying = [pod for pod in found if pod.metadata.deletion_timestamp is None]
        return {pod.metadata.labels["galley.service"]: pod for pod in staying}

    def closed_ranges(self, preview: str) -> set[str]:
        """What the policy for all pods keeps out of what they may reach beyond their namespace."""
        networking = client.NetworkingV1Api(self.core.api_client)
        rules = networking.read_namespaced_network_policy("default", preview).spec.egress
        blocks = [peer.ip_block for rule in rules for peer in rule.to or () if peer.ip_block]
        return {closed for block in blocks for closed in block._except}

    def execute(self, preview: str, service: str, *command: str) -> tuple[int, str]:
        """Runs a command in a service's container; its exit code and output."""
        pod = self.pods(preview)[service].metadata.name
        running = stream(
            self.core.connect_get_namespaced_pod_exec,
            pod,
            preview,
            container=service,
            command=list(command),
            stdout=True,
            stderr=True,
            stdin=False,
            tty=False,
            _preload_content=False,
        )
        running.run_forever(timeout=60)
        return int(running.returncode), str(running.read_all())


class ClusterPreview(Preview):
    """As :class:`Preview`, with the target set by the option that a user gives."""

    def __init__(
        self, galley: Galley, engine: Engine, repository: Repository, branch: str, cluster: Cluster
    ) -> None:
        super().__init__(galley, engine, repository, branch)
        self.cluster = cluster

    def run(self, verb: str, *words: str) -> Completed:
        """Runs a verb for this preview, whatever its exit code."""
        target = ("--target", "kubernetes") if verb == "up" else ()
        where = ("--branch", self.branch, *target, *words)
        return self.galley(verb, *where, at=self.repository.path, timeout=LONG)

    def up(self, *words: str) -> Completed:
        """An update that has to succeed; the controller takes up to two seconds to see a new pod."""
        done = super().up(*words)
        for service, state in self.status()["services"].items():
            if "url" in state:
                eventually(lambda name=service: self.ask(name).status not in (404, 502, 503), service, 60)
        return done

    def ask(self, service: str, path: str = "/", *, method: str = "GET", body: object = None) -> Answer:
        """A request through the ingress controller, by the service's host name."""
        host = urlsplit(self.url(service)).hostname
        assert host
        return self.ask_host(host, path, method=method, body=body)

    def ask_host(self, host: str, path: str = "/", *, method: str = "GET", body: object = None) -> Answer:
        """The same by any host name."""
        address = self.cluster.access.ingress
        connection = http.client.HTTPConnection(address, timeout=30)
        try:
            content = None if body is None else json.dumps(body)
            port = address.rpartition(":")[2]
            headers = {"Host": f"{host}:{port}", "Content-Type": "application/json"}
            connection.request(method, path, content, headers)
            response = connection.getresponse()
            return Answer(response.status, response.read().decode("utf-8", "replace"))
        finally:
            connection.close()

    def ids(self) -> dict[str, str]:
        """The name of every service's pod."""
        return {name: pod.metadata.name for name, pod in self.cluster.pods(self.name).items()}

    def execute(self, service: str, *command: str) -> tuple[int, str]:
        """Runs a command in a service's container."""
        return self.cluster.execute(self.name, service, *command)

    def left(self) -> list[str]:
        """Everything of the preview on the cluster, and on the engine that built its images."""
        return [*self.cluster.left(self.name), *super().left()]


def settings(access: Access) -> Mapping[str, str]:
    """What a project sets for a cluster such as ours."""
    return {
        "registry": f"http://{access.registry}/{PUSHED}",
        "kubeContext": access.context,
        "ingressClass": "traefik",
        "ingressNamespace": "kube-system",
        "ingressPort": access.ingress.rpartition(":")[2],
    }

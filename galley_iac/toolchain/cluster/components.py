"""The command of every component, in the order in which they are started. Pure."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from galley_iac.toolchain.cluster.config import NODE
from galley_iac.toolchain.cluster.place import API_PORT, POD_RANGE, SERVICE_RANGE, Folders, Place

_ETCD = "http://127.0.0.1:2379"


@dataclass(frozen=True)
class Component:
    """``outside`` means: on the machine's network, not on the node's."""

    name: str
    command: tuple[str, ...]
    outside: bool = False


def first(found: Folders, place: Place) -> list[Component]:
    """What needs nobody else."""
    programs, data, keys = found.programs / "bin", found.data, found.data / "certificates"
    etcd = ("/usr/bin/etcd", "--unsafe-no-fsync", f"--data-dir={data}/etcd", f"--listen-client-urls={_ETCD}")
    api = (
        f"--etcd-servers={_ETCD}",
        "--bind-address=0.0.0.0",
        f"--secure-port={API_PORT}",
        f"--advertise-address={place.node}",
        f"--service-cluster-ip-range={SERVICE_RANGE}",
        f"--client-ca-file={keys}/ca.crt",
        f"--tls-cert-file={keys}/api.crt",
        f"--tls-private-key-file={keys}/api.key",
        f"--kubelet-certificate-authority={keys}/ca.crt",
        f"--kubelet-client-certificate={keys}/admin.crt",
        f"--kubelet-client-key={keys}/admin.key",
        "--kubelet-preferred-address-types=InternalIP",
        f"--service-account-key-file={keys}/api.crt",
        f"--service-account-signing-key-file={keys}/api.key",
        "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
        "--authorization-mode=Node,RBAC",
        "--allow-privileged=true",
    )
    return [
        Component("etcd", (*etcd, f"--advertise-client-urls={_ETCD}", "--log-level=warn")),
        Component("kube-apiserver", (f"{programs}/kube-apiserver", *api)),
        Component("containerd", ("/usr/bin/containerd", f"--config={data}/containerd.toml")),
        Component("registry", ("/usr/bin/docker-registry", "serve", f"{data}/registry.yml")),
        _forwarder(place),
    ]


def later(found: Folders, place: Place) -> list[Component]:
    """What gives up when the API server does not answer soon."""
    programs, data, keys = found.programs / "bin", found.data, found.data / "certificates"
    manager = (
        f"--kubeconfig={found.kubeconfig}",
        "--leader-elect=false",
        "--secure-port=0",
        "--allocate-node-cidrs=true",
        f"--cluster-cidr={POD_RANGE}",
        f"--service-cluster-ip-range={SERVICE_RANGE}",
        "--enable-hostpath-provisioner=true",
        f"--root-ca-file={keys}/ca.crt",
        f"--service-account-private-key-file={keys}/api.key",
    )
    scheduler = (f"--kubeconfig={found.kubeconfig}", "--leader-elect=false", "--secure-port=0")
    kubelet = (
        f"--config={data}/kubelet.json",
        f"--kubeconfig={found.kubeconfig}",
        f"--root-dir={data}/kubelet",
        f"--hostname-override={NODE}",
        f"--node-ip={place.node}",
    )
    return [
        Component("kube-controller-manager", (f"{programs}/kube-controller-manager", *manager)),
        Component("kube-scheduler", (f"{programs}/kube-scheduler", *scheduler)),
        Component("kubelet", (f"{programs}/kubelet", *kubelet)),
        Component("kube-proxy", (f"{programs}/kube-proxy", f"--config={data}/kube-proxy.json")),
        Component("policy", (f"{programs}/policy", str(found.kubeconfig))),
    ]


def _forwarder(place: Place) -> Component:
    """The engine and the browser speak to this machine's loopback interface."""
    pairs = (
        f"{place.registry_port}={place.node}:{place.registry_port}",
        f"{place.ingress_port}={place.node}:80",
    )
    command = (sys.executable, "-m", "galley_iac.toolchain.cluster.forward", *pairs)
    return Component("forward", command, outside=True)

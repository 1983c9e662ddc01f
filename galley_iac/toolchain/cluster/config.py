"""The configuration files of the cluster's components, as texts. Pure: what they depend on comes in."""

from __future__ import annotations

import json
from pathlib import Path

from galley_iac.toolchain.cluster.place import (
    CONTEXT,
    DNS_SERVICE,
    POD_RANGE,
    Folders,
    Place,
)

IMAGE = "galley.invalid/cluster:programs"
"""The image of everything that runs as a pod: it is in the node's containerd and in no registry."""

NODE = "galley"


def files(found: Folders, place: Place) -> dict[str, str]:
    """Every file by its path below the data folder."""
    return {
        "kubeconfig": kubeconfig(place.api, found.data / "certificates"),
        "containerd.toml": _containerd(found),
        "cni/10-galley.conflist": json.dumps(_network(), indent=1),
        "kubelet.json": json.dumps(_kubelet(found), indent=1),
        "kube-proxy.json": json.dumps(_kube_proxy(found, place), indent=1),
        "registry.yml": _registry(found, place),
    }


def kubeconfig(server: str, certificates: Path) -> str:
    """For a user who may do everything; the certificates are named, not copied."""
    cluster = {"server": server, "certificate-authority": str(certificates / "ca.crt")}
    user = {
        "client-certificate": str(certificates / "admin.crt"),
        "client-key": str(certificates / "admin.key"),
    }
    content = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": CONTEXT,
        "clusters": [{"name": CONTEXT, "cluster": cluster}],
        "users": [{"name": CONTEXT, "user": user}],
        "contexts": [{"name": CONTEXT, "context": {"cluster": CONTEXT, "user": CONTEXT}}],
    }
    return json.dumps(content, indent=1) + "\n"


def _containerd(found: Folders) -> str:
    """``restrict_oom_score_adj``: without CAP_SYS_RESOURCE no sandbox would start."""
    return f"""\
version = 2
root = "{found.data}/containerd"
state = "/run/containerd"
disabled_plugins = ["io.containerd.internal.v1.opt"]

[grpc]
address = "/run/containerd.sock"

[plugins."io.containerd.grpc.v1.cri"]
sandbox_image = "{IMAGE}"
restrict_oom_score_adj = true

[plugins."io.containerd.grpc.v1.cri".cni]
bin_dir = "/usr/lib/cni"
conf_dir = "{found.data}/cni"

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"
"""


def _network() -> dict[str, object]:
    """Each pod has a link of its own to the node: whatever pods say to each other passes the node's rules."""
    addresses = {
        "type": "host-local",
        "ranges": [[{"subnet": POD_RANGE}]],
        "routes": [{"dst": "0.0.0.0/0"}],
    }
    plugins = [
        {"type": "ptp", "ipMasq": False, "ipam": addresses},
        {"type": "portmap", "capabilities": {"portMappings": True}},
    ]
    return {"cniVersion": "0.4.0", "name": "galley", "plugins": plugins}


def _kubelet(found: Folders) -> dict[str, object]:
    """Never short of disk or memory by its own judgement: it would remove the image that every pod needs."""
    return {
        "apiVersion": "kubelet.config.k8s.io/v1beta1",
        "kind": "KubeletConfiguration",
        "authentication": {
            "anonymous": {"enabled": False},
            "webhook": {"enabled": True},
            "x509": {"clientCAFile": str(found.data / "certificates" / "ca.crt")},
        },
        "authorization": {"mode": "Webhook"},
        "tlsCertFile": str(found.data / "certificates" / "kubelet.crt"),
        "tlsPrivateKeyFile": str(found.data / "certificates" / "kubelet.key"),
        "containerRuntimeEndpoint": "unix:///run/containerd.sock",
        "cgroupDriver": "cgroupfs",
        "cgroupRoot": f"/{found.cgroup}",
        "clusterDNS": [DNS_SERVICE],
        "clusterDomain": "cluster.local",
        "resolvConf": "",
        "failSwapOn": False,
        "oomScoreAdj": 0,
        "imageGCHighThresholdPercent": 100,
        "evictionHard": {"nodefs.available": "0%", "imagefs.available": "0%", "memory.available": "1Mi"},
        "serializeImagePulls": False,
        "featureGates": {"KubeletCrashLoopBackOffMax": True},
        "crashLoopBackOff": {"maxContainerRestartPeriod": "5s"},
    }


def _kube_proxy(found: Folders, place: Place) -> dict[str, object]:
    return {
        "apiVersion": "kubeproxy.config.k8s.io/v1alpha1",
        "kind": "KubeProxyConfiguration",
        "mode": "iptables",
        "hostnameOverride": NODE,
        "bindAddress": place.node,
        "clusterCIDR": POD_RANGE,
        "clientConnection": {"kubeconfig": str(found.kubeconfig)},
        "conntrack": {"maxPerCore": 0, "min": 0},
        "oomScoreAdj": 0,
        "healthzBindAddress": "",
        "metricsBindAddress": "",
        "iptables": {"minSyncPeriod": "50ms"},
    }


def _registry(found: Folders, place: Place) -> str:
    content = {
        "version": 0.1,
        "storage": {
            "filesystem": {"rootdirectory": str(found.data / "registry")},
            "delete": {"enabled": True},
        },
        "http": {"addr": f"0.0.0.0:{place.registry_port}"},
        "log": {"level": "warn"},
    }
    return json.dumps(content, indent=1) + "\n"

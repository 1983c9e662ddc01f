"""Every key of Compose, and what becomes of it. A key that is in none of the tables is a mistake.

What is dropped says what happens instead, for the warning. What is refused are keys without which a service
would be another one, so that going on would be worse than stopping.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field


@dataclass(frozen=True)
class KeyTable:
    """The keys of one mapping: read, or dropped with what happens instead, or refused with what to do."""

    read: Set[str]
    dropped: Mapping[str, str] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)
    prefix: str = ""

    @property
    def known(self) -> list[str]:
        """All keys, sorted."""
        return sorted({*self.read, *self.dropped, *self.refused})

    def __contains__(self, key: str) -> bool:
        return key in self.read or key in self.dropped or key in self.refused


_TOP_DROPPED = {
    "name": "the project is named after the repository, or by `--project`",
    "networks": "each preview has one private network, where all its services find each other by name",
    "secrets": "set project secrets with `galley secret set`, and use them in `environment` as `${NAME}`",
    "configs": "copy the file into the image",
    "models": "no model is provided",
}

_READ = frozenset({"build", "image", "command", "entrypoint", "ports", "expose", "depends_on", "links"})
_READ |= {"env_file", "environment", "healthcheck", "volumes", "profiles", "extends"}
_READ |= {"cpus", "mem_limit", "deploy", "scale", "restart"}

_SILENT = frozenset({"attach", "develop", "networks", "stdin_open", "tty"})
"""Without a meaning for a preview: about a terminal, a watcher, or which of the networks (there is one)."""

_IMAGE_ITSELF = "the image's own is used; change it in the Dockerfile"
_PLAIN = "the container runs without it, as unprivileged as any other"
_ENGINE = "the engine's own setting is used"
_NAMES = "services find each other by their service names alone; use these as host names"

_DROPPED = {
    "annotations": "a preview's objects have labels of its own",
    "blkio_config": _ENGINE,
    "cap_add": _PLAIN,
    "cap_drop": _ENGINE,
    "cgroup": _ENGINE,
    "cgroup_parent": _ENGINE,
    "configs": "copy the file into the image",
    "container_name": f"the container is named after the preview; {_NAMES}",
    "cpu_count": "write `cpus`",
    "cpu_percent": "write `cpus`",
    "cpu_period": "write `cpus`",
    "cpu_quota": "write `cpus`",
    "cpu_rt_period": _ENGINE,
    "cpu_rt_runtime": _ENGINE,
    "cpu_shares": "write `cpus`",
    "cpuset": _ENGINE,
    "credential_spec": _PLAIN,
    "device_cgroup_rules": _PLAIN,
    "devices": _PLAIN,
    "dns": _ENGINE,
    "dns_opt": _ENGINE,
    "dns_search": _ENGINE,
    "domainname": _NAMES,
    "external_links": "a preview reaches no container of another project",
    "extra_hosts": "the names are not known in the preview",
    "gpus": _PLAIN,
    "group_add": _IMAGE_ITSELF,
    "hostname": _NAMES,
    "init": _ENGINE,
    "ipc": _PLAIN,
    "isolation": _ENGINE,
    "label_file": "a preview's objects have labels of its own",
    "labels": "a preview's objects have labels of its own; routes come from `ports`",
    "logging": "the engine keeps the logs; read them with `galley logs`",
    "mac_address": _ENGINE,
    "mem_reservation": "write `mem_limit`",
    "mem_swappiness": _ENGINE,
    "memswap_limit": _ENGINE,
    "models": "no model is provided",
    "oom_kill_disable": _ENGINE,
    "oom_score_adj": _ENGINE,
    "pid": _PLAIN,
    "pids_limit": _ENGINE,
    "platform": "the engine's own platform is used",
    "post_start": "nothing is run; write the step into the start command",
    "pre_start": "nothing is run; write the step into the start command",
    "pre_stop": "nothing is run when the service stops",
    "privileged": _PLAIN,
    "pull_policy": "an image is pulled when the engine does not have it",
    "pull_refresh_after": "an image is pulled when the engine does not have it",
    "read_only": "the container's file system can be written to",
    "runtime": _ENGINE,
    "secrets": "set project secrets with `galley secret set`, and use them in `environment` as `${NAME}`",
    "security_opt": _ENGINE,
    "shm_size": _ENGINE,
    "stop_grace_period": _ENGINE,
    "stop_signal": _IMAGE_ITSELF,
    "storage_opt": _ENGINE,
    "sysctls": _ENGINE,
    "tmpfs": "the folder is on the container's own file system, gone with the container",
    "ulimits": _ENGINE,
    "use_api_socket": "no preview gets the engine's socket",
    "user": _IMAGE_ITSELF,
    "userns_mode": _ENGINE,
    "uts": _PLAIN,
    "working_dir": _IMAGE_ITSELF,
}

_REFUSED = {
    "network_mode": "remove it: a preview's services share one private network",
    "provider": "replace it by a service with an image",
    "volumes_from": "share the data through a database, a cache or an object store instead",
}

_BUILD_DROPPED = {
    "cache_from": "the engine's own build cache is used",
    "cache_to": "the engine's own build cache is used",
    "extra_hosts": "the names are not known in the build",
    "isolation": _ENGINE,
    "labels": "the image has labels of the preview's",
    "network": "the engine's default network is used",
    "no_cache": "an image is built once for the same content",
    "no_cache_filter": "an image is built once for the same content",
    "platforms": "the engine's own platform is used",
    "provenance": "no attestation is made",
    "pull": "a base image is pulled when the engine does not have it",
    "sbom": "no attestation is made",
    "shm_size": _ENGINE,
    "tags": "the image is tagged with the digest of its content",
    "ulimits": _ENGINE,
}
_BUILD_REFUSED = {
    "additional_contexts": "copy what is needed into the build's own context",
    "dockerfile_inline": "write it to a file and name that with `dockerfile`",
    "entitlements": "remove it: a preview's builds are unprivileged",
    "privileged": "remove it: a preview's builds are unprivileged",
    "secrets": "remove it from the Dockerfile, or build the image elsewhere and name it with `image`",
    "ssh": "remove it from the Dockerfile, or build the image elsewhere and name it with `image`",
}

_DEPLOY_DROPPED = {
    "endpoint_mode": "the service has one container, found by its name",
    "labels": "a preview's objects have labels of its own",
    "mode": "the service has one container",
    "placement": "a preview runs on one engine",
    "rollback_config": "a failed update leaves the old state or is mended by the next `galley up`",
    "update_config": "a changed service is replaced",
}

TOP = KeyTable(frozenset({"version", "services", "include", "volumes"}), _TOP_DROPPED)
SERVICE = KeyTable(_READ | _SILENT, _DROPPED, _REFUSED)
BUILD = KeyTable(
    frozenset({"context", "dockerfile", "target", "args"}), _BUILD_DROPPED, _BUILD_REFUSED, "build."
)
DEPLOY = KeyTable(frozenset({"resources", "restart_policy", "replicas"}), _DEPLOY_DROPPED, prefix="deploy.")
DEPLOY_RESOURCES = KeyTable(frozenset({"limits"}), {"reservations": "only limits are set"})
LIMITS = KeyTable(frozenset({"cpus", "memory"}), {"pids": _ENGINE})
RESTART_POLICY = KeyTable(
    frozenset({"condition"}),
    dict.fromkeys(("delay", "max_attempts", "window"), "the engine decides when and how often"),
)
HEALTHCHECK = KeyTable(
    frozenset({"test", "interval", "timeout", "retries", "start_period", "start_interval", "disable"})
)

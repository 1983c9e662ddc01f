"""The few requests to the API server that starting a cluster takes, by the kubeconfig's certificates."""

from __future__ import annotations

import json
import ssl
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

_SECONDS = 5
_PLURALS = {"StorageClass": "storageclasses", "IngressClass": "ingressclasses"}
_CLUSTER_WIDE = {"StorageClass", "IngressClass", "ClusterRole", "ClusterRoleBinding", "Namespace"}


class Api:
    """``kubeconfig`` is one that we have written: JSON, with the certificates' paths."""

    def __init__(self, kubeconfig: Path) -> None:
        content = json.loads(kubeconfig.read_text())
        cluster, user = content["clusters"][0]["cluster"], content["users"][0]["user"]
        self._server = cluster["server"]
        self._context = ssl.create_default_context(cafile=cluster["certificate-authority"])
        self._context.load_cert_chain(user["client-certificate"], user["client-key"])
        handlers = urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=self._context)
        self._opener = urllib.request.build_opener(*handlers)

    def answers(self) -> bool:
        """Whether the server is ready for all requests."""
        try:
            self._request("GET", "/readyz")
        except OSError:
            return False
        return True

    def get(self, path: str) -> dict[str, Any]:
        """An object or a list. Raises OSError, of which HTTPError is one."""
        found: dict[str, Any] = json.loads(self._request("GET", path))
        return found

    def apply(self, thing: dict[str, Any]) -> None:
        """Makes the object, or makes it so. Raises OSError."""
        path = f"{_path(thing)}?fieldManager=galley&force=true"
        self._request("PATCH", path, json.dumps(thing).encode(), "application/apply-patch+yaml")

    def _request(self, method: str, path: str, body: bytes | None = None, kind: str = "") -> bytes:
        headers = {"Content-Type": kind} if kind else {}
        request = urllib.request.Request(self._server + path, body, headers, method=method)
        try:
            with self._opener.open(request, timeout=_SECONDS) as response:
                content: bytes = response.read()
        except urllib.error.HTTPError as error:
            raise OSError(f"{method} {path}: {error.code} {error.read().decode(errors='replace')}") from None
        return content


def _path(thing: dict[str, Any]) -> str:
    kind, version = thing["kind"], thing["apiVersion"]
    root = f"/apis/{version}" if "/" in version else f"/api/{version}"
    space = "" if kind in _CLUSTER_WIDE else f"/namespaces/{thing['metadata']['namespace']}"
    return f"{root}{space}/{_PLURALS.get(kind, f'{kind.lower()}s')}/{thing['metadata']['name']}"

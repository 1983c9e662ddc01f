"""A password's bcrypt hash, made by the program that will compare it: a container of the router's image."""

from __future__ import annotations

import docker

from galley_iac.errors import MachineError
from galley_iac.plan.settings import Settings

_COMMAND = ["caddy", "hash-password", "--algorithm", "bcrypt"]


def bcrypt(client: docker.DockerClient, password: str) -> str:
    """The hash. The password goes through a pipe: neither arguments nor environment have it. MachineError."""
    api = client.api
    image = Settings.router_image
    try:
        made = api.create_container(
            image, _COMMAND, stdin_open=True, network_disabled=True, host_config=_confined(api)
        )["Id"]
    except docker.errors.ImageNotFound:
        raise MachineError(f"the engine has no {image}", f"docker pull {image}, or `galley setup`") from None
    try:
        stream = api.attach_socket(made, params={"stdin": 1, "stream": 1})
        api.start(made)
        getattr(stream, "_sock", stream).sendall(f"{password}\n".encode())
        stream.close()
        code = api.wait(made)["StatusCode"]
        if code:
            raise MachineError(f"{image} made no hash (exit code {code})", "name an image with Caddy 2")
        return str(api.logs(made, stderr=False).decode().strip())
    finally:
        api.remove_container(made, force=True)


def _confined(api: docker.APIClient) -> dict[str, object]:
    found: dict[str, object] = api.create_host_config(
        cap_drop=["ALL"],
        cap_add=["NET_BIND_SERVICE"],
        security_opt=["no-new-privileges:true"],
        mem_limit="64m",
    )
    return found

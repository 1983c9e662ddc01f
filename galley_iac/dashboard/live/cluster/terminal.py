"""A command in a pod's container, by the cluster's own stream."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Sequence
from typing import Any

from galley_iac.errors import PreviewError

_MOMENT = 1.0
_RESIZE = 4
"""The channel of the stream on which a terminal's size goes."""


class Stream:
    """A command that has been started. ``terminal``: it reads and writes by one, instead of plainly."""

    def __init__(
        self, context: str, preview: str, pod: str, container: str, command: Sequence[str], *, terminal: bool
    ) -> None:
        """Raises PreviewError with what the cluster says against it."""
        from kubernetes import client, config
        from kubernetes.stream import stream
        from urllib3.exceptions import HTTPError

        try:
            self._api = config.new_client_from_config(context=context or None)  # type: ignore[no-untyped-call]
            self._stream: Any = stream(
                client.CoreV1Api(self._api).connect_get_namespaced_pod_exec,
                pod,
                preview,
                container=container,
                command=list(command),
                stdin=terminal,
                stdout=True,
                stderr=not terminal,
                tty=terminal,
                binary=True,
                _preload_content=False,
            )
        except (client.ApiException, config.ConfigException, HTTPError, OSError) as error:
            reason = str(getattr(error, "reason", "") or error).strip()[:300]
            raise PreviewError(f"the cluster does not run a command in {pod}: {reason}") from None

    def read(self) -> bytes | None:
        """What it wrote, nothing when that is nothing for a moment; None when it has ended."""
        self._stream.update(timeout=_MOMENT)
        found: bytes = self._stream.read_all()
        return found if found or self._stream.is_open() else None

    def write(self, data: bytes) -> None:
        """Gives it something to read."""
        self._stream.write_stdin(data)

    def resize(self, columns: int, rows: int) -> None:
        """Says how large its terminal is."""
        self._stream.write_channel(_RESIZE, json.dumps({"Width": columns, "Height": rows}))

    def close(self) -> None:
        """Ends the stream, which need not end the command."""
        with contextlib.suppress(Exception):
            self._stream.close()
        self._api.close()

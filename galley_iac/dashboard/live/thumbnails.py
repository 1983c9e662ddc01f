"""A small picture of each ``web``, taken when it became healthy, by a browser that is installed here.

What a page does is up to its branch, so the browser gets little: a profile of its own that goes afterwards,
no host that it can reach but the page's own, one page at a time, and bounds of time and memory. Where the
dashboard runs as root the browser runs as nobody, since Chromium has no sandbox for root.
"""

from __future__ import annotations

import contextlib
import os
import queue
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from galley_iac import home
from galley_iac.dashboard.model import Preview
from galley_iac.errors import MachineError
from galley_iac.plan.identity import is_name

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_FLAGS = (
    *("--headless", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars", "--mute-audio"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--disable-dev-shm-usage", "--disable-extensions", "--renderer-process-limit=1"),
    *("--js-flags=--max-old-space-size=128", "--window-size=1280,800", "--force-device-scale-factor=0.5"),
)
_LONGEST = 60.0
_MOST_MEMORY = 1 << 30
"""Seconds and bytes after which a browser is ended, and there is no picture."""

_LARGEST = 4 << 20
_NOBODY = 65534
_PAUSE = 0.1
_KIND, _HEALTHY = "web", "ready"


@dataclass(frozen=True)
class _Wanted:
    preview: str
    service: str
    url: str
    since: float


class Thumbnails:
    """Takes pictures in a thread of its own, one after the other; ``changed`` is told of each."""

    def __init__(self, browser: Path | None, changed: Callable[[], None]) -> None:
        self._browser, self._changed = browser, changed
        self._queue: queue.Queue[_Wanted | None] = queue.Queue()
        self._asked: dict[tuple[str, str], float] = {}
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    @property
    def is_on(self) -> bool:
        """Whether there is a browser to take them."""
        return self._browser is not None

    def start(self) -> None:
        """Begins; does nothing without a browser."""
        if self.is_on:
            self._thread.start()

    def stop(self) -> None:
        """Ends the thread, and the browser with it."""
        self._stopped.set()
        self._queue.put(None)
        if self._thread.is_alive():
            self._thread.join()

    def look(self, preview: Preview) -> None:
        """Wants a picture of each web that became healthy since the last one was taken of it."""
        for service in preview.services:
            healthy = service.kind == _KIND and service.state == _HEALTHY and service.url
            if not healthy or not (is_name(preview.name) and is_name(service.name)):
                continue
            key, since = (preview.name, service.name), service.since or 0.0
            if self._asked.get(key, -1.0) < since and (_taken(*key) or -1.0) < since:
                self._asked[key] = since
                self._queue.put(_Wanted(*key, service.url, since))

    def shown(self, preview: Preview) -> Preview:
        """The preview with when a picture was taken of each of its services."""
        if not self.is_on:
            return preview
        services = (replace(one, thumbnail=_taken(preview.name, one.name)) for one in preview.services)
        return replace(preview, services=tuple(services))

    def forget(self, preview: str) -> None:
        """Of a preview that is gone."""
        if is_name(preview):
            shutil.rmtree(home.home() / "thumbnails" / preview, ignore_errors=True)
        self._asked = {key: since for key, since in self._asked.items() if key[0] != preview}

    def _run(self) -> None:
        assert self._browser
        while (wanted := self._queue.get()) and not self._stopped.is_set():
            with contextlib.suppress(OSError):
                if take(self._browser, wanted.url, path(wanted.preview, wanted.service), self._stopped):
                    self._changed()


def path(preview: str, service: str) -> Path:
    """Where the picture of a service is. Names come from labels: what is no name has no picture."""
    return home.home() / "thumbnails" / preview / f"{service}.png"


def find_browser() -> Path:
    """The browser that is installed. Raises MachineError where there is none."""
    found = next((program for name in BROWSERS if (program := shutil.which(name))), None)
    if found is None:
        raise MachineError("no browser was found for --thumbnails", f"install one of {', '.join(BROWSERS)}")
    return Path(found)


def take(browser: Path, url: str, target: Path, stopped: threading.Event) -> bool:
    """Puts a picture of a page at ``target``; False where it took too long or too much."""
    with tempfile.TemporaryDirectory(prefix="galley-thumbnail-", ignore_cleanup_errors=True) as folder:
        made = Path(folder) / "page.png"
        _browse(browser, url, Path(folder), stopped)
        if not made.is_file() or made.is_symlink() or made.stat().st_size > _LARGEST:
            return False
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = target.with_suffix(".new")
        shutil.copyfile(made, draft)
        draft.replace(target)
        return True


def _browse(browser: Path, url: str, folder: Path, stopped: threading.Event) -> None:
    """Runs the browser to its end, or to that of its bounds; nothing of it is left running."""
    rules = f"MAP * ~NOTFOUND, EXCLUDE {urlsplit(url).hostname}"
    command = [str(browser), *_FLAGS, f"--user-data-dir={folder}/profile", f"--host-resolver-rules={rules}"]
    owner: dict[str, object] = {}
    if os.geteuid() == 0:
        os.chown(folder, _NOBODY, _NOBODY)
        command.append("--no-sandbox")
        owner = {"user": _NOBODY, "group": _NOBODY, "extra_groups": []}
    child = subprocess.Popen(
        [*command, f"--screenshot={folder}/page.png", url],
        cwd=folder,
        env={"HOME": str(folder), "PATH": os.defpath},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        **owner,  # type: ignore[call-overload]
    )
    try:
        end = time.monotonic() + _LONGEST
        while child.poll() is None and time.monotonic() < end and _memory(child.pid) < _MOST_MEMORY:
            if stopped.wait(_PAUSE):
                return
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def _memory(session: int) -> int:
    """Bytes that the processes of a session have for themselves."""
    pages = 0
    for file in Path("/proc").glob("[0-9]*/statm"):
        with contextlib.suppress(OSError):
            if os.getsid(int(file.parent.name)) == session:
                _, resident, shared, *_ = map(int, file.read_text().split())
                pages += resident - shared
    return pages * os.sysconf("SC_PAGE_SIZE")


def _taken(preview: str, service: str) -> float | None:
    if not (is_name(preview) and is_name(service)):
        return None
    try:
        return path(preview, service).stat().st_mtime
    except OSError:
        return None

"""Something that is looked at again and again, beside what else goes on."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from types import TracebackType
from typing import Self


class Periodic(ABC):
    """A thread for the time of a ``with`` block, which looks every ``period`` seconds."""

    period: float

    def __init__(self) -> None:
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end.set()
        self._thread.join()

    @abstractmethod
    def tick(self) -> None:
        """Looks once."""

    def _run(self) -> None:
        while not self._end.wait(self.period):
            self.tick()

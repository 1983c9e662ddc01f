"""Which pictures are wanted, and who may see them."""

from __future__ import annotations

from pathlib import Path

import pytest

from galley_iac.dashboard.live.thumbnails import Thumbnails, find_browser, path
from galley_iac.dashboard.model import Service
from galley_iac.dashboard.settings import Settings
from galley_iac.errors import MachineError
from tests.unit.dashboard.support import NOW, Fixed, client, preview


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GALLEY_HOME", str(tmp_path))
    return tmp_path


def web(name: str = "web", state: str = "ready", since: float = NOW) -> Service:
    return Service(name, "web", "service", state, since=since, url="http://web.test")


def wanted(asked: Thumbnails, *services: Service) -> int:
    """How many more pictures are wanted than before."""
    before = asked._queue.qsize()
    asked.look(preview(services=services))
    return asked._queue.qsize() - before


def test_a_web_is_taken_once_each_time_that_it_becomes_healthy() -> None:
    asked = Thumbnails(Path("browser"), lambda: None)
    assert wanted(asked, web(state="waiting")) == 0
    assert wanted(asked, web()) == 1
    assert wanted(asked, web()) == 0
    assert wanted(asked, web(since=NOW + 9)) == 1
    assert wanted(asked, Service("worker", "worker", "service", "ready", since=NOW)) == 0


def test_what_has_a_picture_already_needs_none_after_a_restart() -> None:
    path("main-shop", "web").parent.mkdir(parents=True)
    path("main-shop", "web").touch()
    asked = Thumbnails(Path("browser"), lambda: None)
    assert wanted(asked, web(since=1.0)) == 0
    assert asked.shown(preview(services=(web(),))).services[0].thumbnail
    asked.forget("main-shop")
    assert wanted(asked, web(since=1.0)) == 1


def test_a_name_that_is_none_leads_nowhere(home: Path) -> None:
    asked = Thumbnails(Path("browser"), lambda: None)
    assert wanted(asked, web("../web")) == 0
    asked.forget("..")
    assert home.is_dir()


def test_without_a_browser_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(MachineError, match="no browser was found for --thumbnails"):
        find_browser()


def test_a_picture_is_shown_to_who_may_read(tmp_path: Path) -> None:
    url = "/previews/main-shop/thumbnails/api"
    with client(Fixed([preview()]), tmp_path) as asked:
        assert asked.get(url).status_code == 404
    with client(Fixed([preview()]), tmp_path, Settings(host="0.0.0.0")) as asked:
        assert asked.get(url).status_code == 401

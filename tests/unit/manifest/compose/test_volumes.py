from __future__ import annotations

import pytest

from tests.unit.manifest.compose.support import notice, notices, problem, read, service

VOLUMES = "volumes: [pg:/var/lib/postgresql/data]"
PGDATA = "/var/lib/postgresql/data"


@pytest.mark.parametrize(
    "written",
    [
        f"[pg:{PGDATA}]",
        f"[pg:{PGDATA}:rw]",
        f"[{{type: volume, source: pg, target: {PGDATA}}}]",
        f"[pg:{PGDATA}/]",
        f"[pg:{PGDATA}/sub]",
        "[pg:/var/lib/postgresql]",
        "[]",
        "",
    ],
)
def test_data_of_a_known_image(written: str) -> None:
    assert service("db", VOLUMES, f"volumes: {written}").data == PGDATA
    assert notices(VOLUMES, f"volumes: {written}") == []


def test_another_folder_of_a_known_image() -> None:
    assert notice(VOLUMES, f"volumes: [pg:{PGDATA}, old:/backups]") == (
        f"compose.yaml:13:{20 + len(PGDATA)}: services.db.volumes.1: the volume on /backups is not carried "
        f"over: only {PGDATA} is kept\n    what is written there is gone when the container is replaced"
    )


def test_the_first_named_volume_of_an_unknown_image() -> None:
    text = "services: {store: {image: team/store, volumes: [aa:/data, bb:/more]}}"
    parsed = read(text)
    assert parsed.manifest.services["store"].data == "/data"
    assert [notice.rule for notice in parsed.notices] == [
        "the volume on /more is not carried over: only /data is kept"
    ]


def test_a_web_keeps_nothing() -> None:
    new = "restart: always\n    volumes: [uploads:/uploads]"
    assert service("web", "restart: always", new).data is None
    assert "a service of kind `web` keeps no data" in notice("restart: always", new)


@pytest.mark.parametrize("mount", [".:/app", "./a:/b:ro", "/host:/c", "~/x:/d", "../e:/f", "C:\\x:/g"])
def test_files_of_the_host(mount: str) -> None:
    found = notice(VOLUMES, f"volumes: ['{mount}']")
    assert (
        " is not carried over\n    a preview has no files of the host; it runs what is in the image" in found
    )


def test_a_mount_with_a_line_break_is_named_on_one_line() -> None:
    assert (
        notice(VOLUMES, 'volumes: ["./a\\nb:/c"]')
        .split("\n")[0]
        .endswith("the mount of ./a\\nb on /c is not carried over")
    )


@pytest.mark.parametrize("kind", ["bind", "tmpfs", "npipe", "cluster", "image"])
def test_other_mounts(kind: str) -> None:
    found = notice(VOLUMES, f"volumes: [{{type: {kind}, source: x, target: /x}}]")
    assert f"the {kind} mount on /x is not carried over" in found


def test_anonymous_volume() -> None:
    assert "the anonymous volume on /app/node_modules is not carried over" in notice(
        "restart: always", "restart: always\n    volumes: [/app/node_modules]"
    )


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        ("x", "must be a list"),
        ("[pg:data]", "the folder in the container is not absolute"),
        ("[{type: volume}]", "`target` is missing"),
        ("[{type: disk, target: /x}]", "`disk` is no type of mount"),
        ("[[x]]", "must be one value"),
        ('["pg:/a\\nb"]', "the folder in the container is not absolute"),
    ],
)
def test_wrong(written: str, rule: str) -> None:
    assert rule in problem(VOLUMES, f"volumes: {written}")


def test_settings_of_volumes_themselves() -> None:
    assert notice("volumes: {pg: }", "volumes: {pg: {driver: nfs}}") == (
        "compose.yaml:14:16: volumes.pg.driver: `driver` of a volume is not carried over\n"
        "    each preview has volumes of its own, on the engine's local driver"
    )

"""What is counted for an image's tag is what the builder sends: .dockerignore, with the real engine."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from galley_iac.source import ignore
from tests.integration.conftest import MakePreview, MakeRepository

LIST = (
    "import json, os; found = [os.path.join(at, name) for at, folders, names in os.walk('/context')"
    " for name in [*folders, *names]]; print(json.dumps([name[len('/context/'):] for name in found]))"
)
DOCKERFILE = "FROM python:3.12-alpine\nCOPY . /context\nCMD sleep 600\n"
FILES = (
    *("main.py", "README.md", "readme.txt", "a.log", "keep.log", "x1.tmp", "xa.tmp"),
    *("[odd].txt", "e+(f).txt"),
    *("docs/a.png", "docs/b/a.png", "docs/b/c/d.png", "docs/b/c/d.md", "docsx/a.md", "src/a.pyc", "src/a.py"),
    *("vendor/lib/x.py", "vendor/lib/keep/x.py", "build/out/a.o", "build/keep.txt", "deep/er/build/b.o"),
    *("temp/a", "temp1/a", "temp22/a", ".env", ".git/HEAD", "node_modules/x/y.js", "web/node_modules/z.js"),
)
IGNORED = """\
# a comment
  *.log
!keep.log
readme.md
docs/**/*.png
**/*.py[co]
x[0-9].tmp
\\[odd\\].txt
e+(f).txt
/vendor/
!vendor/lib/keep
**/build
!build/keep.txt
temp?
./.git/../.env
web**js
docs**.md
"""


@pytest.mark.parametrize("own", [True, False], ids=["of the context", "of the Dockerfile"])
def test_the_builder_reads_it_in_the_same_way(
    make_repository: MakeRepository, make_preview: MakePreview, own: bool
) -> None:
    repository = make_repository().write("Dockerfile", DOCKERFILE)
    repository.manifest("version: 1\nservices:\n  list: {kind: worker, build: {path: ./}}\n")
    write(repository.path, FILES)
    repository.write(".dockerignore" if own else "Dockerfile.dockerignore", IGNORED)
    counted = ignore.included(repository.path, ignore.patterns(repository.path, "Dockerfile"), "Dockerfile")
    with make_preview(repository) as preview:
        preview.up()
        code, output = preview.execute("list", "python3", "-c", LIST)
    assert code == 0
    sent = {name for name in json.loads(output) if (repository.path / name).is_file()}
    assert sent == {name for name in counted if (repository.path / name).is_file()}
    assert {"README.md", "keep.log", "vendor/lib/keep/x.py", "build/keep.txt", "xa.tmp"} <= sent


def write(folder: Path, names: tuple[str, ...]) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)

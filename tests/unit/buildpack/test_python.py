"""Python: which module is started, by which server, and with which Python."""

from __future__ import annotations

import pytest

from galley_iac.buildpack import Ask, detect
from galley_iac.buildpack.python.version import python_version
from tests.unit.buildpack.shapes import CELERY, FASTAPI, FLASK, MANAGE, POETRY_LOCK, pyproject
from tests.unit.buildpack.tree import Tree


def start(requirements: str, serves: bool | None = True, **modules: str) -> str:
    """The start command of a project with these modules, ``__`` for a slash."""
    files = {
        f"{name.replace('___', '/__')}".replace("__init__", "§").replace("__", "/").replace("§", "__init__")
        + ".py": text
        for name, text in modules.items()
    }
    return " ".join(
        detect(Tree({"requirements.txt": requirements, **files}), Ask()).start(serves=serves).words
    )


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("app = FastAPI()\n", "app:app"),
        ("api: FastAPI = fastapi.FastAPI(title='x')\n", "app:api"),
        ("admin = FastAPI()\napp = FastAPI()\n", "app:app"),
        ("one = FastAPI()\ntwo = FastAPI()\n", "app:one"),
        ("def create_app():\n    return FastAPI()\n", "--factory app:create_app"),
        ("def make_app(debug=False):\n    app = FastAPI()\n    return app\n", "--factory app:make_app"),
        ("'''\n  app = FastAPI()\n'''\nreal = FastAPI()\n", "app:real"),
    ],
)
def test_the_object_is_found(source: str, target: str) -> None:
    assert (
        start("uvicorn\n", app=source)
        == f"/bin/sh -c exec uvicorn --host 0.0.0.0 --port ${{PORT:-8000}} {target}"
    )


@pytest.mark.parametrize(
    ("modules", "target"),
    [
        ({"server": FASTAPI, "main": FASTAPI}, "main:app"),
        ({"shop__main": FASTAPI, "other": FASTAPI}, "other:app"),
        ({"shop__other": FASTAPI, "admin__main": FASTAPI}, "admin.main:app"),
        ({"src__shop__main": FASTAPI}, "shop.main:app"),
        ({"tests__main": FASTAPI, "shop__api__main": FASTAPI}, "shop.api.main:app"),
        ({"conftest": FASTAPI, "test_app": FASTAPI, "a__b__c": FASTAPI}, "a.b.c:app"),
        ({"main": "def create_app():\n    FastAPI()\n", "shop__web": FASTAPI}, "shop.web:app"),
    ],
)
def test_the_likeliest_module_is_taken(modules: dict[str, str], target: str) -> None:
    assert start("uvicorn\n", **modules).endswith(f" {target}")


@pytest.mark.parametrize(
    ("requirements", "line"),
    [
        ("uvicorn\ngunicorn\n", "exec uvicorn --host 0.0.0.0 --port ${PORT:-8000} main:app"),
        ("fastapi-cli\n", "exec uvicorn --host 0.0.0.0 --port ${PORT:-8000} main:app"),
        ("hypercorn\n", "exec hypercorn --bind 0.0.0.0:${PORT:-8000} main:app"),
        ("daphne\n", "exec daphne -b 0.0.0.0 -p ${PORT:-8000} main:app"),
    ],
)
def test_servers_of_fastapi(requirements: str, line: str) -> None:
    assert start(requirements, main=FASTAPI) == f"/bin/sh -c {line}"


FACTORY = "def create_app():\n    return Flask('x')\n"


@pytest.mark.parametrize(
    ("requirements", "source", "line"),
    [
        ("gunicorn\n", FLASK, "exec gunicorn --bind 0.0.0.0:${PORT:-8000} main:app"),
        ("gunicorn\n", FACTORY, 'exec gunicorn --bind 0.0.0.0:${PORT:-8000} "main:create_app()"'),
        ("waitress\n", FLASK, "exec waitress-serve --listen=0.0.0.0:${PORT:-8000} main:app"),
        ("waitress\n", FACTORY, "exec waitress-serve --listen=0.0.0.0:${PORT:-8000} --call main:create_app"),
        ("flask\n", FACTORY, "exec flask --app main:create_app run --host 0.0.0.0 --port ${PORT:-8000}"),
    ],
)
def test_servers_of_flask(requirements: str, source: str, line: str) -> None:
    assert start(requirements, main=source) == f"/bin/sh -c {line}"


@pytest.mark.parametrize(
    ("requirements", "settings", "line"),
    [
        ("gunicorn\n", "shop.settings", "gunicorn --bind 0.0.0.0:${PORT:-8000} shop.wsgi:application"),
        (
            "daphne\ngunicorn\n",
            "shop.settings.dev",
            "daphne -b 0.0.0.0 -p ${PORT:-8000} shop.asgi:application",
        ),
        (
            "uvicorn\n",
            "shop.base_settings",
            "uvicorn --host 0.0.0.0 --port ${PORT:-8000} shop.asgi:application",
        ),
        ("gunicorn\n", "conf.settings", "python manage.py runserver --noreload 0.0.0.0:${PORT:-8000}"),
        ("", "shop.settings", "python manage.py runserver --noreload 0.0.0.0:${PORT:-8000}"),
    ],
)
@pytest.mark.parametrize("quote", ["'", '"'])
def test_django(requirements: str, settings: str, line: str, quote: str) -> None:
    manage = MANAGE.replace("shop.settings", settings).replace("'", quote)
    found = start(requirements, manage=manage, shop__wsgi="", shop__asgi="")
    assert found == f"/bin/sh -c exec {line}"


def test_django_that_names_no_settings() -> None:
    assert "runserver" in start("gunicorn\n", manage="import django\n", shop__wsgi="")


@pytest.mark.parametrize(
    ("modules", "target"),
    [
        ({"tasks": CELERY, "main": CELERY}, "tasks:celery"),
        ({"shop__celery": "app = Celery('x')\n", "shop__main": CELERY}, "shop.celery:app"),
        ({"app__worker": CELERY, "main": FASTAPI}, "app.worker:celery"),
    ],
)
def test_celery(modules: dict[str, str], target: str) -> None:
    assert start("uvicorn\n", serves=False, **modules) == f"celery --app {target} worker --loglevel info"


def test_a_service_that_is_neither_runs_what_the_image_runs() -> None:
    assert "uvicorn" in start("uvicorn\n", serves=None, main=FASTAPI, tasks=CELERY)
    assert "celery" in start("", serves=None, tasks=CELERY)


def test_a_main_file_that_serves_is_no_worker() -> None:
    assert start("uvicorn\n", serves=False, main=FASTAPI, worker="") == "python worker.py"


@pytest.mark.parametrize(
    ("files", "version"),
    [
        ({}, (3, 12)),
        ({".python-version": "# ours\n3.11.4\n"}, (3, 11)),
        ({".python-version": "3.13", "runtime.txt": "python-3.10.1"}, (3, 13)),
        ({".python-version": "cpython-3.14.0\n"}, (3, 14)),
        ({"runtime.txt": "python-3.10.1\n"}, (3, 10)),
        ({"pyproject.toml": pyproject(more='requires-python = ">=3.13"\n')}, (3, 13)),
        ({"pyproject.toml": '[tool.poetry.dependencies]\npython = "~3.10"\n'}, (3, 10)),
        ({"pyproject.toml": "[tool.poetry]\ndependencies = 3\n"}, (3, 12)),
    ],
)
def test_version(files: dict[str, str], version: tuple[int, int]) -> None:
    from galley_iac.buildpack.python.project import pyproject as document

    tree = Tree(files)
    assert python_version(tree, document(tree)) == version


@pytest.mark.parametrize(
    ("more", "installs"),
    [
        ({"shop/__init__.py": ""}, True),
        ({"src/shop/__init__.py": ""}, True),
        ({"shop.py": ""}, True),
        ({"main.py": ""}, False),
    ],
)
def test_poetry_installs_the_project_where_there_is_one(more: dict[str, str], installs: bool) -> None:
    files = {"pyproject.toml": '[tool.poetry]\nname = "Shop"\n', "poetry.lock": POETRY_LOCK, **more}
    text = detect(Tree(files), Ask()).dockerfile
    assert (text.count("poetry install") == 2) is installs


@pytest.mark.parametrize(
    "tables",
    [
        "[tool.poetry.dependencies]\nlib = {path = '../lib'}\n",
        "[tool.poetry.group.main.dependencies]\nlib = {path = 'lib', develop = true}\n",
    ],
)
def test_poetry_with_a_folder_needs_the_source(tables: str) -> None:
    files = {"pyproject.toml": f'[tool.poetry]\nname = "x"\n{tables}', "poetry.lock": "", "main.py": ""}
    text = detect(Tree(files), Ask()).dockerfile
    assert text.index("COPY --chown=app:app . .") < text.index("poetry install")


def test_uv_with_a_folder_needs_the_source() -> None:
    files = {
        "pyproject.toml": pyproject(more="[tool.uv.sources]\nlib = {path = 'lib'}\n"),
        "uv.lock": "",
        "main.py": "",
    }
    text = detect(Tree(files), Ask()).dockerfile
    assert text.index("COPY --chown=app:app . .") < text.index("uv sync")


@pytest.mark.parametrize("package", ["psycopg2", "mysqlclient", "uWSGI"])
def test_packages_that_are_compiled_get_what_they_need(package: str) -> None:
    assert " gcc " in detect(Tree({"requirements.txt": f"{package}\n", "main.py": ""}), Ask()).dockerfile


def test_others_get_nothing() -> None:
    assert (
        "apt-get"
        not in detect(Tree({"requirements.txt": "psycopg2-binary\n", "main.py": ""}), Ask()).dockerfile
    )

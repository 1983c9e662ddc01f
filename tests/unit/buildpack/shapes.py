"""Repositories of the shapes that are built without a Dockerfile; each has its golden Dockerfile."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from galley_iac.buildpack import Ask

FASTAPI = "from fastapi import FastAPI\n\napp = FastAPI(title='shop')\n"
FLASK = "from flask import Flask\n\napp = Flask(__name__)\n"
CELERY = "from celery import Celery\n\ncelery = Celery('shop')\n"
MANAGE = "import os\n\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n"
MAIN = "package main\n\nfunc main() {}\n"
UV_LOCK = 'version = 1\n\n[[package]]\nname = "fastapi"\n\n[[package]]\nname = "uvicorn"\n'
POETRY_LOCK = '[[package]]\nname = "flask"\n\n[[package]]\nname = "gunicorn"\n'


def package(**keys: object) -> str:
    """A package.json."""
    return json.dumps(keys)


def pyproject(*dependencies: str, more: str = "") -> str:
    """A pyproject.toml as PEP 621 has it."""
    return f'[project]\nname = "shop"\nversion = "1"\ndependencies = {json.dumps(dependencies)}\n{more}'


@dataclass(frozen=True)
class Shape:
    """``serve`` and ``work``: the last word of the start command of a web and of a worker; None: refused."""

    files: Mapping[str, str]
    serve: str | None
    work: str | None = None
    ask: Ask = field(default_factory=Ask)


_BUILD_SYSTEM = '[build-system]\nrequires = ["hatchling"]\n'
_POETRY = '[tool.poetry]\nname = "shop"\n[tool.poetry.dependencies]\npython = "^3.13"\n'

SHAPES = {
    "python-requirements-flask": Shape(
        {"requirements.txt": "flask==3.1\ngunicorn\n", "app.py": FLASK},
        "exec gunicorn --bind 0.0.0.0:${PORT:-8000} app:app",
    ),
    "python-requirements-fastapi-celery": Shape(
        {
            "requirements.txt": "-r requirements/base.txt\nuvicorn[standard]>=0.30\n",
            "requirements/base.txt": "-c constraints.txt\nfastapi\ncelery\n",
            "requirements/constraints.txt": "fastapi<1\n",
            "app/__init__.py": "",
            "app/main.py": FASTAPI,
            "app/tasks.py": CELERY,
        },
        "exec uvicorn --host 0.0.0.0 --port ${PORT:-8000} app.main:app",
        "info",
    ),
    "python-requirements-flask-alone": Shape(
        {"requirements.txt": "flask\n", "app.py": "def create_app(test=None):\n    app = Flask('x')\n"},
        "exec flask --app app:create_app run --host 0.0.0.0 --port ${PORT:-8000}",
    ),
    "python-requirements-needs-source": Shape(
        {"requirements.txt": "-e .\n", "setup.py": "", "main.py": ""}, "main.py", "main.py"
    ),
    "python-requirements-psycopg2-git": Shape(
        {"requirements.txt": "psycopg2\nhelper @ git+https://example.com/helper.git\n", "worker.py": ""},
        None,
        "worker.py",
    ),
    "python-uv-fastapi": Shape(
        {
            "pyproject.toml": pyproject("fastapi"),
            "uv.lock": UV_LOCK,
            "main.py": FASTAPI,
            ".python-version": "3.12.4\n",
        },
        "exec uvicorn --host 0.0.0.0 --port ${PORT:-8000} main:app",
    ),
    "python-uv-package-src": Shape(
        {
            "pyproject.toml": pyproject(more=f'[project.scripts]\nshop = "shop.cli:main"\n{_BUILD_SYSTEM}'),
            "uv.lock": UV_LOCK,
            "src/shop/cli.py": "",
        },
        "shop",
        "shop",
    ),
    "python-uv-workspace": Shape(
        {"pyproject.toml": pyproject(more="[tool.uv.workspace]\n"), "uv.lock": UV_LOCK, "main.py": FASTAPI},
        "exec uvicorn --host 0.0.0.0 --port ${PORT:-8000} main:app",
    ),
    "python-poetry-flask": Shape(
        {"pyproject.toml": _POETRY, "poetry.lock": POETRY_LOCK, "wsgi.py": FLASK},
        "exec gunicorn --bind 0.0.0.0:${PORT:-8000} wsgi:app",
    ),
    "python-poetry-package": Shape(
        {"pyproject.toml": _POETRY, "poetry.lock": POETRY_LOCK, "shop/__init__.py": FLASK},
        "exec gunicorn --bind 0.0.0.0:${PORT:-8000} shop:app",
    ),
    "python-pip-pyproject-src": Shape(
        {"pyproject.toml": pyproject("fastapi[standard]"), "src/shop/main.py": FASTAPI},
        "exec uvicorn --host 0.0.0.0 --port ${PORT:-8000} shop.main:app",
    ),
    "python-pip-pyproject-package": Shape(
        {
            "pyproject.toml": pyproject(
                "hypercorn", more=f'requires-python = ">=3.9,<3.11"\n{_BUILD_SYSTEM}'
            ),
            "shop/asgi.py": FASTAPI,
        },
        "exec hypercorn --bind 0.0.0.0:${PORT:-8000} shop.asgi:app",
    ),
    "python-pip-pyproject-dynamic": Shape(
        {"pyproject.toml": '[project]\nname = "shop"\ndynamic = ["dependencies"]\n', "main.py": ""},
        "main.py",
        "main.py",
    ),
    "python-django-gunicorn": Shape(
        {
            "requirements.txt": "Django>=5\ngunicorn\n",
            "runtime.txt": "python-3.11.9\n",
            "manage.py": MANAGE,
            "shop/wsgi.py": "",
            "shop/celery.py": CELERY,
        },
        "exec gunicorn --bind 0.0.0.0:${PORT:-8000} shop.wsgi:application",
        "info",
        Ask(command="python manage.py collectstatic --no-input", arguments=("VERSION",)),
    ),
    "python-django-alone": Shape(
        {"requirements.txt": "Django\n", "manage.py": MANAGE},
        "exec python manage.py runserver --noreload 0.0.0.0:${PORT:-8000}",
    ),
    "python-procfile": Shape(
        {
            "requirements.txt": "",
            "Procfile": "web: python -m shop --port $PORT\nworker: python -m shop.work\nclock: x\n",
        },
        "python -m shop --port $PORT",
        "shop.work",
    ),
    "node-npm-server": Shape(
        {
            "package.json": package(scripts={"start": "node server.js"}),
            "package-lock.json": "{}",
            "server.js": "",
        },
        "server.js",
        "server.js",
    ),
    "node-npm-no-lock": Shape(
        {"package.json": package(main="./lib/index.js"), "lib/index.js": ""}, "lib/index.js", "lib/index.js"
    ),
    "node-npm-postinstall": Shape(
        {
            "package.json": package(
                scripts={
                    "postinstall": "prisma generate",
                    "build": "tsc",
                    "prestart": "x",
                    "start": "node dist/main.js",
                },
                engines={"node": ">=18 <19"},
            ),
            "package-lock.json": "{}",
        },
        "start",
        "start",
    ),
    "node-pnpm-next": Shape(
        {
            "package.json": package(
                scripts={"build": "next build", "dev": "next dev"}, dependencies={"next": "15"}
            ),
            "pnpm-lock.yaml": "lockfileVersion: '6.0'\n",
            ".npmrc": "",
            ".nvmrc": "v22.3.0\n",
        },
        "start",
        "start",
        Ask(arguments=("NEXT_PUBLIC_API_URL",)),
    ),
    "node-pnpm-workspace": Shape(
        {
            "package.json": package(
                packageManager="pnpm@9.15.0+sha512.abc", scripts={"start": "node apps/web/server.js"}
            ),
            "pnpm-lock.yaml": "lockfileVersion: '9.0'\n",
            "pnpm-workspace.yaml": "packages: [apps/*]\n",
            "apps/web/package.json": "{}",
            "apps/api/package.json": "{}",
        },
        "apps/web/server.js",
        "apps/web/server.js",
    ),
    "node-yarn-classic": Shape(
        {
            "package.json": package(scripts={"start": "NODE_ENV=x node ."}),
            "yarn.lock": "# yarn lockfile v1\n",
            "index.js": "",
        },
        "NODE_ENV=x node .",
        "NODE_ENV=x node .",
    ),
    "node-yarn-modern": Shape(
        {
            "package.json": package(packageManager="yarn@4.5.0", scripts={"start": "node index.js"}),
            "yarn.lock": "__metadata:\n",
            ".yarnrc.yml": "",
        },
        "start",
        "start",
    ),
    "node-next-export": Shape(
        {
            "package.json": package(
                scripts={"build": "next build", "start": "next start"}, dependencies={"next": "15"}
            ),
            "package-lock.json": "{}",
            "next.config.mjs": "export default { output: 'export' }\n",
        },
        "/etc/caddy/Caddyfile",
    ),
    "node-vite": Shape(
        {
            "package.json": package(
                scripts={"build": "vite build", "start": "vite --host"}, devDependencies={"vite": "6"}
            ),
            "package-lock.json": "{}",
            "vite.config.ts": "export default { build: { outDir: 'web/dist' } }\n",
            "index.html": "",
        },
        "/etc/caddy/Caddyfile",
    ),
    "node-vite-started": Shape(
        {
            "package.json": package(scripts={"build": "vite build"}, devDependencies={"vite": "6"}),
            "package-lock.json": "{}",
        },
        None,
        ask=Ask(started=True),
    ),
    "node-nuxt": Shape(
        {
            "package.json": package(scripts={"build": "nuxt build"}, dependencies={"nuxt": "3"}),
            "package-lock.json": "{}",
        },
        ".output/server/index.mjs",
        ".output/server/index.mjs",
    ),
    "go-root": Shape({"go.mod": "module example.com/shop\n\ngo 1.22\n", "main.go": MAIN}, "app", "app"),
    "go-cmd": Shape(
        {
            "go.mod": "module shop\n\ngo 1.25.1\n",
            "go.sum": "",
            "cmd/api/main.go": MAIN,
            "internal/x.go": "package x\n",
        },
        "api",
        "api",
    ),
    "go-several": Shape(
        {
            "go.mod": "module shop\n",
            "go.sum": "",
            "cmd/api/main.go": MAIN,
            "cmd/worker/run.go": MAIN,
            "cmd/lib/x.go": "package lib\n",
        },
        None,
    ),
    "go-vendor": Shape({"go.mod": "module shop\n", "vendor/modules.txt": "", "main.go": MAIN}, "app", "app"),
    "go-command": Shape(
        {"go.mod": "module shop\n", "services/api/main.go": MAIN},
        None,
        ask=Ask(command="go build -o /out/ ./services/api"),
    ),
    "static-top": Shape({"index.html": "", "404.html": ""}, "/etc/caddy/Caddyfile"),
    "static-folder": Shape({"public/index.html": "", "README.md": ""}, "/etc/caddy/Caddyfile"),
    "python-beside-tools-of-node": Shape(
        {
            "requirements.txt": "flask\n",
            "app.py": FLASK,
            "package.json": package(devDependencies={"prettier": "3"}),
        },
        "exec flask --app app:app run --host 0.0.0.0 --port ${PORT:-8000}",
    ),
}

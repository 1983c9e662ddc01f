"""Node: package manager, version, what is started, and which front ends are served as files."""

from __future__ import annotations

import pytest

from galley_iac.buildpack import Ask, detect
from galley_iac.buildpack.node.package import node_version, read
from tests.unit.buildpack.shapes import package
from tests.unit.buildpack.tree import Tree


def dockerfile(manifest: str, *, ask: Ask | None = None, **others: str) -> str:
    return detect(Tree({"package.json": manifest, **named(others)}), ask or Ask()).dockerfile


def start(manifest: str, **others: str) -> tuple[str, ...]:
    return detect(Tree({"package.json": manifest, **named(others)}), Ask()).start(serves=True).words


def named(files: dict[str, str]) -> dict[str, str]:
    """``server_js`` as ``server.js``."""
    return {name.replace("__", "/").replace("_", "."): text for name, text in files.items()}


NPM = "--no-audit --no-fund && npm cache clean --force"
FROZEN = "install --frozen-lockfile"


@pytest.mark.parametrize(
    ("keys", "files", "setup", "install"),
    [
        ({}, {"package-lock.json": "{}"}, None, f"npm ci {NPM}"),
        ({}, {"npm-shrinkwrap.json": "{}"}, None, f"npm ci {NPM}"),
        ({}, {}, None, f"npm install {NPM}"),
        ({"packageManager": "npm@10.9.0"}, {}, "npm@10.9.0", f"npm install {NPM}"),
        ({}, {"pnpm-lock.yaml": "lockfileVersion: '9.0'\n"}, "pnpm@9", f"pnpm {FROZEN}"),
        ({}, {"pnpm-lock.yaml": "lockfileVersion: 5.4\n"}, "pnpm@7", f"pnpm {FROZEN}"),
        ({}, {"pnpm-lock.yaml": ""}, "pnpm@9", f"pnpm {FROZEN}"),
        ({"packageManager": "pnpm@10.1.0"}, {}, "pnpm@10.1.0", "pnpm install"),
        (
            {"packageManager": "pnpm@10; id"},
            {"yarn.lock": ""},
            "yarn@1.22.22",
            f"yarn {FROZEN} && yarn cache clean",
        ),
        ({}, {"yarn.lock": "__metadata:\n"}, "@yarnpkg/cli-dist@4", "yarn install --immutable"),
        ({}, {"yarn.lock": "", ".yarnrc.yml": ""}, "@yarnpkg/cli-dist@4", "yarn install --immutable"),
        ({"packageManager": "yarn@1.22.19"}, {}, "yarn@1.22.19", "yarn install && yarn cache clean"),
        (
            {"packageManager": "pnpm@9.1.0"},
            {"yarn.lock": "", "pnpm-lock.yaml": ""},
            "pnpm@9.1.0",
            f"pnpm {FROZEN}",
        ),
    ],
)
def test_manager(keys: dict[str, str], files: dict[str, str], setup: str | None, install: str) -> None:
    lines = detect(Tree({"package.json": package(**keys), **files}), Ask()).dockerfile.splitlines()
    (globally,) = [line for line in lines if "--global" in line] or [None]
    assert (globally.split()[-1] if globally else None) == setup
    assert f"RUN {install}" in lines


@pytest.mark.parametrize(
    ("keys", "files", "version"),
    [
        ({}, {}, 20),
        ({}, {".nvmrc": "v22.1.0\n"}, 22),
        ({}, {".nvmrc": "lts/jod"}, 22),
        ({}, {".nvmrc": "lts/*"}, 20),
        ({}, {".node-version": "18"}, 18),
        ({"engines": {"node": ">=22"}}, {}, 22),
        ({"engines": {"node": ">=16"}}, {}, 20),
        ({"engines": {"npm": ">=16"}}, {}, 20),
        ({"engines": ["node"]}, {}, 20),
    ],
)
def test_version(keys: dict[str, object], files: dict[str, str], version: int) -> None:
    tree = Tree({"package.json": package(**keys), **files})
    assert node_version(tree, read(tree)) == version


@pytest.mark.parametrize(
    ("scripts", "words"),
    [
        ({"start": "node server.js --port 3000"}, ("node", "server.js", "--port", "3000")),
        ({"start": "node a.js && node b.js"}, ("/bin/sh", "-c", "node a.js && node b.js")),
        ({"start": "node server.js", "prestart": "x"}, ("npm", "run", "start")),
        ({"start": "node $npm_package_main"}, ("npm", "run", "start")),
        ({"start": "node 'unclosed"}, ("npm", "run", "start")),
        ({"start": "vite preview --host"}, ("vite", "preview", "--host")),
        ({"start": "nodemon"}, ("nodemon",)),
    ],
)
def test_the_script_start(scripts: dict[str, str], words: tuple[str, ...]) -> None:
    assert start(package(scripts=scripts)) == words


@pytest.mark.parametrize(
    ("manifest", "files", "words"),
    [
        (package(main="lib/x.js"), {"lib__x_js": "", "index_js": ""}, ("node", "lib/x.js")),
        (package(main="gone.js"), {"index_js": ""}, ("node", "index.js")),
        (package(main="dist/x.js", scripts={"build": "tsc"}), {}, ("node", "dist/x.js")),
        (package(main="../x.js"), {"app_mjs": ""}, ("node", "app.mjs")),
        (package(), {"server_js": "", "index_js": ""}, ("node", "server.js")),
        (package(dependencies={"next": "1"}, scripts={"start": "next dev"}), {}, ("next", "start")),
        (package(dependencies={"@sveltejs/kit": "2", "@sveltejs/adapter-node": "5"}), {}, ("node", "build")),
        (package(dependencies={"astro": "5", "@astrojs/node": "9"}), {}, ("node", "dist/server/entry.mjs")),
        (package(scripts={"start": "vite"}), {"server_js": ""}, ("node", "server.js")),
    ],
)
def test_without_a_script_that_serves(manifest: str, files: dict[str, str], words: tuple[str, ...]) -> None:
    assert start(manifest, **files) == words


@pytest.mark.parametrize(
    ("dependency", "folder", "single_page"),
    [
        ("vite", "dist", True),
        ("react-scripts", "build", True),
        ("@vue/cli-service", "dist", True),
        ("parcel", "dist", True),
        ("gatsby", "public", False),
        ("astro", "dist", False),
        ("@docusaurus/core", "build", False),
        ("@11ty/eleventy", "_site", False),
    ],
)
def test_front_ends(dependency: str, folder: str, single_page: bool) -> None:
    text = dockerfile(
        package(
            scripts={"build": "x"},
            devDependencies={dependency: "1", "vite": "1"} if dependency != "parcel" else {"parcel": "1"},
        )
    )
    assert f"COPY --from=build /app/{folder} /srv/" in text
    assert ("/index.html /index.html'" in text) is single_page


@pytest.mark.parametrize(
    ("config", "folder"),
    [
        ("outDir: './web/'", "web"),
        ('build: { outDir: "build" }', "build"),
        ("outDir: '../escaped'", "dist"),
        ("outDir: 'a b'", "dist"),
        ("outDir: `x`", "dist"),
    ],
)
def test_vite_may_name_its_folder(config: str, folder: str) -> None:
    text = dockerfile(package(scripts={"build": "x"}, dependencies={"vite": "1"}), vite_config_js=config)
    assert f"COPY --from=build /app/{folder} /srv/" in text


def test_a_script_for_the_browser_is_not_started() -> None:
    manifest = package(scripts={"build": "vite build"}, devDependencies={"vite": "6"})
    assert start(manifest, main_js="", app_js="")[0] == "caddy"
    assert start(manifest, main_js="", server_js="") == ("node", "server.js")


def test_next_may_name_its_folder() -> None:
    config = "module.exports = { output: 'export', distDir: 'site' }"
    text = dockerfile(package(scripts={"build": "x"}, dependencies={"next": "1"}), next_config_js=config)
    assert "COPY --from=build /app/site /srv/" in text


@pytest.mark.parametrize("dependency", ["@sveltejs/kit", "@react-router/dev", "vike"])
def test_what_renders_on_a_server_is_no_folder_of_files(dependency: str) -> None:
    assert "caddy" not in dockerfile(
        package(scripts={"build": "x"}, dependencies={"vite": "1", dependency: "1"})
    )


@pytest.mark.parametrize("script", ["preinstall", "install", "postinstall", "prepare"])
def test_a_script_that_runs_on_installing_needs_the_source(script: str) -> None:
    text = dockerfile(package(scripts={script: "node make.js"}, main="x.js"))
    assert text.index("COPY --chown=node:node . .") < text.index("npm install")


@pytest.mark.parametrize(
    "keys",
    [
        {"dependencies": {"lib": "file:./lib"}},
        {"dependencies": {"lib": "link:../lib"}},
        {"pnpm": {"patchedDependencies": {"a": "patches/a.patch"}}},
    ],
)
def test_what_is_installed_from_the_source_needs_it(keys: dict[str, object]) -> None:
    text = dockerfile(package(**keys))
    assert text.index("COPY --chown=node:node . .") < text.index("npm install")


def test_hooks_of_git_do_not() -> None:
    text = dockerfile(package(scripts={"prepare": "husky install || true"}))
    assert text.index("npm install") < text.index("COPY --chown=node:node . .")


def test_plugins_of_yarn_do() -> None:
    files = {"package.json": "{}", "yarn.lock": "__metadata:\n", ".yarn/releases/yarn.cjs": ""}
    text = detect(Tree(files), Ask()).dockerfile
    assert text.index("COPY --chown=node:node . .") < text.index("yarn install")


def test_the_build_command_replaces_the_script() -> None:
    text = dockerfile(package(scripts={"build": "x"}, main="dist/x.js"), ask=Ask(command="npm run build:all"))
    assert "RUN npm run build:all" in text
    assert "RUN npm run build\n" not in text


def test_build_arguments_come_after_what_they_do_not_change() -> None:
    text = dockerfile(package(scripts={"build": "x"}, main="x.js"), ask=Ask(arguments=("A", "B")))
    assert text.index("npm install") < text.index("ARG A\nARG B") < text.index("RUN npm run build")

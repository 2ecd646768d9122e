"""The documents say what the code does: settings, commands and routes; what they show is run."""

import argparse
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright
from starlette.routing import Mount, Route

import indexer.arguments
import service.cli
from service.desk.routes import DESK
from service.routes import routes
from service.settings import markdown_table

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCS = ROOT / "docs"
DOCUMENTS = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
PAGES = {path.name: path.read_text(encoding="utf-8") for path in DOCS.glob("*.md")}
MANUAL = "\n".join([README, *PAGES.values()])
"""What users read."""


def blocks(language: str) -> Iterator[tuple[str, str]]:
    """Yield the name of a document and the text of each of its blocks in a language."""
    for path in DOCUMENTS:
        for block in re.findall(rf"```{language}\n(.*?)```", path.read_text("utf-8"), re.DOTALL):
            yield path.stem, block.strip()


COMMANDS = list(dict.fromkeys(line for _, block in blocks("sh") for line in block.splitlines()))

PROGRAMS = [
    pytest.param(language, "\n\n".join(parts), id=f"{path.stem}-{language}")
    for language in ("python", "js")
    for path in DOCUMENTS
    if (parts := [block for name, block in blocks(language) if name == path.stem])
]
"""The examples for programs: those of a document in one language are one program."""


def test_every_setting_stands_in_the_manual_as_in_the_table() -> None:
    assert markdown_table() in PAGES["settings.md"]


def test_the_readme_leads_to_every_page() -> None:
    for name in PAGES:
        assert f"](docs/{name})" in README, name


def test_every_route_stands_in_the_manual() -> None:
    assert f"`GET {DESK}/…`" in MANUAL  # its pages are for people, and have one row together
    for route in routes():
        assert isinstance(route, Route | Mount)
        if route.path.startswith(DESK):
            continue
        methods = ("GET",) if isinstance(route, Mount) else (route.methods or set()) - {"HEAD"}
        path = f"{route.path}/…" if isinstance(route, Mount) else route.path_format
        for method in methods:
            assert f"`{method} {path}`" in MANUAL, f"{method} {path}"


@pytest.mark.parametrize("build", [indexer.arguments._parser, service.cli._parser])
def test_every_command_and_flag_stands_in_the_manual(
    build: Callable[[], argparse.ArgumentParser],
) -> None:
    parser = build()
    subparsers = next(
        action for action in parser._actions if isinstance(action, argparse._SubParsersAction)
    )
    for name, command in subparsers.choices.items():
        assert re.search(rf"`?{name}\b", MANUAL), name
        for action in command._actions:
            for flag in action.option_strings:
                if flag not in ("-h", "--help"):
                    assert flag in MANUAL, f"{name} {flag}"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_inside_the_project_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), target


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_files_that_are_named_by_their_paths_are_there(path: Path) -> None:
    for named in re.findall(
        r"`((?:docs|indexer|service|tests)/[\w./-]*)`", path.read_text("utf-8")
    ):
        assert (ROOT / named).exists(), named


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, int]]:
    """A folder as after a clone, with a service running on its index, and the service's port."""
    folder = tmp_path_factory.mktemp("docs")
    (folder / "corpus").symlink_to(ROOT / "corpus")
    names = re.search(r"```tsv\n(.*?)```", PAGES["searching.md"], re.DOTALL)
    assert names
    (folder / "names.tsv").write_text(names[1], encoding="utf-8")
    for language, name in (("json", "rules.json"), ("toml", "notices.toml")):
        shown = re.search(rf"```{language}\n(.*?)```", PAGES["editing.md"], re.DOTALL)
        assert shown
        (folder / name).write_text(shown[1], encoding="utf-8")
    judged = folder / "judgements"
    judged.mkdir()
    (judged / "queries.jsonl").write_text('{"_id": "1", "text": "gout"}\n', encoding="utf-8")
    first = [sys.executable, "-m", "indexer", "reindex", "corpus", "--index", "var/index"]
    for _ in range(2):  # two generations, so that there is one to roll back to
        subprocess.run(first, cwd=folder, check=True, capture_output=True, timeout=120)
    extracted = subprocess.run(
        [sys.executable, "-m", "indexer", "extract", "corpus/wordpress/gout.html", "--json"],
        cwd=folder,
        check=True,
        capture_output=True,
        timeout=60,
    )
    match = re.search(rb'"id":"(\w+)"', extracted.stdout)
    assert match
    judgement = f"query-id\tcorpus-id\tscore\n1\t{match[1].decode()}\t2\n"
    (judged / "qrels.tsv").write_text(judgement, encoding="utf-8")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    serve = [sys.executable, "-m", "service", "serve", "--index", "var/index", "--port", str(port)]
    serve += ["--sources", "corpus"]
    key = {"HEALTH_SEARCH_ADMIN_KEY": "put-your-own-key-here"}
    log = (folder / "serve.log").open("wb")
    server = subprocess.Popen(serve, cwd=folder, stdout=log, stderr=log, env={**os.environ, **key})
    try:
        yield folder, port
    finally:
        server.terminate()
        server.wait(timeout=30)
        log.close()


@pytest.mark.parametrize("command", [c for c in COMMANDS if not c.startswith("make ")])
def test_every_command_of_the_documents_runs(command: str, workplace: tuple[Path, int]) -> None:
    folder, port = workplace
    arguments = shlex.split(command.replace("127.0.0.1:8000", f"127.0.0.1:{port}"))
    modules = {"health-index": "indexer", "health-search": "service"}
    if arguments[0] in modules:
        arguments[:1] = [sys.executable, "-m", modules[arguments[0]]]
    else:
        assert arguments[0] == "curl"
        curl = shutil.which("curl")
        if curl is None:
            pytest.skip("no curl on this machine: the documents' curl commands were not run")
        arguments[:1] = [curl, "--fail", "--silent", "--retry", "20", "--retry-connrefused"]
        _wait_for(port)
    done = subprocess.run(arguments, cwd=folder, capture_output=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout.strip()


@pytest.mark.parametrize(("language", "program"), PROGRAMS)
def test_every_example_program_of_the_documents_runs(
    language: str, program: str, workplace: tuple[Path, int]
) -> None:
    _, port = workplace
    _wait_for(port)
    program = program.replace("127.0.0.1:8000", f"127.0.0.1:{port}")
    if language == "python":
        printed = run_program([sys.executable, "-"], program)
    elif node := shutil.which("node"):
        printed = run_program([node, "--input-type=module", "-"], program)
    else:
        printed = run_in_browser(program, port)
    assert printed.strip()


@pytest.mark.parametrize("program", [block for _, block in blocks("php")])
def test_every_php_example_of_the_documents_is_php(program: str) -> None:
    php = shutil.which("php")
    if php is None:
        pytest.skip("no php on this machine: the documents' PHP was not checked")
    assert "No syntax errors" in run_program([php, "-l"], program)


def run_program(command: list[str], program: str) -> str:
    """Run a program that an interpreter reads from stdin; return what it printed."""
    done = subprocess.run(
        command, input=program, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def run_in_browser(program: str, port: int) -> str:
    """Run a program in a page of the service; return what it printed on the console."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("NEITHER NODE NOR CHROMIUM: the documents' JavaScript was not run")
    printed: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--headless"]
        )
        page = browser.new_page()
        page.on("console", lambda message: printed.append(message.text))
        page.goto(f"http://127.0.0.1:{port}/docs")
        page.evaluate(f"async () => {{ {program} }}")
        browser.close()
    return "\n".join(printed)


@pytest.mark.parametrize("command", [c for c in COMMANDS if c.startswith("make ")])
def test_every_make_target_of_the_readme_exists(command: str) -> None:
    dry = [*shlex.split(command), "--dry-run"]
    subprocess.run(dry, cwd=ROOT, check=True, capture_output=True, timeout=60)


def test_the_readme_names_every_make_target_a_user_needs() -> None:
    for target in ("serve", "test", "install", "check"):
        assert f"make {target}" in README


def test_the_lock_holds_names_versions_and_hashes_only() -> None:
    allowed = re.compile(r"#.*|\S+==\S+( ;.*)? \\|    --hash=sha256:\w{64}( \\)?")
    for name in ("requirements.txt", "requirements-dev.txt"):
        for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
            assert allowed.fullmatch(line), line


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail(f"nothing listens on port {port} after 30 s")

"""What stands around the service: units, the image, compose, and the snippets for WordPress."""

import json
import re
import shlex
import shutil
import subprocess
import sys
from fnmatch import fnmatch
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

import indexer.arguments
import service.cli
from service.access.addresses import Proxies
from service.search.request import SearchRequest
from service.settings import TABLE, load
from service.writing import ArticleFields

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
SERVICES = ("health-index.service", "health-search.service")
UNITS = (*SERVICES, "health-index.timer")

MAX_EXPOSURE = 15
"""As `systemd-analyze security` sees it, in tenths: 0 is none, 100 is all. "OK" begins below 50."""

DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
IGNORED = [
    line
    for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]
HOME = "/var/lib/health-search"


def parse(command: list[str]) -> None:
    """Have the command line read a command, which ends the test if it cannot."""
    parsers = {"health-index": indexer.arguments._parser, "health-search": service.cli._parser}
    parsers[Path(command[0]).name]().parse_args(command[1:])


def variables(environment: dict[str, str]) -> None:
    """Check that variables are settings with usable values."""
    assert set(environment) <= {row.variable for row in TABLE}
    load(environment)


def test_the_documents_show_the_units_as_they_are() -> None:
    running = (DOCS / "running.md").read_text("utf-8")
    for name in UNITS:
        assert (DOCS / name).read_text("utf-8") in running


@pytest.fixture
def installed(tmp_path: Path) -> list[Path]:
    """The units, with a program that is on this machine in the place of ours."""
    paths = []
    for name in UNITS:
        text = (DOCS / name).read_text("utf-8")
        program = re.sub(r"/opt/health-search/\.venv/bin/health-\w+", sys.executable, text)
        path = tmp_path / name
        path.write_text(program, "utf-8")
        paths.append(path)
    return paths


def analyze(*arguments: str) -> subprocess.CompletedProcess[str]:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("no systemd-analyze on this machine: the units were not checked")
    return subprocess.run(
        [program, *arguments], capture_output=True, text=True, timeout=60, check=False
    )


def test_the_units_are_sound(installed: list[Path]) -> None:
    done = analyze("verify", "--man=no", *map(str, installed))
    ours = [line for line in done.stderr.splitlines() if "health-" in line]
    assert (done.returncode, ours) == (0, [])


@pytest.mark.parametrize("name", SERVICES)
def test_the_units_are_hardened(name: str, installed: list[Path]) -> None:
    path = next(path for path in installed if path.name == name)
    flags = ["--offline=true", "--no-pager", f"--threshold={MAX_EXPOSURE}"]
    done = analyze("security", *flags, str(path))
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", SERVICES)
def test_the_units_start_what_there_is(name: str) -> None:
    text = (DOCS / name).read_text("utf-8")
    started = re.search(r"^ExecStart=(.*)$", text, re.MULTILINE)
    assert started
    parse(shlex.split(started[1]))
    given = dict(re.findall(r"^Environment=(HEALTH_\w+)=(.*)$", text, re.MULTILINE))
    variables(given)
    assert "HEALTH_SEARCH_ADMIN_KEY=" not in text, "a key in a unit can be read by everybody"


def test_the_image_copies_what_is_there_and_not_ignored() -> None:
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)
    sources = [source for line in copied for source in line.split()]
    assert {"requirements.txt", "indexer", "service"} <= set(sources)
    for source in sources:
        assert (ROOT / source).exists(), source
        assert f"!{source}" in IGNORED, f"{source} does not reach the build"
    assert IGNORED[0] == "*"
    assert {line[1:] for line in IGNORED if line.startswith("!")} == set(sources)


def test_the_image_starts_what_there_is() -> None:
    commands = re.findall(r"^CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)
    assert len(commands) == 1
    parse(json.loads(commands[0]))
    given = dict(re.findall(r"(HEALTH_SEARCH_\w+)=(\S+)", DOCKERFILE))
    assert given == {"HEALTH_SEARCH_INDEX": f"{HOME}/index"}
    variables(given)


def test_the_image_asks_for_its_health_where_it_listens() -> None:
    asked = re.search(r'CMD \["python", "-c", "(.*)"\]$', DOCKERFILE, re.MULTILINE)
    assert asked
    compile(asked[1], "HEALTHCHECK", "exec")
    port = next(row.default for row in TABLE if row.name == "port")
    assert f"http://127.0.0.1:{port}/healthz" in asked[1]
    assert f"EXPOSE {port}" in DOCKERFILE


def test_the_image_is_built_from_locked_parts_and_runs_as_nobody_special() -> None:
    installs = re.findall(r"pip install (.*)", DOCKERFILE)
    assert ["--require-hashes" in line or "--no-deps" in line for line in installs] == [True, True]
    last = DOCKERFILE.rpartition("\nFROM ")[2]
    assert re.search(r"^USER health-search$", last, re.MULTILINE)
    assert "curl" not in DOCKERFILE


def test_everything_that_is_no_module_is_installed_too() -> None:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    for package in ("indexer", "service"):
        listed = re.search(rf"^{package} = (\[[^]]*\])", text, re.MULTILINE)
        assert listed
        patterns = [pattern.replace("**/*", "*") for pattern in json.loads(listed[1])]
        for path in (ROOT / package).rglob("*"):
            if path.is_dir() or path.suffix == ".py" or "__pycache__" in path.parts:
                continue
            inside = path.relative_to(ROOT / package).as_posix()
            assert any(fnmatch(inside, pattern) for pattern in patterns), f"{package}/{inside}"


@pytest.mark.parametrize("name", ["search", "index"])
def test_compose_runs_our_image_with_few_rights(name: str) -> None:
    started = COMPOSE["services"][name]
    assert started["read_only"] is True
    assert started["cap_drop"] == ["ALL"]
    assert started["security_opt"] == ["no-new-privileges:true"]
    assert started["tmpfs"] == ["/tmp"]
    assert f"data:{HOME}" in started["volumes"]
    assert "privileged" not in started
    variables(started.get("environment", {}))
    if "entrypoint" in started:
        parse([*started["entrypoint"], *started["command"]])


def test_compose_names_what_there_is() -> None:
    for started in COMPOSE["services"].values():
        for volume in started.get("volumes", ()):
            source = volume.split(":")[0]
            if source.startswith("."):
                assert (ROOT / source).exists(), source
            else:
                assert source in COMPOSE["volumes"]
        for secret in started.get("secrets", ()):
            assert secret in COMPOSE["secrets"]
        for other in started.get("depends_on", ()):
            assert other in COMPOSE["services"]
    published = COMPOSE["services"]["search"]["ports"]
    assert published == ["127.0.0.1:8000:8000"], "past the proxy nobody comes from outside"
    key = COMPOSE["services"]["search"]["environment"]["HEALTH_SEARCH_ADMIN_KEY_FILE"]
    assert key.removeprefix("/run/secrets/") in COMPOSE["secrets"]
    assert "/admin-key" in (ROOT / ".gitignore").read_text("utf-8").splitlines()


def test_compose_trusts_its_own_network_and_no_visitor() -> None:
    trusted = COMPOSE["services"]["search"]["environment"]["HEALTH_SEARCH_TRUSTED_PROXIES"].split()
    (network,) = COMPOSE["networks"]["default"]["ipam"]["config"]
    assert set(trusted) == {"127.0.0.1", "::1", network["subnet"]}
    proxy = str(ip_network(network["subnet"])[2])
    for visitor in ("203.0.113.9", "192.168.1.20", "172.16.3.4", "10.0.0.7"):
        headers = [(b"x-forwarded-for", visitor.encode())]
        scope = {"type": "http", "client": (proxy, 1234), "headers": headers}
        assert str(Proxies(trusted).client(scope)) == visitor


def test_the_proxy_passes_on_to_the_service_and_keeps_no_log() -> None:
    text = re.sub(r"#.*", "", (DOCS / "Caddyfile").read_text("utf-8"))
    assert "reverse_proxy search:8000" in text
    assert not re.search(r"^\s*log\b", text, re.MULTILINE)
    assert text.count("{") == text.count("}")


@pytest.mark.parametrize("name", ["wordpress-hook.php", "wordpress-search.php"])
def test_the_wordpress_snippets_are_php(name: str) -> None:
    php = shutil.which("php")
    if php is None:
        pytest.skip("NO PHP: the WordPress snippets were not checked")
    subprocess.run([php, "-l", str(DOCS / name)], capture_output=True, timeout=60, check=True)


def sent_fields(name: str, function: str) -> list[str]:
    """Return the fields of the array that a function of a snippet makes."""
    text = (DOCS / name).read_text("utf-8")
    body = text.partition(f"function {function}")[2].partition("\n}")[0]
    return re.findall(r"'(\w+)' +=>", body)


def test_the_wordpress_hook_sends_fields_that_the_service_takes() -> None:
    sent = sent_fields("wordpress-hook.php", "health_search_article(")
    assert len(sent) == 10
    assert set(sent) <= set(ArticleFields.__struct_fields__)


def test_the_wordpress_search_sends_fields_that_the_service_takes() -> None:
    sent = sent_fields("wordpress-search.php", "health_search_box_request(")
    assert set(sent) >= {"q", "per_page", "language"}
    assert set(sent) <= set(SearchRequest.__struct_fields__)


def test_the_wordpress_search_shows_nothing_unescaped() -> None:
    text = (DOCS / "wordpress-search.php").read_text("utf-8")
    escapes = r"esc_html|esc_attr|esc_url|wp_kses|health_search_box_|selected|checked|\(int\)"
    shown = re.findall(r"<\?php echo (.*?);? \?>", text)
    assert shown
    for each in shown:
        assert re.match(escapes, each), each

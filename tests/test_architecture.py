"""The house rules that a reader relies on, held by walking the sources."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("indexer", "service")

LEAVES = ("indexer.article", "indexer.errors")
INDEX = ("indexer.index", *LEAVES)

ARROWS = {
    "indexer.article": (),
    "indexer.errors": (),
    "indexer.index": INDEX,
    "indexer.sources": ("indexer.sources", "indexer.errors"),
    "indexer.sources.web": (
        "indexer.sources.web",
        "indexer.sources.files",
        "indexer.sources.page",
        "indexer.errors",
    ),
    "indexer.extraction": ("indexer.extraction", "indexer.sources.page", *LEAVES),
    "indexer.gate": INDEX,
    "indexer.judging": ("indexer.gate", "service.search", *INDEX),
    "indexer.limits": LEAVES,
    "indexer.maker": ("indexer.extraction", "indexer.sources", "indexer.limits", *INDEX),
    "indexer.memory": ("indexer.maker", "indexer.sources", *INDEX),
    "indexer.tally": ("indexer.gate", "indexer.maker", *INDEX),
    "indexer.report": ("indexer.gate", "indexer.tally", *INDEX),
    "indexer.crew": ("indexer.maker", *INDEX),
    "indexer.embedding": ("indexer.tally", *INDEX),
    "indexer.edits": (
        "indexer.embedding",
        "indexer.gate",
        "indexer.maker",
        "indexer.sources",
        *INDEX,
    ),
    "indexer.reindex": (
        "indexer.crew",
        "indexer.edits",
        "indexer.embedding",
        "indexer.gate",
        "indexer.maker",
        "indexer.memory",
        "indexer.sources",
        "indexer.tally",
        *INDEX,
    ),
    "indexer.progress": ("indexer.reindex", "indexer.tally"),
    "indexer.journal": ("indexer.progress", "indexer.tally", *INDEX),
    "indexer.runner": ("indexer.edits", *INDEX),
    "indexer.arguments": ("indexer.crew", "indexer.gate", "indexer.sources", *INDEX),
    "indexer.cli": (
        "indexer.arguments",
        "indexer.journal",
        "indexer.judging",
        "indexer.maker",
        "indexer.progress",
        "indexer.reindex",
        "indexer.report",
        "indexer.runner",
        "indexer.sources",
        *INDEX,
    ),
    "indexer.__main__": ("indexer.cli",),
    "service.search.editorial": (
        "service.search.editorial",
        "service.search.lexicon",
        "service.search.response",
        "service.search.today",
        "service.search.watched",
        *INDEX,
    ),
    "service.search.lexicon": ("service.search.lexicon", "service.search.watched", *INDEX),
    "service.search.reading": (
        "service.search.lexicon",
        "service.search.plan",
        "service.search.reading",
        "service.search.response",
        "service.search.tuning",
        *INDEX,
    ),
    "service.search.snippets": (
        "service.search.reading",
        "service.search.response",
        "service.search.snippets",
        *INDEX,
    ),
    "service.search": ("service.search", *INDEX),
    "service": ("service", *INDEX),
}
"""What each part may import of this project; the longest matching name counts."""

MAX_MODULE_LINES = 300
MAX_FUNCTION_LINES = 40


def modules() -> list[Path]:
    return [path for name in PACKAGES for path in sorted((ROOT / name).rglob("*.py"))]


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            assert node.module
            yield node.module


def within(name: str, parts: tuple[str, ...]) -> bool:
    return any(name == part or name.startswith(f"{part}.") for part in parts)


def allowed(name: str) -> tuple[str, ...]:
    part = max((part for part in ARROWS if within(name, (part,))), key=len, default=None)
    if part is None:
        assert name in PACKAGES, f"{name} has no place in ARROWS"
        return ()
    return ARROWS[part]


@pytest.mark.parametrize("path", modules(), ids=module_name)
def test_imports_run_one_way(path: Path) -> None:
    name = module_name(path)
    ours = [i for i in imports(ast.parse(path.read_text())) if within(i, PACKAGES)]
    assert [i for i in ours if not within(i, allowed(name))] == []


def test_search_knows_no_http() -> None:
    for path in (ROOT / "service" / "search").rglob("*.py"):
        found = set(imports(ast.parse(path.read_text())))
        assert not [i for i in found if within(i, ("starlette", "uvicorn", "http"))], path


@pytest.mark.parametrize("path", modules(), ids=module_name)
def test_no_import_hides_in_a_function(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert list(imports(node)) == [], f"{path}:{node.lineno}"


@pytest.mark.parametrize("path", modules(), ids=module_name)
def test_modules_and_functions_stay_short(path: Path) -> None:
    text = path.read_text()
    assert text.count("\n") <= MAX_MODULE_LINES
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            lines = node.end_lineno - node.body[0].lineno + 1
            assert lines <= MAX_FUNCTION_LINES, f"{path}:{node.lineno} has {lines} lines"


def test_only_the_command_lines_print_or_exit() -> None:
    for path in modules():
        if path.name == "cli.py" or path.parent.name == "commands":
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in ("print", "exit", "input"), f"{path}:{node.lineno}"

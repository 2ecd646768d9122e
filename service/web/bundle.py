"""Joins the modules of the search box, its style and its texts to one script.

The modules in ``box/`` are ES modules that browsers could load one by one. A site that shows the
box needs one file that any ``<script>`` can load from another origin, so they are joined here, at
the start, in the order of their imports, within one function.
"""

import json
import re
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from indexer.errors import HealthSearchError
from service.web.texts import Catalog

MODULES = Path(__file__).with_name("box")
STYLE = Path(__file__).with_name("static") / "box.css"

MAIN = "health_search"
"""The module that all others are imported from."""

DATA = "data"
"""The module that is no file: it exports what is made here."""

_IMPORT = re.compile(r'^import \{([^}]*)\} from "\./(\w+)\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const) (\w+))", re.MULTILINE)
_NAME = re.compile(r"^(?:async )?(?:function|class|const|let) (\w+)", re.MULTILINE)
_LEFT = re.compile(r"^(?:import|export)\b", re.MULTILINE)
_COMMENT = re.compile(r"^\s*//.*\n", re.MULTILINE)
_INDENT = re.compile(r"^\s+", re.MULTILINE)


class Box(NamedTuple):
    """The script that defines ``<health-search>``, and its entity tag."""

    script: bytes
    etag: str


class Module(NamedTuple):
    """One module, read: what it imports from which other, what it exports, and the rest."""

    name: str
    imports: Mapping[str, frozenset[str]]
    exports: frozenset[str]
    names: tuple[str, ...]
    body: str


def build_box(catalog: Catalog) -> Box:
    """Return the script of the search box as it is served.

    Raises:
        HealthSearchError: the modules cannot be joined; the message names the file and why.
    """
    script = bundle(catalog)
    return Box(script, f'"{sha256(script).hexdigest()[:32]}"')


def bundle(catalog: Catalog, folder: Path = MODULES, style: Path = STYLE) -> bytes:
    """Return the script that defines ``<health-search>``.

    Raises:
        HealthSearchError: the modules cannot be joined; the message names the file and why.
    """
    data = {
        "TEXTS": {lang: dict(texts) for lang, texts in catalog.texts.items()},
        "LANGUAGE_NAMES": dict(catalog.language_names),
        "STYLE": " ".join(re.sub(r"/\*.*?\*/", "", style.read_text("utf-8"), flags=re.S).split()),
    }
    modules = _in_order(folder, frozenset(data))
    _check_names(modules)
    constants = "".join(
        f"const {name}={json.dumps(value, ensure_ascii=False, separators=(',', ':'))};\n"
        for name, value in data.items()
    )
    bodies = "".join(module.body for module in modules)
    return f'"use strict";(()=>{{\n{constants}{bodies}}})();\n'.encode()


def _in_order(folder: Path, data: frozenset[str]) -> list[Module]:
    """Return the modules, each after those that it imports."""
    ordered: dict[str, Module] = {}
    begun: list[str] = []

    def visit(name: str) -> frozenset[str]:
        if name == DATA:
            return data
        if name in ordered:
            return ordered[name].exports
        if name in begun:
            raise _refusal(name, f"it imports itself by way of {begun[-1]}.js")
        begun.append(name)
        module = _read(folder / f"{name}.js")
        for other, wanted in module.imports.items():
            if missing := wanted - visit(other):
                raise _refusal(name, f"{other}.js does not export {', '.join(sorted(missing))}")
        ordered[name] = module
        return module.exports

    visit(MAIN)
    unused = {path.stem for path in folder.glob("*.js")} - set(ordered)
    if unused:
        raise _refusal(min(unused), "no module imports it")
    return list(ordered.values())


def _read(path: Path) -> Module:
    if not path.is_file():
        raise _refusal(path.stem, "it is imported, but there is no such file")
    source = path.read_text("utf-8")
    imports = {
        name: frozenset(each.strip() for each in names.split(",") if each.strip())
        for names, name in _IMPORT.findall(source)
    }
    exports = frozenset(_EXPORT.findall(source))
    body = _EXPORT.sub("", _IMPORT.sub("", source))
    if left := _LEFT.search(body):
        line = source.split("\n").index(body[left.start() :].partition("\n")[0]) + 1
        raise _refusal(path.stem, f"line {line} imports or exports in another way")
    if any(line.count("`") % 2 for line in body.split("\n")):
        raise _refusal(path.stem, "a template literal goes over several lines")
    names = tuple(_NAME.findall(body))
    return Module(path.stem, imports, exports, names, _INDENT.sub("", _COMMENT.sub("", body)))


def _check_names(modules: list[Module]) -> None:
    """Check that no two modules, which share one scope here, give the same name."""
    owners: dict[str, str] = {}
    for module in modules:
        for name in module.names:
            if name in owners:
                raise _refusal(module.name, f"{name} is a name in {owners[name]}.js, too")
            owners[name] = module.name


def _refusal(name: str, reason: str) -> HealthSearchError:
    return HealthSearchError(f"box/{name}.js: {reason}.")

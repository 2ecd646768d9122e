"""Joins the modules of the search box, its style and its texts to one script.

The modules in ``box/`` are ES modules that browsers could load one by one. A site that shows the
box needs one file that any ``<script>`` can load from another origin, so they are joined here, at
the start, in the order of their imports, within one function.
"""

import gzip
import json
import re
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from indexer.errors import HealthSearchError
from service.web.squeeze import squeezed_script, squeezed_style
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


class Box(NamedTuple):
    """The script that defines ``<health-search>``, plain and packed, and the parts to style."""

    script: bytes
    gzipped: bytes
    etag: str
    parts: tuple[str, ...]


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
    etag = f'W/"{sha256(script).hexdigest()[:32]}"'  # a weak one: it stands for both
    return Box(script, gzip.compress(script, mtime=0), etag, _parts(MODULES))


def bundle(catalog: Catalog, folder: Path = MODULES, style: Path = STYLE) -> bytes:
    """Return the script that defines ``<health-search>``.

    Raises:
        HealthSearchError: the modules cannot be joined; the message names the file and why.
    """
    data = {
        "LANGUAGES": list(catalog.texts),
        "TEXTS": _texts(catalog, folder),
        "LANGUAGE_NAMES": dict(catalog.language_names),
        "STYLE": squeezed_style(style.read_text("utf-8")),
    }
    modules = _in_order(folder, frozenset(data))
    _check_names(modules)
    constants = "".join(
        f"const {name}={json.dumps(value, ensure_ascii=False, separators=(',', ':'))};\n"
        for name, value in data.items()
    )
    bodies = "".join(module.body for module in modules)
    return f'"use strict";(()=>{{\n{squeezed_script(constants + bodies)}}})();\n'.encode()


def _parts(folder: Path) -> tuple[str, ...]:
    """Return the classes, which are parts, of the elements that the modules make."""
    sources = "".join(path.read_text("utf-8") for path in folder.glob("*.js"))
    selectors = re.findall(r"element\(\s*[\"`]\w+(?:#[\w${}-]+)?((?:\.[a-z-]+)+)", sources)
    classes = {name for each in selectors for name in each.split(".") if name}
    return tuple(sorted(classes - {"visually-hidden"}))


def _texts(catalog: Catalog, folder: Path) -> dict[str, list[str]]:
    """Return the texts whose keys the modules name, each in all languages."""
    sources = "\n".join(path.read_text("utf-8") for path in folder.glob("*.js"))
    # A name after a dot is a key only if it is one of the texts: `texts.search`, not `here.search`.
    named = set(re.findall(r"(?:(?<![\w.])|(?<=texts\.))\w+", re.sub(r"//.*", "", sources)))
    first, *_ = catalog.texts.values()
    keys = [key for key in first if key in named or key.startswith("sort_")]
    return {key: [texts[key] for texts in catalog.texts.values()] for key in keys}


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
    names = tuple(_NAME.findall(body))
    return Module(path.stem, imports, exports, names, body)


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

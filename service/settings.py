"""The service's settings: one table from which flags, environment and documentation derive."""

import argparse
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, NamedTuple

from indexer.errors import SettingError
from service.access.addresses import parse_networks
from service.access.counting import parse_url
from service.access.origins import parse_origins
from service.access.rates import checked_rate
from service.search.editorial.live import OFF
from service.values import (
    country_code,
    file,
    flags,
    folder,
    line,
    one_of,
    seconds,
    switch,
    whole,
    words,
)
from service.web.addresses import parse_base

PREFIX = "HEALTH_SEARCH_"


def _row(parse: Callable[[str], Any], help_text: str) -> dict[str, Any]:
    return {"parse": parse, "help": help_text}


@dataclass(frozen=True)
class Settings:
    """The table. A field is a setting: its name, type, default, parser and help."""

    index: Path = field(
        default=Path("var/index"),
        metadata=_row(folder, "Index folder that `health-index` fills."),
    )
    host: str = field(default="127.0.0.1", metadata=_row(line, "Address to listen on."))
    port: int = field(
        default=8000, metadata=_row(whole(0, 65535), "Port to listen on; 0 takes any free one.")
    )
    workers: int = field(default=1, metadata=_row(whole(1, 64), "Server processes."))
    threads: int = field(
        default=4, metadata=_row(whole(1, 64), "Searches at the same time in each process.")
    )
    search_seconds: float = field(
        default=2.0,
        metadata=_row(
            seconds, "How long a search may take; then it answers with what it has found."
        ),
    )
    semantic: bool = field(
        default=False,
        metadata=_row(
            switch,
            "Rank the best hits again by meaning, where the index has vectors (`on` or `off`).",
        ),
    )
    cache_megabytes: int = field(
        default=32,
        metadata=_row(
            whole(0, 65_536), "Memory of each process for answers that are kept; 0 keeps none."
        ),
    )
    lexicon: Path | None = field(
        default=None,
        metadata=_row(file, "File with the site's own names for things, beside the shipped ones."),
    )
    editorial: Path | None = field(
        default=None,
        metadata=_row(file, "File with pinned and hidden results; see docs/editing.md."),
    )
    notices: Path | None = field(
        default=None,
        metadata=_row(
            file, "File with notices for emergencies in place of the shipped one, or `off`."
        ),
    )
    country: str = field(
        default="",
        metadata=_row(country_code, "Country whose emergency numbers notices show, as in `US`."),
    )
    explain: bool = field(
        default=False,
        metadata=_row(
            switch, "Let anybody ask where a score comes from, without the key (`on` or `off`)."
        ),
    )
    site_name: str = field(
        default="Health Search", metadata=_row(line, "Name at the top of the search page.")
    )
    public_url: str = field(
        default="",
        metadata=_row(
            parse_base, "Address under which visitors reach the service, if not the request's."
        ),
    )
    poll_seconds: float = field(
        default=1.0, metadata=_row(seconds, "How often to look for a newer index.")
    )
    max_body_bytes: int = field(
        default=65_536,
        metadata=_row(whole(1_024, 16_777_216), "Largest request body that is read."),
    )
    admin_key_file: Path | None = field(
        default=None,
        metadata=_row(file, "File with the admin key, or its hash, on its first line."),
    )
    keys: Path | None = field(
        default=None,
        metadata=_row(file, "File with the keys that `health-search keys` makes."),
    )
    public_search: bool = field(
        default=True,
        metadata=_row(switch, "Let anybody search without a key (`on` or `off`)."),
    )
    cors_origins: tuple[str, ...] = field(
        default=(),
        metadata=_row(
            parse_origins,
            "Origins whose pages may call the API, white space between, or `*` for all.",
        ),
    )
    trusted_proxies: tuple[str, ...] = field(
        default=("127.0.0.1", "::1"),
        metadata=_row(
            parse_networks, "Addresses and networks of proxies whose X-Forwarded-For is believed."
        ),
    )
    rate_limit: str = field(
        default="600/minute",
        metadata=_row(checked_rate, "Requests of one address without a key; `off` for no limit."),
    )
    key_rate_limit: str = field(
        default="6000/minute",
        metadata=_row(checked_rate, "Requests with one key without a limit of its own, or `off`."),
    )
    limits_url: str = field(
        default="memory://",
        metadata=_row(
            parse_url,
            "Where requests are counted: `memory://`, or `redis://` for more machines.",
        ),
    )
    cdn_seconds: int = field(
        default=0,
        metadata=_row(
            whole(0, 86_400), "How long a CDN may keep public answers to GET; browsers never do."
        ),
    )
    analytics: Path | None = field(
        default=None,
        metadata=_row(
            file, "File for counts of what visitors search for (SQLite); see docs/analytics.md."
        ),
    )
    analytics_k: int = field(
        default=5,
        metadata=_row(
            whole(2, 1_000), "How many clients must have asked a query before it is written down."
        ),
    )
    analytics_days: int = field(
        default=90, metadata=_row(whole(1, 3_650), "For how many days these counts are kept.")
    )
    sources: tuple[str, ...] = field(
        default=(),
        metadata=_row(words, "What jobs over the API may read: sources, white space between."),
    )
    job_flags: str = field(
        default="",
        metadata=_row(
            flags, "More flags of `health-index reindex` for the jobs over the API, as in a shell."
        ),
    )
    max_article_bytes: int = field(
        default=2_097_152,
        metadata=_row(whole(1_024, 16_777_216), "Largest article that the API takes."),
    )
    shutdown_seconds: int = field(
        default=10,
        metadata=_row(whole(1, 600), "How long running requests may take to finish on SIGTERM."),
    )
    log_level: str = field(
        default="info",
        metadata=_row(
            one_of("debug", "info", "warning", "error"),
            "Least level that is logged: `debug`, `info`, `warning` or `error`.",
        ),
    )

    @property
    def has_notices(self) -> bool:
        """Whether there are notices: no word that stands for none is in place of their file."""
        return str(self.notices) != OFF

    def environment(self) -> dict[str, str]:
        """Return the environment variables from which ``load`` makes these settings again."""
        return {setting.variable: written(getattr(self, setting.name)) for setting in TABLE}


def written(value: object) -> str:
    """Return a setting's value as a flag or a variable has it."""
    if isinstance(value, tuple):
        return " ".join(value)
    if isinstance(value, bool):
        return "on" if value else "off"
    return "" if value is None else str(value)


class Setting(NamedTuple):
    """One row of the table."""

    name: str
    default: Any
    parse: Callable[[str], Any]
    help: str

    @property
    def flag(self) -> str:
        """The command line flag."""
        return "--" + self.name.replace("_", "-")

    @property
    def variable(self) -> str:
        """The environment variable."""
        return PREFIX + self.name.upper()

    @property
    def default_shown(self) -> str:
        """The default as people read it."""
        return written(self.default) or "none"


TABLE = tuple(
    Setting(row.name, row.default, row.metadata["parse"], row.metadata["help"])
    for row in fields(Settings)
)


def load(environ: Mapping[str, str], flags: Mapping[str, str | None] | None = None) -> Settings:
    """Read the settings: a flag wins over its variable, which wins over the default.

    Raises:
        SettingError: a value cannot be used; the message names where it came from.
    """
    values: dict[str, Any] = {}
    for setting in TABLE:
        given = (flags or {}).get(setting.name)
        origin, text = setting.flag, given
        if given is None:
            origin, text = setting.variable, environ.get(setting.variable)
        if text is None:
            continue
        try:
            values[setting.name] = setting.parse(text)
        except ValueError as error:
            raise SettingError(f"{origin}: {error}, not {text[:80]!r}.") from None
    return Settings(**values)


def add_flags(parser: argparse.ArgumentParser, names: Container[str] | None = None) -> None:
    """Give ``parser`` one flag a setting, of all or of those named; ``load`` reads the values."""
    for setting in TABLE:
        if names is not None and setting.name not in names:
            continue
        help_text = f"{setting.help} [{setting.variable}, default {setting.default_shown}]"
        if isinstance(setting.default, bool):
            metavar = "on|off"
            parser.add_argument(
                setting.flag, nargs="?", const="on", metavar=metavar, help=help_text
            )
        else:
            parser.add_argument(setting.flag, metavar=setting.name.upper(), help=help_text)


def markdown_table() -> str:
    """Return the table as docs/settings.md shows it."""
    lines = ["| Flag | Environment | Default | Meaning |", "|---|---|---|---|"]
    lines += [
        f"| `{row.flag}` | `{row.variable}` | `{row.default_shown}` | {row.help} |" for row in TABLE
    ]
    return "\n".join(lines) + "\n"

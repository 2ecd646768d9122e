"""The page's texts in each language, from ``texts.toml``."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from indexer.errors import HealthSearchError

FILE = Path(__file__).with_name("texts.toml")

DEFAULT = "en"
LANGUAGES = (DEFAULT, "es")

MAX_CHOICES = 100
"""Languages of an ``Accept-Language`` that are looked at; browsers send a handful. Judgement."""

_PLACEHOLDER = re.compile(r"\{(\w+)\}")

Texts = Mapping[str, str]


@dataclass(frozen=True)
class Catalog:
    """The texts by language, and the names of the languages of articles."""

    texts: Mapping[str, Texts]
    language_names: Mapping[str, str]


def load_texts(source: str | None = None) -> Catalog:
    """Read and check the texts.

    Raises:
        HealthSearchError: a language lacks a text, or a text a placeholder.
    """
    data = tomllib.loads(FILE.read_text("utf-8") if source is None else source)
    names = data.pop("language_names", {})
    if tuple(data) != LANGUAGES:
        raise HealthSearchError(f"{FILE.name}: the languages are not {', '.join(LANGUAGES)}.")
    for language, texts in data.items():
        _check(language, texts, data[DEFAULT])
    return Catalog(data, names)


def _check(language: str, texts: Texts, reference: Texts) -> None:
    different = texts.keys() ^ reference.keys()
    if different:
        raise HealthSearchError(
            f"{FILE.name}: [{language}] and [{DEFAULT}] differ in {', '.join(sorted(different))}."
        )
    for key, text in texts.items():
        if not text.strip():
            raise HealthSearchError(f"{FILE.name}: [{language}] {key} is empty.")
        if set(_PLACEHOLDER.findall(text)) != set(_PLACEHOLDER.findall(reference[key])):
            raise HealthSearchError(f"{FILE.name}: [{language}] {key} has other placeholders.")
    if len(texts["months"].split()) != 12:
        raise HealthSearchError(f"{FILE.name}: [{language}] months are not twelve.")


def choose_language(asked: str, accept_language: str) -> str:
    """Return the page's language: the one asked for, else the browser's favourite."""
    if asked in LANGUAGES:
        return asked
    wanted = accept_language.split(",", MAX_CHOICES)[:MAX_CHOICES]
    ranked = sorted(map(_preference, wanted), reverse=True)
    for weight, language in ranked:
        if weight > 0 and language in LANGUAGES:
            return language
    return DEFAULT


def _preference(part: str) -> tuple[float, str]:
    tag, _, parameter = part.strip().partition(";")
    match = re.fullmatch(r"\s*q=([01](?:\.\d{0,3})?)\s*", parameter)
    weight = float(match[1]) if match else float(not parameter)
    return weight, tag.strip().lower().partition("-")[0]

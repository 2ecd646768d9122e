"""Search results for a terminal: titles, coloured snippets, dates."""

import re
from html import unescape

from rich.console import Console
from rich.text import Text

from service.search.response import Hit, SearchResponse
from service.search.suggestion import SuggestResponse

_MARK = re.compile(r"<mark>(.*?)</mark>", re.DOTALL)


def print_response(response: SearchResponse, console: Console) -> None:
    """Print a page of hits; colours only where the console has them."""
    first = (response.page - 1) * response.per_page + 1
    for place, hit in enumerate(response.hits, start=first):
        _print_hit(place, hit, console)
    shown = f", {first} to {first + len(response.hits) - 1} shown" if response.hits else ""
    noun = "article" if response.total == 1 else "articles"
    console.print(Text(f"{response.total} {noun}{shown}, {response.took_ms:.0f} ms", style="dim"))


def print_suggestions(response: SuggestResponse, console: Console) -> None:
    """Print suggestions, one a line; what would be added is coloured where the console can."""
    for each in response.suggestions:
        about = "  ".join(filter(None, (each.kind, each.url)))
        pieces = _marked((each.highlight,), "")
        console.print(Text.assemble(*pieces, (f"  {about}", "dim")), soft_wrap=True)


def _print_hit(place: int, hit: Hit, console: Console) -> None:
    console.print(Text.assemble((f"{place}. ", "dim"), *_marked(hit.highlights.title, "bold")))
    for fragment in hit.highlights.body:
        console.print(Text.assemble("   ", *_marked((fragment,), "")))
    about = [hit.url]
    if hit.section:
        about.append(f"In: {hit.section.heading}")
    if hit.last_reviewed:
        about.append(f"Last reviewed {hit.last_reviewed.isoformat()}")
    console.print(Text("   " + "  ·  ".join(about), style="dim"))
    console.print()


def _marked(fragments: tuple[str, ...], base: str) -> list[tuple[str, str]]:
    """Return escaped, marked HTML as pieces of text with their styles."""
    pieces = _MARK.split("".join(fragments))
    marked = f"{base} yellow".strip()
    return [
        (_printable(unescape(piece)), marked if number % 2 else base)
        for number, piece in enumerate(pieces)
    ]


def _printable(text: str) -> str:
    """Return ``text`` without control characters: an article must not drive the terminal."""
    return "".join(c if c.isprintable() else " " for c in text)

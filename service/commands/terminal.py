"""Search results for a terminal: titles, coloured snippets, dates."""

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.text import Text

from service.highlighting import marked_parts
from service.search.response import Hit, Notice, SearchResponse
from service.search.suggest.suggestion import SuggestResponse


def print_response(response: SearchResponse, console: Console, facets: Sequence[str] = ()) -> None:
    """Print a page of hits and the named facets; colours only where the console has them."""
    for notice in response.notices:
        _print_notice(notice, console)
    for line in _understood(response):
        console.print(Text(_printable(line), style="dim"), soft_wrap=True)
    first = (response.page - 1) * response.per_page + 1
    matching = [hit for hit in response.hits if not hit.related]
    for place, hit in enumerate(matching, start=first):
        _print_hit(f"{place}. ", hit, console)
    related = [hit for hit in response.hits if hit.related]
    if related:
        console.print(Text("Related articles", style="bold"))
    for hit in related:
        _print_hit("+  ", hit, console)
    for name in facets:
        counts = ", ".join(f"{each.value} {each.count}" for each in response.facets[name]) or "none"
        console.print(Text(_printable(f"{name.capitalize()}: {counts}")), soft_wrap=True)
    shown = f", {first} to {first + len(matching) - 1} shown" if matching else ""
    noun = "article" if response.total == 1 else "articles"
    console.print(Text(f"{response.total} {noun}{shown}, {response.took_ms:.0f} ms", style="dim"))


def _understood(response: SearchResponse) -> Iterator[str]:
    """Yield in lines what was searched besides, or instead of, what was typed."""
    if response.did_you_mean and response.corrected:
        yield f"Showing results for {response.did_you_mean}, not for {response.query}"
    elif response.did_you_mean:
        yield f"Did you mean {response.did_you_mean}?"
    for expansion in response.expansions:
        yield f"Also searched for {expansion.term}: {', '.join(expansion.to)}"


def _print_notice(notice: Notice, console: Console) -> None:
    console.print(Text(_printable(notice.title), style="bold"), soft_wrap=True)
    console.print(Text(_printable(notice.text)))
    for action in notice.actions:
        line = f"   {action.label} ({action.href})"
        console.print(Text(_printable(line)), soft_wrap=True)
    console.print()


def print_suggestions(response: SuggestResponse, console: Console) -> None:
    """Print suggestions, one a line; what would be added is coloured where the console can."""
    for each in response.suggestions:
        about = "  ".join(filter(None, (each.kind, each.url)))
        pieces = _marked((each.highlight,), "")
        console.print(Text.assemble(*pieces, (_printable(f"  {about}"), "dim")), soft_wrap=True)


def _print_hit(mark: str, hit: Hit, console: Console) -> None:
    console.print(Text.assemble((mark, "dim"), *_marked(hit.highlights.title, "bold")))
    for fragment in hit.highlights.body:
        console.print(Text.assemble("   ", *_marked((fragment,), "")))
    about = [hit.url]
    if hit.pinned:
        about.insert(0, "Pinned")
    if hit.section:
        about.append(f"In: {hit.section.heading}")
    if hit.last_reviewed:
        about.append(f"Last reviewed {hit.last_reviewed.isoformat()}")
    if hit.outdated:
        about.append("May be out of date")
    if hit.audience:
        about.append(f"For: {', '.join(hit.audience)}")
    console.print(Text("   " + _printable("  ·  ".join(about)), style="dim"))
    if hit.explanation:
        console.print(f"   {hit.score:9.4f}  score")
    for reason in hit.explanation:
        line = f"   {reason.value:+9.4f}  {reason.what}: {reason.detail}"
        console.print(Text(_printable(line), style="dim"), soft_wrap=True)
    console.print()


def _marked(fragments: tuple[str, ...], base: str) -> list[tuple[str, str]]:
    """Return escaped, marked HTML as pieces of text with their styles."""
    marked = f"{base} yellow".strip()
    return [
        (_printable(text), marked if is_marked else base)
        for text, is_marked in marked_parts("".join(fragments))
    ]


def _printable(text: str) -> str:
    """Return ``text`` without control characters: an article must not drive the terminal."""
    return "".join(c if c.isprintable() else " " for c in text)

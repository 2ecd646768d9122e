"""Pinned and hidden results: the rules of the editors, made beside what a query finds now."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import NamedTuple, get_args
from urllib.parse import quote

from anyio import to_thread
from msgspec import structs
from starlette.responses import Response

from indexer.article import article_id
from indexer.errors import EditorialError, IndexFolderError
from indexer.index.generations import GenerationStore
from service.context import Context
from service.desk.forms import Form
from service.desk.pinning import changed
from service.desk.visit import Visit
from service.problems import ProblemError
from service.search.blank import is_blank
from service.search.editorial.rules import Match, Rule, RuleBook
from service.search.request import MAX_QUERY_CHARS, SearchRequest
from service.search.response import Hit
from service.search.today import utc_today
from service.web.display import safe_link

SHOWN = 20
"""Results of a query that can be pinned or hidden; further down nobody looks."""

EMPTY = "A rule pins or hides at least one article. Pin another one first, or remove the rule."


FORMER = "Until that is mended, the rules from before hold; after a restart, none."


class Named(NamedTuple):
    """An entry of a rule, and the article that it stands for, as far as there is one."""

    entry: str
    title: str
    url: str


class Found(NamedTuple):
    """What a query finds now: hits, or the reason why there are none."""

    hits: Sequence[Hit] = ()
    problem: str = ""


async def rules_page(visit: Visit) -> Response:
    """List the rules."""
    file = visit.context.settings.editorial
    rules, problem = await to_thread.run_sync(_read, visit.context, file) if file else ((), "")
    message = f"{problem} {FORMER}" if problem else ""
    return visit.page(
        "results.html", here="results", file=file, rules=rules, today=utc_today(), message=message
    )


def _read(context: Context, file: Path) -> tuple[Sequence[Rule], str]:
    """Return the rules of a file, and what is wrong with it; in a worker thread."""
    rules: Sequence[Rule] = ()
    problem = ""
    try:
        rules = RuleBook(file).rules()
    except EditorialError as error:
        problem = str(error)
    if not file.exists():  # which is no fault, unless the searches had rules of it
        problem = context.metrics.refused.get("editorial", "")
    return rules, problem


async def rule_page(visit: Visit) -> Response:
    """Show a rule, or a blank one, beside what its query finds."""
    rule = await to_thread.run_sync(_known, visit)
    if not rule.id:
        rule = structs.replace(rule, pattern=visit.request.query_params.get("pattern", ""))
    return await _rule_page(visit, rule)


async def change_rule(visit: Visit) -> Response:
    """Save what was typed, with the pin or whatever else the button says; or show results only."""
    rule = await to_thread.run_sync(_known, visit)
    until = visit.form.get("until", "")
    try:
        rule = changed(_typed(rule, visit.form), visit.form.get("do", "save"))
        if visit.form.get("do") == "show":
            return await _rule_page(visit, rule, until=until)
        rule = structs.replace(rule, until=_day(until))
        kept = await to_thread.run_sync(_put, visit.context, rule)
    except EditorialError as error:
        return await _rule_page(visit, rule, 422, str(error), until)
    asked = visit.form.get("q", "")
    other = {"q": asked} if asked and asked != kept.pattern else {}
    place = "pinned-title" if visit.form.get("do") != "save" else ""
    return visit.see(f"admin/results/rule/{quote(kept.id, safe='')}", "rule-saved", place, **other)


async def remove_rule(visit: Visit) -> Response:
    """Remove a rule."""
    name: str = visit.request.path_params["id"]
    await to_thread.run_sync(_book(visit.context).remove, name)
    return visit.see("admin/results", "rule-removed")


async def _rule_page(
    visit: Visit, rule: Rule, status: int = 200, message: str = "", until: str | None = None
) -> Response:
    context = visit.context
    asked = visit.form.get("q", visit.request.query_params.get("q", "")).strip() or rule.pattern
    found = await _find(context, asked[:MAX_QUERY_CHARS])
    listed = {*rule.pinned, *rule.hidden}
    return visit.page(
        "rule.html",
        status,
        here="results",
        message=message,
        rule=rule,
        until=(rule.until or "") if until is None else until,
        matches=get_args(Match),
        languages=await to_thread.run_sync(_languages, context, rule.language),
        asked=asked,
        max_chars=MAX_QUERY_CHARS,
        pinned=[await _named(context, entry) for entry in rule.pinned],
        hidden=[await _named(context, entry) for entry in rule.hidden],
        others=[hit for hit in found.hits if listed.isdisjoint((hit.id, hit.url))],
        problem=found.problem,
        safe_link=safe_link,
    )


def _book(context: Context) -> RuleBook:
    if context.settings.editorial is None:
        raise EditorialError("There is no file for rules. Name one with --editorial.")
    return RuleBook(context.settings.editorial)


def _put(context: Context, rule: Rule) -> Rule:
    if not (rule.pinned or rule.hidden):
        raise EditorialError(EMPTY)
    return _book(context).put(rule)


def _known(visit: Visit) -> Rule:
    """Return the rule that the path names, or a blank one."""
    name = visit.request.path_params.get("id", "")
    book = _book(visit.context)
    if not name:
        return Rule()
    for rule in book.rules():
        if rule.id == name:
            return rule
    raise ProblemError("not-found", "There is no such rule; somebody may have removed it.")


def _typed(rule: Rule, form: Form) -> Rule:
    """Return a rule with what the form says, as far as there is such a match."""
    match: Match = rule.match
    for known in get_args(Match):
        if form.get("match") == known:
            match = known
    return structs.replace(
        rule,
        pattern=form.get("pattern", rule.pattern).strip(),
        match=match,
        language=form.get("language", rule.language),
        note=form.get("note", rule.note).strip(),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise EditorialError("The last day is not a day such as 2026-12-31.") from None


async def _find(context: Context, query: str) -> Found:
    if is_blank(query):
        return Found()
    try:
        request = SearchRequest(q=query, per_page=SHOWN, facets=())
        answer = await context.answers.search(request)
    except IndexFolderError as error:
        return Found(problem=str(error))
    return Found([hit for hit in answer.hits if not hit.related])


async def _named(context: Context, entry: str) -> Named:
    """Return an entry with its article: it is an article's id or address."""
    with suppress(IndexFolderError):
        for name in (entry, article_id(entry)):
            if (known := await context.answers.article(name)) is not None:
                return Named(entry, known[0].title, known[0].url)
    return Named(entry, "", "")


def _languages(context: Context, own: str) -> list[str]:
    """Return the languages that the index has, and the rule's own."""
    codes = {own}
    with suppress(IndexFolderError):
        codes |= GenerationStore(context.settings.index).live().manifest.languages.keys()
    return sorted(codes - {""})

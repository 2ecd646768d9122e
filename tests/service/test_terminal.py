"""What an article or a file holds must not drive the terminal of who searches."""

from io import StringIO
from typing import Any

import pytest
from msgspec import structs
from rich.console import Console

from service.commands.terminal import print_response, print_suggestions
from service.search.request import SearchRequest
from service.search.response import (
    Expansion,
    FacetCount,
    Highlights,
    Notice,
    NoticeAction,
    Reason,
    SectionLink,
)
from service.search.suggest.suggestion import Suggestion, SuggestResponse
from tests.service.fakes import FakeSearcher

EVIL = "a\x1b[2Jb\x07c\x9bd\u202ee\x00f"


def console() -> tuple[Console, StringIO]:
    told = StringIO()
    return Console(file=told, width=100, highlight=False, markup=False), told


def is_clean(text: str) -> bool:
    return all(each.isprintable() or each == "\n" for each in text)


def test_results_hold_no_control_characters() -> None:
    answer = FakeSearcher().search(SearchRequest(q="magnesium"))
    evil: dict[str, Any] = {
        "url": EVIL,
        "highlights": Highlights((f"<mark>{EVIL}</mark>",), (f"{EVIL} <mark>x</mark>",)),
        "section": SectionLink(EVIL, EVIL),
        "audience": (EVIL,),
        "explanation": (Reason("word", EVIL, 1.0),),
    }
    action = NoticeAction(label=EVIL, href=EVIL)
    notice = Notice(
        kind="x", severity="info", title=EVIL, text=EVIL, actions=(action,), language="en"
    )
    answer = structs.replace(
        answer,
        hits=(structs.replace(answer.hits[0], **evil),),
        notices=(notice,),
        query=EVIL,
        did_you_mean=EVIL,
        expansions=(Expansion(EVIL, (EVIL,)),),
        facets={"topic": (FacetCount(EVIL, 1),)},
    )
    out, told = console()
    print_response(answer, out, ["topic"])
    assert is_clean(told.getvalue())
    assert told.getvalue().count("a [2Jb c d e f") >= 12


@pytest.mark.parametrize("url", ["", EVIL])
def test_suggestions_hold_none(url: str) -> None:
    out, told = console()
    found = Suggestion(EVIL, "title", f"<mark>{EVIL}</mark>", url)
    print_suggestions(SuggestResponse(EVIL, (found,)), out)
    assert is_clean(told.getvalue())
    assert "a [2Jb c d e f" in told.getvalue()

"""The sentences of an article that answer a query best, escaped and marked.

A reader may act on a snippet, so it keeps what turns a statement around: sentences stay whole,
and what leads into them stands before them. What a sentence needs is known from the index.
"""

from collections.abc import Sequence
from typing import NamedTuple

from indexer.index.columns.rows import DESCRIPTION, HEADING, HIDDEN, ITEM, LED, LINE, LONG
from indexer.index.columns.texts import Lead, SegmentTexts
from service.search.reading.terms import QueryTerms
from service.search.response import Highlights, SectionLink
from service.search.snippets.choice import Choice, candidates, choices
from service.search.snippets.marking import Writer, marks_of
from service.search.snippets.matching import Scratch, Wanted, find_matches
from service.search.snippets.pagetexts import HitText, PageTexts


class Snippets(NamedTuple):
    """The highlights of a hit, and the section in which its best sentence stands."""

    highlights: Highlights
    section: SectionLink | None


class SnippetMaker:
    """Makes the snippets of hits in some segments. Safe to use from several threads."""

    def __init__(self, segments: Sequence[SegmentTexts]) -> None:
        self._segments = segments
        self._scratch = Scratch()

    def make(self, hits: Sequence[tuple[int, int]], terms: QueryTerms) -> list[Snippets]:
        """Return the marked titles and best sentences of hits for a query's terms, in their order.

        A hit is the number of its segment and of its document in it. Without a match in the body,
        the snippet is the description or the text's beginning.
        """
        if not hits:
            return []
        wanted = Wanted(terms)
        page = PageTexts(self._segments, hits)
        matches = find_matches(page, wanted, self._scratch)
        found = candidates(page, matches, wanted.weights)
        writer = Writer(page, marks_of(page, matches))
        links = []
        for number, (hit, choice) in enumerate(zip(page.hits, choices(found), strict=True)):
            writer.begin_hit(number)
            writer.add(0, hit.texts.lengths[hit.first])
            shift = hit.first - page.sentences[number]
            links.append(_write_body(writer, hit, choice, shift))
        made = {
            hit.place: Snippets(Highlights((title,), tuple(body)), link)
            for hit, link, (title, *body) in zip(page.hits, links, writer.written(), strict=True)
        }
        return [made[place] for place in range(len(hits))]


def _write_body(writer: Writer, hit: HitText, choice: Choice, shift: int) -> SectionLink | None:
    """Write what is shown of a body; ``shift`` turns sentences of the page into the segment's."""
    if not choice.sentences:
        _write_opening(writer, hit)
        return None
    texts, flags = hit.texts, hit.texts.flags
    best = choice.sentences[0] + shift
    end = -1
    last_leads: list[Lead] = []
    for number in sorted(choice.sentences):
        sentence = number + shift
        if sentence < end:
            continue
        first, after = _stretch(hit, sentence, choice.room if sentence == best else 0)
        leads = texts.leads(first) if flags[first] & LED else []
        if first == end and not flags[first] & LINE:
            writer.go_on()
        else:
            writer.begin_fragment(leads if leads != last_leads else ())
        _write(writer, texts, first, after - 1)
        end, last_leads = after, leads
    heading, anchor = texts.section(hit.document, best)
    return SectionLink(heading, anchor) if heading else None


def _stretch(hit: HitText, sentence: int, room: int) -> tuple[int, int]:
    """Return the first sentence of what is shown with a sentence, and the one behind the last.

    Of a list item it is all, of anything else the next sentence of the paragraph, if it fits. What
    follows is often the "but": "Many websites say that … There is no good evidence for it."
    """
    texts, flags = hit.texts, hit.texts.flags
    first, after = sentence, sentence + 1
    if flags[sentence] & ITEM:
        while not flags[first] & LINE:
            first -= 1
        while _goes_on(hit, after):
            after += 1
    elif room > 0 and _goes_on(hit, after) and texts.chars[after]:
        space = texts.starts[after] - texts.starts[sentence] - texts.lengths[sentence]
        if space + texts.chars[after] <= room:
            after += 1
    return first, after


def _goes_on(hit: HitText, sentence: int) -> bool:
    """Return whether a sentence stands in the same line as the one before it."""
    return sentence < hit.last and not hit.texts.flags[sentence] & (LINE | HEADING)


def _write_opening(writer: Writer, hit: HitText) -> None:
    """Write the description, or the first sentence with what leads into it."""
    texts, flags = hit.texts, hit.texts.flags
    sentence = hit.first + 1
    if sentence < hit.last and flags[sentence] & DESCRIPTION:
        if not flags[sentence] & LONG:
            writer.begin_fragment()
            _write(writer, texts, sentence, sentence)
            return
        sentence += 1
    while sentence < hit.last and flags[sentence] & HEADING:
        sentence += 1
    if sentence < hit.last and not flags[sentence] & HIDDEN:
        writer.begin_fragment(texts.leads(sentence) if flags[sentence] & LED else ())
        _write(writer, texts, sentence, sentence)


def _write(writer: Writer, texts: SegmentTexts, first: int, last: int) -> None:
    start, end = texts.starts[first], texts.starts[last] + texts.lengths[last]
    if texts.flags[first] & LONG:
        writer.add_cut(start, end)
    else:
        writer.add(start, end)

"""Random articles with everything that tokens can be made of."""

from hypothesis import strategies as st

from indexer.article import Article, Section

ODD = """
asthma Asthma's the of COVID-19 500mg 1,000 2.5 12,345.67 5-HT niño Œdème e\u0301tude don't O’Neil
β U.S. (HIV) a/b _x_ T2D 10mg/kg - — ' 1,2,3 well-known-fact HbA1c 日本語 🤒 x_y 3-4 1.2.3 9mgs ﬁn
٣٤ ß İstanbul ʼn can't-do B12, “quoted” نص
"""
PARTS = tuple(ODD.split())
SPACES = (" ", " ", " ", "\n", "  ", "\t", "\u00a0", " - ", ". ", "")
CHARACTERS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@st.composite
def texts(draw: st.DrawFn, most: int = 30) -> str:
    """Return a text of odd words, odd spaces and now and then anything at all."""
    words = draw(st.lists(st.sampled_from(PARTS) | CHARACTERS, max_size=most))
    return "".join(word + draw(st.sampled_from(SPACES)) for word in words)


@st.composite
def articles(draw: st.DrawFn, number: int, *, cut_anywhere: bool = False) -> Article:
    """Return an article; ``cut_anywhere`` lets sections begin and end within words."""
    blocks = draw(st.lists(texts(), max_size=4))
    body = "\n".join(blocks)
    sections: list[Section] = []
    at = 0
    for block in blocks:
        end = at + len(block)
        if draw(st.booleans()):
            sections.append(Section(heading=draw(texts(4)), start=at, end=end))
        at = end + 1
    if cut_anywhere:
        bounds = sorted(draw(st.lists(st.integers(0, len(body)), max_size=6)))
        pairs = zip(bounds[::2], bounds[1::2], strict=False)
        sections = [Section(heading="x", start=start, end=end) for start, end in pairs]
    return Article(
        id=f"a{number}",
        url=f"https://clinic.example/{number}",
        title=draw(texts(4)),
        body=body,
        sections=tuple(sections),
        description=draw(texts(6)),
        language=draw(st.sampled_from(["en", "en", "es", "fr", ""])),
        topics=tuple(
            draw(st.lists(st.sampled_from(["Lungs", "lungs", "Heart, skin"]), max_size=3))
        ),
        tags=tuple(draw(st.lists(texts(2), max_size=2))),
        published=draw(st.dates() | st.none()),
        publisher=draw(st.sampled_from(["", "Clinic", "CLINIC"])),
        audience=tuple(draw(st.lists(st.sampled_from(["Adults", "", "adults"]), max_size=2))),
        words=draw(st.integers(0, 9)),
        reading_grade=draw(st.sampled_from([None, 0.0, 8.1, 12.0])),
    )


@st.composite
def collections(draw: st.DrawFn, *, cut_anywhere: bool = False) -> list[Article]:
    """Return some articles with ids of their own."""
    count = draw(st.integers(0, 5))
    return [draw(articles(number, cut_anywhere=cut_anywhere)) for number in range(count)]

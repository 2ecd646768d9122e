"""Lines to a body and its sections."""

from indexer.article import Section
from indexer.extraction.text import Line


def lay_out(lines: list[Line]) -> tuple[str, tuple[Section, ...]]:
    """Return the body, a line a block, and the sections that tile it between its headings."""
    body = "\n".join(line.text for line in lines)
    sections: list[Section] = []
    opened, start, position = Line(""), 0, 0
    for line in lines:
        if line.level:
            if opened.level or position:
                sections.append(_section(opened, start, position - 1))
            opened, start = line, position + len(line.text) + 1
        position += len(line.text) + 1
    if lines:
        sections.append(_section(opened, start, len(body)))
    return body, tuple(sections)


def _section(heading: Line, start: int, end: int) -> Section:
    """Return the section below ``heading``; one without text is empty and lies at its end."""
    return Section(
        heading=heading.text,
        level=heading.level,
        anchor=heading.anchor,
        start=min(start, end),
        end=end,
    )

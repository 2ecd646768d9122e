"""Words that visitors write in several ways: the table ``[spellings]`` of a file of notices."""

from collections.abc import Iterator, Mapping
from typing import Annotated

from msgspec import Meta

from service.search.editorial.patterns import Spellings
from service.search.editorial.tomlplaces import Place, TomlFile
from service.search.editorial.words import words_of

Writings = tuple[Annotated[str, Meta(min_length=1, max_length=1000)], ...]


def read_spellings(file: TomlFile, raw: Mapping[str, object], place: Place) -> Spellings:
    """Return how words are read, of a table such as ``"can not" = ["cant|cannot"]``.

    Args:
        file: that it stands in.
        raw: the table.
        place: of the table.

    Raises:
        EditorialError: it is malformed, a word stands there twice, or is read as one that is read
            otherwise itself.
    """
    read: dict[str, tuple[str, ...]] = {}
    for meant, texts in file.convert_each(raw, dict[str, Writings], place).items():
        for written, text in _writings(texts):
            words = words_of(written)
            at = (*place, meant)
            if len(words) != 1 or not words_of(meant):
                message = f"expected single words with | between them, found {written!r}"
                raise file.error(at, message, said=text)
            if words[0] in read:
                raise file.error(at, f"{written!r} stands there twice", said=text)
            read[words[0]] = words_of(meant)
    for meant in raw:
        for word in words_of(meant):
            if word in read:
                message = f"{word!r} is read as {' '.join(read[word])!r} above"
                raise file.error((*place, meant), message)
    return read


def _writings(texts: Writings) -> Iterator[tuple[str, str]]:
    """Yield each way to write a word, and the text that it stands in."""
    for text in texts:
        for written in text.split("|"):
            yield written.strip(), text

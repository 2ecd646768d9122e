"""The arrays of a segment: their names, and how postings are packed.

Documents are numbered as in the Whoosh segment beside the columns, 0 to n - 1. A *ptr* array has
one more entry than what it divides: row i lies at ``ptr[i]:ptr[i + 1]``.

**Spaces of terms.** ``en``, ``es``, ``und`` (stems, with the text fields of that language),
``exact`` (unstemmed, with the exact fields), and the facets ``topic``, ``language``, ``audience``
and ``publisher`` (lower-case values to filter by, with one field). In each space S terms are
numbered in the order of their hashes:

    S.hash     u64[T]        hash of each term, ascending
    S.ptr      u32[T*F + 1]  the run of postings of term t in field f is number t*F + f
    S.docs     u16[P]        the documents of a run, ascending

and, not in the facets:

    S.load     u16[P]        frequency, length and field, packed (``pack``)
    S.big_at   u32[B]        the postings whose frequency does not fit into the load, ascending
    S.big      u32[B]        their frequencies
    S.forms_ptr u32[T + 1], S.forms u32[]   the forms that a term has in texts

**Texts.** The text of a document is its title, description and body, a line break between, in
UTF-8; places are bytes from its beginning.

    doc.text u64[n + 1], text u8[]             the texts
    doc.tokens u32[n + 1]                      the words of a text, in order:
    token.form u16|u32[]                         its form
    token.step u8|u16|u32[]                      bytes from the beginning of the word before it,
                                                 or from the text's; so the sum is the word's place
    doc.compounds u32[n + 1]                   the joined forms of compounds (``covid19``):
    compound.token u32[], compound.parts u8[]    its first word (in all of the segment), and how
                                                 many it joins, at most 255
    compound.form u16|u32[]                      its form
    form.exact u32[], form.stem u32[]          a form's terms: in ``exact``, in the stems of its
    form.language u8[], form.bytes u16[]       language (NONE for none); bytes of the word in a text
    doc.sentences u32[n + 1]                   the sentences of a text; see ``sentences``
    doc.card u64[n + 1], card u8[]             what a hit shows (msgpack; see ``cards``)
    doc.rest u64[n + 1], rest u8[]             what is neither there nor in the text (msgpack)
    title.NAME                                 titles, to be completed while typing; see ``titles``
    doc.guard u64[n], doc.sketch u8[n, 64]     by what duplicates are known; see ``sketches``

**Values.** ``day.NAME`` i32[n] are proleptic ordinals, 0 for none, ``reading_grade`` i16[n] school
grades in tenths. ``id.rank`` u16[n] is the place of a document's id among those of the segment;
``id.hash`` and ``url.hash`` u64[n] are the hashes of ids and addresses. For a facet X: ``X.of_ptr``
u32[n + 1], ``X.of`` u32[] (values of a document, in order), ``X.values_ptr`` u32[], ``X.values``
u8[] (their texts).
``exact.term_ptr`` u32[], ``exact.terms`` u8[] are the texts of the exact terms in alphabetical
order of their bytes, and ``exact.by_text`` u32[] their numbers. ``exact.letters`` u64[T] says which
letters each exact term has, in the order of their numbers; see ``letters``. ``lengths`` i64[] has
the words of every scored field, in the order of ``SCORED``.
"""

from hashlib import blake2b
from pathlib import Path

from indexer.index.analysis import LANGUAGES
from indexer.index.schema import EXACT_FIELDS, TEXT_FIELDS, field_name

SUFFIX = ".columns"
"""What follows a segment's name in the name of its file."""

MAX_DOCUMENTS = 65_536
"""Articles of a segment: document numbers take two bytes."""

MAX_WORDS = 8_000_000
"""Words of a segment, which bounds the memory that writing it takes: the 3.5 million of MedQuAD
take 425 MB. Fewer make more segments, and each costs every query. One article may be beyond."""

MAX_TEXT_BYTES = 12 * MAX_WORDS
MAX_FORMS = 1_000_000
"""Texts without spaces, and without a language, have few words by our count, or no end of them."""

NONE = 0xFFFFFFFF
"""No term: a stop word has no stem."""

EXACT = "exact"
SPACES = (*LANGUAGES, EXACT)
"""The spaces with scored postings."""

FIELDS_OF = {
    **{language: tuple(field.name for field in TEXT_FIELDS) for language in LANGUAGES},
    EXACT: tuple(field.name for field in EXACT_FIELDS),
}
"""The fields of each space, in the order of its runs."""

SCORED = tuple(
    field_name(name, space) if space != EXACT else name
    for space in SPACES
    for name in FIELDS_OF[space]
)
"""Whoosh's names of the scored fields."""

NAMES = ("id", "url")
"""The fields by which an article can be named."""

MAX_TF = 31
"""A load has five bits for the frequency; this value says that it stands in ``big``."""

TF_SHIFT, FIELD_SHIFT = 8, 13


def columns_file(folder: Path, segment: str) -> Path:
    """Return where the columns of a segment are."""
    return folder / f"{segment}{SUFFIX}"


def term_hash(term: str) -> int:
    """Return the 64-bit hash of a term."""
    return int.from_bytes(
        blake2b(term.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little"
    )


def pack(field: int, frequency: int, length: int) -> int:
    """Return the load of a posting; ``length`` is Whoosh's byte for the field's length."""
    return field << FIELD_SHIFT | min(frequency, MAX_TF) << TF_SHIFT | length

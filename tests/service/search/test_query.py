"""The query language, form by form, and what is no query: it is read as words."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.search.reading.query import (
    MAX_DEPTH,
    AllOf,
    AnyOf,
    Beside,
    Fuzzy,
    Node,
    OneOf,
    Other,
    Phrase,
    Prefix,
    Word,
    normalize,
    parse,
)

A, B, C, D = (Word(letter * 2) for letter in "abcd")


def words(*texts: str) -> AnyOf:
    return AnyOf(tuple(Word(text) for text in texts))


def leaves(node: Node) -> list[str]:
    """Every text in a tree, the excluded ones too."""
    if isinstance(node, Word | Phrase | Prefix | Fuzzy):
        return [node.text]
    assert not isinstance(node, Beside | Other), "nobody types them"
    inner = [text for part in node.parts for text in leaves(part)]
    if isinstance(node, AnyOf):
        inner += [text for part in node.excluded for text in leaves(part)]
    return inner


def depth(node: Node) -> int:
    if isinstance(node, Word | Phrase | Prefix | Fuzzy):
        return 0
    assert not isinstance(node, Beside | Other), "nobody types them"
    excluded = node.excluded if isinstance(node, AnyOf) else ()
    return 1 + max((depth(part) for part in (*node.parts, *excluded)), default=0)


class TestForms:
    def test_words_stand_side_by_side(self) -> None:
        assert parse("magnesium joint pain") == words("magnesium", "joint", "pain")

    def test_a_word_is_kept_as_typed(self) -> None:
        assert parse("St. John's COVID-19 B12, 2.5") == words(
            "St.", "John's", "COVID-19", "B12,", "2.5"
        )

    def test_quotes_make_a_phrase(self) -> None:
        assert parse('magnesium "joint pain"') == AnyOf((Word("magnesium"), Phrase("joint pain")))

    @pytest.mark.parametrize(
        "typed", ["“joint pain”", "„joint pain“", "«joint pain»", "＂joint pain＂"]
    )
    def test_typographic_quotes_are_quotes(self, typed: str) -> None:
        assert parse(typed) == AnyOf((Phrase("joint pain"),))

    def test_quotes_need_no_space_around_them(self) -> None:
        assert parse('sore"joint pain"knee') == AnyOf(
            (Word("sore"), Phrase("joint pain"), Word("knee"))
        )

    def test_a_minus_excludes_a_word_a_phrase_a_prefix_or_a_group(self) -> None:
        assert parse("aa -bb") == AnyOf((A,), (B,))
        assert parse('aa -"b c"') == AnyOf((A,), (Phrase("b c"),))
        assert parse("aa -bb*") == AnyOf((A,), (Prefix("bb"),))
        assert parse("aa -(bb cc)") == AnyOf((A,), (AnyOf((B, C)),))

    def test_a_minus_inside_a_word_is_a_hyphen(self) -> None:
        assert parse("low-back COVID-19") == words("low-back", "COVID-19")

    def test_a_minus_before_a_number_is_a_slip_of_the_space_bar(self) -> None:
        assert parse("COVID -19") == words("COVID", "19")

    def test_not_excludes_too(self) -> None:
        assert parse("aa NOT bb") == AnyOf((A,), (B,))
        assert parse("aa AND NOT bb") == AnyOf((A,), (B,))
        assert parse("NOT (aa bb) cc") == AnyOf((C,), (AnyOf((A, B)),))

    def test_and_joins_its_neighbours(self) -> None:
        assert parse("aa AND bb") == AnyOf((AllOf((A, B)),))
        assert parse("aa AND bb AND cc") == AnyOf((AllOf((A, B, C)),))
        assert parse("aa bb AND cc dd") == AnyOf((A, AllOf((B, C)), D))

    def test_or_joins_its_neighbours(self) -> None:
        assert parse("aa OR bb OR cc") == AnyOf((OneOf((A, B, C)),))
        assert parse("aa OR bb cc") == AnyOf((OneOf((A, B)), C))

    def test_and_binds_tighter_than_or(self) -> None:
        assert parse("aa AND bb OR cc AND dd") == AnyOf((OneOf((AllOf((A, B)), AllOf((C, D)))),))
        assert parse("aa OR bb AND cc AND dd") == AnyOf((OneOf((A, AllOf((B, C, D)))),))

    def test_brackets_bind_tightest(self) -> None:
        assert parse("(aa OR bb) AND cc") == AnyOf((AllOf((AnyOf((OneOf((A, B)),)), C)),))
        assert parse("aa AND (bb cc)") == AnyOf((AllOf((A, AnyOf((B, C)))),))

    def test_operators_are_upper_case(self) -> None:
        assert parse("salt and pepper or not") == words("salt", "and", "pepper", "or", "not")

    def test_quoted_operators_are_words(self) -> None:
        assert parse('aa "AND" bb') == AnyOf((A, Phrase("AND"), B))

    @pytest.mark.parametrize("name", ["title", "heading", "body", "topic"])
    def test_a_field_holds_for_the_word_phrase_or_prefix_right_after_it(self, name: str) -> None:
        assert parse(f"{name}:gout pain") == AnyOf((Word("gout", name), Word("pain")))
        assert parse(f'{name}:"joint pain"') == AnyOf((Phrase("joint pain", name),))
        assert parse(f"{name}:arthr*") == AnyOf((Prefix("arthr", name),))
        assert parse(f"aa -{name}:gout") == AnyOf((A,), (Word("gout", name),))

    def test_a_phone_writes_the_name_of_a_field_with_a_capital(self) -> None:
        assert parse("Title:gout") == AnyOf((Word("gout", "title"),))

    def test_a_number_after_a_field_can_be_excluded(self) -> None:
        assert parse("covid -title:19") == AnyOf((Word("covid"),), (Word("19", "title"),))

    def test_another_name_with_a_colon_is_a_word(self) -> None:
        assert parse("dose:adult http://a.example/b") == words("dose:adult", "http://a.example/b")
        assert parse('dose:"two tablets"') == AnyOf((Word("dose:"), Phrase("two tablets")))

    def test_a_star_makes_a_prefix_of_two_letters_or_more(self) -> None:
        assert parse("arthr* b12*") == AnyOf((Prefix("arthr"), Prefix("b12")))
        assert parse("a*") == words("a*")
        assert parse("'a*") == words("'a*"), "an apostrophe is no letter"


class TestBrokenQueries:
    """An answer to what was probably meant is worth more than an error."""

    @pytest.mark.parametrize(
        ("typed", "read"),
        [
            ('"joint pain', ("joint", "pain")),
            ('joint "', ("joint",)),
            ('""', ()),
            ('"', ()),
            ('" - "', ()),
            ("(joint pain", ("joint", "pain")),
            ("joint) pain)", ("joint", "pain")),
            (")joint(", ("joint",)),
            ("()", ()),
            ("joint AND", ("joint",)),
            ("AND joint", ("joint",)),
            ("OR joint OR", ("joint",)),
            ("joint NOT", ("joint",)),
            ("AND OR NOT", ()),
            ("-", ()),
            ("- - --", ()),
            ("joint - pain", ("joint", "pain")),
            ("title:", ("title:",)),
            ("title: gout", ("title:", "gout")),
            ("title:()", ("title:",)),
            ("*", ()),
            ("**", ()),
            ("~", ()),
            ("*~", ()),
            (":", ()),
            ("?!", ()),
            ("_", ()),
            ("", ()),
        ],
    )
    def test_are_read_as_the_words_in_them(self, typed: str, read: tuple[str, ...]) -> None:
        tree = parse(typed)
        assert tuple(leaves(tree)) == read
        assert not tree.excluded

    def test_of_three_quotes_the_last_is_none(self) -> None:
        assert parse('"joint pain" 6" tall') == AnyOf(
            (Phrase("joint pain"), Word("6"), Word("tall"))
        )

    def test_two_operators_in_a_row_are_the_last_one(self) -> None:
        assert parse("aa AND OR bb") == AnyOf((OneOf((A, B)),))

    def test_brackets_nested_deeper_than_anyone_types_are_ignored(self) -> None:
        tree = parse("(" * 500 + "pain" + ")" * 500)
        assert leaves(tree) == ["pain"]
        assert depth(tree) <= MAX_DEPTH + 1

    @pytest.mark.parametrize("typed", ["(" * 500, ")" * 500, "()" * 250, "-(" * 250, '"' * 499])
    def test_five_hundred_brackets_are_nothing(self, typed: str) -> None:
        assert leaves(parse(typed)) == []

    def test_a_closing_bracket_too_many_does_not_end_the_query(self) -> None:
        assert parse("aa) bb -cc) dd") == AnyOf((A, B, D), (C,))

    @pytest.mark.timeout(30)
    def test_long_queries_come_to_an_end(self) -> None:
        for typed in ("a OR " * 100, "(a " * 170, "-" * 500, '"a" ' * 125, "a:" * 250, ") a" * 160):
            parse(normalize(typed))


class TestNormalize:
    def test_puts_it_on_one_line_with_single_spaces(self) -> None:
        assert normalize("  joint\t pain\r\n\u2028knee\u00a0cap \v") == "joint pain knee cap"

    def test_composes_accents(self) -> None:
        assert normalize("sarampio\u0301n") == "sarampi\u00f3n"

    @pytest.mark.parametrize("control", ["\0", "\x07", "\x1b", "\x7f", "\x85", "\x9f", "\x1f"])
    def test_reads_control_characters_as_spaces(self, control: str) -> None:
        assert normalize(f"joint{control}pain") == "joint pain"

    @pytest.mark.parametrize("invisible", ["\u200b", "\u00ad", "\ufeff", "\u2060", "\u200c"])
    def test_drops_what_is_invisible_inside_words(self, invisible: str) -> None:
        """Copied from a page; extraction drops them from the page as well."""
        assert normalize(f"para{invisible}cetamol") == "paracetamol"

    @pytest.mark.parametrize("mark", ["\u200e", "\u200f", "\u202e", "\u2066", "\u2069", "\u061c"])
    def test_drops_marks_of_direction(self, mark: str) -> None:
        assert normalize(f"{mark}gout{mark} diet") == "gout diet"

    def test_composes_across_what_it_dropped(self) -> None:
        assert normalize("cafe\u200d\u0301") == "caf\u00e9"

    def test_reads_lone_surrogates_as_spaces(self) -> None:
        assert normalize("joint\ud800pain\udfff") == "joint pain"

    def test_leaves_other_scripts_and_emoji_alone(self) -> None:
        assert normalize("الصداع 頭痛 🤒") == "الصداع 頭痛 🤒"


class TestOtherScripts:
    def test_right_to_left_words_are_words(self) -> None:
        assert parse("الصداع -الحمى") == AnyOf((Word("الصداع"),), (Word("الحمى"),))

    def test_emoji_are_no_words(self) -> None:
        assert parse("🤒 fever 👨‍👩‍👧") == words("fever")


LANGUAGE = st.lists(
    st.sampled_from(
        [
            "heart",
            "a",
            "AND",
            "OR",
            "NOT",
            "-",
            "(",
            ")",
            '"',
            "“",
            "*",
            "~",
            ":",
            "title:",
            " ",
            "19",
        ]
    )
).map("".join)
SURROGATES = st.text(st.characters(), max_size=80) | st.text(
    st.characters(categories=("Cs", "Cf", "Cc", "Mn", "Zs", "Ll")), max_size=40
)
ANYTHING = LANGUAGE | SURROGATES


class TestAnyText:
    @given(ANYTHING)
    def test_is_a_query(self, text: str) -> None:
        tree = parse(normalize(text))
        assert depth(tree) <= 2 * MAX_DEPTH + 3
        assert all(any(c.isalnum() for c in leaf) for leaf in leaves(tree))

    @given(ANYTHING)
    def test_has_one_canonical_form(self, text: str) -> None:
        once = normalize(text)
        assert normalize(once) == once
        assert unicodedata.is_normalized("NFC", once)

    @given(ANYTHING)
    def test_is_one_line_without_control_characters(self, text: str) -> None:
        once = normalize(text)
        assert len(once.splitlines()) <= 1
        assert not {unicodedata.category(c) for c in once} & {"Cc", "Cs", "Zl", "Zp"}
        once.encode()

    @given(st.lists(st.from_regex(r"[a-z]{2,9}", fullmatch=True), max_size=8))
    def test_of_plain_words_is_those_words(self, typed: list[str]) -> None:
        assert parse(normalize("  ".join(typed))) == words(*typed)

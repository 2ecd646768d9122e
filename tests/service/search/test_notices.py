"""Notices: what a file may hold, what calls them, and what they say in each country."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import EditorialError
from indexer.extraction.reading import fernandez_huerta, flesch_kincaid
from indexer.extraction.syllables import COUNTERS
from service.search.editorial.loader import load_notices, read_notices, shipped_notices
from service.search.editorial.notices import MAX_NOTICES, NO_NOTICES, Called, NoticeBook
from service.search.response import Notice

OWN = """\
[elsewhere]
en = "your emergency number"
es = "tu número"

[lines.emergency]
US = { call = "911", en = "Call 911", es = "Llama al 911" }
"GB IE" = { call = "116 123", en = "Call", es = "Llama" }

[lines.help]
any = { web = "https://help.example/", en = "Find help", es = "Busca ayuda" }

[lists]
pain = ["pain|ache", "hurting a lot"]

[[notice]]
kind = "chest"
severity = "emergency"
lines = ["emergency", "help"]

[notice.en]
title = "Chest"
text = "Call {emergency}."
always = ["my chest hurts"]
phrases = ["chest {pain}"]
alone = ["chest"]
unless = ["textbook"]

[notice.es]
title = "Pecho"
text = "Llama al {emergency}."
phrases = ["pecho", "chest pain"]

[[notice]]
kind = "sad"
severity = "crisis"

[notice.en]
title = "Sad"
text = "Talk."
prevention = "title:sad"
phrases = ["sad", "chest pain and sad"]
"""


def kinds(book: NoticeBook, text: str, language: str = "") -> list[tuple[str, str]]:
    return [(c.entry.kind, c.language) for c in book.called([text], language)]


@pytest.fixture
def own() -> NoticeBook:
    return read_notices(OWN, "own.toml")


class TestCalling:
    @pytest.mark.parametrize(
        ("text", "called"),
        [
            ("chest ache", ["chest"]),
            ("chest ache in a textbook", []),
            ("my chest hurts says the textbook", ["chest"]),
            ("chest", ["chest"]),
            ("chest of drawers", []),
            ("", []),
            ("CHEST hurting  a lot!", ["chest"]),
        ],
    )
    def test_by_each_of_the_lists(self, own: NoticeBook, text: str, called: list[str]) -> None:
        assert [kind for kind, _ in kinds(own, text)] == called

    def test_small_words_of_its_language_may_stand_between(self) -> None:
        book = read_notices(f'{OWN}\n[small]\nen = ["is a", "my"]\n', "own.toml")
        assert kinds(book, "chest is my ache") == [("chest", "en")]
        assert kinds(read_notices(OWN, "own.toml"), "chest is my ache") == []

    def test_spellings_are_read_alike_in_patterns_and_queries(self) -> None:
        spelled = '[spellings.en]\nchest = ["chst|torso"]\nache = ["hurtz"]'
        book = read_notices(f"{OWN}\n{spelled}\n", "own.toml")
        assert kinds(book, "torso hurtz") == [("chest", "en")]
        assert kinds(book, "me duele el torso") == []

    def test_what_keeps_every_notice_away_but_the_plainest(self) -> None:
        book = read_notices(f'{OWN}\n[unless]\nen = ["lyrics"]\n', "own.toml")
        assert kinds(book, "chest ache lyrics") == []
        assert kinds(book, "sad lyrics") == []
        assert kinds(book, "my chest hurts lyrics") == [("chest", "en")]
        assert kinds(book, "pecho lyrics") == [("chest", "es")]
        assert [(k, p.text) for k, p in book.stopped("sad lyrics")] == [("sad", "lyrics")]

    def test_without_a_language_it_is_that_of_more_words(self) -> None:
        book = read_notices(OWN, "own.toml")
        assert kinds(book, "pecho chest pain") == [("chest", "es")]
        assert kinds(book, "pecho chest pain", "en") == [("chest", "en")]

    def test_patterns_of_all_languages_are_tried_and_the_notice_speaks_theirs(
        self, own: NoticeBook
    ) -> None:
        assert kinds(own, "me duele el pecho", "en") == [("chest", "es")]

    def test_where_several_match_the_querys_language_is_taken(self, own: NoticeBook) -> None:
        assert kinds(own, "chest pain") == [("chest", "en")]
        assert kinds(own, "chest pain", "es") == [("chest", "es")]
        assert kinds(own, "chest pain", "fr") == [("chest", "en")]

    def test_as_typed_and_as_meant(self, own: NoticeBook) -> None:
        assert [c.entry.kind for c in own.called(["sda", "sad"], "")] == ["sad"]
        assert [c.entry.kind for c in own.called(["sad", "sand"], "")] == ["sad"]

    def test_the_gravest_stand_first_and_not_too_many(self, own: NoticeBook) -> None:
        assert [kind for kind, _ in kinds(own, "sad and chest pain and pecho")] == ["chest", "sad"]
        text = "baby not breathing, took too many pills, my chest hurts, i want to die"
        assert len(shipped_notices().called([text], "")) == MAX_NOTICES

    def test_which_pattern_it_was_and_what_stopped_it(self, own: NoticeBook) -> None:
        (called,) = own.called(["bad chest pain"], "")
        assert called.pattern
        assert called.pattern.text == "chest {pain}"
        assert [
            (k, p.text) for k, p in own.stopped("chest pain textbook")
        ] == []  # es has no unless
        assert [(k, p.text) for k, p in own.stopped("chest ache textbook")] == [
            ("chest", "textbook")
        ]

    @given(st.text(max_size=200))
    def test_any_text_will_do(self, text: str) -> None:
        shipped_notices().called([text], "")

    def test_none(self) -> None:
        assert NO_NOTICES.called(["i want to die"], "en") == ()


class TestSaying:
    def said(self, own: NoticeBook, text: str, country: str) -> Notice:
        return own.notice(own.called([text], "")[0], country)

    def test_the_numbers_of_a_country(self, own: NoticeBook) -> None:
        notice = self.said(own, "chest", "US")
        assert (notice.kind, notice.severity, notice.language, notice.country) == (
            "chest",
            "emergency",
            "en",
            "US",
        )
        assert (notice.title, notice.text) == ("Chest", "Call 911.")
        assert [(a.label, a.href) for a in notice.actions] == [
            ("Call 911", "tel:911"),
            ("Find help", "https://help.example/"),
        ]

    def test_in_the_language_of_the_pattern(self, own: NoticeBook) -> None:
        notice = self.said(own, "pecho", "IE")
        assert notice.text == "Llama al 116 123."
        assert (notice.actions[0].label, notice.actions[0].href) == ("Llama", "tel:116123")

    @pytest.mark.parametrize("country", ["", "FR"])
    def test_without_a_countrys_numbers(self, own: NoticeBook, country: str) -> None:
        notice = self.said(own, "chest", country)
        assert (notice.text, notice.country) == ("Call your emergency number.", "")
        assert [a.href for a in notice.actions] == ["https://help.example/"]


class TestFile:
    @pytest.mark.parametrize(
        ("old", "new", "complaint"),
        [
            ('kind = "chest"', "kind =", "own.toml:16: invalid value"),
            ('kind = "chest"', "", "own.toml:15: kind is missing."),
            (
                'kind = "chest"',
                'kind = "Chest"',
                "own.toml:16: expected a short name of lower-case",
            ),
            (
                'severity = "crisis"',
                'severity = "urgent"',
                "own.toml:35: expected crisis, emergency or info, found 'urgent'.",
            ),
            (
                'severity = "crisis"',
                'sevrity = "crisis"',
                "own.toml:35: there is no 'sevrity' here: expected kind, severity, lines or a lang",
            ),
            (
                "[notice.es]",
                "[notice.spanish]",
                "own.toml:28: there is no 'spanish' here: expected",
            ),
            ('title = "Pecho"', "", "own.toml:28: title is missing."),
            ('title = "Pecho"', 'title = ""', "own.toml:29: expected some text."),
            ('title = "Pecho"', f'title = "{"x" * 501}"', "own.toml:29: expected 500 letters at"),
            ('alone = ["chest"]', "alone = [5]", "own.toml:25: expected text in quotes, found a"),
            ('alone = ["chest"]', 'alone = "chest"', "own.toml:25: expected a list in square br"),
            (
                'alone = ["chest"]',
                'along = ["chest"]',
                "own.toml:25: there is no 'along' here: expected title, text, prevention, always,",
            ),
            (
                "[elsewhere]",
                '[lists.x]\ny = ["z"]\n[elsewhere]',
                "own.toml:1: expected a list in square brackets, found names with values.",
            ),
            (
                "[lists]",
                "[list]",
                "own.toml:12: there is no 'list' here: expected elsewhere, lines",
            ),
            ("[lists]", "[[ list ]]", "own.toml:12: there is no 'list' here: expected elsewhere,"),
            ("[lists]", "[lines.help]\n[lists]", "own.toml:12: [lines.help] stands there twice."),
            ("[lists]", "[list.x]", "own.toml:12: there is no 'list' here: expected elsewhere, l"),
            ('es = "tu número"', 'esp = "x"', "own.toml:3: expected a language of two letters, as"),
            (
                'es = "tu número"',
                "es = 112",
                "own.toml:3: expected text in quotes, found a number.",
            ),
            ("[lists]", "[small]\nen = 5\n[lists]", "own.toml:13: expected a list in square brack"),
            ("[lists]", '[unless]\nen = ["(a"]\n[lists]', "own.toml:13: expected every bracket"),
            (
                "[lists]",
                '[spellings.en]\nchest = ["chst|my chst"]\n[lists]',
                "own.toml:13: expected single words with | between them, found 'my chst'.",
            ),
            (
                "[lists]",
                '[spellings.en]\nchest = ["chst"]\nbreast = ["chst"]\n[lists]',
                "own.toml:14: 'chst' stands there twice.",
            ),
            (
                "[lists]",
                '[spellings.en]\nchest = ["chst"]\nchst = ["chts"]\n[lists]',
                "own.toml:14: 'chst' is read as 'chest' above.",
            ),
            ("[lists]", "[spellings.en]\nchest = 5\n[lists]", "own.toml:13: expected a list in"),
            ("[lines.help]", "[lines.Help]", "own.toml:9: expected a short name of lower-case"),
            ('call = "911"', "call = 911", "own.toml:6: expected text in quotes, found a number."),
            ('"chest {pain}"', '"chest {pian}"', "own.toml:24: there is no list 'pian' above, in"),
            ('"pecho", ', '"pecho",\n\n  "(a",', "own.toml:33: expected every bracket"),
            ('"pain|ache", ', '"pain|", ', "own.toml:13: expected words on both sides of |, in"),
            ('"emergency", "help"]', '"help", "fire"]', "own.toml:18: there are no lines 'fire'."),
            ("US =", "USA =", "own.toml:6: expected countries, as in US or GB IE, or any, found"),
            (', es = "Llama al 911"', "", "own.toml:6: expected a label: es = …."),
            ('call = "911", ', "", "own.toml:6: expected a number to call or a page on the web."),
            ('"911", en', '"911x", en', "own.toml:6: expected a number, as in 116 123, found"),
            ("https://help.example/", "javascript:0", "own.toml:10: expected an https address,"),
            ('es = "tu número"', "", "own.toml:1: expected es = what is called where no"),
            ('kind = "sad"', 'kind = "chest"', "own.toml:33: there are two notices 'chest'."),
            ('phrases = ["sad", "chest pain and sad"]', "", "own.toml:37: expected a pattern in"),
        ],
    )
    def test_what_is_wrong_is_told_with_its_line(self, old: str, new: str, complaint: str) -> None:
        assert old in OWN
        with pytest.raises(EditorialError) as error:
            read_notices(OWN.replace(old, new, 1), "own.toml")
        assert str(error.value).startswith(complaint)
        assert "\n" not in str(error.value)

    def test_a_file_without_notices_is_no_way_to_turn_them_off(self) -> None:
        for text in ("", '[elsewhere]\nen = "x"\n', "notice = []"):
            with pytest.raises(EditorialError, match=r"^own\.toml:1: expected a notice, as in"):
                read_notices(text, "own.toml")

    @pytest.mark.parametrize(
        ("old", "new", "complaint"),
        [
            (
                "Call {emergency}.",
                "Call {emergency} or {police}.",
                "own.toml:22: there is no {police}: a text may have {emergency}.",
            ),
            (
                "Llama al {emergency}.",
                "{Emergency}",
                "own.toml:30: there is no {Emergency}: a text",
            ),
            ("Call {emergency}.", "Call {emergency.", "own.toml:22: there is no {emergency.: a te"),
            ("Call {emergency}.", "Call emergency}.", "own.toml:22: there is no }: a text may"),
            (
                'title = "Sad"',
                'title = "Call {emergency}"',
                "own.toml:38: there is no {emergency}: expected no braces here.",
            ),
            ("your emergency number", "{emergency}", "own.toml:2: there is no {emergency}: expec"),
            ("Call 911", "Call {number}", "own.toml:6: there is no {number}: expected no braces"),
        ],
    )
    def test_no_visitor_sees_a_placeholder(self, old: str, new: str, complaint: str) -> None:
        assert old in OWN
        with pytest.raises(EditorialError) as error:
            read_notices(OWN.replace(old, new, 1), "own.toml")
        assert str(error.value).startswith(complaint)

    def test_what_a_country_lacks(self, own: NoticeBook) -> None:
        assert own.lacking("US") == ()
        assert own.lacking("BR") == ("emergency",)
        assert NO_NOTICES.lacking("BR") == ()
        without = OWN.replace('lines = ["emergency", "help"]', "")
        assert read_notices(without, "own.toml").lacking("BR") == ("emergency",)
        without = without.replace("{emergency}", "help")
        assert read_notices(without, "own.toml").lacking("BR") == ()

    def test_a_file_of_ones_own(self, tmp_path: Path) -> None:
        path = tmp_path / "own.toml"
        path.write_bytes(b"\xef\xbb\xbf" + OWN.replace("\n", "\r\n").encode())
        book = load_notices(path)
        assert kinds(book, "sad") == [("sad", "en")]
        assert book.edition
        assert book.countries == ("GB", "IE", "US")

    @pytest.mark.parametrize(
        ("make", "complaint"),
        [
            (lambda path: path.exists(), "there is no such file."),
            (lambda path: path.mkdir(), "cannot be read: Is a directory."),
            (
                lambda path: path.write_bytes(b"#\n#\n\xff"),
                "cannot be read as UTF-8, from line 3 on.",
            ),
            (lambda path: path.write_text("#" * 1_000_001), "has more than 1,000,000 bytes."),
        ],
        ids=["missing", "folder", "no UTF-8", "huge"],
    )
    def test_what_cannot_be_read(
        self, tmp_path: Path, make: Callable[[Path], object], complaint: str
    ) -> None:
        path = tmp_path / "own.toml"
        make(path)
        with pytest.raises(EditorialError) as error:
            load_notices(path)
        assert str(error.value) == f"{path}: {complaint}"


SHIPPED = shipped_notices()
EVERY = [
    SHIPPED.notice(Called(entry, language), country)
    for entry in SHIPPED.entries
    for language in entry.wordings
    for country in ("", *SHIPPED.countries)
]
ASKED = ("US", "GB", "IE", "CA", "AU", "NZ", "ES", "MX", "AR", "CO", "CL")


class TestShipped:
    def test_every_notice_is_in_both_languages(self) -> None:
        assert {tuple(sorted(entry.wordings)) for entry in SHIPPED.entries} == {("en", "es")}

    def test_it_needs_no_edition(self) -> None:
        assert SHIPPED.edition == ""

    def test_every_country_has_an_emergency_number_in_every_notice(self) -> None:
        assert set(ASKED) <= set(SHIPPED.countries)
        for notice in EVERY:
            assert "{" not in notice.text
            numbers = [a.href for a in notice.actions if re.fullmatch(r"tel:\d{3}", a.href)]
            assert bool(notice.country) == bool(numbers), notice

    def test_links_call_or_open_safe_pages(self) -> None:
        for notice in EVERY:
            for action in notice.actions:
                assert re.fullmatch(r"tel:[*+]?\d+|https://[\w./-]+", action.href)

    def test_a_crisis_has_somebody_to_talk_to(self) -> None:
        for notice in EVERY:
            if notice.severity == "crisis" and notice.country in ASKED:
                assert len(notice.actions) >= (1 if notice.country in ("CO", "MX") else 2), notice

    @pytest.mark.parametrize(
        "notice", [n for n in EVERY if not n.country], ids=lambda n: f"{n.kind} {n.language}"
    )
    def test_the_words_are_plain(self, notice: Notice) -> None:
        """The brief for these texts is sixth grade; the formulas want more words than one has."""
        count = COUNTERS[notice.language]
        sentences = [s for s in re.split(r"[.:!?]\s*", notice.text) if s]
        words = re.findall(r"[^\W\d_]+", notice.text.lower())
        measured = (len(words) / len(sentences), sum(map(count, words)) / len(words))
        grade = {"en": flesch_kincaid, "es": fernandez_huerta}[notice.language](*measured)
        assert grade <= 7

    def test_they_are_short(self) -> None:
        assert max(len(notice.text) for notice in EVERY) <= 320
        assert max(len(notice.title) for notice in EVERY) <= 60

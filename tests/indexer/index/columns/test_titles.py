"""What is known of titles, held against a reading of each title by itself."""

from hypothesis import given, settings

from indexer.article import Article
from indexer.index.analysis import analyzer
from indexer.index.columns.builder import columns_of
from indexer.index.columns.layout import term_hash
from indexer.index.columns.titles import begin_of, function_words, subject_at
from indexer.index.tokenizer import tokenize
from tests.indexer.index.texts import collections


def words_of(title: str) -> list[str]:
    """Return the unstemmed terms of a title; compounds by their parts."""
    found: dict[int, str] = {}
    for token in tokenize(title):
        found.setdefault(token.position, analyzer("exact").term(token.text))
    return [word for word in found.values() if word]


def subject(title: str) -> list[str]:
    words = words_of(title)
    return words[subject_at(words) :]


def held(articles: list[Article]) -> set[str]:
    """Return the terms that stand in titles and are no function words."""
    term = analyzer("exact").term
    found = {term(token.text) for each in articles for token in tokenize(each.title)}
    return found - function_words() - {""}


def article(title: str, number: int = 0, language: str = "en") -> Article:
    return Article(id=f"a{number}", url="", title=title, body="", language=language)


@settings(max_examples=60, deadline=None)
@given(collections())
def test_subjects_and_the_words_of_titles(articles: list[Article]) -> None:
    arrays = columns_of(articles)
    subjects = [subject(each.title) for each in articles]
    assert arrays["title.words"].tolist() == [len(words) for words in subjects]
    assert arrays["title.begin"].tolist() == [begin_of(" ".join(words)) for words in subjects]
    ties = arrays["title.tie"].tolist()
    for one, words in zip(ties, subjects, strict=True):
        same = [other >> 32 == one >> 32 for other in ties]
        assert same == [other == words for other in subjects]
    assert len(set(ties)) == len(articles)
    hashes = arrays["exact.hash"][arrays["title.holds"]].tolist()
    assert set(hashes) == {term_hash(word) for word in held(articles)}


def test_a_subject_begins_behind_the_openers() -> None:
    titles = {
        "What is (are) Heart Attack ?": "heart attack",
        "Heart attack": "heart attack",
        "Down syndrome": "down syndrome",
        "¿Qué son los cálculos renales?": "calculos renales",
        "The who": "the who",
        "": "",
    }
    for title, wanted in titles.items():
        assert " ".join(subject(title)) == wanted
    arrays = columns_of([article(title, n) for n, title in enumerate(titles)])
    assert arrays["title.words"].tolist() == [2, 2, 2, 2, 2, 0]

from hypothesis import given

from indexer.extraction.body import article_root
from indexer.extraction.document import parse
from indexer.extraction.measure import measure, measure_again
from indexer.extraction.pruning import drop_invisible, prune
from tests.indexer.extraction.pages import MORE_PROSE, PROSE
from tests.indexer.extraction.test_properties import markup


@given(markup(), markup())
def test_measuring_again_what_changed_is_measuring_all(before: str, after: str) -> None:
    root = parse(f"<body>{before}<nav><p>{PROSE}</p></nav>tail<p>{MORE_PROSE}</p>{after}")
    drop_invisible(root)
    measures = measure(root)
    measure_again(root, measures, prune(root, measures))
    assert {element: measures[element] for element in root.iter("*")} == measure(root)


def test_code_between_paragraphs_leaves_the_words_after_it() -> None:
    root = article_root(parse(f"<body><p>{PROSE}<script>x()</script>Then rest.</p>"))
    assert "".join(str(text) for text in root.itertext()) == f"{PROSE}Then rest."

from service.analytics.lately import LATELY_SECONDS, Lately


def test_of_too_many_searches_the_eldest_are_forgotten() -> None:
    lately = Lately(most=2)
    for text in ("gout", "asthma", "gout", "zoster"):
        lately.searched(b"a", text, 0.0)
    assert len(lately._searches) == 2
    assert not lately.clicked(b"a", "asthma", "1", 1.0)
    assert lately.clicked(b"a", "gout", "1", 1.0), "it was searched for again"
    assert lately.clicked(b"a", "zoster", "1", 1.0)


def test_a_search_is_forgotten_after_a_while() -> None:
    lately = Lately()
    lately.searched(b"a", "gout", 0.0)
    lately.searched(b"a", "asthma", 1.0)
    lately.forget(LATELY_SECONDS + 0.5)
    assert [text for _, text in lately._searches] == ["asthma"]

"""Indexes with a history, and queries of every form, for tests of what must hold for any."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

from hypothesis import strategies as st

from indexer.edits import edit_live
from indexer.index.generation import Generation
from indexer.index.generations import GenerationStore
from indexer.index.job import Edit
from indexer.index.withdrawals import total
from service.search.ranking.fallback import FieldBM25F, WhooshMatchers
from service.search.ranking.held import HeldStorage

TEXT = (
    "the of and asthma air airways Airway inhaler pain painful night cough coughing knee "
    "la y tos noche dolor dolores rodilla covid-19 COVID19 AIDS aids john's café 500mg"
)
WORDS = TEXT.split()
PLAIN = st.sampled_from(WORDS)
FORMS = [
    "{}",
    "-{}",
    "title:{}",
    "body:{}",
    "heading:{}",
    "topic:{}",
    '"{} {}"',
    '"{} {} {}"',
    'title:"{} {}"',
    '-"{} {}"',
    "{} AND {}",
    "{} OR {}",
    "({} {}) AND -{}",
    "NOT {}",
    "a*",
    "pa* co*",
    "body:in*",
    "title:no*",
    "topic:co*",
    "heading:pa*",
]


@st.composite
def queries(draw: st.DrawFn) -> str:
    forms = draw(st.lists(st.sampled_from(FORMS), min_size=1, max_size=4))
    return " ".join(form.format(*draw(st.tuples(PLAIN, PLAIN, PLAIN))) for form in forms)


def fields_of(chance: random.Random, name: str) -> dict[str, object]:
    """Return a record of random words; some of the texts are long, with one word many times."""
    texts = [chance.choices(WORDS, k=chance.randint(1, 40)) for _ in range(3)]
    if chance.random() < 0.2:
        texts[0] += [chance.choice(WORDS)] * chance.randint(25, 300)
    return {
        "id": name,
        "title": " ".join(texts[1][:4]),
        "description": " ".join(texts[2][:6]) if chance.random() < 0.3 else "",
        "html": f"<article><h2>{texts[2][0]}</h2><p>{' '.join(texts[0])}</p></article>",
        "language": chance.choice(("en", "en", "es", "fr")),
        "topics": [chance.choice(("Night pain", "Airways", "Dolor"))],
    }


Fields = Callable[[random.Random, str], dict[str, object]]


def history(folder: Path, seed: int, fields: Fields = fields_of) -> Generation:
    """Return a generation of several segments, some articles of which are deleted."""
    chance = random.Random(seed)
    store = GenerationStore(folder)
    for step in range(chance.randint(1, 7)):
        edits = [
            Edit(0, f"a{n}", fields(chance, f"a{n}"))
            for n in chance.sample(range(30), chance.randint(1, 8))
        ]
        if step:
            edits.append(Edit(0, f"a{chance.randint(0, 29)}", None))
        edit_live(store, edits)
    return store.live()


def soon() -> float:
    """A deadline that no query here comes near to."""
    return monotonic() + 1_000


@contextmanager
def matchers_of(generation: Generation) -> Iterator[WhooshMatchers]:
    withdrawn = total(generation.withdrawals().values())
    weighting = FieldBM25F(generation.manifest.languages, withdrawn)
    matchers = WhooshMatchers(HeldStorage(generation.whoosh), weighting)
    yield matchers
    matchers.close()

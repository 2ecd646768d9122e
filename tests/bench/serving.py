"""``GET /v1/search`` over HTTP: one worker, 16 keep-alive connections from another process.

Run as ``python -m tests.bench http [--json FILE]``.

- Cold: no response is cached. The same service answers with our searcher, with tantivy in its
  place, and with stock Whoosh ("all words" is given stop words too). The queries are those of
  ``query``, each about as often.
- Repeated: the cache is on, and the same queries come as often as Zipf's law has it. Beside ours
  stands a bare route of Starlette that returns the same bytes. The first round fills the cache and
  is not counted.

The services take turns in rounds. A request's time is from its sending to the last byte of its
answer; with 16 connections on one worker most of it is waiting. All log warnings only, but for
"default log", which writes a line a request.
"""

import argparse
import json
import statistics
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import msgspec

from indexer.crew import cores
from tests.bench import servers
from tests.bench.engines import OURS, TANTIVY, WHOOSH, available
from tests.bench.figures import Figure, Spread, ratio, spread, table
from tests.bench.load import Order, Outcome, run
from tests.bench.prepared import corpus_file, prepare_ours, prepare_peer
from tests.bench.queries import draw, questions_file, read_questions, zipf_stream
from tests.bench.query import ARTICLES, add_scratch, data_is_there, scratch_of
from tests.bench.servers import QUIET, Server

CONNECTIONS = 16
QUERIES = 500
ROUNDS = 5
SECONDS = 3.0
STREAM = 50_000
CACHE_MEGABYTES = 64
LOGGING = "ours, default log"
BARE = "bare route"

Starts = Mapping[str, Callable[[], AbstractContextManager[Server]]]


class Row(msgspec.Struct, frozen=True):
    """One service's figures.

    Attributes:
        rate: answers a second, the median of the rounds.
        to_base: ours as a multiple of this one's rate.
    """

    what: str
    service: str
    rate: float
    latency: Spread
    errors: int
    body_bytes: int
    to_base: float | None


class Plan(msgspec.Struct, frozen=True):
    """How long to ask, and what."""

    rounds: int
    seconds: float
    cold: Sequence[str]
    repeated: Sequence[str]


def path_of(query: str) -> str:
    """Return the path that asks for a query."""
    return f"/v1/search?q={quote_plus(query)}"


def take_turns(what: str, starts: Starts, paths: Sequence[str], plan: Plan) -> list[Row]:
    """Load the services round by round; the first round is not counted."""
    outcomes: dict[str, list[Outcome]] = {name: [] for name in starts}
    with ExitStack() as stack:
        running = {name: stack.enter_context(start()) for name, start in starts.items()}
        for number in range(plan.rounds + 1):
            first = number * len(paths) // (plan.rounds + 1)
            turned = [*paths[first:], *paths[:first]]
            for name, server in running.items():
                order = Order(server.port, turned, plan.seconds, CONNECTIONS)
                outcomes[name].append(run(order))
    return _rows(what, {name: each[1:] for name, each in outcomes.items()})


def _rows(what: str, outcomes: Mapping[str, Sequence[Outcome]]) -> list[Row]:
    rates = {
        name: statistics.median(outcome.rate for outcome in each) for name, each in outcomes.items()
    }
    return [
        Row(
            what,
            name,
            round(rates[name], 1),
            spread([latency for outcome in each for latency in outcome.latencies]),
            sum(outcome.errors for outcome in each),
            sum(o.body_bytes for o in each) // max(1, sum(len(o.latencies) for o in each)),
            ratio(rates[OURS], rates[name]),
        )
        for name, each in outcomes.items()
    ]


def cold(folder: Path, articles: int, plan: Plan) -> list[Row]:
    """Return the figures without a cache."""
    corpus, place = corpus_file(articles, folder), folder / str(articles)
    index = place / OURS
    off = servers.cache(0)
    starts: dict[str, Callable[[], AbstractContextManager[Server]]] = {
        OURS: lambda: servers.ours(index, *QUIET, *off),
        LOGGING: lambda: servers.ours(index, *off),
    }
    peers, missing = available()
    print(*(reason for reason in missing if reason.startswith(TANTIVY)), sep="\n")
    for peer in peers:
        if (peer.variant_of or peer.name) not in (TANTIVY, WHOOSH):
            continue
        prepare_peer(peer, corpus, place)
        starts[peer.name] = partial(
            servers.over_peer, peer, peer.folder(place), index, *QUIET, *off
        )
    return take_turns("cold", starts, plan.cold, plan)


def repeated(folder: Path, articles: int, plan: Plan) -> list[Row]:
    """Return the figures of a stream of repeated queries."""
    index = folder / str(articles) / OURS
    bodies = folder / "bodies.msgpack"
    on = servers.cache(CACHE_MEGABYTES)
    with servers.ours(index, *QUIET, *on) as server:
        found = {
            path.partition("?")[2].encode(): servers.get(server.port, path)[1]
            for path in dict.fromkeys(plan.repeated)
        }
    bodies.write_bytes(msgspec.msgpack.encode(found))
    starts: Starts = {
        OURS: lambda: servers.ours(index, *QUIET, *on),
        LOGGING: lambda: servers.ours(index, *on),
        BARE: lambda: servers.bare(bodies),
    }
    return take_turns("repeated", starts, plan.repeated, plan)


def shown(rows: Sequence[Row]) -> list[dict[str, Figure]]:
    """Return the figures as a table has them."""
    return [
        {
            "load": row.what,
            "service": row.service,
            "answers/s": row.rate,
            "p50 ms": row.latency.median_ms,
            "p99 ms": row.latency.p99_ms,
            "errors": row.errors,
            "bytes": row.body_bytes,
            "ours / it": row.to_base,
        }
        for row in rows
    ]


def ratios(rows: Sequence[Row]) -> dict[str, Any]:
    """Return our rate as a multiple of each other service's."""
    return {f"{row.what}, ours to {row.service}": row.to_base for row in rows}


def _plan(options: argparse.Namespace) -> Plan:
    drawn = draw(read_questions(questions_file()), options.queries)
    mixed = [text for same_place in zip(*drawn.values(), strict=False) for text in same_place]
    return Plan(
        rounds=options.rounds,
        seconds=options.seconds,
        cold=[path_of(text) for text in mixed],
        repeated=[path_of(text) for text in zipf_stream(mixed, STREAM)],
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench http", description=__doc__)
    add_scratch(parser)
    parser.add_argument("--articles", type=int, default=ARTICLES, metavar="N")
    parser.add_argument("--queries", type=int, default=QUERIES, metavar="N", help="of each kind")
    parser.add_argument("--rounds", type=int, default=ROUNDS, metavar="N")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="of a round")
    options = parser.parse_args(arguments)
    if not data_is_there():
        return 0
    plan = _plan(options)
    with ExitStack() as stack:
        folder = scratch_of(options, stack)
        corpus = corpus_file(options.articles, folder)
        prepare_ours(corpus, folder / str(options.articles) / OURS, cores())
        rows = cold(folder, options.articles, plan)
        rows += repeated(folder, options.articles, plan)
    print(table(shown(rows)))
    if not servers.cache(0):
        print("the service has no cache: all figures are without")
    if options.json:
        written = {"rows": msgspec.to_builtins(rows), "ratios": ratios(rows)}
        options.json.write_text(json.dumps(written, indent=2) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

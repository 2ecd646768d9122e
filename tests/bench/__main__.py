"""Every benchmark: ``python -m tests.bench NAME [options]``; see ``NAME --help``."""

import sys
from collections.abc import Callable, Mapping, Sequence

from tests.bench import (
    extraction,
    finishing,
    memory,
    query,
    ranking,
    reindex,
    scale,
    serving,
    sizing,
    spelling,
    suggest,
)

BENCHMARKS: Mapping[str, Callable[[Sequence[str] | None], int]] = {
    "extraction": extraction.main,
    "finishing": finishing.main,
    "http": serving.main,
    "memory": memory.main,
    "query": query.main,
    "ranking": ranking.main,
    "reindex": reindex.main,
    "scale": scale.main,
    "sizing": sizing.main,
    "spelling": spelling.main,
    "suggest": suggest.main,
}


def main(arguments: Sequence[str]) -> int:
    """Run the benchmark that the first argument names."""
    name = arguments[0] if arguments else ""
    if name not in BENCHMARKS:
        print(f"usage: python -m tests.bench {{{','.join(BENCHMARKS)}}} [options]")
        return 2
    return BENCHMARKS[name](arguments[1:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""trafilatura into tantivy: the job that ours is measured beside.

Run as ``python -m tests.bench.pipeline SOURCE INDEX PROCESSES``; prints the number of articles.
Needs the optional extra ``bench``.
"""

import gzip
import importlib
import json
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

HEAP_BYTES = 256 * 1024 * 1024
"""What tantivy's writer may use: as much as ours gives Whoosh's."""


def extract(path: str) -> tuple[str, str]:
    """Return title and text of a page, as trafilatura finds them."""
    trafilatura: Any = importlib.import_module("trafilatura")
    document = trafilatura.bare_extraction(
        Path(path).read_bytes(), fast=True, include_comments=False, with_metadata=True
    )
    return (str(document.title or ""), str(document.text or "")) if document else ("", "")


def articles(source: Path, processes: int) -> Iterator[tuple[str, str]]:
    """Yield title and text of everything in a folder of pages or a file of records."""
    if source.is_dir():
        paths = [str(path) for path in sorted(source.iterdir())]
        if processes == 1:
            yield from map(extract, paths)
        else:
            with ProcessPoolExecutor(processes) as pool:
                yield from pool.map(extract, paths, chunksize=16)
        return
    with gzip.open(source, "rb") as lines:
        for line in lines:
            fields = json.loads(line)
            yield str(fields["title"]), str(fields["text"])


def main(arguments: Sequence[str]) -> int:
    """Build the index."""
    source, index, processes = Path(arguments[0]), Path(arguments[1]), int(arguments[2])
    tantivy: Any = importlib.import_module("tantivy")
    builder = tantivy.SchemaBuilder()
    for field in ("title", "body"):
        builder.add_text_field(field, stored=True, tokenizer_name="en_stem")
    index.mkdir(parents=True)
    writer = tantivy.Index(builder.build(), path=str(index)).writer(HEAP_BYTES, processes)
    count = 0
    for title, body in articles(source, processes):
        if body:
            writer.add_document(tantivy.Document(title=title, body=body))
            count += 1
    writer.commit()
    writer.wait_merging_threads()
    print(count)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

"""``python -m indexer`` is ``health-index``."""

from indexer.cli import main

if __name__ == "__main__":
    raise SystemExit(main())

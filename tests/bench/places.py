"""Where the project and the development data are."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def data_folder() -> Path:
    """Return the folder of development data, which need not exist."""
    return Path(os.environ.get("HEALTH_SEARCH_DATA", ROOT.parent / "shared" / "data"))

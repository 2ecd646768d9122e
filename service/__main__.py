"""``python -m service`` is ``health-search``."""

import sys

from service.cli import main

sys.exit(main())

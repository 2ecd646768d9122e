"""What the pages of the desk are made with: templates and sessions."""

import time
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from service.desk import display
from service.desk.sessions import SessionBook

TEMPLATES = Path(__file__).with_name("templates")


class Desk:
    """The desk of one site, in one process."""

    def __init__(self, site_name: str, index: Path) -> None:
        self.sessions = SessionBook(index)
        self._started = time.monotonic()
        self._environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals |= {"site_name": site_name, "display": display}

    @property
    def uptime(self) -> float:
        """Seconds since this process of the service began."""
        return time.monotonic() - self._started

    def render(self, template: str, **values: Any) -> str:
        """Return a page."""
        return self._environment.get_template(template).render(values)

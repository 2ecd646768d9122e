"""What the pages of the desk are made with: templates and sessions."""

from functools import cached_property
from pathlib import Path
from typing import Any

from service.desk import display
from service.desk.sessions import SessionBook
from service.search.editorial.advice import Editorial
from service.search.editorial.live import EditorialFiles, LiveEditorial
from service.settings import Settings
from service.templating import environment

TEMPLATES = Path(__file__).with_name("templates")


class Desk:
    """The desk of one site, in one process."""

    def __init__(self, settings: Settings) -> None:
        self.sessions = SessionBook(settings.index)
        self._settings = settings
        self._environment = environment(TEMPLATES)
        self._environment.globals |= {"site_name": settings.site_name, "display": display}

    def editorial(self) -> Editorial:
        """Return the notices and rules as searches follow them; this may read their files."""
        return self._live_editorial.current()

    @cached_property
    def _live_editorial(self) -> LiveEditorial:
        settings = self._settings
        files = EditorialFiles(settings.editorial, settings.notices, settings.country)
        return LiveEditorial(files, lambda *_: None)  # the searches tell what is wrong with them

    def render(self, template: str, **values: Any) -> str:
        """Return a page."""
        return self._environment.get_template(template).render(values)

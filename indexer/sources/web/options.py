"""What an operator can set for sources on the web."""

from dataclasses import dataclass
from importlib.metadata import version

from indexer.errors import SettingError

PRODUCT = "health-search-indexer"
"""Our product token in robots.txt and X-Robots-Tag (RFC 9309, section 2.2.1)."""


@dataclass(frozen=True, kw_only=True)
class WebOptions:
    """How a site is read. The defaults suit a site that knows nothing of us.

    Attributes:
        hosts: further hosts whose pages belong to the source.
        contact: a web or mail address in the User-Agent, for the site's operator to find ours.
        rate_per_second: requests to one host, at most; a crawl-delay of its robots.txt may
            lower it.
        concurrency: requests under way at once.
        page_timeout_seconds: from the connection to the last byte of a page, redirects included.
        max_pages: pages that are asked for, at most.
        trust_lastmod: a page whose ``lastmod`` in the sitemap has not changed is not asked for.
        allow_private: addresses of private networks and of this machine may be connected to.

    Raises:
        SettingError: a value is out of range.
    """

    hosts: tuple[str, ...] = ()
    contact: str = ""
    rate_per_second: float = 4.0
    concurrency: int = 4
    page_timeout_seconds: float = 60.0
    max_pages: int = 50_000
    trust_lastmod: bool = False
    allow_private: bool = False

    def __post_init__(self) -> None:
        ranges: tuple[tuple[str, float, float, float], ...] = (
            ("rate_per_second", self.rate_per_second, 0.01, 1000),
            ("concurrency", self.concurrency, 1, 32),
            ("page_timeout_seconds", self.page_timeout_seconds, 0.1, 3600),
            ("max_pages", self.max_pages, 1, 10_000_000),
        )
        for name, value, least, most in ranges:
            if not least <= value <= most:
                raise SettingError(f"{name} must be from {least} to {most}, not {value}.")
        contact = self.contact
        if contact and not contact.startswith(("https://", "http://", "mailto:")):
            raise SettingError(f"contact must be a web or mailto: address, not {contact!r}.")
        if not (contact.isascii() and contact.isprintable()) or set(contact) & set(" ()\\"):
            raise SettingError(f"contact may hold no spaces, parentheses or accents: {contact!r}.")

    @property
    def user_agent(self) -> str:
        """The User-Agent header (RFC 9110, section 10.1.5)."""
        contact = f" (+{self.contact})" if self.contact else ""
        return f"{PRODUCT}/{version('health-search')}{contact}"

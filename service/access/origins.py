"""Origins of pages (RFC 6454): scheme, host and port, as browsers send them in ``Origin``."""

import re
from urllib.parse import urlsplit

ANY = "*"

_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\]")
_DEFAULT_PORTS = {"http": 80, "https": 443}


def parse_origin(text: str) -> str:
    """Return an origin as browsers write it: in lower case, without the scheme's own port.

    Raises:
        ValueError: it is none.
    """
    message = "expected origins such as https://www.clinic.example"
    try:
        parts = urlsplit(text.lower())
        port = parts.port
    except ValueError:
        raise ValueError(message) from None
    host, _, _ = parts.netloc.rpartition(":") if port is not None else (parts.netloc, "", "")
    if parts.scheme not in _DEFAULT_PORTS or not _HOST.fullmatch(host):
        raise ValueError(message)
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise ValueError(message)
    if port is None or port == _DEFAULT_PORTS[parts.scheme]:
        return f"{parts.scheme}://{host}"
    return f"{parts.scheme}://{host}:{port}"


def parse_origins(text: str) -> tuple[str, ...]:
    """Return the origins in a text with white space between them; ``*`` alone stands for any.

    Raises:
        ValueError: one is none.
    """
    words = text.split()
    if words == [ANY]:
        return (ANY,)
    return tuple(dict.fromkeys(parse_origin(word) for word in words))

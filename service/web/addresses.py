"""The address under which visitors reach the service."""

import re

from starlette.datastructures import Headers
from starlette.types import Scope

_HOST = re.compile(r"([A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(:[0-9]{1,5})?")

_BASE = re.compile(rf"https?://{_HOST.pattern}(/[A-Za-z0-9._~/-]*)?")


def parse_base(text: str) -> str:
    """Return an address of the service as it is, or nothing for nothing.

    Raises:
        ValueError: it is none.
    """
    if text and not _BASE.fullmatch(text):
        raise ValueError("expected an address such as https://search.example.org/")
    return text


def base_address(public_url: str, scope: Scope) -> str:
    """Return the address of the start page, with a slash at its end.

    It is ``public_url`` if that is set. Else it is made of the ``Host`` that the request names,
    which anybody can write as they like: what is no host is not used.
    """
    if public_url:
        return public_url.rstrip("/") + "/"
    host = Headers(scope=scope).get("host", "")
    if not _HOST.fullmatch(host):
        name, port = scope.get("server") or ("127.0.0.1", 80)
        host = f"[{name}]:{port}" if ":" in name else f"{name}:{port}"
    return f"{scope.get('scheme', 'http')}://{host}{scope.get('root_path', '').rstrip('/')}/"

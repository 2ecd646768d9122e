"""Gives up connections that send lines without end: a head, or what may follow a body (RFC 9112).

uvicorn's parser takes such lines of any length, in time that grows with its square: 300 MB in one
header held all other requests up for 90 seconds, and took 400 MB of memory (measured). No
middleware can stop that, since none is asked before the head is whole.
"""

from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MAX_LINES_BYTES = 65_536
"""What may come without a head, a piece of a body or a request coming to its end: as much as nginx
takes as set in docs/running.md. What comes in one packet may be more by that packet."""


class LimitedLines(HttpToolsProtocol):
    """uvicorn's HTTP/1.1, with that limit."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._bytes = 0
        self._has_gone_on = False

    def data_received(self, data: bytes) -> None:
        """Take in what came."""
        self._has_gone_on = False
        super().data_received(data)
        self._bytes = 0 if self._has_gone_on else self._bytes + len(data)
        if self._bytes > MAX_LINES_BYTES and not self.transport.is_closing():
            self.send_400_response("Too many, or too long, header lines.")

    def on_headers_complete(self) -> None:
        """Take in that a head is whole."""
        self._has_gone_on = True
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Take in a piece of a body; how long that may be is for ``BodyLimit`` to say."""
        self._has_gone_on = True
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Take in that a request is whole."""
        self._has_gone_on = True
        super().on_message_complete()

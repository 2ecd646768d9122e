"""Reading the forms of the desk, and refusing those that do not stand on its pages."""

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

from starlette.requests import Request

from service.context import context_of
from service.problems import ProblemError
from service.web.addresses import base_address

MAX_FIELDS = 200

FOREIGN = "This form does not come from a page of the desk that is still valid. Open it again."

Form = Mapping[str, str]


async def read_form(request: Request) -> Form:
    """Return the fields of a form; of one that is there twice, the last.

    Raises:
        ProblemError: it is none.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/x-www-form-urlencoded":
        raise ProblemError("unsupported-media-type", "Expected a form of the desk's own pages.")
    try:
        text = (await request.body()).decode("ascii")
        return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_FIELDS))
    except ValueError:
        raise ProblemError("invalid-request", "The form cannot be read.") from None


def check_origin(request: Request) -> None:
    """Refuse a form that does not stand on a page of this site.

    ``Sec-Fetch-Site`` counts before ``Origin``, which is compared with a Host that proxies change.

    Raises:
        ProblemError: the browser says so, or does not say where it stands.
    """
    site = request.headers.get("sec-fetch-site")
    if site is None:
        origin = urlsplit(request.headers.get("origin", ""))
        base = urlsplit(base_address(context_of(request).settings.public_url, request.scope))
        is_ours = bool(origin.netloc) and origin.netloc == base.netloc
    else:
        is_ours = site == "same-origin"
    if not is_ours:
        raise ProblemError("forbidden", FOREIGN)

"""The URL table of the desk, as data."""

from pathlib import Path

from starlette.routing import BaseRoute, Route

from service.desk.generations import generations_page, roll_back, roll_back_page
from service.desk.guarding import page
from service.desk.jobs import cancel, jobs_page, start
from service.desk.overview import overview
from service.desk.signing import sign_in, sign_in_page, sign_out
from service.desk.statistics import statistics

STATIC = Path(__file__).with_name("static")


def desk_routes() -> list[BaseRoute]:
    """Return the pages of the desk; all but the sign-in page need a session."""
    return [
        page("/admin", GET=overview),
        Route("/admin/sign-in", sign_in_page),
        Route("/admin/sign-in", sign_in, methods=["POST"]),
        page("/admin/sign-out", POST=sign_out),
        page("/admin/jobs", GET=jobs_page, POST=start),
        page("/admin/jobs/{id:int}/cancel", POST=cancel),
        page("/admin/generations", GET=generations_page),
        page("/admin/generations/{name}/roll-back", GET=roll_back_page, POST=roll_back),
        page("/admin/analytics", GET=statistics),
    ]

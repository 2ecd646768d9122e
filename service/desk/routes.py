"""The URL table of the desk, as data."""

from pathlib import Path

from starlette.routing import BaseRoute, Route

from service.desk.generations import generations_page, roll_back, roll_back_page
from service.desk.guarding import page
from service.desk.jobs import cancel, jobs_page, start
from service.desk.notices import notices_page, try_phrase
from service.desk.overview import overview
from service.desk.results import change_rule, remove_rule, rule_page, rules_page
from service.desk.signing import sign_in, sign_in_page, sign_out
from service.desk.statistics import statistics

DESK = "/admin"
"""How the paths of the desk begin; they are pages for people, and no part of the API."""

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
        page("/admin/results", GET=rules_page),
        page("/admin/results/new", GET=rule_page, POST=change_rule),
        page("/admin/results/rule/{id:path}/remove", POST=remove_rule),
        page("/admin/results/rule/{id:path}", GET=rule_page, POST=change_rule),
        page("/admin/notices", GET=notices_page, POST=try_phrase),
        page("/admin/analytics", GET=statistics),
    ]

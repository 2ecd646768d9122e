"""What those ask who watch the service."""

from service.models import Health, Readiness
from service.operations.operation import JSON, Operation, Operations

WATCHING: Operations = {
    ("/healthz", "get"): Operation(
        "Is the process alive?", "It does not look at the index.", JSON, Health
    ),
    ("/readyz", "get"): Operation(
        "Can searches be answered?",
        "Names the index that is served and its age; a problem with the reason if there is none.",
        JSON,
        Readiness,
        problems=("index-unavailable",),
    ),
    ("/metrics", "get"): Operation(
        "What has been counted?",
        "Searches, durations by route and in the engine, the index's age and size, how its jobs "
        "went, in Prometheus' text format.",
        "text/plain",
    ),
}

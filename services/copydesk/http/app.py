"""`/metrics` for Prometheus, `/healthz` and `/readyz` for whoever supervises the process."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from prometheus_client.exposition import choose_encoder
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from copydesk.telemetry.metrics import Registry

_INDEX = """copydesk
/metrics  figures, for Prometheus
/healthz  200 while the process turns
/readyz   200 while every stage can do its work
"""


def make_app(registry: Registry, not_ready: Callable[[], Sequence[str]]) -> Starlette:
    """The pages of a process whose metrics are in `registry`.

    `not_ready` names the stages that cannot do their work now. Nothing here is secret.
    """

    async def index(request: Request) -> Response:
        return PlainTextResponse(_INDEX)

    async def metrics(request: Request) -> Response:
        encode, content_type = choose_encoder(request.headers.get("accept", ""))
        return Response(encode(registry), headers={"content-type": content_type})

    async def healthz(request: Request) -> Response:
        return JSONResponse({"healthy": True})

    async def readyz(request: Request) -> Response:
        names = list(not_ready())
        return JSONResponse({"ready": not names, "not_ready": names}, 503 if names else 200)

    return Starlette(
        routes=[
            Route("/", index),
            Route("/metrics", metrics),
            Route("/healthz", healthz),
            Route("/readyz", readyz),
        ]
    )

"""The pages, as a scraper and a supervisor see them, over a real socket."""

from __future__ import annotations

import asyncio
import socket
import urllib.error
import urllib.request
from collections.abc import AsyncIterator
from email.message import Message

import orjson
import pytest
import pytest_asyncio
import structlog
from prometheus_client import CollectorRegistry

from copydesk.errors import Unusable
from copydesk.http.app import make_app
from copydesk.http.server import address, bind, serve
from copydesk.telemetry.occurrences import Telemetry


class Served:
    def __init__(self, telemetry: Telemetry, url: str) -> None:
        self.telemetry = telemetry
        self._url = url

    async def get(self, path: str, accept: str = "*/*") -> tuple[int, Message, bytes]:
        request = urllib.request.Request(self._url + path, headers={"accept": accept})  # noqa: S310

        def ask() -> tuple[int, Message, bytes]:
            try:
                with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310 -- our own
                    return answer.status, answer.headers, answer.read()
            except urllib.error.HTTPError as error:
                with error:
                    return error.code, error.headers, error.read()

        return await asyncio.to_thread(ask)


@pytest_asyncio.fixture
async def served() -> AsyncIterator[Served]:
    registry = CollectorRegistry()
    telemetry = Telemetry(registry, structlog.get_logger(), ("parser", "sink"))
    listening, stopping = bind("127.0.0.1", 0), asyncio.Event()
    url = address(listening)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(serve(make_app(registry, telemetry.not_ready), listening, stopping))
        yield Served(telemetry, url)
        stopping.set()


async def test_metrics_are_served_as_prometheus_and_as_openmetrics(served: Served) -> None:
    served.telemetry.files_observed(3)
    status, headers, body = await served.get("/metrics")
    assert status == 200
    assert headers.get_content_type() == "text/plain"
    assert b"\ncopydesk_files_observed_total 3.0\n" in body
    status, headers, body = await served.get("/metrics", "application/openmetrics-text")
    assert headers.get_content_type() == "application/openmetrics-text"
    assert body.endswith(b"# EOF\n")


async def test_health_is_200_while_the_loop_turns(served: Served) -> None:
    status, _, body = await served.get("/healthz")
    assert (status, orjson.loads(body)) == (200, {"healthy": True})


async def test_ready_only_when_every_stage_is(served: Served) -> None:
    served.telemetry.stage_ready("parser", ready=True)
    status, _, body = await served.get("/readyz")
    assert (status, orjson.loads(body)) == (503, {"ready": False, "not_ready": ["sink"]})
    served.telemetry.stage_ready("sink", ready=True)
    status, _, body = await served.get("/readyz")
    assert (status, orjson.loads(body)) == (200, {"ready": True, "not_ready": []})
    served.telemetry.stage_waits("parser", "away")
    status, _, body = await served.get("/readyz")
    assert (status, orjson.loads(body)["not_ready"]) == (503, ["parser"])


async def test_the_index_names_the_three(served: Served) -> None:
    _, _, body = await served.get("/")
    assert all(name in body for name in (b"/metrics", b"/healthz", b"/readyz"))


def test_a_taken_port_is_said_with_what_to_do() -> None:
    with bind("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Unusable, match=rf"127\.0\.0\.1 port {port}: .* --port \(0: any"):
            bind("127.0.0.1", port)


def test_a_host_that_is_not_ours_is_said() -> None:
    with pytest.raises(Unusable, match=r"192\.0\.2\.1"):
        bind("192.0.2.1", 0)


def test_the_address_says_the_port_that_was_found() -> None:
    with bind("127.0.0.1", 0) as listening:
        assert address(listening) == f"http://127.0.0.1:{listening.getsockname()[1]}"


@pytest.mark.skipif(not socket.has_ipv6, reason="no IPv6 here")
def test_an_address_of_ipv6_is_in_brackets() -> None:
    try:
        listening = bind("::1", 0)
    except Unusable:
        pytest.skip("no IPv6 loopback here")
    with listening:
        assert address(listening).startswith("http://[::1]:")

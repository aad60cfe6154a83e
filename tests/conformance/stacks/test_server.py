"""The page's server: what it gives, and whom it refuses."""

from __future__ import annotations

import asyncio
import http.client
from collections.abc import Callable
from typing import Any

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from negotiation.conformance.stacks.server import PageServer


def with_server(body: Callable[[PageServer], Any], host: str = "127.0.0.1") -> Any:
    async def run() -> Any:
        async with PageServer(host) as server:
            return await body(server)

    return asyncio.run(run())


def get(server: PageServer, path: str, **headers: str) -> tuple[int, bytes, Any]:
    connection = http.client.HTTPConnection(
        server.origin[7:].rpartition(":")[0].strip("[]"), server.port, timeout=5
    )
    try:
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        return response.status, response.read(), response.headers
    finally:
        connection.close()


def status(path: Callable[[str], str], **headers: str) -> int:
    async def body(server: PageServer) -> int:
        whole = path(server.address.removeprefix(server.origin))
        answer = await asyncio.to_thread(get, server, whole, **headers)
        return answer[0]

    result: int = with_server(body)
    return result


def beside(name: str) -> Callable[[str], str]:
    return lambda page: page.replace("page.html", name)


@pytest.mark.parametrize("name", ["page.html", "page.js", "recorder.js", "edits.js"])
def test_gives_the_page_and_its_scripts(name: str) -> None:
    assert status(beside(name)) == 200


def test_the_page_is_isolated_and_not_kept() -> None:
    async def body(server: PageServer) -> None:
        path = server.address.removeprefix(server.origin)
        _, content, headers = await asyncio.to_thread(get, server, path)
        assert b"page.js" in content
        assert headers["Cache-Control"] == "no-store"
        assert headers["Cross-Origin-Embedder-Policy"] == "require-corp"
        assert "default-src 'none'" in headers["Content-Security-Policy"]

    with_server(body)


@pytest.mark.parametrize("name", ["server.py", "../page.html", "", "page.html/x", "%2e%2e/x"])
def test_gives_nothing_else(name: str) -> None:
    assert status(beside(name)) == 404


@pytest.mark.parametrize("path", ["/", "/page.html", "/wrong/page.html", "//page.html"])
def test_refuses_without_the_token(path: str) -> None:
    assert status(lambda page: path) == 403


def test_refuses_other_names_for_the_machine() -> None:
    assert status(lambda page: page, Host="rebound.example") == 403


def socket_of(server: PageServer) -> str:
    return server.address.replace("http:", "ws:").replace("page.html", "socket")


async def refused(url: str, origin: str | None) -> int:
    with pytest.raises(InvalidStatus) as caught:
        async with connect(url, origin=origin, proxy=None):  # type: ignore[arg-type]
            pass
    return caught.value.response.status_code


@pytest.mark.parametrize("origin", [None, "null", "http://evil.example", "http://127.0.0.1"])
def test_refuses_sockets_of_other_origins(origin: str | None) -> None:
    async def body(server: PageServer) -> None:
        assert await refused(socket_of(server), origin) == 403

    with_server(body)


def test_refuses_a_socket_without_the_token() -> None:
    async def body(server: PageServer) -> None:
        url = f"ws://127.0.0.1:{server.port}/wrong/socket"
        assert await refused(url, server.origin) == 403

    with_server(body)


def test_takes_one_page_at_a_time() -> None:
    async def body(server: PageServer) -> None:
        async with connect(socket_of(server), origin=server.origin, proxy=None) as client:  # type: ignore[arg-type]
            async with server.page() as page:
                await client.send("hello")
                assert await page.recv() == "hello"
                assert await refused(socket_of(server), server.origin) == 409
            await client.wait_closed()
        async with (
            connect(socket_of(server), origin=server.origin, proxy=None),  # type: ignore[arg-type]
            server.page(),
        ):
            pass

    with_server(body)


def test_every_server_has_its_own_token() -> None:
    async def body(server: PageServer) -> None:
        async with PageServer() as other:
            assert server.address.split("/")[3] != other.address.split("/")[3]

    with_server(body)


@pytest.mark.parametrize("host", ["127.0.0.2", "::1"])
def test_another_address_is_the_only_one_then(host: str) -> None:
    async def body(server: PageServer) -> None:
        path = server.address.removeprefix(server.origin)
        assert (await asyncio.to_thread(get, server, path))[0] == 200
        wrong = f"127.0.0.1:{server.port}"
        assert (await asyncio.to_thread(get, server, path, Host=wrong))[0] == 403
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", server.port)
        socket = server.address.replace("http:", "ws:").replace("page.html", "socket")
        for origin in (f"http://{wrong}", "http://example.org"):
            with pytest.raises(InvalidStatus):
                await connect(socket, origin=origin, proxy=None)  # type: ignore[arg-type]
        async with connect(socket, origin=server.origin, proxy=None):  # type: ignore[arg-type]
            pass

    try:
        with_server(body, host)
    except ConnectionRefusedError:
        raise
    except OSError as error:
        pytest.skip(f"this machine has no {host}: {error}")

"""Who is answered: this machine, under the address with the token, and nobody else."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("dash")

from sim.explorer.server import bound, explorer
from sim.explorer.session import Session


@pytest.fixture(scope="module")
def client():
    """Return a client of a page that was made and not served."""
    session = Session("iraq_2019_2020", until=20.0, workers=1)
    session.engine = "simpy"
    app = explorer(session, Path("nowhere"), token="token")
    return app.server.test_client()


def test_page_answers_at_its_address(client) -> None:
    """The layout has the first picture in it."""
    page = client.get("/token/", headers={"Host": "127.0.0.1:8642"})
    assert page.status_code == 200
    assert b"https://" not in page.data.replace(
        b"https:\\u002f\\u002fdash-version", b""
    )
    layout = client.get("/token/_dash-layout", headers={"Host": "localhost:1"})
    assert layout.status_code == 200
    assert b"distribution" in layout.data


@pytest.mark.parametrize("address", ["/", "/other/", "/_dash-layout", "/tokens/"])
def test_without_the_token_nothing_is_there(client, address: str) -> None:
    """Nor is it said what would be."""
    reply = client.get(address, headers={"Host": "127.0.0.1:8642"})
    assert reply.status_code == 404


@pytest.mark.parametrize(
    "host", ["example.org", "example.org:8642", "127.0.0.1.example.org", "0.0.0.0", ""]
)
def test_other_hosts_are_refused(client, host: str) -> None:
    """A page that rebinds its name to loopback comes by that name."""
    assert client.get("/token/", headers={"Host": host}).status_code == 403


def test_other_pages_are_refused(client) -> None:
    """A request that another page makes tells where that is from."""
    headers = {"Host": "127.0.0.1:8642", "Origin": "http://example.org"}
    reply = client.post("/token/_dash-update-component", headers=headers, json={})
    assert reply.status_code == 403


def test_browser_loads_from_here_only(client) -> None:
    """The policy names no other place, and no script of a text's own."""
    reply = client.get("/token/", headers={"Host": "127.0.0.1:8642"})
    policy = reply.headers["Content-Security-Policy"]
    script = next(p for p in policy.split("; ") if p.startswith("script-src"))
    assert "unsafe" not in script
    assert "http" not in script
    assert reply.headers["Referrer-Policy"] == "no-referrer"


def test_token_is_new_each_time_and_server_is_on_loopback() -> None:
    """Two pages have two addresses."""
    session = Session("iraq_2019_2020", until=20.0, workers=1)
    session.engine = "simpy"
    addresses: list[str] = []
    for _ in range(2):
        server, address = bound(explorer(session, Path("nowhere")))
        assert server.server_address[0] == "127.0.0.1"
        server.server_close()
        addresses.append(address)
    tokens = {address.split("/")[3] for address in addresses}
    assert len(tokens) == 2
    assert all(len(token) >= 22 for token in tokens)

"""The server of a page: on loopback only, under an address that holds a token.

Whoever cannot read the address has no part of the page; whoever comes by another
host's name, as a page that rebinds its own to 127.0.0.1 does, is refused. Nothing is
loaded from elsewhere. The server runs in the terminal that started it, and ends with
it.
"""

from __future__ import annotations

import logging
import secrets
import socket
from typing import TYPE_CHECKING, Any, Final

from sim.errors import RunError, StudyError

if TYPE_CHECKING:
    from pathlib import Path

    from sim.explorer.session import Session
    from sim.explorer.view import View

HOSTS: Final = ("127.0.0.1", "localhost")
PORT: Final = 8642
"""Asked for first, so that a browser remembers that the tour was taken."""

POLICY: Final = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
    "script-src 'self' {hashes}; object-src 'none'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self' {frames}"
)


def explorer(
    session: Session,
    folder: Path,
    *,
    view: View | None = None,
    token: str | None = None,
) -> Any:
    """Return the page of a session as an app of Dash.

    In a notebook its ``run()`` shows it below the cell, as Dash does.

    Parameters
    ----------
    session
        What is looked at.
    folder
        Where what is kept goes; made when something is.
    view
        What is seen first; the scenario as it stands when None.
    token
        Part of its address; a new one, of 128 bits, when None.

    Raises
    ------
    StudyError
        If Dash is not installed.
    """
    try:
        from dash import Dash
    except ModuleNotFoundError:
        message = "the explorer needs Dash: pip install 'escalade[explore]'"
        raise StudyError(message) from None
    from sim.explorer.page import Page

    token = secrets.token_urlsafe(16) if token is None else token
    app = Dash(
        "sim.explorer",
        assets_folder="assets",
        title="escalade explore",
        update_title="",
        url_base_pathname=f"/{token}/",
        serve_locally=True,
        suppress_callback_exceptions=True,
        prevent_initial_callbacks=True,
    )
    Page(session, folder, session.view() if view is None else view).furnish(app)
    _guard(app)
    return app


def _guard(app: Any) -> None:
    """Refuse other hosts and other pages; say what a browser may load."""
    from flask import abort, request

    hashes = " ".join(app.csp_hashes())
    frames = " ".join(f"http://{host}:*" for host in HOSTS)
    policy = POLICY.format(hashes=hashes, frames=frames)

    @app.server.before_request
    def refuse() -> None:
        name = (request.host or "").rsplit(":", 1)[0]
        if name not in HOSTS:
            abort(403)
        origin = request.headers.get("Origin")
        if origin is not None and origin != request.host_url.rstrip("/"):
            abort(403)

    @app.server.after_request
    def protect(response: Any) -> Any:
        response.headers["Content-Security-Policy"] = policy
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response


def bound(app: Any, port: int | None = None) -> tuple[Any, str]:
    """Return a server of an app, and the address at which it will answer.

    Raises
    ------
    RunError
        If the port is taken.
    """
    from werkzeug.serving import make_server

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    wanted = [PORT, 0] if port is None else [port]
    for one in wanted:
        if one and _is_taken(one):
            continue
        server = make_server(HOSTS[0], one, app.server, threaded=True)
        path = app.config.requests_pathname_prefix
        return server, f"http://{HOSTS[0]}:{server.port}{path}"
    message = f"port {port} of {HOSTS[0]} is taken; leave --port out for a free one"
    raise RunError(message)


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOSTS[0], port))
        except OSError:
            return True
    return False

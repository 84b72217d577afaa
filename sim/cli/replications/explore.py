"""``escalade explore``: the page in the browser, or its numbers in the terminal."""

from __future__ import annotations

import webbrowser
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from sim.cli.present import PluginOption, integer_option, print_json
from sim.verbs.arguments import caution, require
from sim.verbs.watch import say

if TYPE_CHECKING:
    from sim.explorer.session import Session
    from sim.explorer.view import View

FIRST_SCENARIO: Final = "iraq_2019_2020"
FOLDER: Final = Path("explored")


def explore(
    target: Annotated[
        str,
        typer.Argument(
            metavar="[SCENARIO|RUN|VIEW]",
            help="A scenario's file or id, the folder of a run, or the view.yaml that "
            "the page kept.",
        ),
    ] = FIRST_SCENARIO,
    folder: Annotated[
        Path, typer.Option("--in", help="Where what is kept goes; nothing else is.")
    ] = FOLDER,
    root_seed: Annotated[
        int | None,
        integer_option(help="The one integer all chance hangs on. Default: 1."),
    ] = None,
    port: Annotated[
        int | None, integer_option(help="On loopback. Default: 8642 or a free one.")
    ] = None,
    workers: Annotated[int, typer.Option(help="Threads that simulate.")] = 2,
    browser: Annotated[
        bool, typer.Option(help="Open the page in the browser as well.")
    ] = True,
    only_print: Annotated[
        bool,
        typer.Option("--print", help="Print the numbers of a view, and serve no page."),
    ] = False,
    plugins: PluginOption = None,
) -> None:
    """Turn a scenario's numbers in the browser, look at its worlds, ask why.

    The page is on this machine's loopback only, and its address holds a token. It ends
    with Ctrl-C, and with this terminal.
    """
    require("--workers", workers, 1, 1024)
    if port is not None:
        require("--port", port, 1, 65535)
    if root_seed is not None:
        require("--root-seed", root_seed, 0)
    session, view = asked(target, root_seed, workers, plugins)
    session.compile(say)
    if only_print:
        if words := caution(session.scenario):
            say(words)
        answer = session.answer(view, view.replications)
        say(answer.text)
        print_json(answer.numbers())
        return
    from sim.explorer.server import bound, explorer

    server, address = bound(explorer(session, folder, view=view), port)
    print(address, flush=True)
    say("the page is at this address, on this machine only; Ctrl-C ends it")
    if browser:
        with suppress(webbrowser.Error):
            webbrowser.open(address)
    try:
        server.serve_forever()
    finally:
        server.server_close()


def asked(
    target: str, root_seed: int | None, workers: int, plugins: list[str] | None
) -> tuple[Session, View]:
    """Return the session of a scenario, a run or a view, and what is seen first."""
    from dataclasses import replace

    from sim.ensemble.rerun import read_run
    from sim.errors import StudyError
    from sim.explorer.session import Session
    from sim.explorer.view import is_view, read_view
    from sim.scenario.plugins import known_kinds

    kinds = known_kinds(plugins or (), installed=True)
    more: dict[str, Any] = {"workers": workers, "kinds": kinds}
    path = Path(target)
    if path.is_dir():
        run = read_run(path, kinds)
        if run.alteration:
            message = f"{target}: a run with --lineage or --without is not explored"
            raise StudyError(message)
        seed = run.root_seed if root_seed is None else root_seed
        file = str(path / f"{run.scenario.name}.yaml")
        session = Session(file, root_seed=seed, until=run.until, **more)
        return session, session.view()
    if is_view(path):
        view = read_view(path)
        seed = view.root_seed if root_seed is None else root_seed
        beside = path.parent / view.scenario
        file = str(beside) if beside.is_file() else view.scenario
        view = replace(view, scenario=file, root_seed=seed)
        return Session(file, root_seed=seed, until=view.until, **more), view
    seed = 1 if root_seed is None else root_seed
    session = Session(target, root_seed=seed, **more)
    return session, session.view()

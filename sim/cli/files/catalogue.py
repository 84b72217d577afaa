"""``escalade list`` and ``escalade schema``: what ships, and how a file is written."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.present import JsonOption, print_json, print_table
from sim.cli.progress import watched
from sim.verbs.watch import say


def list_scenarios(as_json: JsonOption = False) -> None:
    """List the scenarios that ship with escalade."""
    from sim.verbs.files.catalogue import shipped

    with watched() as screen:
        scenarios = shipped(screen)
    if as_json:
        print_json(scenarios)
        return
    heads = ("id", "title", "period", "actors", "status")
    rows = [
        (
            entry["id"],
            entry["title"],
            f"{entry['start']} to {entry['end']}",
            ", ".join(entry["actors"]),
            entry["status"],
        )
        for entry in scenarios
    ]
    if rows:
        print_table(heads, rows)
    else:
        say("no scenario ships with this installation")


def schema(
    folder: Annotated[
        Path | None,
        typer.Option("--in", help="Write it there, beside scenarios that name it."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Print the JSON Schema of a scenario file, for editors (always JSON)."""
    from sim.files import make_folder
    from sim.rules.registry import KINDS
    from sim.scenario.schema import json_schema, write_schema

    if folder is None:
        print_json(json_schema(KINDS))
        return
    make_folder(folder)
    print(write_schema(folder))

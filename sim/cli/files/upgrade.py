"""``escalade upgrade``: a scenario's file, rewritten in the form that is read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.present import PluginOption
from sim.verbs.watch import say


def upgrade(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A scenario's file.")],
    based_on: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Make it a sibling of this scenario: only what differs is written.",
        ),
    ] = None,
    classes: Annotated[
        list[str] | None,
        typer.Option(
            "--class",
            metavar="NAME",
            help="Name of a class of sites that are alike; repeat it for more.",
        ),
    ] = None,
    plugins: PluginOption = None,
) -> None:
    """Rewrite a scenario in the form that is read, keeping its comments.

    What actors of a kind or sites of a class have in common is put in one place, and
    parameters that are gone are renamed or left out.
    """
    from sim.errors import Fault, ScenarioError
    from sim.files import write_text
    from sim.reading.strict_yaml import read
    from sim.reading.structure import name_fault
    from sim.scenario.authoring.upgrade import upgraded
    from sim.scenario.load import find
    from sim.scenario.plugins import known_kinds
    from sim.scenario.schema import write_schema

    for name in classes or ():
        if message := name_fault(name):
            raise ScenarioError(str(file), [Fault(0, 0, "--class", message)])
    read(file)  # its faults are named by line
    text = file.read_text("utf-8-sig")
    base = None if based_on is None else read(find(based_on))
    kinds = known_kinds(plugins or ())
    change = upgraded(text, str(file), base, classes=classes or (), kinds=kinds)
    for line in change.renamed:
        say(f"renamed  {line}")
    for line in change.dropped:
        say(f"dropped  {line}")
    if change.text == text:
        say(f"{file}: is written in this form already")
        return
    write_text(file, change.text)
    write_schema(file.parent)
    n_before, n_after = text.count("\n"), change.text.count("\n")
    say(f"{n_before} lines before, {n_after} now")
    print(file)
    if change.is_checked:
        say("it resolves to the same scenario, number by number")
    else:
        say(f"next: escalade check {file} names what is wrong in it")

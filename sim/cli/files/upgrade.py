"""``escalade upgrade``: a scenario's file, rewritten where it names what is gone."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.present import say


def upgrade(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A scenario's file.")],
) -> None:
    """Rewrite a scenario that names parameters which are gone, keeping its comments."""
    from sim.errors import Fault, ScenarioError
    from sim.files import write_whole
    from sim.scenario.upgrade import upgraded

    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ScenarioError(
            str(file), [Fault(0, 0, "", f"cannot be read: {error}")]
        ) from error
    change = upgraded(text)
    if change.text == text:
        say(f"{file}: names nothing that is gone")
        return
    for line in change.renamed:
        say(f"renamed  {line}")
    for line in change.dropped:
        say(f"dropped  {line}")
    write_whole(file, lambda stream: stream.write(change.text.encode()))
    print(file)
    say(f"next: escalade check {file} names what is missing now")

"""``escalade brief``: a study on one page, to be sent on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.present import OutcomePluginOption, StudyArgument


def brief(
    run: StudyArgument,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder for the three files. Default: RUN itself."),
    ] = None,
    question: Annotated[
        str, typer.Option(help="What was asked, to stand on top of the brief.")
    ] = "",
    plugins: OutcomePluginOption = None,
) -> None:
    """Write a run or comparison as one page (HTML, PDF) and a table (CSV)."""
    from sim.cli.present import wrapped
    from sim.verbs.replications.brief import brief as write_brief

    written = write_brief(run, out=out, question=question, plugin=plugins)
    for sentence in written.answer:
        print(wrapped(sentence))
    print(f"\n{written.html}\n{written.pdf}\n{written.table}")

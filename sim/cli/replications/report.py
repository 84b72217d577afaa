"""``escalade report``: a run, a comparison or a sweep as one HTML file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.present import OutcomePluginOption, StudyArgument


def report(
    run: StudyArgument,
    out: Annotated[
        Path | None,
        typer.Option(help="The file. Default: report.html in the folder."),
    ] = None,
    question: Annotated[
        str, typer.Option(help="What was asked, to stand on top of the report.")
    ] = "",
    plugins: OutcomePluginOption = None,
) -> None:
    """Write a report that opens in any browser, without a network."""
    from sim.verbs.replications.report import report as write_report

    file = write_report(run, out=out, question=question, plugin=plugins)
    print(f"{file} ({file.stat().st_size / 1e6:.1f} MB)")

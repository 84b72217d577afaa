"""``escalade rivals``: theories fitted, scored, named and asked side by side."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.cli.present import EngineOption, JsonOption, PluginOption, print_json
from sim.cli.progress import WorkersOption, watched
from sim.cli.studies.sweep import OutOption


def rivals(
    file: Annotated[
        str,
        typer.Argument(
            metavar="EXPERIMENT",
            help="Experiment with the sections score and rivals: its file, folder or "
            "id.",
        ),
    ],
    workers: WorkersOption = None,
    out: OutOption = None,
    engine: EngineOption = "auto",
    plugins: PluginOption = None,
    as_json: JsonOption = False,
) -> None:
    """Hold rival theories against one another, and ask each the policy question.

    Each theory is a set of feedbacks that are on. It is fitted, scored from the same
    origins, and asked; where the sign of the answer differs, that is said first. The
    same command goes on where it was broken off.
    """
    from sim.verbs.evidence.rivals import rivals as hold

    with watched() as screen:
        answer = hold(
            file,
            workers=workers,
            out=out,
            engine=engine,
            plugin=plugins,
            watch=screen,
        )
    if as_json:
        print_json(answer.data())
    else:
        print(f"{answer.result.experiment.question}\n\n{answer.text()}")
    screen.done(f"everything is in {answer.path}")

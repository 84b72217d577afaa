"""``escalade calibrate``: fit an experiment's factors to the record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.present import (
    EngineOption,
    JsonOption,
    PluginOption,
    print_json,
    print_table,
)
from sim.cli.progress import WorkersOption, watched
from sim.cli.studies.sweep import OutOption
from sim.digits import short

if TYPE_CHECKING:
    from sim.verbs.evidence.calibrate import CalibrationAnswer


def calibrate(
    file: Annotated[
        str,
        typer.Argument(
            metavar="EXPERIMENT",
            help="Experiment with a section calibrate: its file, folder or id.",
        ),
    ],
    workers: WorkersOption = None,
    out: OutOption = None,
    engine: EngineOption = "auto",
    plugins: PluginOption = None,
    as_json: JsonOption = False,
) -> None:
    """Fit an experiment's factors to the record; write posterior, tables, pictures.

    The same command goes on where a fit was broken off.
    """
    from sim.calibration.diagnostics import roughness
    from sim.verbs.evidence.calibrate import calibrate as fit

    with watched() as screen:
        answer = fit(
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
        _print(answer)
        print(roughness(answer.posterior, answer.diagnostics))
    screen.done(f"everything is in {answer.path}")


def _print(answer: CalibrationAnswer) -> None:
    calibration, tables = answer.result, answer.tables
    scenario = calibration.experiment.scenario
    print(
        f"{calibration.experiment.question}\n{scenario.name}: "
        f"{len(calibration.posterior.weights)} particles, "
        f"{len(calibration.generations)} generations, "
        f"root_seed {calibration.experiment.root_seed}\n"
    )
    for frame in (tables.parameters, tables.targets):
        heads = [str(head).replace("_", " ") for head in frame.columns]
        rows = [
            [cell if isinstance(cell, str) else short(float(cell)) for cell in row]
            for row in frame.itertuples(index=False)
        ]
        print_table(heads, rows, numbers=range(2, len(heads)), whole=(0,))
    print("\n".join(tables.limits))

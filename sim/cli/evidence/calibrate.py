"""``escalade calibrate``: fit an experiment's factors to the record."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.present import (
    EngineOption,
    JsonOption,
    PluginOption,
    print_json,
    print_table,
    say,
)
from sim.cli.progress import WorkersOption, progress, span, workers_asked
from sim.digits import short

if TYPE_CHECKING:
    from sim.calibration.calibrate import Calibration


def calibrate(
    file: Annotated[
        str,
        typer.Argument(
            metavar="EXPERIMENT",
            help="Experiment with a section calibrate: its file, folder or id.",
        ),
    ],
    workers: WorkersOption = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder; by default runs/ and a name of its own."),
    ] = None,
    engine: EngineOption = "auto",
    plugins: PluginOption = None,
    as_json: JsonOption = False,
) -> None:
    """Fit an experiment's factors to the record; write posterior, tables, pictures.

    The same command goes on where a fit was broken off.
    """
    from sim.calibration.calibrate import run_calibration
    from sim.calibration.diagnostics import roughness
    from sim.calibration.table import write_tables
    from sim.engine.cast import Cast
    from sim.engine.choice import choose_driver
    from sim.experiment.load import load_experiment
    from sim.pictures.calibration import write_pictures
    from sim.scenario.plugins import known_kinds

    began = time.monotonic()
    experiment = load_experiment(file, known_kinds(plugins or (), installed=True))
    plan = experiment.calibration
    least = 0 if plan is None else plan.options.particles * plan.options.generations
    driver, sentence = choose_driver(Cast(experiment.scenario), max(least, 1), engine)
    say(sentence)
    with progress("attempts kept") as shown:

        def tell(generation: int, accepted: int, asked: int) -> None:
            whole = 1 if plan is None else plan.options.generations
            shown(generation * asked + accepted, whole * asked)

        fitted = run_calibration(
            experiment,
            out=out,
            workers=workers_asked(workers, None),
            engine=driver.name,
            progress=tell,
            tell=say,
        )
    tables, diagnostics = write_tables(fitted), write_pictures(fitted)
    if as_json:
        print_json(_as_data(fitted, tables, diagnostics))
    else:
        _print(fitted, tables)
        print(roughness(fitted.posterior, diagnostics))
    say(f"done in {span(time.monotonic() - began)}; everything is in {fitted.path}")


def _print(calibration: Calibration, tables: Any) -> None:
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


def _as_data(calibration: Calibration, tables: Any, diagnostics: Any) -> dict[str, Any]:
    return {
        "experiment": calibration.experiment.name,
        "scenario": calibration.experiment.scenario.name,
        "root_seed": calibration.experiment.root_seed,
        "posterior": str(calibration.path / "posterior.parquet"),
        "posterior_digest": calibration.posterior.digest,
        "generations": calibration.posterior.metadata["generations"],
        "parameters": tables.parameters.to_dict("records"),
        "diagnostics": diagnostics.to_dict("records"),
        "targets": tables.targets.to_dict("records"),
        "limits": tables.limits,
    }

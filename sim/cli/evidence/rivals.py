"""``escalade rivals``: theories fitted, scored, named and asked side by side."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.present import EngineOption, JsonOption, PluginOption, print_json, say
from sim.cli.progress import WorkersOption, progress, span, workers_asked

if TYPE_CHECKING:
    from sim.rivals.rivals import Rivals


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
    out: Annotated[
        Path | None,
        typer.Option(help="Folder; by default runs/ and a name of its own."),
    ] = None,
    engine: EngineOption = "auto",
    plugins: PluginOption = None,
    as_json: JsonOption = False,
) -> None:
    """Hold rival theories against one another, and ask each the policy question.

    Each theory is a set of feedbacks that are on. It is fitted, scored from the same
    origins, and asked; where the sign of the answer differs, that is said first. The
    same command goes on where it was broken off.
    """
    from sim.engine.cast import Cast
    from sim.engine.choice import choose_driver
    from sim.experiment.load import load_experiment
    from sim.pictures.rivals import plot_rivals
    from sim.rivals.page import write_page
    from sim.rivals.rivals import run_rivals
    from sim.rivals.structure import plan_of
    from sim.scenario.plugins import known_kinds

    began = time.monotonic()
    experiment = load_experiment(file, known_kinds(plugins or (), installed=True))
    plan = plan_of(experiment)
    least = len(plan.structures) * plan.options.particles * plan.options.generations
    driver, sentence = choose_driver(Cast(experiment.scenario), least, engine)
    say(sentence)
    with progress("steps") as shown:
        held = run_rivals(
            experiment,
            out=out,
            workers=workers_asked(workers, None),
            engine=driver.name,
            progress=shown,
            tell=say,
        )
    text = write_page(held)
    plot_rivals(held, held.path)
    if as_json:
        print_json(_as_data(held))
    else:
        print(f"{experiment.question}\n\n{text}")
    say(f"done in {span(time.monotonic() - began)}; everything is in {held.path}")


def _as_data(held: Rivals) -> dict[str, Any]:
    from sim.rivals.page import (
        naming_rows,
        naming_sentence,
        policy_rows,
        scores_rows,
        signs_sentence,
        theories_rows,
    )

    return {
        "experiment": held.experiment.name,
        "scenario": held.experiment.scenario.name,
        "root_seed": held.experiment.root_seed,
        "folder": str(held.path),
        "signs": signs_sentence(held),
        "verdict": naming_sentence(held),
        "policy": policy_rows(held),
        "theories": theories_rows(held),
        "scores": scores_rows(held),
        "naming": naming_rows(held),
    }

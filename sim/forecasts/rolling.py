"""Rolling origins: forecasts from days inside the period, as they would have been made.

At each origin the factors of a calibration are fitted again, to the record as it was
known then; the fit's draws are simulated on from the record to the end of the window;
and the yardsticks are fitted to the same days. Nothing later reaches any of them
(`sim.forecasts.origin`). Each refit is the folder of a calibration, each forecast a
file written whole, so what was broken off goes on, and ends with the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.calibration.calibrate import run_calibration
from sim.digits import markdown_table
from sim.ensemble.provenance import manifest_of_study
from sim.ensemble.study_folder import folder_for
from sim.ensemble.workers import describe_workers, hired
from sim.errors import ScenarioError
from sim.files import plain_failure, write_text
from sim.forecasts.file import read_forecast, write_forecast
from sim.forecasts.forecast import MODEL
from sim.forecasts.model import forecasts_ahead
from sim.forecasts.origin import (
    planned_origins,
    rolling_digest,
    scoring_of,
)
from sim.forecasts.score_table import score_page, write_scores
from sim.forecasts.scoring import paired_differences, score_forecasts
from sim.forecasts.yardstick import YARDSTICKS, yardstick_forecasts
from sim.record.question import questions_named
from sim.scenario.history import record_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor
    from datetime import date
    from pathlib import Path

    from sim.calibration.calibrate import Calibration
    from sim.ensemble.workers import Workers
    from sim.experiment.experiment import Experiment, ScorePlan
    from sim.forecasts.forecast import Forecast
    from sim.forecasts.origin import PlannedOrigin
    from sim.forecasts.scoring import Score
    from sim.scenario.event_table import EventTable
    from sim.statistics.abc import Generation


@dataclass(frozen=True, eq=False)
class Rolling:
    """What was forecast from all origins."""

    experiment: Experiment
    origins: tuple[PlannedOrigin, ...]
    fits: tuple[Calibration, ...]
    """One for each origin."""
    forecasts: tuple[Forecast, ...]
    """By origin, then forecaster: the simulator first, then the yardsticks."""
    table: EventTable
    """The record, that resolves them."""
    path: Path
    is_new: bool
    """Whether anything had to be simulated."""


def run_origins(
    experiment: Experiment,
    *,
    out: str | Path | None = None,
    workers: Workers = 1,
    engine: str = "compiled",
    progress: Callable[[int, int], None] | None = None,
    tell: Callable[[str], None] | None = None,
) -> Rolling:
    """Forecast from each origin of an experiment, or complete what was broken off.

    Parameters
    ----------
    experiment
        With a section ``score``.
    out
        Its folder; ``runs/<experiment>-<12 of its digest>`` unless given.
    workers
        Processes, 1 being this one, an executor, or a cluster's address. Results do
        not depend on it.
    engine
        ``simpy`` or ``compiled``; results do not depend on it.
    progress
        Called with the steps done and asked: particles kept and windows simulated.
    tell
        Called with a sentence on each origin that is done.

    Raises
    ------
    StudyError
        If the experiment has no origins, or the folder holds another study.
    """
    plan, origins = scoring_of(experiment), planned_origins(experiment)
    questions = questions_named(plan.questions)
    table = record_of(experiment.scenario)
    digest = rolling_digest(experiment, origins)
    study = folder_for(out, experiment.name, digest)
    manifest = manifest_of_study(experiment, digest, describe_workers(workers))
    study.take(lambda: manifest)
    folder = study.path
    fits: list[Calibration] = []
    forecasts: list[Forecast] = []
    is_new = False
    each = plan.options.particles * plan.options.generations
    whole = (each + plan.size.total) * len(origins)
    with study.held(), hired(workers) as executor, study.sealed(manifest) as results:
        with plain_failure(folder):
            (folder / "forecasts").mkdir(exist_ok=True)
        for number, origin in enumerate(origins):
            before = number * (each + plan.size.total)

            def step(done: int, before: int = before) -> None:
                if progress is not None:
                    progress(before + done, whole)

            fit = _refitted(origin, folder, executor, engine, step)
            simulated, is_new_forecast = _forecasts(
                origin=origin,
                fit=fit,
                experiment=experiment,
                folder=folder,
                executor=executor,
                engine=engine,
                progress=lambda done, _, step=step: step(each + done),
            )
            for one in simulated:
                yardsticks = yardstick_forecasts(
                    table,
                    origin.scenario,
                    (origin.day, one.end),
                    questions,
                    root_seed=experiment.root_seed,
                    start=one.start,
                    step=one.step,
                )
                for forecast in yardsticks:
                    _write(folder, forecast)
                forecasts += [one, *yardsticks]
            step(each + plan.size.total)
            fits.append(fit)
            is_new = is_new or fit.is_new or is_new_forecast
            if tell is not None:
                tell(_said(origin, fit.generations[-1]))
        results["posterior_digests"] = {
            origin.day.isoformat(): fit.posterior.digest
            for origin, fit in zip(origins, fits, strict=True)
        }
    return Rolling(
        experiment=experiment,
        origins=origins,
        fits=tuple(fits),
        forecasts=tuple(forecasts),
        table=table,
        path=folder,
        is_new=is_new,
    )


def write_rolling(rolling: Rolling) -> list[Score]:
    """Score the forecasts, write tables beside them; return the scores."""
    scores = score_forecasts(rolling.forecasts, rolling.table)
    write_scores(rolling.path, scores)
    write_text(rolling.path / "refits.csv", refits_csv(rolling))
    return scores


def _refitted(
    origin: PlannedOrigin,
    folder: Path,
    executor: Executor | None,
    engine: str,
    step: Callable[[int], None],
) -> Calibration:
    """Fit an origin's calibration, or complete it."""
    return run_calibration(
        origin.refit,
        out=folder / "refits" / origin.day.isoformat(),
        workers=1 if executor is None else executor,
        engine=engine,
        targets=origin.targets,
        shows_predictive=False,
        progress=lambda generation, near, asked: step(generation * asked + near),
    )


def _file_of(folder: Path, origin: date, forecaster: str, step: int) -> Path:
    """Return where a forecast is kept: by origin, forecaster and steps ahead."""
    ahead = "" if step == 1 else f"-step{step}"
    return folder / "forecasts" / f"{origin}-{forecaster}{ahead}.json"


def _write(folder: Path, forecast: Forecast) -> None:
    f = forecast
    write_forecast(_file_of(folder, f.origin, f.forecaster, f.step), f)


def _forecasts(
    origin: PlannedOrigin,
    fit: Calibration,
    experiment: Experiment,
    folder: Path,
    executor: Executor | None,
    engine: str,
    progress: Callable[[int, int], None],
) -> tuple[list[Forecast], bool]:
    """Return the simulator's forecasts from an origin, and whether they are new."""
    plan = scoring_of(experiment)
    windows = plan.ahead(origin.day)
    earlier = [
        _earlier_forecast(folder, origin, step, fit, plan, experiment.root_seed)
        for step in range(1, len(windows) + 1)
    ]
    written = [forecast for forecast in earlier if forecast is not None]
    if len(written) == len(windows):
        return written, False
    forecasts = forecasts_ahead(
        origin.scenario,
        fit.posterior,
        questions_named(plan.questions),
        plan.size,
        experiment.root_seed,
        starts=[start for start, _ in windows[1:]],
        engine=engine,
        executor=executor,
        progress=progress,
    )
    for forecast in forecasts:
        _write(folder, forecast)
    return forecasts, True


def _earlier_forecast(
    folder: Path,
    origin: PlannedOrigin,
    step: int,
    fit: Calibration,
    plan: ScorePlan,
    root_seed: int,
) -> Forecast | None:
    """Return the forecast that is in a file already; None if it is another, or none."""
    file = _file_of(folder, origin.day, MODEL, step)
    if not file.is_file():
        return None
    try:
        earlier = read_forecast(file)
    except ScenarioError:
        return None
    is_this = (
        earlier.scenario_digest == origin.scenario.digest
        and earlier.posterior_digest == fit.posterior.digest
        and earlier.origin == origin.day
        and earlier.step == step
        and (earlier.first_day, earlier.end) == plan.ahead(origin.day)[step - 1]
        and earlier.draws == plan.size.draws
        and earlier.replications == plan.size.replications
        and earlier.root_seed == root_seed
        and set(earlier.answers) == set(plan.questions)
    )
    return earlier if is_this else None


def refits_csv(rolling: Rolling) -> str:
    """Return a table of the refits: how much each knew, and what it is worth."""
    lines = ["origin,days,attacks,generations,attempts,tolerance,particles,worth"]
    for origin, fit in zip(rolling.origins, rolling.fits, strict=True):
        last = fit.generations[-1]
        known = {target.outcome: target.value for target in origin.targets}
        lines.append(
            f"{origin.day},{origin.refit.until:g},"
            f"{known.get('n_rocket_attacks', float('nan')):g},"
            f"{len(fit.generations)},{sum(g.attempts for g in fit.generations)},"
            f"{last.tolerance:.4g},{len(last.weights)},{last.effective_size:.1f}"
        )
    return "\n".join(lines) + "\n"


def results_section(rolling: Rolling, scores: list[Score]) -> str:
    """Return the scored origins as a page of results tells them, Markdown."""
    plan, differences = scoring_of(rolling.experiment), paired_differences(scores)
    first = (
        f"{len(rolling.origins)} origins, root_seed {rolling.experiment.root_seed}; "
        f"forecasts from {plan.size.draws} draws × {plan.size.replications} "
        f"replications. Looked at: {len(differences)} differences, "
        f"{len(plan.questions)} questions × 2 scores × {len(YARDSTICKS)} yardsticks."
    )
    heads, *rows = [row.split(",") for row in refits_csv(rolling).splitlines()]
    table = markdown_table(heads, rows, numbers=range(1, len(heads)))
    _, _, page = score_page(scores, differences).partition("\n")  # without its title
    return "\n\n".join(
        (
            first,
            "The refits, each to what was known on its day:",
            table.rstrip("\n"),
            page.strip(),
        )
    )


def _said(origin: PlannedOrigin, last: Generation) -> str:
    return (
        f"{origin.day}: refitted to {origin.refit.until:g} days, {len(last.weights)} "
        f"particles worth {last.effective_size:.0f}; forecast up to {origin.end}"
    )

"""``escalade compare --draws``: what the answer owes to what is not known."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.cli.present import print_json, print_table, require, say, write_json
from sim.cli.progress import progress, resumable, span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.comparison.range_draws import RangeTask
    from sim.comparison.under_draws import Drawn, DrawnArms
    from sim.ensemble.draw_set import ArmSource
    from sim.ensemble.study_folder import StudyFolder
    from sim.ensemble.workers import Workers
    from sim.experiment.experiment import Experiment
    from sim.scenario.scenario import Scenario


class Draws(NamedTuple):
    """What ``--draws`` asks for."""

    number: int
    replications: int
    """Within each draw."""
    vary: tuple[str, ...]
    """Paths; all that have a range when empty."""
    posterior: Path | None = None
    """Where the draws come from; the ranges when None."""
    engine: str = "auto"


def compare_draws(
    sources: Mapping[str, ArmSource],
    scenarios: Mapping[str, Scenario],
    experiment: Experiment | None,
    names: list[str],
    asked: Draws,
    root_seed: int,
    until: float,
    workers: Workers,
    out: Path | None,
    as_json: bool,
) -> None:
    """Run every arm under each draw; split chance from parameters; rank the arms."""
    from sim.comparison.pairing import require_outcomes
    from sim.comparison.ranking import budgets_of, draw_means
    from sim.comparison.under_draws import study_digest
    from sim.ensemble.study_folder import folder_for
    from sim.files import write_bytes
    from sim.outcomes import outcomes_for
    from sim.statistics.variance import FEWEST_DRAWS

    began = time.monotonic()
    require("--draws", asked.number, FEWEST_DRAWS, 1_000_000)
    require("--replications", asked.replications, 2, 1_000_000)
    tables = [outcomes_for(scenario) for scenario in scenarios.values()]
    outcomes = require_outcomes(names, tables)
    if asked.posterior is not None:
        arms, ranges = _of_posterior(asked, sources, scenarios, root_seed, until), None
    else:
        ranges = _ranges(sources, scenarios, experiment, asked, root_seed)
        arms = _of_ranges(ranges, scenarios, asked, until)
    digest = study_digest(arms.cells())
    name = experiment.name if experiment else next(iter(scenarios.values())).name
    folder = folder_for(out, name, digest)
    folder.take()
    with resumable(lambda: f"what is finished is kept in {folder.path}"):
        arms_run = _run(arms, ranges, list(outcomes), asked, workers, folder)
    labels = {} if experiment is None else experiment.labels
    question = "" if experiment is None else experiment.question.strip()
    report = budgets_of(arms_run, outcomes, root_seed, labels, question)
    write_json(folder.path / "budget.json", report.data)
    means: Any = draw_means(arms_run)
    write_bytes(folder.path / "draw_means.csv", means.to_csv(index=False).encode())
    if as_json:
        print_json(report.data)
    else:
        _print(report, experiment)
    say(f"done in {span(time.monotonic() - began)}; everything is in {folder.path}")


def _run(
    arms: DrawnArms,
    ranges: RangeTask | None,
    outcomes: list[str],
    asked: Draws,
    workers: Workers,
    folder: StudyFolder,
) -> Drawn:
    """Find the draws, where they are not there yet, and run every arm under them."""
    from dataclasses import replace

    from sim.comparison.range_draws import range_draws
    from sim.comparison.under_draws import manifest_of, run_drawn_arms
    from sim.engine.cast import Cast
    from sim.engine.choice import choose_driver

    runs = asked.number * asked.replications * len(arms.scenarios)
    cast = Cast(next(iter(arms.scenarios.values())))
    driver, sentence = choose_driver(cast, runs, asked.engine)
    say(sentence)
    n_refused = 0
    manifest = manifest_of(arms, folder.digest)
    with folder.written(manifest) as results:
        if ranges is not None:
            with progress("draws") as shown:
                draws, n_refused = range_draws(
                    task=ranges,
                    n_draws=asked.number,
                    replications=asked.replications,
                    digest=arms.draws.digest,
                    workers=workers,
                    folder=folder.path,
                    progress=shown,
                )
            arms = replace(arms, draws=draws, sources=ranges.arms)
        with progress("replications") as shown:
            drawn = run_drawn_arms(
                arms=arms,
                outcomes=outcomes,
                workers=workers,
                folder=folder.path,
                progress=shown,
                engine=driver.name,
            )
        arms.draws.write(folder.path)
        results["draws"] = arms.draws.manifest()
    return replace(drawn, n_refused=n_refused)


def _of_posterior(
    asked: Draws,
    sources: Mapping[str, ArmSource],
    scenarios: Mapping[str, Scenario],
    root_seed: int,
    until: float,
) -> DrawnArms:
    """Return the arms under draws of a posterior, the same for each."""
    from sim.comparison.under_draws import DrawnArms
    from sim.ensemble.draw_set import draws_from, refuse_set_twice, refuse_unfit
    from sim.errors import StudyError
    from sim.experiment.posterior import read_posterior

    assert asked.posterior is not None
    posterior = read_posterior(asked.posterior)
    if asked.vary:
        message = "--vary draws from ranges; with --posterior the file says what varies"
        raise StudyError(message)
    setters = {f"the arm {n}": source.variant.changes for n, source in sources.items()}
    refuse_set_twice(posterior, setters, "the policy")
    draws = draws_from(posterior, asked.number, asked.replications)
    for name, scenario in scenarios.items():
        if warning := refuse_unfit(posterior, draws, scenario):
            say(f"{name}: {warning}")
    return DrawnArms(scenarios, draws, root_seed, until)


def _of_ranges(
    ranges: RangeTask, scenarios: Mapping[str, Scenario], asked: Draws, until: float
) -> DrawnArms:
    """Return the arms before the draws from ranges are found."""
    from sim.comparison.range_draws import draws_without_values
    from sim.comparison.under_draws import DrawnArms
    from sim.digest import run_digest

    seed = ranges.root_seed
    digest = ranges.digest(run_digest(s, seed, until) for s in scenarios.values())
    draws = draws_without_values(ranges, asked.replications, digest)
    return DrawnArms(scenarios, draws, seed, until)


def _ranges(
    sources: Mapping[str, ArmSource],
    scenarios: Mapping[str, Scenario],
    experiment: Experiment | None,
    asked: Draws,
    root_seed: int,
) -> RangeTask:
    """Return what is drawn from the ranges of the first arm's scenario."""
    from sim.comparison.range_draws import RangeTask
    from sim.experiment.parameter_draw import ranged_factors, refuse_contradiction

    first = next(iter(sources))
    drawn = [f for f in experiment.factors if f.kind == "number"] if experiment else []
    factors = (
        tuple(drawn)
        if drawn and not asked.vary
        else ranged_factors(sources[first].document, scenarios[first], asked.vary)
    )
    set_by_arms = {name: list(s.variant.changes) for name, s in sources.items()}
    if asked.vary or drawn:
        refuse_contradiction(factors, set_by_arms)
    else:  # what no arm sets
        taken = {path for paths in set_by_arms.values() for path in paths}
        factors = tuple(f for f in factors if f.paths[0] not in taken)
    return RangeTask(sources, factors, root_seed)


def _print(report: Any, experiment: Experiment | None) -> None:
    if experiment is not None:
        print(f"{experiment.question}\n")
    for text in report.sentences:
        print(f"- {text}")
    print()
    print_table(report.heads, report.cells, numbers=(2, 3, 4, 5), whole=(0, 1))
    for text in report.caveats:
        print(f"- {text}")

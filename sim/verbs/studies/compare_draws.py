"""``escalade compare --draws``: what the answer owes to what is not known."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.errors import StudyError
from sim.files import write_bytes, write_json
from sim.verbs.answer import Answer
from sim.verbs.arguments import MOST_DRAWS, require

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from sim.comparison.arms import ArmRunner
    from sim.comparison.range_draws import RangeTask
    from sim.comparison.ranking import BudgetReport
    from sim.comparison.under_draws import Drawn, DrawnArms
    from sim.ensemble.study_folder import StudyFolder
    from sim.ensemble.workers import Workers
    from sim.outcomes import Outcome
    from sim.pictures.style import Pictures
    from sim.scenario.scenario import Scenario
    from sim.verbs.studies.arms import Arms
    from sim.verbs.watch import Watch


class Draws(NamedTuple):
    """What ``--draws`` asks for."""

    number: int
    replications: int
    """Within each draw."""
    vary: tuple[str, ...]
    """Paths; all that have a range when empty."""
    as_shipped: int
    """Replications of each arm with the numbers as shipped, at most as many as under
    all draws together."""
    posterior: str | os.PathLike[str] | None = None
    """Where the draws come from; the ranges when None."""
    engine: str = "auto"


@dataclass(frozen=True, eq=False, repr=False)
class DrawnComparisonAnswer(Answer):
    """Every arm against the first under parameter draws, and which comes first."""

    report: BudgetReport
    arms: Sequence[str]
    scenario: Scenario
    """The reference's, before any draw."""
    root_seed: int
    until: float
    """Days."""
    question: str = ""
    path: Path | None = None

    def headline(self) -> str:
        """Return the arms, and how many draws."""
        data = self.report.data
        return (
            f"{'; '.join(self.arms[1:])} against {self.arms[0]}: {data['draws']} draws "
            f"of {data['parameters_drawn']} parameters × "
            f"{data['replications_per_draw']} replications"
        )

    def table(self) -> pd.DataFrame:
        """Return one row an outcome and arm: its difference, chance and parameters.

        Differences are of the arm from the reference, in the outcome's unit.
        """
        import pandas as pd

        from sim.comparison.ranking import budget_row

        return pd.DataFrame(
            [
                {"outcome": row["outcome"], "label": row["label"], "arm": arm}
                | budget_row(budget)
                for row in self.report.data["outcomes"]
                for arm, budget in row["differences"].items()
            ]
        )

    def ranking(self) -> pd.DataFrame:
        """Return one row an outcome and arm: the share of draws in which it is first.

        Shares are 0 to 1; `first` says whether the lowest or the latest is.
        """
        import pandas as pd

        return pd.DataFrame(
            [
                {"outcome": row["outcome"], "first": row["first"], **rank}
                for row in self.report.data["outcomes"]
                for rank in row["ranking"]
            ]
        )

    def sentences(self) -> list[str]:
        """Return what each arm does to each outcome, and which comes first."""
        return self.report.sentences

    def notes(self) -> list[str]:
        """Return the sentences, and what is to be minded of them."""
        report = self.report
        return [*report.sentences, *report.data["assumptions"], *report.caveats]

    def _repr_html_(self) -> str:
        import pandas as pd

        report = self.report
        return self.html(pd.DataFrame(report.cells, columns=pd.Index(report.heads)))

    def data(self) -> dict[str, Any]:
        """Return what the command prints with ``--json``."""
        return self.report.data

    def pictures(self) -> Pictures:
        """Return what plots effects: chance, and what the draws make of them."""
        from sim.pictures.comparison import draws_plot
        from sim.pictures.style import Making

        data = self.report.data
        extent = f"{data['draws']} draws × {data['replications_per_draw']} pairs"
        making = Making(self.root_seed, extent, self.until)
        return {"effects": lambda: draws_plot(data, self.scenario, making)}


def compare_draws(
    arms: Arms,
    names: list[str],
    asked: Draws,
    root_seed: int,
    until: float,
    workers: Workers,
    out: str | os.PathLike[str] | bool | None,
    watch: Watch,
    notes: Sequence[str] = (),
) -> DrawnComparisonAnswer:
    """Run every arm under each draw; split chance from parameters; rank the arms."""
    from sim.comparison.arms import ArmRunner
    from sim.comparison.pairing import require_outcomes
    from sim.comparison.ranking import budgets_of, draw_means
    from sim.comparison.under_draws import study_digest, with_all_dead
    from sim.ensemble.study_folder import folder_for
    from sim.ensemble.summary import OF_DEAD
    from sim.outcomes import outcomes_for
    from sim.scenario.dump import write_resolved
    from sim.statistics.variance import FEWEST_DRAWS

    require("--draws", asked.number, FEWEST_DRAWS, MOST_DRAWS)
    require("--replications", asked.replications, 2, MOST_DRAWS)
    scenarios, experiment = arms.scenarios, arms.experiment
    tables = [outcomes_for(scenario) for scenario in scenarios.values()]
    outcomes = require_outcomes(names, tables)
    ranges = None
    if asked.posterior is not None:
        drawn_arms = _of_posterior(asked, arms, root_seed, until, watch)
    else:
        ranges = _ranges(arms, asked, root_seed)
        drawn_arms = _of_ranges(ranges, scenarios, asked, until)
    folder = None
    if out is not None and out is not False:
        name = experiment.name if experiment else next(iter(scenarios.values())).name
        digest = study_digest(drawn_arms.cells())
        folder = folder_for(None if out is True else Path(out), name, digest)
        folder.take()
        watch.keep(f"what is finished is kept in {folder.path}")
    measured = list(dict.fromkeys((*outcomes, *OF_DEAD)))
    n_shipped = min(asked.number * asked.replications, asked.as_shipped)
    drawn = _run(drawn_arms, ranges, measured, asked, workers, folder, watch)
    question = "" if experiment is None else experiment.question.strip()
    report = budgets_of(
        drawn,
        outcomes,
        root_seed,
        arms.labels,
        asked=None if experiment is None else experiment.asked,
        notes=notes,
    )
    with watch.stage("the numbers as shipped", workers) as progress:
        runner = ArmRunner(
            scenarios=scenarios,
            root_seed=root_seed,
            until=until,
            workers=workers,
            out=None if folder is None else folder.path / "as_shipped",
            progress=progress,
            labels=arms.labels,
            engine=asked.engine,
        )
        report.data["as_shipped"] = _as_shipped(runner, outcomes, n_shipped, watch)
    if folder is not None:
        for arm, scenario in scenarios.items():
            write_resolved(scenario, folder.path / "arms" / arm)
        write_json(folder.path / "budget.json", report.data)
        means: Any = draw_means(with_all_dead(drawn, list(outcomes)))
        csv = means.to_csv(index=False).encode()
        write_bytes(folder.path / "draw_means.csv", csv)
    answer = DrawnComparisonAnswer(
        report=report,
        arms=[arms.labels.get(name, name) for name in scenarios],
        scenario=next(iter(scenarios.values())),
        root_seed=root_seed,
        until=until,
        question=question,
        path=None if folder is None else folder.path,
    )
    if folder is not None:
        from sim.pictures.style import save_all

        save_all(answer.pictures(), folder.path / "pictures")
    return answer


def _as_shipped(
    runner: ArmRunner, outcomes: Mapping[str, Outcome], n: int, watch: Watch
) -> dict[str, Any]:
    """Run the arms with the scenario's numbers as they stand, coupled.

    Nothing is run where those numbers run away: draws of them may not.
    """
    from sim.comparison.as_shipped import differences_as_shipped

    try:
        runner.check()
    except StudyError as error:
        watch.say(f"not run with the numbers as shipped: {error}")
        return {"replications": 0, "differences": []}
    rows = differences_as_shipped(runner.run(range(n)), outcomes, runner.root_seed)
    return {"replications": n, "differences": rows}


def _run(
    arms: DrawnArms,
    ranges: RangeTask | None,
    outcomes: list[str],
    asked: Draws,
    workers: Workers,
    study: StudyFolder | None,
    watch: Watch,
) -> Drawn:
    """Find the draws, where they are not there yet, and run every arm under them."""
    from dataclasses import replace

    from sim.comparison.range_draws import range_draws
    from sim.comparison.under_draws import manifest_of, run_drawn_arms
    from sim.ensemble.ensemble import engine_for
    from sim.ensemble.filtered_past import particles_under

    reference = next(iter(arms.scenarios.values()))
    n_draws = asked.number * len(arms.scenarios)
    n_refused = 0
    folder = None if study is None else study.path
    with ExitStack() as held:
        results: dict[str, Any] = {}
        if study is not None:
            manifest = manifest_of(arms, study.digest)
            results = held.enter_context(study.written(manifest))
        if ranges is not None:
            with watch.stage("draws", workers) as progress:
                draws, n_refused = range_draws(
                    task=ranges,
                    n_draws=asked.number,
                    replications=asked.replications,
                    digest=arms.draws.digest,
                    workers=workers,
                    folder=folder,
                    progress=progress,
                )
            arms = replace(arms, draws=draws, sources=ranges.arms)
        engine, compiling = engine_for(
            reference,
            n_draws * asked.replications,
            asked.engine,
            arms.until,
            workers,
            watch.say,
            particles=particles_under(reference, n_draws),
        )
        with watch.stage("replications", workers) as progress:
            drawn = run_drawn_arms(
                arms=arms,
                outcomes=outcomes,
                workers=workers,
                folder=folder,
                progress=progress,
                engine=engine,
                compiling=compiling,
            )
        if folder is not None:
            arms.draws.write(folder)
        results["draws"] = arms.draws.manifest()
    return replace(drawn, n_refused=n_refused)


def _of_posterior(
    asked: Draws, arms: Arms, root_seed: int, until: float, watch: Watch
) -> DrawnArms:
    """Return the arms under draws of a posterior, the same for each."""
    from sim.comparison.under_draws import DrawnArms
    from sim.ensemble.draw_set import draws_from, refuse_set_twice, refuse_unfit
    from sim.errors import StudyError
    from sim.experiment.posterior import read_posterior

    assert asked.posterior is not None
    posterior = read_posterior(Path(asked.posterior))
    if asked.vary:
        message = "--vary draws from ranges; with --posterior the file says what varies"
        raise StudyError(message)
    setters = {f"the arm {n}": s.variant.changes for n, s in arms.sources.items()}
    refuse_set_twice(posterior, setters, "the policy")
    draws = draws_from(posterior, asked.number, asked.replications)
    for name, scenario in arms.scenarios.items():
        if warning := refuse_unfit(posterior, draws, scenario):
            watch.say(f"{name}: {warning}")
    return DrawnArms(arms.scenarios, draws, root_seed, until)


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


def _ranges(arms: Arms, asked: Draws, root_seed: int) -> RangeTask:
    """Return what is drawn from the ranges of the first arm's scenario.

    Raises
    ------
    StudyError
        If an arm has been loaded already: a draw changes its file.
    """
    from sim.comparison.range_draws import RangeTask
    from sim.experiment.parameter_draw import ranged_factors, refuse_contradiction

    sources, experiment = arms.sources, arms.experiment
    if not sources:
        message = (
            "--draws change the files of scenarios: name files or ids, not scenarios "
            "that have been loaded"
        )
        raise StudyError(message)
    first = next(iter(sources))
    drawn = [f for f in experiment.factors if f.kind == "number"] if experiment else []
    factors = (
        tuple(drawn)
        if drawn and not asked.vary
        else ranged_factors(sources[first].document, arms.scenarios[first], asked.vary)
    )
    set_by_arms = {name: list(s.variant.changes) for name, s in sources.items()}
    if asked.vary or drawn:
        refuse_contradiction(factors, set_by_arms)
    else:  # what no arm sets
        taken = {path for paths in set_by_arms.values() for path in paths}
        factors = tuple(f for f in factors if f.paths[0] not in taken)
    return RangeTask(sources, factors, root_seed)

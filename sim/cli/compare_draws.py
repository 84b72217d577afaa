"""``escalade compare --draws``: what the answer owes to what is not known."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.cli.present import plain, print_json, print_table, require, say
from sim.cli.progress import progress, span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.scenario.scenario import Scenario
    from sim.study.draw_run import ArmSource
    from sim.study.plan import Experiment
    from sim.study.posterior import Posterior
    from sim.study.workers import Workers


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
    from dataclasses import replace

    from sim.engine.cast import Cast
    from sim.engine.choice import choose_driver
    from sim.outcomes import outcomes_for
    from sim.study.budget import FEWEST_DRAWS
    from sim.study.budget_text import FROM_RANGES, budgets_of
    from sim.study.draw_run import DrawTask, run_draws
    from sim.study.pairing import require_outcomes
    from sim.study.posterior import read_posterior
    from sim.study.workers import hired

    began = time.monotonic()
    require("--draws", asked.number, FEWEST_DRAWS, 1_000_000)
    require("--replications", asked.replications, 2, 1_000_000)
    tables = [outcomes_for(scenario) for scenario in scenarios.values()]
    outcomes = require_outcomes(names, tables)
    if asked.posterior is not None:
        posterior = read_posterior(asked.posterior)
        values = _posterior_draws(posterior, asked, sources, scenarios)
        origin = (
            f"from the posterior of {posterior.made['experiment']} "
            f"({posterior.digest[:12]}), jointly"
        )
        task = DrawTask(
            *(sources, tuple(outcomes), (), root_seed, asked.replications, until),
            values,
        )
        n_varied = len(posterior.parameters)
    else:
        task = _range_task(
            *(sources, scenarios, experiment, list(outcomes), asked),
            *(root_seed, until),
        )
        n_varied, origin = len(task.factors), FROM_RANGES
    runs = asked.number * asked.replications * len(sources)
    cast = Cast(next(iter(scenarios.values())))
    driver, sentence = choose_driver(cast, runs, asked.engine)
    say(sentence)
    task = replace(task, engine=driver.name)
    with progress("draws") as shown, hired(workers, asked.number) as executor:
        found = run_draws(task, asked.number, executor=executor, progress=shown)
    report = budgets_of(found, outcomes, root_seed, n_varied, origin)
    if out is not None:
        import json

        from sim.study.archive import write_whole

        out.mkdir(parents=True, exist_ok=True)
        words = json.dumps(plain(report.data), indent=2, ensure_ascii=False) + "\n"
        write_whole(out / "budget.json", lambda stream: stream.write(words.encode()))
    if as_json:
        print_json(report.data)
    else:
        _print(report, experiment)
    where = "" if out is None else f"; everything is in {out}"
    say(f"done in {span(time.monotonic() - began)}{where}")


def _posterior_draws(
    posterior: Posterior,
    asked: Draws,
    sources: Mapping[str, ArmSource],
    scenarios: Mapping[str, Scenario],
) -> tuple[dict[str, Any], ...]:
    """Return the draws of a posterior, the same for every arm."""
    from sim.errors import StudyError

    if asked.vary:
        message = "--vary draws from ranges; with --posterior the file says what varies"
        raise StudyError(message)
    for name, scenario in scenarios.items():
        if warning := posterior.require(scenario):
            say(f"{name}: {warning}")
        both = sorted(set(posterior.paths) & set(sources[name].variant.changes))
        if both:
            message = (
                f"{both[0]} is drawn from the posterior and set by the arm {name}: the "
                "draw would undo the policy"
            )
            raise StudyError(message)
    return tuple(posterior.draw(draw) for draw in range(asked.number))


def _range_task(
    sources: Mapping[str, ArmSource],
    scenarios: Mapping[str, Scenario],
    experiment: Experiment | None,
    outcomes: list[str],
    asked: Draws,
    root_seed: int,
    until: float,
) -> Any:
    """Return what is drawn from the ranges of the first arm's scenario."""
    from sim.study.draw_run import DrawTask
    from sim.study.parameter_draw import ranged_factors, refuse_contradiction

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
    return DrawTask(
        sources, tuple(outcomes), factors, root_seed, asked.replications, until
    )


def _print(report: Any, experiment: Experiment | None) -> None:
    if experiment is not None:
        print(f"{experiment.question}\n")
    for text in report.sentences:
        print(f"- {text}")
    print()
    print_table(report.heads, report.cells, numbers=(2, 3, 4, 5), whole=(0, 1))
    for text in report.caveats:
        print(f"- {text}")

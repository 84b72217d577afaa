"""``escalade compare``: whether two policies differ, and by how much."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from sim.cli.present import (
    JsonOption,
    SetOption,
    UntilOption,
    caution,
    days_until,
    parse_changes,
    print_json,
    print_table,
    require,
    say,
)
from sim.cli.progress import progress, span

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario
    from sim.study.arm_run import ArmRunner
    from sim.study.compare import Comparison
    from sim.study.draw_run import ArmSource
    from sim.study.plan import Experiment

MOST_REPLICATIONS: Final = 10_000_000
MOST_WORKERS: Final = 1024

COMPARED: Final = (
    "n_rocket_attacks_true", "n_coalition_deaths_true", "n_killed_civilian_true",
    "n_killed_militia_true", "n_strikes_true", "n_direct_strikes_true",
    "n_raids_true", "n_persons_arrested_true", "n_accusations_true",
    "n_demands_to_leave_true", "peak_rung_true", "time_to_first_strike_days_true",
    "time_to_first_coalition_death_days_true", "first_strike_happened_true",
    "war_happened_true",
)  # fmt: skip
"""Outcomes that are compared unless others are asked for: few, chosen beforehand."""


def compare(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE...",
            help="Scenario files or ids, the first is the reference; or one with "
            "--set; or one experiment file with arms.",
        ),
    ],
    changes: SetOption = None,
    replications: Annotated[
        int | None,
        typer.Option(
            "--replications",
            "-n",
            help="Of each arm (of each draw, with --draws). Default: 1000.",
        ),
    ] = None,
    root_seed: Annotated[
        int | None,
        typer.Option(help="The one integer all chance hangs on. Default: 1."),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(help="Processes; results do not depend on it. Default: all CPUs."),
    ] = None,
    until: UntilOption = None,
    outcomes: Annotated[
        str | None,
        typer.Option(metavar="NAME,...", help="What to compare, or 'all'."),
    ] = None,
    independent: Annotated[
        bool,
        typer.Option("--independent", help="Give each arm a root_seed of its own."),
    ] = False,
    until_half_width: Annotated[
        str | None,
        typer.Option(
            metavar="OUTCOME=VALUE",
            help="Replicate until the interval of this difference is as narrow.",
        ),
    ] = None,
    at_most: Annotated[
        int, typer.Option(help="Replications at which --until-half-width gives up.")
    ] = 20_000,
    draws: Annotated[
        int | None,
        typer.Option(
            help="Draw so many sets of parameters from their ranges, shared by all "
            "arms: what the answer owes to what is not known.",
        ),
    ] = None,
    vary: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PATH", help="With --draws: a parameter to draw; may be repeated."
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder for runs, tables and pictures. Default: none."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Compare scenarios or policies in coupled worlds; say how sure the answer is."""
    from sim.study.arm_run import ArmRunner
    from sim.study.variant import variant_of

    began = time.monotonic()
    n_workers = _cpus() if workers is None else workers
    require("--workers", n_workers, 1, MOST_WORKERS)
    require("--at-most", at_most, 1, MOST_REPLICATIONS)
    sources, experiment = _arms(files, parse_changes(changes))
    scenarios = {
        name: variant_of(source.document, source.variant)
        for name, source in sources.items()
    }
    root_seed = _asked(root_seed, experiment.root_seed if experiment else None, 1)
    require("--root-seed", root_seed, 0)
    length = _length(until, scenarios, experiment)
    for scenario in {s.name: s for s in scenarios.values()}.values():
        if warning := caution(scenario):
            say(warning)
    names = _outcomes(outcomes, experiment)
    if draws is not None:
        from sim.cli.compare_draws import Draws, compare_draws

        asked = Draws(draws, _asked(replications, None, 2), tuple(vary or ()))
        compare_draws(
            *(sources, scenarios, experiment, names, asked),
            *(root_seed, length, n_workers, out, as_json),
        )
        return
    planned = experiment.replications if experiment else None
    n = _asked(replications, planned, 1000)
    require("--replications", n, 1, MOST_REPLICATIONS)
    with progress("simulating " + ", ".join(scenarios)) as shown:
        runner = ArmRunner(
            *(scenarios, root_seed, length, independent, n_workers, out, shown)
        )
        runner.check()
        target = _target(until_half_width, at_most, experiment, replications)
        comparison = _compared(runner, names, n, target)
    folder = None if out is None else _write(comparison, runner, out)
    if as_json:
        from sim.study.comparison_text import comparison_data

        data = comparison_data(comparison)
        print_json(data | {"out": None if folder is None else str(folder)})
    else:
        _print(comparison, experiment)
    where = "" if folder is None else f"; everything is in {folder}"
    say(f"done in {span(time.monotonic() - began)}{where}")


def _cpus() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _asked(given: int | None, planned: int | None, default: int) -> int:
    """Return what the command says, else the experiment, else the default."""
    if given is not None:
        return given
    return default if planned is None else planned


def _arms(
    files: list[str], changes: dict[str, Any]
) -> tuple[dict[str, ArmSource], Experiment | None]:
    """Return what the arms are made of, and the experiment that they are from."""
    from sim.errors import StudyError
    from sim.scenario.load import find
    from sim.scenario.strict_yaml import read
    from sim.study.draw_run import ArmSource
    from sim.study.plan import is_experiment, load_experiment
    from sim.study.variant import Variant

    if len(files) == 1 and is_experiment(files[0]):
        experiment = load_experiment(files[0])
        if len(experiment.arms) < 2:
            message = (
                f"{experiment.path} has {len(experiment.arms)} arms; a comparison "
                "needs at least 2"
            )
            raise StudyError(message)
        found: dict[str, ArmSource] = {}
        for arm in experiment.arms:
            mine = {**experiment.changes, **arm.variant.changes, **changes}
            variant = Variant(mine, arm.variant.cancels, arm.variant.absent)
            found[arm.name] = ArmSource(experiment.document, variant)
        return found, experiment
    documents = [read(find(file)) for file in files]
    if len(files) == 1:
        if not changes:
            message = (
                f"{files[0]} alone has nothing to be compared with; name a second "
                "file, an experiment with arms, or what to change with --set"
            )
            raise StudyError(message)
        changed = ", ".join(
            f"{path.removeprefix('actors.')}={value}" for path, value in changes.items()
        )
        name = changed if len(changed) <= 60 and "/" not in changed else "changed"
        return {
            Path(documents[0].path).stem: ArmSource(documents[0], Variant()),
            name: ArmSource(documents[0], Variant(changes)),
        }, None
    names = [Path(document.path).stem for document in documents]
    if len(set(names)) < len(names):
        names = [f"{name}_{k + 1}" for k, name in enumerate(names)]
    return {
        name: ArmSource(document, Variant(changes))
        for name, document in zip(names, documents, strict=True)
    }, None


def _length(
    until: str | None,
    scenarios: dict[str, Scenario],
    experiment: Experiment | None,
) -> float:
    """Return the days that every arm is simulated."""
    from sim.errors import StudyError

    if until is not None:
        lengths = {days_until(until, scenario) for scenario in scenarios.values()}
        if len(lengths) == 1:
            return lengths.pop()
        message = (
            f"--until {until} is another length in each scenario, since they start on "
            "other days; give a number of days"
        )
        raise StudyError(message)
    if experiment is not None:
        return experiment.until
    horizons = {name: scenario.horizon for name, scenario in scenarios.items()}
    if len(set(horizons.values())) > 1:
        told = ", ".join(f"{name} {days:g}" for name, days in horizons.items())
        message = (
            f"the scenarios have different horizons in days ({told}): counts and times "
            "over different lengths cannot be compared; give --until"
        )
        raise StudyError(message)
    return next(iter(horizons.values()))


def _outcomes(text: str | None, experiment: Experiment | None) -> list[str]:
    """Return the names of the outcomes to compare."""
    if text is not None:
        return [name.strip() for name in text.split(",") if name.strip()]
    if experiment is not None and experiment.outcomes:
        return list(experiment.outcomes)
    return list(COMPARED)


def _target(
    text: str | None,
    at_most: int,
    experiment: Experiment | None,
    replications: int | None,
) -> tuple[str, float, int] | None:
    """Return the outcome, half-width and cap to reach, if any are asked for."""
    from sim.errors import StudyError

    if text is None:
        precision = experiment.precision if experiment else None
        if precision is None or replications is not None:
            return None
        return precision.outcome, precision.half_width, precision.at_most
    name, equals, value = text.partition("=")
    try:
        half_width = float(value)
    except ValueError:
        half_width = 0.0
    if not equals or not half_width > 0.0:
        message = (
            f"--until-half-width {text!r} is not of the form outcome=value, with a "
            "value above 0"
        )
        raise StudyError(message)
    return name.strip(), half_width, at_most


def _compared(
    runner: ArmRunner, names: list[str], n: int, target: tuple[str, float, int] | None
) -> Comparison:
    """Run the arms and compare them."""
    from sim.outcomes import outcomes_for
    from sim.study.compare import compare_arms
    from sim.study.pairing import require_outcomes
    from sim.study.stopping import replicate_until

    tables = [outcomes_for(scenario) for scenario in runner.scenarios.values()]
    chosen = require_outcomes(names, tables)
    notes = [
        f"{name} has the very values of the reference: no difference is possible."
        for name in runner.same_arms()
    ]
    if target is None:
        arms = runner.run(range(n))
    else:
        outcome, half_width, at_most = target
        require_outcomes([outcome], tables)
        arms, stopped = replicate_until(
            *(runner.run, outcome, half_width),
            at_most=at_most,
            independent=runner.independent,
        )
        notes.append(stopped)
    return compare_arms(
        arms, list(chosen), independent=runner.independent, notes=tuple(notes)
    )


def _write(comparison: Comparison, runner: ArmRunner, out: Path) -> Path:
    """Write the tables and pictures of a comparison."""
    import json

    from sim.cli.present import plain
    from sim.study.archive import write_whole
    from sim.study.comparison_picture import draw_comparison
    from sim.study.comparison_text import comparison_data, comparison_table

    table: Any = comparison_table(comparison)
    text = table.to_csv(index=False).encode()
    data = plain(comparison_data(comparison))
    words = json.dumps(data, indent=2, ensure_ascii=False).encode() + b"\n"
    out.mkdir(parents=True, exist_ok=True)
    write_whole(out / "comparison.csv", lambda stream: stream.write(text))
    write_whole(out / "comparison.json", lambda stream: stream.write(words))
    first = next(iter(runner.scenarios.values()))
    draw_comparison(comparison, first, out / "pictures")
    return out


def _print(comparison: Comparison, experiment: Experiment | None) -> None:
    from sim.study.comparison_text import TABLE_HEADS, caveats, sentences, table_cells

    if experiment is not None:
        print(f"{experiment.question}\n")
    first, n = comparison.arms[0], comparison.comparisons[0].n
    what = "paired replications" if comparison.comparisons[0].is_coupled else "each"
    print(
        f"{', '.join(arm.name for arm in comparison.arms[1:])} against {first.name}: "
        f"{n} {what}, root_seed {first.root_seed}, {first.until:g} days\n"
    )
    for text in sentences(comparison):
        print(f"- {text}")
    several = len(comparison.comparisons) > 1
    heads = (*(("arm",) if several else ()), *TABLE_HEADS)
    at = len(heads) - 6
    print()
    print_table(heads, table_cells(comparison), numbers=tuple(range(at, len(heads))))
    print(
        "superior: probability that the arm exceeds the reference, ties counted half. "
        "cut: how many\ntimes as many replications independent arms would have needed."
    )
    for text in caveats(comparison):
        print(f"- {text}")

"""``escalade compare``: whether two policies differ, and by how much."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from sim.cli import completion
from sim.cli.present import (
    EngineOption,
    JsonOption,
    PluginOption,
    SetOption,
    UntilOption,
    day_from,
    integer_option,
    names_in,
    parse_changes,
    print_json,
    print_table,
    require,
    say,
    say_caution,
    write_json,
)
from sim.cli.progress import (
    ClusterOption,
    WorkersOption,
    progress,
    resumable,
    span,
    workers_asked,
)
from sim.cli.studies.compare_request import (
    arms_asked,
    length_asked,
    outcomes_asked,
    target_asked,
)

if TYPE_CHECKING:
    from sim.comparison.arms import ArmRunner
    from sim.comparison.certificate import Certificate
    from sim.comparison.result import Comparison

MOST_REPLICATIONS: Final = 10_000_000


POSTERIOR_DRAWS: Final = 200


def compare(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE...",
            autocompletion=completion.files,
            help="Scenario files or ids, the first is the reference; or one with "
            "--set; or one experiment file with arms.",
        ),
    ],
    changes: SetOption = None,
    replications: Annotated[
        int | None,
        integer_option(
            "--replications",
            "-n",
            help="Of each arm (of each draw, with --draws). Default: 1000.",
        ),
    ] = None,
    root_seed: Annotated[
        int | None,
        integer_option(help="The one integer all chance hangs on. Default: 1."),
    ] = None,
    workers: WorkersOption = None,
    cluster: ClusterOption = None,
    free_from: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="DATE",
            help="Put the record in up to this date, on which the arms part: until "
            "then each is the reference, to the byte.",
        ),
    ] = None,
    until: UntilOption = None,
    outcomes: Annotated[
        str | None,
        typer.Option(
            metavar="NAME,...",
            help="What to compare, or 'all'.",
            autocompletion=completion.outcomes,
        ),
    ] = None,
    competing: Annotated[
        str | None,
        typer.Option(
            metavar="TIME,TIME,...",
            autocompletion=completion.outcomes,
            help="Times to events that compete: which comes first is compared too.",
        ),
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
        integer_option(
            help="Draw so many sets of parameters from their ranges, shared by all "
            "arms: what the answer owes to what is not known.",
        ),
    ] = None,
    posterior: Annotated[
        Path | None,
        typer.Option(
            help="Draw the sets from this posterior of escalade calibrate (file, "
            "folder, or a shipped experiment's id); 200 unless --draws says otherwise.",
        ),
    ] = None,
    vary: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PATH",
            help="With --draws: a parameter to draw; may be repeated.",
            autocompletion=completion.plain_paths,
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder for runs, tables and pictures. Default: none; with --draws, "
            "runs/ and a name of its own."
        ),
    ] = None,
    engine: EngineOption = "auto",
    plugins: PluginOption = None,
    as_json: JsonOption = False,
) -> None:
    """Compare scenarios or policies in coupled worlds; say how sure the answer is."""
    from sim.comparison.arms import ArmRunner
    from sim.ensemble.workers import hired
    from sim.scenario.plugins import known_kinds

    began = time.monotonic()
    crew = workers_asked(workers, cluster)
    require("--at-most", at_most, 1, MOST_REPLICATIONS)
    kinds = known_kinds(plugins or (), installed=True)
    day = day_from(free_from)
    sources, experiment = arms_asked(files, parse_changes(changes), kinds, day)
    scenarios = {name: source.scenario() for name, source in sources.items()}
    root_seed = _asked(root_seed, experiment.root_seed if experiment else None, 1)
    require("--root-seed", root_seed, 0)
    length = length_asked(until, scenarios, experiment)
    for scenario in {s.name: s for s in scenarios.values()}.values():
        say_caution(scenario)
    names = outcomes_asked(outcomes, experiment)
    if draws is not None or posterior is not None:
        from sim.cli.studies.compare_draws import Draws, compare_draws

        asked = Draws(
            number=draws or POSTERIOR_DRAWS,
            replications=_asked(replications, None, 2),
            vary=tuple(vary or ()),
            posterior=posterior,
            engine=engine,
        )
        compare_draws(
            sources=sources,
            scenarios=scenarios,
            experiment=experiment,
            names=names,
            asked=asked,
            root_seed=root_seed,
            until=length,
            workers=crew,
            out=out,
            as_json=as_json,
        )
        return
    planned = experiment.replications if experiment else None
    n = _asked(replications, planned, 1000)
    require("--replications", n, 1, MOST_REPLICATIONS)

    def kept() -> str:
        if out is None:
            return "nothing is kept, since no --out names a folder"
        return f"what is finished is kept in {out}"

    with (
        resumable(kept),
        progress("simulating " + ", ".join(scenarios)) as shown,
        hired(crew) as executor,
    ):
        runner = ArmRunner(
            scenarios=scenarios,
            root_seed=root_seed,
            until=length,
            independent=independent,
            workers=1 if executor is None else executor,
            out=out,
            progress=shown,
            labels={} if experiment is None else experiment.labels,
            engine=engine,
        )
        runner.check()
        target = target_asked(until_half_width, at_most, experiment, replications)
        rivals = list(names_in(competing))
        notes: list[str] = []
        if day := day or (experiment and experiment.free_from):
            notes.append(
                f"Arms part on {day}: until then each is the reference, to "
                "the byte; what is counted comes after."
            )
        comparison = _compared(
            runner=runner,
            names=names,
            n=n,
            target=target,
            rivals=rivals,
            notes=notes,
            question="" if experiment is None else experiment.question.strip(),
        )
    certificates = _certificates(comparison, runner)
    folder = None
    if out is not None:
        folder = _write(comparison, certificates, runner, out, rivals)
    if as_json:
        from sim.comparison.words import comparison_data

        data = comparison_data(comparison)
        data["certificates"] = [one.as_data() for one in certificates]
        print_json(data | {"out": None if folder is None else str(folder)})
    else:
        _print(comparison)
        for one in certificates:
            print(f"- {one.sentence()}")
    where = "" if folder is None else f"; everything is in {folder}"
    say(f"done in {span(time.monotonic() - began)}{where}")


def _asked(given: int | None, planned: int | None, default: int) -> int:
    """Return what the command says, else the experiment, else the default."""
    if given is not None:
        return given
    return default if planned is None else planned


def _compared(
    runner: ArmRunner,
    names: list[str],
    n: int,
    target: tuple[str, float, int] | None,
    rivals: list[str],
    notes: list[str],
    question: str,
) -> Comparison:
    """Run the arms and compare them."""
    from sim.comparison.compare import compare_arms
    from sim.comparison.competing import competing_names, with_competing
    from sim.comparison.pairing import require_outcomes
    from sim.comparison.stopping import replicate_until
    from sim.outcomes import outcomes_for

    tables = [outcomes_for(scenario) for scenario in runner.scenarios.values()]
    if rivals:
        require_outcomes(rivals, tables)
    chosen = require_outcomes(names, tables)
    notes += [
        f"{name} has the very values of the reference: no difference is possible."
        for name in runner.same_arms()
    ]
    if target is None:
        arms = runner.run(range(n))
    else:
        outcome, half_width, at_most = target
        require_outcomes([outcome], tables)
        arms, stopped = replicate_until(
            run=runner.run,
            outcome=outcome,
            half_width=half_width,
            at_most=at_most,
            independent=runner.independent,
        )
        notes.append(stopped)
    wanted = list(chosen)
    if rivals:
        arms = [with_competing(arm, rivals) for arm in arms]
        wanted += competing_names(arms[0], rivals)
    return compare_arms(
        arms,
        wanted,
        independent=runner.independent,
        notes=tuple(notes),
        question=question,
    )


def _certificates(comparison: Comparison, runner: ArmRunner) -> list[Certificate]:
    """Say of coupled arms how long each pair is one world."""
    from sim.comparison.certificate import certify

    if runner.independent:
        return []
    first = comparison.pairings[0]
    with progress("certifying the pairs") as shown:
        return certify(
            runner.scenarios,
            runner.root_seed,
            map(int, first.numbers),
            runner.until,
            runner.engine,
            shown,
        )


def _write(
    comparison: Comparison,
    certificates: list[Certificate],
    runner: ArmRunner,
    out: Path,
    rivals: list[str],
) -> Path:
    """Write the tables and pictures of a comparison."""
    import pandas as pd

    from sim.comparison.words import comparison_data, comparison_table
    from sim.files import write_bytes
    from sim.pictures.comparison import plot_comparison

    table: Any = comparison_table(comparison)
    out.mkdir(parents=True, exist_ok=True)
    write_bytes(out / "comparison.csv", table.to_csv(index=False).encode())
    write_json(out / "comparison.json", comparison_data(comparison))
    if certificates:
        frame: Any = pd.concat([one.frame() for one in certificates])
        write_bytes(out / "certificate.csv", frame.to_csv(index=False).encode())
    first = next(iter(runner.scenarios.values()))
    plot_comparison(comparison, first, out / "pictures", rivals)
    return out


def _print(comparison: Comparison) -> None:
    from sim.comparison.words import TABLE_HEADS, caveats, sentences, table_cells

    if comparison.question:
        print(f"{comparison.question}\n")
    first, n = comparison.arms[0], comparison.comparisons[0].n
    unit = "paired replications" if comparison.comparisons[0].is_coupled else "each"
    print(
        f"{'; '.join(arm.called for arm in comparison.arms[1:])} against "
        f"{first.called}: "
        f"{n} {unit}, root_seed {first.root_seed}, {first.until:g} days\n"
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

"""``escalade sweep``: every arm of an experiment at every design point."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from sim.cli import completion
from sim.cli.present import (
    EngineOption,
    JsonOption,
    PluginOption,
    end_with_failures,
    integer_option,
    print_json,
    print_table,
)
from sim.cli.progress import ClusterOption, WorkersOption, watched
from sim.cli.replications.run import DrawsOption, PosteriorOption
from sim.digits import figure

if TYPE_CHECKING:
    from sim.verbs.studies.sweep import SweepAnswer

MOST_ROWS: Final = 60
"""Rows of the table on the screen; the files hold all."""

ExperimentArgument = Annotated[
    str,
    typer.Argument(
        metavar="EXPERIMENT",
        help="Experiment file, its folder, or a shipped one's id.",
        autocompletion=completion.files,
    ),
]
ReplicationsOption = Annotated[
    int | None,
    integer_option(
        "--replications", "-n", help="For each arm at each point; default: the file's."
    ),
]
OutOption = Annotated[
    Path | None,
    typer.Option(help="Folder of the study; by default runs/ and a name of its own."),
]


def sweep(
    experiment: ExperimentArgument,
    replications: ReplicationsOption = None,
    workers: WorkersOption = None,
    cluster: ClusterOption = None,
    out: OutOption = None,
    engine: EngineOption = "auto",
    posterior: PosteriorOption = None,
    draws: DrawsOption = None,
    plugins: PluginOption = None,
    as_json: JsonOption = False,
) -> None:
    """Run an experiment: one tidy table, response curves, heat maps."""
    from sim.verbs.studies.sweep import sweep as sweep_experiment

    with watched() as screen:
        answer = sweep_experiment(
            experiment,
            replications=replications,
            workers=workers,
            cluster=cluster,
            out=True if out is None else out,
            engine=engine,
            posterior=posterior,
            draws=draws,
            plugin=plugins,
            watch=screen,
        )
    done = answer.result
    assert done.path is not None  # a study from the command line has a folder
    pictures = sorted((done.path / "pictures").glob("*.*"))
    if as_json:
        print_json(answer.data() | {"pictures": [str(file) for file in pictures]})
    else:
        _print(answer)
        if pictures:
            print(f"Pictures: {done.path / 'pictures'}")
    screen.done(f"everything is in {done.path}")
    end_with_failures(answer.failures_text())


def _print(answer: SweepAnswer) -> None:
    done, plan = answer.result, answer.result.experiment
    print(plan.question.strip())
    print(answer.headline())
    frame: Any = done.table()
    has_arms = len(plan.arms) > 1
    by_name = {factor.name: factor for factor in plan.factors}
    heads = [*(["arm"] if has_arms else []), *by_name, *plan.outcomes]
    rows: list[list[str]] = []
    for (point, arm), group in frame.groupby(["point", "arm"], sort=False):
        del point
        first: Any = group.iloc[0]
        row = [arm] if has_arms else []
        row += [factor.text(first[name]) for name, factor in by_name.items()]
        for _, entry in group.iterrows():
            half = (entry["high"] - entry["low"]) / 2.0
            cell = f"{figure(entry['mean'], half)} ± {figure(half, half)}"
            cell += f"; {_difference(entry)}"
            row.append(cell if done.draws is None else f"{cell} [{_moves(entry)}]")
        rows.append(row)
    n_left = len(rows) - MOST_ROWS
    print_table(heads, rows[:MOST_ROWS], numbers=range(len(heads)))
    if n_left > 0:
        print(f"... and {n_left} more; table.csv has them all.")
    print(
        "Mean ± 95 % half-width of each by itself; then its difference from the base "
        "cell,\nby replications that share their chance, likewise (table.csv has both "
        f"ends); Monte Carlo error only.\nBase: {frame.attrs['base']}."
    )
    if done.draws is not None:
        from sim.ensemble.draw_summary import caveats

        print(
            "[Between what the expected value moves in 95 % of draws, as the "
            "parameters are not known;\nmore replications cannot narrow that; a "
            "dash: it cannot be told from chance.]\nAll points have the same draws: "
            "differences between points are surer than the brackets say."
        )
        for text in caveats(done.draws, int(done.failed.sum())):
            print(f"- {text}")


def _difference(entry: Any) -> str:
    """Return the paired difference from the base cell, with its half-width."""
    low, high = entry["difference_low"], entry["difference_high"]
    if low == high == 0.0:
        return "base"
    half = (high - low) / 2.0
    return f"{figure(entry['difference'], half, signed=True)} ± {figure(half, half)}"


def _moves(entry: Any) -> str:
    """Return between what an expected value moves over the draws."""
    from sim.ensemble.draw_summary import over_parameters

    return over_parameters(entry, "–")

"""``escalade sweep``: every arm of an experiment at every design point."""

from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from sim.cli import completion
from sim.cli.present import (
    EngineOption,
    JsonOption,
    PluginOption,
    header,
    integer_option,
    print_json,
    print_table,
    require,
    say,
    say_caution,
    tell_failures,
)
from sim.cli.progress import (
    ClusterOption,
    Progress,
    WorkersOption,
    resumable,
    span,
    workers_asked,
)
from sim.cli.replications.run import (
    MOST_REPLICATIONS,
    DrawsAsked,
    DrawsOption,
    PosteriorOption,
    draws_asked,
)
from sim.digits import figure

if TYPE_CHECKING:
    from sim.ensemble.workers import Workers
    from sim.experiment.experiment import Experiment
    from sim.sweeps.sweep import Sweep

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
    from sim.experiment.load import load_experiment
    from sim.pictures.sweep import plot_sweep
    from sim.scenario.plugins import known_kinds

    began = time.monotonic()
    plan = load_experiment(experiment, known_kinds(plugins or (), installed=True))
    crew = workers_asked(workers, cluster)
    asked = draws_asked(posterior, draws, replications)
    done = run_study(plan, replications, crew, out, engine, asked)
    assert done.path is not None  # a study from the command line has a folder
    pictures = plot_sweep(done, done.path / "pictures")
    if as_json:
        print_json(as_data(done) | {"pictures": [str(file) for file in pictures]})
    else:
        _print(done)
        if pictures:
            print(f"Pictures: {done.path / 'pictures'}")
    say(f"done in {span(time.monotonic() - began)}; everything is in {done.path}")
    end_with_failures(done)


def run_study(
    plan: Experiment,
    replications: int | None,
    workers: Workers,
    out: Path | None,
    engine: str = "auto",
    asked: DrawsAsked | None = None,
) -> Sweep:
    """Run an experiment with progress; an interrupt says how to go on."""
    from sim.ensemble.draw_set import DRAWS
    from sim.experiment.posterior import read_posterior
    from sim.sweeps.sweep import run_sweep

    if replications is not None:
        require("--replications", replications, 2, MOST_REPLICATIONS)
    say_caution(plan.scenario)
    shown = Progress(plan.name)
    with resumable(lambda: f"{shown.done} replications are kept"), closing(shown):
        return run_sweep(
            plan,
            out=out,
            replications=replications,
            workers=workers,
            progress=shown,
            engine=engine,
            tell=say,
            posterior=None if asked is None else read_posterior(asked.posterior),
            draws=DRAWS if asked is None else asked.draws,
        )


def as_data(done: Sweep) -> dict[str, Any]:
    """Return what a study was and found, for JSON."""
    plan = done.experiment
    frame: Any = done.table()
    return {
        "experiment": plan.name,
        "question": plan.question,
        "scenario": header(plan.scenario),
        "root_seed": plan.root_seed,
        "replications": done.replications,
        "until_days": plan.until,
        "design": {"kind": plan.design.kind, "points": len(done.design)},
        "arms": [{"name": arm.name, "label": arm.label} for arm in plan.arms],
        "factors": [
            {"name": f.name, "label": f.label, "unit": f.unit} for f in plan.factors
        ],
        "failed": int(done.failed.sum()),
        "intervals": "95 %, of Monte Carlo error only",
        "draws": None if done.draws is None else done.draws.manifest(),
        "table": frame.to_dict("records"),
        "out": str(done.path),
    }


def end_with_failures(done: Sweep) -> None:
    """Say which replications failed, and end with the code for it."""
    if n_failed := int(done.failed.sum()):
        tell_failures(n_failed, done.replications * len(done.cells), done.first_failure)


def _print(done: Sweep) -> None:
    plan = done.experiment
    print(plan.question.strip())
    n_arms = len(plan.crossed_arms())
    size = f"{len(done.design)} design points"
    size += f" × {n_arms} arms" if n_arms > 1 else ""
    each = f"{done.replications} replications"
    each = each if done.draws is None else done.draws.size_text
    print(
        f"{plan.name} on {plan.scenario.name} ({plan.scenario.status}): {size} × "
        f"{each}, root_seed {plan.root_seed}, "
        f"{plan.until:g} days"
    )
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

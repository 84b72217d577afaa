"""``escalade sensitivity`` and ``escalade discover``: what matters, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli import completion
from sim.cli.present import (
    EngineOption,
    JsonOption,
    PluginOption,
    end_with_failures,
    print_json,
    print_table,
)
from sim.cli.progress import ClusterOption, WorkersOption, watched
from sim.cli.studies.sweep import ExperimentArgument, OutOption, ReplicationsOption
from sim.digits import figure, interval_text

if TYPE_CHECKING:
    from sim.experiment.experiment import Experiment
    from sim.sweeps.sensitivity import Sensitivity

ArmOption = Annotated[
    str | None, typer.Option("--arm", help="The arm looked at; default: the first.")
]


def sensitivity(
    experiment: ExperimentArgument,
    outcome: Annotated[
        list[str] | None,
        typer.Option(
            "--outcome",
            help="May be repeated; default: all of the file.",
            autocompletion=completion.outcome,
        ),
    ] = None,
    arm: ArmOption = None,
    replications: ReplicationsOption = None,
    workers: WorkersOption = None,
    cluster: ClusterOption = None,
    out: OutOption = None,
    engine: EngineOption = "auto",
    plugins: PluginOption = None,
    as_json: JsonOption = False,
) -> None:
    """Run a Morris or Saltelli experiment; say which factors matter, and how much."""
    from sim.verbs.studies.sensitivity import failures_of
    from sim.verbs.studies.sensitivity import sensitivity as analyse

    with watched() as screen:
        answer = analyse(
            experiment,
            outcome=outcome,
            arm=arm,
            replications=replications,
            workers=workers,
            cluster=cluster,
            out=True if out is None else out,
            engine=engine,
            plugin=plugins,
            watch=screen,
        )
    done, plan = answer.sweep, answer.sweep.experiment
    assert done.path is not None  # a study from the command line has a folder
    if as_json:
        print_json(answer.data())
    else:
        print(plan.question.strip())
        for name, one in answer.analyses.items():
            _print(plan, name, one)
        for name, text in answer.refused.items():
            print(f"{name}: not analysed: {text}.")
        print(f"Pictures: {done.path / 'pictures'}")
    screen.done(f"everything is in {done.path}")
    end_with_failures(failures_of(done))


def discover(
    experiment: ExperimentArgument,
    outcome: Annotated[
        str,
        typer.Option(
            "--outcome",
            help="The outcome looked at.",
            autocompletion=completion.outcome,
        ),
    ],
    above: Annotated[
        float | None, typer.Option(help="Cases above this are of interest.")
    ] = None,
    below: Annotated[
        float | None, typer.Option(help="Cases below this are of interest.")
    ] = None,
    arm: ArmOption = None,
    replications: ReplicationsOption = None,
    workers: WorkersOption = None,
    cluster: ClusterOption = None,
    out: OutOption = None,
    engine: EngineOption = "auto",
    plugins: PluginOption = None,
    as_json: JsonOption = False,
) -> None:
    """Run an experiment; say which region of its factors leads to an outcome."""
    from sim.verbs.studies.sensitivity import discover as region_of
    from sim.verbs.studies.sensitivity import failures_of

    with watched() as screen:
        answer = region_of(
            experiment,
            outcome=outcome,
            above=above,
            below=below,
            arm=arm,
            replications=replications,
            workers=workers,
            cluster=cluster,
            out=True if out is None else out,
            engine=engine,
            plugin=plugins,
            watch=screen,
        )
    done = answer.sweep
    if as_json:
        print_json(answer.data())
    else:
        print(done.experiment.question.strip())
        print(
            f"A case is a replication; {answer.box.n_points} design points × "
            f"{done.replications} replications, arm {answer.arm}."
        )
        for sentence in answer.sentences():
            print(sentence)
        print(
            "A region is where such cases are found in this design, not their cause; "
            "its shares\nhold for the ranges and distributions of the file."
        )
    screen.done(f"everything is in {done.path}")
    end_with_failures(failures_of(done))


def _print(plan: Experiment, name: str, one: Sensitivity) -> None:
    from sim.outcomes import outcomes_for

    outcome = outcomes_for(plan.scenario)[name]
    labels = {factor.name: factor.label for factor in plan.factors}
    table: Any = one.table
    unit = f" ({outcome.unit})" if outcome.unit else ""
    size = f"{one.n_points} points × {one.replications} replications"
    print(f"\n{outcome.label}{unit}: {size}")
    print(
        f"Spread of its mean over the design: {one.variance**0.5:.3g} by the factors, "
        f"{one.noise_variance**0.5:.2g} by chance "
        f"({100 * one.noise_share:.0f} % of the variance seen; taken off)."
    )
    rows: list[list[str]] = []
    if one.method == "morris":
        for factor, row in table.sort_values("mu_star", ascending=False).iterrows():
            half = (row["high"] - row["low"]) / 2
            cells = [figure(row[n], half) for n in ("mu_star", "low", "high", "mu")]
            cells = [cells[0], f"{cells[1]} to {cells[2]}", cells[3]]
            cells += [figure(row["noise_floor"], half), figure(row["effect"], half)]
            verdict = "matters" if row["matters"] else "not told from chance"
            rows.append([labels[factor], *cells, verdict])
        heads = ("factor", "size", "95 %", "mean", "by chance", "noise off", "")
    else:
        for factor, row in table.sort_values("total", ascending=False).iterrows():
            cells: list[str] = []
            for index in ("first", "total"):
                low, high = row[f"{index}_low"], row[f"{index}_high"]
                half = (high - low) / 2
                ends = interval_text(low, high)
                cells += [figure(row[index], half), ends]
            rows.append([labels[factor], *cells])
        heads = ("factor", "first", "95 %", "total", "95 %")
    numbers = range(1, len(heads) - (one.method == "morris"))
    print_table(heads, rows, numbers=numbers)

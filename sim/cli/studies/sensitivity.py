"""``escalade sensitivity`` and ``escalade discover``: what matters, and where."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from sim.cli import completion
from sim.cli.present import (
    EngineOption,
    JsonOption,
    PluginOption,
    print_json,
    print_table,
    say,
)
from sim.cli.progress import ClusterOption, WorkersOption, span, workers_asked
from sim.cli.studies.sweep import (
    ExperimentArgument,
    OutOption,
    ReplicationsOption,
    end_with_failures,
    run_study,
)
from sim.digits import figure, interval_text

if TYPE_CHECKING:
    from sim.experiment.experiment import Experiment
    from sim.sweeps.sensitivity import Sensitivity

MEASURES: Final = (
    "coverage", "density", "support", "overall", "held_out_coverage",
    "held_out_density",
)  # fmt: skip
"""Of a region, as JSON tells them."""

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
    from sim.errors import StudyError
    from sim.experiment.load import load_experiment
    from sim.files import write_whole
    from sim.pictures.sensitivity import sensitivity_picture
    from sim.pictures.style import plot_and_save
    from sim.scenario.plugins import known_kinds
    from sim.sweeps.sensitivity import analyse

    began = time.monotonic()
    plan = load_experiment(experiment, known_kinds(plugins or (), installed=True))
    _require(plan, ("morris", "saltelli"), "sensitivity")
    names = _asked(plan, outcome)
    crew = workers_asked(workers, cluster)
    done = run_study(plan, replications, crew, out, engine)
    who = arm or plan.arms[0].name
    analyses: dict[str, Sensitivity] = {}
    refused: dict[str, str] = {}
    for name in names:
        try:
            analyses[name] = analyse(done.design, done.responses(name, who))
        except StudyError as error:
            refused[name] = str(error)
    if not analyses:
        message = "; ".join(f"{name}: {text}" for name, text in refused.items())
        raise StudyError(message)
    assert done.path is not None
    tail = f"-{who}" if len(plan.arms) > 1 else ""
    for name, one in analyses.items():
        table: Any = one.table
        stem = f"sensitivity-{name}{tail}"
        text = table.to_csv().encode()
        write_whole(done.path / f"{stem}.csv", lambda file, text=text: file.write(text))
        plot_and_save(
            lambda name=name, one=one: sensitivity_picture(done, name, one),
            done.path / "pictures" / stem,
        )
    if as_json:
        print_json(
            {
                "experiment": plan.name,
                "arm": who,
                "replications": done.replications,
                "analyses": {name: _as_data(one) for name, one in analyses.items()},
                "refused": refused,
                "out": str(done.path),
            }
        )
    else:
        print(plan.question.strip())
        for name, one in analyses.items():
            _print(plan, name, one)
        for name, text in refused.items():
            print(f"{name}: not analysed: {text}.")
        print(f"Pictures: {done.path / 'pictures'}")
    say(f"done in {span(time.monotonic() - began)}; everything is in {done.path}")
    end_with_failures(done)


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
    from sim.errors import StudyError
    from sim.experiment.load import load_experiment
    from sim.scenario.plugins import known_kinds
    from sim.sweeps.discovery import discover as find_box
    from sim.sweeps.discovery import interest_of

    began = time.monotonic()
    plan = load_experiment(experiment, known_kinds(plugins or (), installed=True))
    if (above is None) == (below is None):
        message = "say which cases are of interest: give one of --above and --below"
        raise StudyError(message)
    _require(plan, ("latin_hypercube", "sobol", "saltelli", "grid", "list"), "discover")
    _asked(plan, [outcome])
    crew = workers_asked(workers, cluster)
    done = run_study(plan, replications, crew, out, engine)
    who = arm or plan.arms[0].name
    shares, of_interest = interest_of(done, outcome, who, above, below)
    box = find_box(done.design, shares)
    sentences = box.sentences(of_interest)
    if as_json:
        print_json(
            {
                "experiment": plan.name,
                "arm": who,
                "of_interest": of_interest,
                "sentences": sentences,
                **{key: getattr(box, key) for key in MEASURES},
                "restrictions": [
                    {"factor": r.factor, "is": r.sentence, "p_value": r.p_value}
                    for r in box.restrictions
                ],
                "points": box.n_points,
                "replications": done.replications,
                "out": str(done.path),
            }
        )
    else:
        print(plan.question.strip())
        print(
            f"A case is a replication; {box.n_points} design points × "
            f"{done.replications} replications, arm {who}."
        )
        for sentence in sentences:
            print(sentence)
        print(
            "A region is where such cases are found in this design, not their cause; "
            "its shares\nhold for the ranges and distributions of the file."
        )
    say(f"done in {span(time.monotonic() - began)}; everything is in {done.path}")
    end_with_failures(done)


def _require(plan: Experiment, kinds: tuple[str, ...], verb: str) -> None:
    """Refuse a design that the verb cannot use, before anything runs."""
    from sim.errors import StudyError, one_of

    if plan.design.kind not in kinds or not plan.factors:
        given = f"a {plan.design.kind} design" if plan.factors else "no factors"
        message = (
            f"{plan.name} has {given}; escalade {verb} needs a design of kind "
            f"{one_of(kinds)}"
        )
        raise StudyError(message)


def _asked(plan: Experiment, outcomes: list[str] | None) -> list[str]:
    """Return the outcomes asked for; refuse those that are not in the file."""
    from sim.errors import StudyError, nearest, one_of

    names = outcomes or [*plan.outcomes]
    for name in names:
        if name not in plan.outcomes:
            hint = nearest(name, plan.outcomes)
            listed = one_of(plan.outcomes)
            message = f"{name!r} is not an outcome of {plan.name}: {listed}{hint}"
            raise StudyError(message)
    return names


def _as_data(one: Sensitivity) -> dict[str, Any]:
    table: Any = one.table
    return {
        "method": one.method,
        "points": one.n_points,
        "variance": one.variance,
        "noise_variance": one.noise_variance,
        "noise_share": one.noise_share,
        "factors": table.reset_index().to_dict("records"),
    }


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

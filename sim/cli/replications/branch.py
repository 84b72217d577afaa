"""``escalade branch``: one past, many futures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from sim.cli.present import (
    SHOWN,
    EngineOption,
    JsonOption,
    SetOption,
    integer_option,
    parse_changes,
    print_json,
    print_table,
    wrapped,
)
from sim.cli.progress import ClusterOption, WorkersOption, watched
from sim.cli.replications.explain import OutcomesOption, RunArgument
from sim.digits import figure, interval_text, short

if TYPE_CHECKING:
    from sim.explanation.branch import Branch
    from sim.verbs.replications.branch import BranchAnswer

FUTURES: Final = 200


def branch(
    run: RunArgument,
    replication: Annotated[
        int,
        integer_option("--replication", "-k", help="Number of the replication."),
    ],
    at: Annotated[
        str | None,
        typer.Option(
            metavar="DATE",
            help="From when on its futures part: a date, or days since the start. "
            "Default, with --without: when the first of that comes.",
        ),
    ] = None,
    n: Annotated[
        int,
        integer_option(
            "--futures",
            "-n",
            help="How many futures; 30 or more with --set or --without. Default: 200.",
        ),
    ] = FUTURES,
    changes: SetOption = None,
    without: Annotated[
        list[str] | None,
        typer.Option(
            metavar="INCIDENT",
            help="Leave this out, and compare with futures that have it: its number in "
            "the story, or words as of escalade explain; may be repeated.",
        ),
    ] = None,
    outcomes: OutcomesOption = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder of the futures. Default: RUN with the replication and the "
            "day added.",
        ),
    ] = None,
    workers: WorkersOption = None,
    cluster: ClusterOption = None,
    engine: EngineOption = "auto",
    as_json: JsonOption = False,
) -> None:
    """Give a replication many futures from a date on, and draw them as a fan."""
    from sim.verbs.replications.branch import branch as branch_off

    with watched() as screen:
        answer = branch_off(
            run,
            replication,
            at=at,
            futures=n,
            changes=parse_changes(changes),
            without=without,
            outcomes=outcomes,
            out=True if out is None else out,
            workers=workers,
            cluster=cluster,
            engine=engine,
            watch=screen,
        )
    if as_json:
        print_json(answer.data())
    else:
        _print(answer)
    assert answer.path is not None  # from the command line there is a folder
    screen.done(f"the fan is {answer.path / 'fan.svg'}")


def _print(answer: BranchAnswer) -> None:
    """Print what the futures come to, the past that they share among it."""
    futures, ensemble = answer.result, answer.result.futures
    log, scenario = futures.log, ensemble.scenario
    summary = {row["outcome"]: row for row in ensemble.summary_rows()}
    past = sum(1 for record in log.incidents() if record.time < futures.day)
    left_out = f"; left out: {', '.join(answer.without)}" if answer.without else ""
    print(
        f"{scenario.title}\n{len(ensemble.numbers)} futures of replication "
        f"{log.replication} from day {futures.day:g} on; the {past} incidents before "
        f"it are the same in all{left_out}"
    )
    if answer.changes:
        print(wrapped(f"Changed from then on: {', '.join(answer.changes)}"))
    fixed = _fixed(futures)
    cells = [
        (row["label"], row["unit"], short(row["q50"]), "came before it", "", "", "")
        if name in fixed
        else (
            row["label"],
            row["unit"],
            figure(row["estimate"], (row["high"] - row["low"]) / 2),
            interval_text(row["low"], row["high"]),
            *(short(row[quantile]) for quantile in ("q05", "q50", "q95")),
        )
        for name in answer.outcomes or SHOWN
        if (row := summary.get(name))
        and row["n"]
        and not row["mean"] == 0.0 == row["q95"]
    ]
    heads = ("outcome", "unit", "estimate", "interval", "5 %", "median", "95 %")
    print_table(heads, cells, numbers=(2, 3, 4, 5, 6), whole=(0, 1))
    print("Outcomes are of past and future together; intervals hold Monte Carlo error.")
    if comparison := answer.comparison():
        print("\nFutures of the same number, as it was and otherwise:")
        for text in comparison:
            print(wrapped(f"- {text}"))


def _fixed(futures: Branch) -> set[str]:
    """Return the times, and whether they came, that the shared past has settled."""
    from sim.outcomes import outcomes_for, outcomes_of

    scenario = futures.futures.scenario
    own = outcomes_of(futures.log, scenario)
    since = futures.log.since
    return {
        each
        for name, row in outcomes_for(scenario).items()
        if row.kind == "time" and own[name] < futures.day - since
        for each in (name, row.companion)
    }

"""``escalade branch``: one past, many futures."""

from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from sim.cli.present import (
    SHOWN,
    EngineOption,
    JsonOption,
    SetOption,
    header,
    integer_option,
    names_in,
    parse_changes,
    print_json,
    print_table,
    require,
    say,
    say_caution,
)
from sim.cli.progress import ClusterOption, Progress, WorkersOption, span, workers_asked
from sim.cli.replications.explain import OutcomesOption, RunArgument
from sim.digits import figure, interval_text, short

if TYPE_CHECKING:
    from sim.explanation.branch import Branch

FUTURES: Final = 200
COMPARED: Final = (
    "n_strikes_true", "n_rocket_attacks_true", "n_coalition_deaths_true",
    "direct_exchange_happened_true",
)  # fmt: skip


def branch(
    run: RunArgument,
    replication: Annotated[
        int,
        integer_option("--replication", "-k", help="Number of the replication."),
    ],
    at: Annotated[
        str,
        typer.Option(
            metavar="DATE",
            help="From when on its futures part: a date, or days since the start.",
        ),
    ],
    n: Annotated[
        int, integer_option("--futures", "-n", help="How many futures. Default: 200.")
    ] = FUTURES,
    changes: SetOption = None,
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
    from sim.ensemble.rerun import read_run
    from sim.explanation.branch import branch as branch_off
    from sim.pictures.fan import fan_picture
    from sim.pictures.style import plot_and_save

    require("--replication", replication, 0)
    require("--futures", n, 1)
    began = time.monotonic()
    stored = read_run(run)
    say_caution(stored.scenario)
    folder = out
    if folder is None:
        more = "-changed" if changes else ""
        folder = run.with_name(f"{run.name}-{replication}-{at}{more}")
    with closing(Progress(f"futures of replication {replication}")) as shown:
        futures = branch_off(
            stored,
            replication,
            at,
            n,
            changes=parse_changes(changes),
            workers=workers_asked(workers, cluster),
            out=folder,
            progress=shown,
            engine=engine,
        )
    beside = None
    if changes:
        with closing(Progress(f"futures of replication {replication}")) as shown:
            beside = branch_off(
                stored,
                replication,
                at,
                n,
                workers=workers_asked(workers, cluster),
                out=folder.with_name(f"{folder.name}-unchanged"),
                progress=shown,
                engine=engine,
            )
    files = plot_and_save(lambda: fan_picture(futures), folder / "fan")
    _present(futures, names_in(outcomes) or SHOWN, changes or [], as_json=as_json)
    if beside is not None and not as_json:
        _compare(beside, futures, names_in(outcomes) or COMPARED)
    say(f"done in {span(time.monotonic() - began)}; the fan is {files[0]}")


def _compare(beside: Branch, futures: Branch, names: tuple[str, ...]) -> None:
    """Print what the changes move, future by future of one number."""
    from sim.comparison.compare import compare_arms
    from sim.comparison.pairing import arm_of
    from sim.comparison.words import sentences

    arms = [arm_of("unchanged", beside.futures), arm_of("changed", futures.futures)]
    print("\nFutures of the same number, with and without the changes:")
    for text in sentences(compare_arms(arms, names)):
        print(f"- {text}")


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


def _present(
    futures: Branch, names: tuple[str, ...], changes: list[str], *, as_json: bool
) -> None:
    """Print what the futures come to, the past that they share among it."""
    ensemble, log = futures.futures, futures.log
    summary = {row["outcome"]: row for row in ensemble.summary_rows()}
    scenario = ensemble.scenario
    if as_json:
        data = {
            "scenario": header(scenario),
            "root_seed": ensemble.root_seed,
            "replication": log.replication,
            "at_days": futures.day,
            "changes": changes,
            "futures": len(ensemble.numbers),
            "out": str(ensemble.path),
            "outcomes": list(summary.values()),
        }
        print_json(data)
        return
    past = sum(1 for record in log.incidents() if record.time < futures.day)
    print(
        f"{scenario.title}\n{len(ensemble.numbers)} futures of replication "
        f"{log.replication} from day {futures.day:g} on; the {past} incidents before "
        "it are the same in all"
    )
    if changes:
        print(f"Changed from then on: {', '.join(changes)}")
    fixed = _fixed(futures)
    cells = [
        (name, short(row["q50"]), "came before it", "", "", "")
        if name in fixed
        else (
            name,
            figure(row["estimate"], (row["high"] - row["low"]) / 2),
            interval_text(row["low"], row["high"]),
            *(short(row[quantile]) for quantile in ("q05", "q50", "q95")),
        )
        for name in names
        if (row := summary.get(name))
        and row["n"]
        and not row["mean"] == 0.0 == row["q95"]
    ]
    heads = ("outcome", "estimate", "interval", "5 %", "median", "95 %")
    print_table(heads, cells, numbers=(1, 2, 3, 4, 5), whole=(0,))
    print("Outcomes are of past and future together; intervals hold Monte Carlo error.")

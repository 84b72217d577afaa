"""``escalade run --posterior``: a scenario under draws of what a calibration left."""

from __future__ import annotations

import json
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from sim.cli.present import (
    caution,
    plain,
    print_json,
    print_table,
    require,
    say,
)
from sim.cli.progress import Progress, kept_in, resumable, span
from sim.errors import Exit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.ensemble.draw_set import DrawSet
    from sim.ensemble.ensemble import Ensemble
    from sim.ensemble.workers import Workers
    from sim.record.table import RecordRow
    from sim.scenario.scenario import Scenario

MOST_DRAWS = 1_000_000

PosteriorOption = Annotated[
    Path | None,
    typer.Option(
        help="Draw the numbers that this posterior of escalade calibrate holds (file, "
        "folder, or a shipped experiment's id); -n is then of each draw, by default 2.",
    ),
]
DrawsOption = Annotated[
    int | None,
    typer.Option(help="How many draws of the posterior. Default: 200."),
]


class DrawsAsked(NamedTuple):
    """What ``--posterior`` and ``--draws`` ask for."""

    posterior: Path
    draws: int
    replications: int
    """Within each draw."""


def draws_asked(
    posterior: Path | None,
    draws: int | None,
    replications: int | None,
    *,
    pictures: bool = False,
) -> DrawsAsked | None:
    """Return what is asked of draws; None where nothing is.

    Raises
    ------
    StudyError
        If draws are asked for and no posterior is named, a number is out of range, or
        pictures are asked for, which show one set of parameters.
    """
    from sim.ensemble.draw_set import DRAWS, REPLICATIONS
    from sim.errors import StudyError
    from sim.statistics.variance import FEWEST_DRAWS

    if posterior is None:
        if draws is not None:
            message = "--draws needs --posterior: the file that the draws come from"
            raise StudyError(message)
        return None
    if pictures:
        message = (
            "--pictures shows one set of parameters; with --posterior there are many, "
            "and their budget is a table: leave it out"
        )
        raise StudyError(message)
    n = DRAWS if draws is None else draws
    m = REPLICATIONS if replications is None else replications
    require("--draws", n, FEWEST_DRAWS, MOST_DRAWS)
    require("--replications", m, 2, MOST_DRAWS)
    return DrawsAsked(posterior, n, m)


def run_under_draws(
    scenario: Scenario,
    asked: DrawsAsked,
    changes: dict[str, Any],
    root_seed: int,
    until: float,
    workers: Workers,
    out: Path | None,
    engine: str,
    as_json: bool,
) -> None:
    """Run a scenario under draws; print its error budget, write its folder."""
    from sim.ensemble.draw_set import draws_from, refuse_set_twice
    from sim.ensemble.ensemble import folder_of, run_draws
    from sim.experiment.posterior import read_posterior

    began = time.monotonic()
    posterior = read_posterior(asked.posterior)
    refuse_set_twice(posterior, {"--set": changes})
    draws = draws_from(posterior, asked.draws, asked.replications)
    folder = folder_of(scenario, root_seed, until, draws) if out is None else out
    shown = Progress(f"simulating {scenario.name}")
    n_asked = len(draws.numbers)
    with resumable(lambda: kept_in(shown.done, n_asked, folder)), closing(shown):
        drawn = run_draws(
            scenario=scenario,
            posterior=posterior,
            draws=asked.draws,
            replications=asked.replications,
            root_seed=root_seed,
            workers=workers,
            until=until,
            out=folder,
            progress=shown,
            engine=engine,
            tell=say,
        )
    changed = [f"{path}={value}" for path, value in changes.items()]
    _present(drawn, draws, folder, changed, as_json)
    say(f"done in {span(time.monotonic() - began)}; everything is in {folder}")
    if drawn.failed:
        _, error, repeat = drawn.failed[0]
        say(
            f"escalade: {len(drawn.failed)} of {len(draws.numbers)} replications "
            f"failed; the first: {error}\n  {repeat}"
        )
        raise typer.Exit(Exit.BROKEN)


def _present(
    drawn: Ensemble,
    draws: DrawSet,
    folder: Path,
    changes: list[str],
    as_json: bool,
) -> None:
    """Write summary, budget and record table; print them."""
    from sim.cli.files.check import header
    from sim.cli.present import record_page
    from sim.ensemble.draw_summary import caveats
    from sim.experiment.prior_predictive import beside_prior
    from sim.files import write_bytes
    from sim.outcomes import outcomes_for
    from sim.record.table import count_sentence, record_rows, targets_for

    summary: Any = drawn.summary()
    write_bytes(folder / "summary.csv", summary.to_csv().encode())
    targets = targets_for(drawn.scenario, drawn.until)
    known = outcomes_for(drawn.scenario)
    names = dict.fromkeys(t.outcome for t in targets if t.outcome in known)
    rows = record_rows(drawn.frame(list(names)), targets)
    notes: tuple[str, ...] = ()
    if rows:
        fit, rows = beside_prior(drawn.scenario, rows, targets)
        prior = f"The prior is that of {fit}: its draws, each simulated once."
        notes = (count_sentence(rows), *([prior] if fit else []))
        write_bytes(folder / "record.md", record_page(rows, notes).encode())
    doubts = caveats(draws, len(drawn.failed))
    data = {
        "scenario": header(drawn.scenario),
        "changes": changes,
        "root_seed": drawn.root_seed,
        "until_days": drawn.until,
        "draws": draws.manifest(),
        "failed": [number for number, _, _ in drawn.failed],
        "intervals": summary.attrs["note"],
        "caveats": doubts,
        "outcomes": summary.reset_index().to_dict("records"),
        "record": [
            row._asdict() | {"is_inside_5_to_95": row.is_inside} for row in rows
        ],
        "record_notes": list(notes),
    }
    words = json.dumps(plain(data), indent=2, ensure_ascii=False) + "\n"
    write_bytes(folder / "budget.json", words.encode())
    if as_json:
        print_json(data | {"out": str(folder)})
    else:
        _print(
            drawn=drawn,
            draws=draws,
            summary=summary,
            changes=changes,
            doubts=doubts,
            rows=rows,
            notes=notes,
        )


def _print(
    drawn: Ensemble,
    draws: DrawSet,
    summary: Any,
    changes: Sequence[str],
    doubts: Sequence[str],
    rows: tuple[RecordRow, ...],
    notes: tuple[str, ...],
) -> None:
    from sim.cli.present import SHOWN, print_record
    from sim.ensemble.draw_summary import HEADS, LEGEND, budget_cells

    scenario = drawn.scenario
    print(
        f"{scenario.title}\n{scenario.name} ({scenario.status}), {draws.size_text}, "
        f"root_seed {drawn.root_seed}, {drawn.until:g} days"
    )
    if changes:
        print(f"Changed: {', '.join(changes)}")
    if warning := caution(scenario):
        print(f"Caution: {warning}.")
    cells = budget_cells(summary, SHOWN)
    print_table(HEADS, cells, numbers=(2, 3, 4, 5, 6), whole=(0, 1))
    print(f"{LEGEND}\nsummary.csv has all outcomes.\n")
    if rows:
        print_record(rows, notes)
    for text in doubts:
        print(f"- {text}")

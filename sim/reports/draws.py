"""The report of a run under parameter draws of a posterior, read from its folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sim.ensemble.draw_set import TABLE
from sim.ensemble.draw_summary import budget_figures
from sim.ensemble.rerun import read_run
from sim.ensemble.summary import DEAD
from sim.ledger.against_record import columns_for
from sim.record.table import record_rows_of
from sim.record.targets import targets_for
from sim.reports import model
from sim.reports.checklist import checklist
from sim.reports.departure import changes_in, departure_text, departures
from sim.reports.headline import (
    assumed_text,
    run_answer,
    run_figures,
    run_table,
    would_change,
)
from sim.reports.manifest import (
    caution_of,
    facts_of,
    manifest_section,
    require_complete,
)
from sim.reports.page import Cells, Headline, Page, Passage, Section
from sim.reports.run import record_section

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sim.outcomes.own import OwnOutcome
    from sim.rules.behaviour import Kind
    from sim.scenario.scenario import Scenario

_FIRST: Final = (
    "n_rocket_attacks", "n_coalition_deaths", "n_wounded_all", "n_killed_civilian_true",
    "n_killed_militia_true", "n_air_strikes", "n_raids", "n_accusations",
    "first_strike_happened_true", "direct_exchange_happened_true",
)  # fmt: skip
"""Outcomes that the answer tells of, where the scenario has them."""


def draws_page(
    path: Path,
    manifest: dict[str, Any],
    question: str,
    kinds: Mapping[str, Kind],
    own: Mapping[str, OwnOutcome] | None = None,
) -> Page:
    """Return the report of a run under draws.

    Raises
    ------
    StudyError
        If the folder is not complete.
    """
    import pandas as pd

    run = read_run(path, kinds, own=own, with_draws=True)
    require_complete(path, manifest, "summary.csv")
    summary: Any = pd.read_csv(path / "summary.csv", index_col="outcome")
    summary["unit"] = summary["unit"].fillna("")
    draws, scenario = manifest["draws"], run.scenario
    each = f"{draws['count']} draws × {draws['replications_per_draw']} replications"
    asked = question or (
        f"What does the scenario '{scenario.heading}' come to over "
        f"{scenario.counted_days(run.until):g} days, "
        "as far as the numbers that were fitted are known?"
    )
    parts = departures(scenario, run.alteration, len(run.numbers), changes_in(manifest))
    asked = f"{asked} {departure_text(parts)}".rstrip()
    estimation = (
        f"{each}. Draws of {draws['parameters']} parameters from the posterior of "
        f"{draws['experiment']} ({draws['digest'][:12]}), jointly; all other numbers "
        "as they stand in the scenario. A nested analysis of variance tells what the "
        "parameters do from chance; intervals of means by resampling draws, at 95 %."
    )
    ensemble = run.ensemble()
    columns, n_failed = columns_for(ensemble), len(ensemble.failed)
    targets = targets_for(scenario, run.until)
    sections = [
        Section(
            "outcomes",
            "Outcomes, and what they owe",
            tables=(_budgets(summary),),
            folded=(_draws(path),),
            passages=tuple(_answer(summary, estimation)),
        ),
        record_section(
            record_rows_of(columns, len(run.numbers) - n_failed, targets), scenario
        ),
        *model.sections(scenario),
        manifest_section(manifest),
        checklist(scenario, manifest, asked, estimation),
    ]
    facts = (
        *facts_of(scenario, manifest, each, run.until),
        *((one.kind, one.text) for one in parts),
    )
    return Page(
        kind="run",
        title=scenario.heading,
        question=asked,
        headline=_headline(summary, ensemble.dead_row(), scenario, run.until, draws),
        caution=caution_of(scenario.name, scenario.status),
        facts=facts,
        sections=tuple(sections),
    )


def _headline(
    summary: Any,
    dead: dict[str, Any],
    scenario: Scenario,
    until: float,
    draws: Mapping[str, Any],
) -> Headline:
    """Say what a run comes to, and how far the fitted numbers leave it open."""
    rows = {str(name): row for name, row in summary.iterrows()} | {DEAD: dead}
    days = scenario.counted_days(until)
    listed = summary[summary["is_told"].astype(bool)].index
    most = [name for name in _FIRST if name in listed]
    most.sort(key=lambda name: -float(rows[name]["parameter_share"]))
    changing = [
        f"What is not known of the fitted numbers makes {budget_figures(rows[name])[4]}"
        f" of the spread of {rows[name]['label']}: data on them would narrow that."
        for name in most[:1]
    ]
    first = next((name for name in _FIRST if name in listed), None)
    sure = [
        f"{draws['count']} draws of {draws['parameters']} fitted numbers stand behind "
        "each figure; the other numbers and the rules stand as they are."
    ]
    if first is not None:
        between = budget_figures(rows[first])[2].replace(" to ", " and ")
        sure.append(
            f"The fitted numbers alone move the average of {rows[first]['label']} "
            f"between {between}; no more replications narrow that."
        )
    return Headline(
        answer=run_answer(rows, scenario, days),
        would_change=(*changing, *would_change(scenario, is_fitted=True)),
        how_sure=(*sure, assumed_text(scenario)),
        table=run_table(rows),
        figures=run_figures(rows),
    )


def _answer(summary: Any, estimation: str) -> list[Passage]:
    """Say of a few outcomes what is known of each, and why not more."""
    said: list[str] = []
    for name in _FIRST:
        if name not in summary.index or summary.loc[name]["n"] == 0:
            continue
        row: Any = summary.loc[name]
        mean, chance, parameters, history, owed = budget_figures(row)
        head = f"{row['label'][:1].upper()}{row['label'][1:]}: {mean} on average"
        head += f" (Monte Carlo error: {chance})"
        between = parameters.replace(" to ", " and ")
        middle = (
            f"what is not known of the parameters moves that between {between}"
            if row["is_told"]
            else "what the parameters do to it cannot be told from chance"
        )
        tail = f"; nine histories in ten lie within {history}" if history else ""
        share = f", and makes {owed} of the spread" if row["is_told"] else ""
        said.append(f"{head}; {middle}{share}{tail}.")
    doubts = (
        estimation,
        "More replications narrow the Monte Carlo error only; data on the parameters "
        "would narrow what they do; nothing narrows that history happens once.",
    )
    return [
        Passage("What it comes to", tuple(said)),
        Passage("How sure this is", doubts),
    ]


def _budgets(summary: Any) -> Cells:
    """Return the error budget of every outcome that is ever other than 0."""
    rows = tuple(
        (row["label"], str(name), row["unit"] or "ratio", *budget_figures(row),
         f"{int(row['n_draws'])}")
        for name, row in summary.iterrows()
        if row["n_draws"] and row["mean"] == row["mean"]
        and (row["mean"] != 0.0 or row["q95"] != 0.0)
    )  # fmt: skip
    heads = ("outcome", "name", "unit", "mean", "Monte Carlo, 95 %", "parameters, 95 %",
             "one history, 5 to 95 %", "owed to parameters", "draws")  # fmt: skip
    note = (
        "Monte Carlo: interval of the mean. Parameters: of the expected value, as the "
        "draws vary. One history: single replications under all draws. Not told: it "
        "cannot be told from chance. Draws: those in which it is defined throughout."
    )
    return Cells("Error budget", heads, rows, (3, 4, 5, 6, 7, 8), note)


def _draws(path: Path) -> Cells:
    """Return what the draws set, as quantiles."""
    import pandas as pd

    frame: Any = pd.read_csv(path / TABLE, index_col="draw")
    rows = tuple(
        (str(name), *(f"{frame[name].quantile(q):.3g}" for q in (0.05, 0.5, 0.95)))
        for name in frame.columns
    )
    heads = ("parameter", "5 %", "median", "95 %")
    note = "Canonical units, as in the table of parameters; they were drawn jointly."
    return Cells("What the draws set", heads, rows, (1, 2, 3), note)

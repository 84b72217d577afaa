"""The report of one run."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from math import inf
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from sim.digits import capital, figure, interval_text, short
from sim.engine.cast import Cast
from sim.engine.choice import choose_driver
from sim.engine.log import Origin
from sim.ensemble.summary import DEAD
from sim.ensemble.typical import typical_replication
from sim.explanation.explain import explain
from sim.explanation.paths import paths_to
from sim.outcomes import outcomes_for
from sim.pictures.ladder import ladder_picture
from sim.pictures.run import plot_run
from sim.pictures.style import Making, figure_bytes, plot_and_save
from sim.pictures.timeline import first_free_week, weekly_attacks
from sim.pictures.why import why_picture
from sim.record.table import (
    percentile_text,
    record_rows,
    recorded_weeks,
    used_text,
)
from sim.record.targets import targets_for
from sim.reports import model
from sim.reports.answer import answer
from sim.reports.chart import distribution_chart, label_of, quantile_text, week_chart
from sim.reports.checklist import checklist
from sim.reports.departure import changes_in, departure_text, departures
from sim.reports.headline import (
    record_notes,
    run_answer,
    run_doubts,
    run_figures,
    run_panels,
    run_table,
    rungs_note,
    would_change,
)
from sim.reports.manifest import caution_of, facts_of, manifest_section
from sim.reports.narrative import narrate
from sim.reports.page import (
    Cells,
    Chart,
    Headline,
    Page,
    Picture,
    Section,
    address_of,
    picture_of,
)
from sim.reports.why import (
    bans_text,
    chance_text,
    heading,
    marks_legend,
    needs_text,
    path_cells,
    prevention_cells,
    preventions_legend,
    ramp_cells,
    reasons_legend,
    short_text,
    swaps_text,
    tell,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.engine.log import IncidentLog
    from sim.ensemble.ensemble import Ensemble
    from sim.ensemble.rerun import StoredRun
    from sim.record.table import RecordRow
    from sim.record.targets import Target
    from sim.scenario.scenario import Scenario

_CAPTIONS: Final = {
    "outcomes": ("Outcomes at a glance",
                 "What the press reports, over all replications; record in orange."),
    "weeks": ("Reported attacks by week",
              "Middle half and middle 90 % of replications by week."),
    "ladder": ("A typical replication on the ladder",
               "The replication nearest to the medians: what was done, by whom, and "
               "the rung that each dyad stood on. One world of many, no forecast."),
}  # fmt: skip


def run_page(run: StoredRun, question: str) -> Page:
    """Return the report of a run that is complete."""
    ensemble = run.ensemble()
    scenario, manifest = run.scenario, run.manifest
    targets = targets_for(scenario, run.until)
    rows = record_rows(ensemble.outcomes, targets)
    summary: Any = ensemble.summary()
    finished = ensemble.outcomes.drop(index=ensemble.failures.index)
    typical = typical_replication(ensemble.outcomes)
    pictures = _pictures(run, ensemble, targets)
    n = len(ensemble.outcomes)
    parts = departures(scenario, run.alteration, n, changes_in(manifest))
    asked = question or (
        f"What does the scenario '{scenario.heading}' come to over "
        f"{scenario.counted_days(run.until):g} days, if its numbers are right?"
    )
    asked = f"{asked} {departure_text(parts)}".rstrip()
    are = "replications"
    if (branch := run.alteration.branch) is not None:
        are = f"futures of replication {branch[0]}, with one past"
    estimation = (
        f"{n} independent {are}, {len(ensemble.failures)} failed. Means: normal "
        "intervals; medians: intervals of order statistics; shares: Wilson; times: "
        "Kaplan-Meier quantiles; all at 95 %, of Monte Carlo error only."
    )
    shown = [pictures[name] for name in ("outcomes", "weeks") if name in pictures]
    days = scenario.counted_days(run.until)
    by_name = {name: row for name, row in summary.iterrows()}
    by_name |= {DEAD: ensemble.dead_row()}
    headline = Headline(
        answer=run_answer(by_name, scenario, days),
        would_change=would_change(scenario),
        how_sure=run_doubts(scenario, n, record_notes(run.path), run.alteration),
        panels=run_panels(finished, by_name),
        table=run_table(by_name),
        figures=run_figures(by_name),
    )
    sections = [
        Section(
            "outcomes",
            "Outcomes",
            "How the replications are spread. Choose an outcome; point at the chart, "
            "or use the arrow keys on it, for the values.",
            charts=tuple(_charts(ensemble, finished, targets)),
            pictures=tuple(shown),
            folded=(_summary_table(ensemble, summary),),
            passages=tuple(answer(ensemble, summary, rows)),
        ),
        record_section(rows, scenario),
        *_paths(run, ensemble),
        _typical(run, typical, len(finished), pictures),
        *model.sections(scenario),
        manifest_section(manifest),
        checklist(scenario, manifest, asked, estimation),
    ]
    facts = (
        *facts_of(scenario, manifest, f"{n}", run.until),
        *((one.kind, one.text) for one in parts),
    )
    return Page(
        kind="run",
        title=scenario.heading,
        question=asked,
        headline=headline,
        caution=caution_of(scenario.name, scenario.status),
        facts=facts,
        sections=tuple(sections),
    )


def _pictures(
    run: StoredRun, ensemble: Ensemble, targets: Sequence[Target]
) -> dict[str, Picture]:
    """Return the run's pictures; those that are not there are drawn.

    The ladder is a replication that is run anew: with other rules it would be of
    another world, so then only a picture that is there is shown.
    """
    folder = run.path / "pictures"
    if not (folder / "outcomes.svg").is_file() and not run.why_other_rules:
        with TemporaryDirectory() as room:
            plot_run(ensemble, targets, Path(room))
            return _read(Path(room))
    return _read(folder)


def _read(folder: Path) -> dict[str, Picture]:
    return {
        name: picture_of(
            folder / f"{name}.svg",
            *caption,
            is_twin=name == "weeks",
            is_covered=name == "outcomes",
        )
        for name, caption in _CAPTIONS.items()
        if (folder / f"{name}.svg").is_file()
    }


def _charts(
    ensemble: Ensemble, outcomes: Any, targets: Sequence[Target]
) -> list[Chart]:
    table = outcomes_for(ensemble.scenario)
    data = distribution_chart({"replications": outcomes}, table, targets)
    charts = [Chart("spread", "Spread of an outcome", "", data)]
    weeks = weekly_attacks(ensemble) if ensemble.with_log else None
    first = first_free_week(ensemble.scenario)
    if weeks is not None and weeks.shape[1] - first > 1:
        start = ensemble.scenario.start
        dates = [f"{start + timedelta(weeks=week)}" for week in range(weeks.shape[1])]
        recorded = recorded_weeks(ensemble.scenario, ensemble.until)
        data = week_chart(weeks[:, first:], recorded, dates)
        charts.append(
            Chart(
                id="weeks",
                title="Reported attacks by week",
                intro="Band: the middle 90 % of replications; line: their mean. "
                "A week that is simulated in part has neither.",
                data=data,
            )
        )
    return charts


def _summary_table(ensemble: Ensemble, summary: Any) -> Cells:
    """Return every outcome that is ever other than 0, with its interval."""
    table = outcomes_for(ensemble.scenario)
    rows: list[tuple[str, ...]] = []
    for name, outcome in table.items():
        row: Any = summary.loc[name]
        if not row["n"] or (row["mean"] == 0.0 and row["sd"] == 0.0):
            continue
        if outcome.aggregate == "censored" and row["sd"] == 0.0 and row["q05"] == inf:
            continue  # it never came: its mean is the length of the period
        half = (row["high"] - row["low"]) / 2.0
        quantiles = [
            "" if outcome.aggregate == "proportion" else quantile_text(row[q], outcome)
            for q in ("q05", "q50", "q95")
        ]
        rows.append(
            (
                label_of(outcome),
                name,
                outcome.unit or "ratio",
                figure(row["estimate"], half),
                interval_text(max(0.0, row["low"]), row["high"]),
                *quantiles,
                f"{int(row['n'])}",
            )
        )
    heads = ("outcome", "name", "unit", "estimate", "95 % Monte Carlo interval", "5 %",
             "median", "95 %", "defined in")  # fmt: skip
    note = (
        "The estimate is a mean, for delays a median, for things that happen or not a "
        "share; the interval is its Monte Carlo error. 5 %, median and 95 % are of "
        "single replications; a dash is beyond the period. Outcomes that are 0, or "
        f"never come, in every replication are left out. {rungs_note()}"
    )
    caption = f"All outcomes that are ever other than 0 ({len(rows)} of {len(table)})"
    return Cells(caption, heads, tuple(rows), (3, 4, 5, 6, 7, 8), note)


def record_section(rows: Sequence[RecordRow], scenario: Scenario) -> Section:
    """Return the record beside the replications."""
    if not rows:
        text = (
            "There are no statistics of a record of this scenario and period to hold "
            "the model against."
        )
        if (history := scenario.history) is not None:
            text = (
                f"{len(history.rows)} incidents of the record ({history.record}) are "
                f"put in, all before {scenario.day_of(history.since)}; outcomes count "
                "what comes after. The statistics of the record are of the whole "
                "period, so none is held against these days: escalade score does that "
                "for forecasts."
            )
        return Section("record", "The record against the model", text)
    cells = tuple(
        (
            row.meaning,
            row.unit,
            short(row.value),
            f"{short(row.low)} to {short(row.high)}",
            percentile_text(row.percentile),
            f"{short(row.model_low)} to {short(row.model_high)}",
            short(row.model_median),
            "inside" if row.is_inside else "outside",
            f"{100 * row.defined:.0f} %",
            "yes" if row.used_to_set else "no",
        )
        for row in rows
    )
    heads = ("statistic", "unit", "record", "its 95 % interval", "percentile",
             "model 5 to 95 %", "model median", "record lies", "defined",
             "used to set")  # fmt: skip
    intro = (
        "Where the recorded value falls among the replications, ties counted half. A "
        "statistic that was used to set a number of the scenario tests nothing."
    )
    table = Cells("The record against the model", heads, cells, (2, 3, 4, 5, 6, 8))
    used = tuple(
        (row.meaning, used_text(row.used_to_set)) for row in rows if row.used_to_set
    )
    title = "Which numbers were set from which statistic"
    folded = (Cells(title, ("statistic", "numbers set from it"), used),) if used else ()
    return Section(
        id="record",
        title="The record against the model",
        intro=intro,
        tables=(table,),
        folded=folded,
    )


FEWEST_FOR_PATHS: Final = 30
"""Of fewer replications no shares of ways are told."""
MOST_FOR_PATHS: Final = 200
"""Replications whose first strike is explained: each takes as many replays as incidents
come before it."""
MOST_PATHS: Final = 8
MOST_RAMPS: Final = 12


def _paths(run: StoredRun, ensemble: Ensemble) -> tuple[Section, ...]:
    """Return by which ways strikes come about, and where chains end; or nothing.

    It is nothing where the rules have changed, numbers are those of many draws, there
    are too few replications, or none of them comes to a strike.
    """
    failed = {number for number, _, _ in ensemble.failed}
    numbers = [n for n in ensemble.numbers if n not in failed][:MOST_FOR_PATHS]
    struck: Any = ensemble.outcomes.loc[numbers, "first_strike_happened_true"]
    if (
        run.why_other_rules
        or ensemble.draws is not None
        or len(numbers) < FEWEST_FOR_PATHS
        or not (struck > 0.0).any()
    ):
        return ()
    paths = paths_to(ensemble, "first strike", replications=numbers)
    is_all = len(numbers) + len(failed) == len(ensemble.numbers)
    which = f"{'all' if is_all else 'the first'} {paths.n} replications"
    intro = (
        f"A strike that was not put in comes in {paths.n_reached} of {which}. The "
        "chain of each first one is told from its beginning: in a → b b answers a or, "
        "where it answers nothing, does not happen without a, by a replay. So each "
        "replication has one chain, and shares add up."
    )
    ways = Cells(
        "By which chains the first strike comes about",
        ("chain", "replications", "share %", "interval", "example"),
        tuple(path_cells(paths, MOST_PATHS)),
        (1, 2, 4),
    )
    ramps = Cells(
        "Off-ramps: where chains end",
        ("act", "incidents", "end here %", "interval", "most often comes of it"),
        tuple(ramp_cells(paths)[:MOST_RAMPS]),
        (1, 2),
        "Of all incidents of an act, put in or not, the share that no incident "
        f"answers; the {MOST_RAMPS} most frequent acts that others can see. "
        "Intervals are of 95 %, of Monte Carlo error only. More, also of other acts: "
        "escalade explain with --paths-to.",
    )
    return (
        Section(
            "paths", "Paths to a strike, and off-ramps", intro, tables=(ways, ramps)
        ),
    )


def _typical(
    run: StoredRun, typical: int, n: int, pictures: dict[str, Picture]
) -> Section:
    """Return the typical one of n replications: its ladder, its story and why."""
    title = f"A typical replication: number {typical}"
    if run.why_other_rules:
        ladder = (pictures["ladder"],) if "ladder" in pictures else ()
        text = f"Its story cannot be told: {run.why_other_rules}."
        return Section("typical", title, text, pictures=ladder)
    driver, _ = choose_driver(Cast(run.scenario), 1, "auto", run.until)
    number, altered = run.alteration.member(typical)
    log = driver.log(run.root_seed, number, run.until, altered)
    making = Making(run.root_seed, f"replication {typical}", run.until)
    narrow = figure_bytes(
        lambda: ladder_picture(log, run.scenario, making, is_narrow=True)
    )
    ladder = tuple(
        replace(pictures[name], narrow=address_of(narrow))
        for name in ("ladder",)
        if name in pictures
    )
    rows = tuple(
        (
            str(one.number),
            one.date,
            one.text,
            one.because + (f" [{one.cause}]" if one.cause else ""),
            f"{'put in; ' if one.is_given else ''}{one.press}",
        )
        for one in narrate(log, run.scenario)
    )
    heads = ("number", "date, local time", "what happened", "in answer to", "the press")
    story = Cells(f"Its story, in {len(rows)} sentences", heads, rows, (0,))
    intro = (
        f"Of all {n} finished replications the one nearest to the medians that "
        "these have of the main outcomes."
    )
    why, shown, folded, text = _why(run, typical, log)
    return Section(
        "typical",
        title,
        f"{intro}\n{text}",
        pictures=(*ladder, *why),
        tables=shown,
        folded=(*folded, story),
    )


def _why(
    run: StoredRun, replication: int, log: IncidentLog
) -> tuple[tuple[Picture, ...], tuple[Cells, ...], tuple[Cells, ...], str]:
    """Return why a replication's highest incident happened, for a page.

    A picture, where it hangs on anything, tables that are shown and such as are folded,
    and a few sentences, a paragraph a line; none where nothing happened.
    """
    if all(record.origin != Origin.SIMULATED for record in log.incidents()):
        return (), (), (), ""
    explanation = explain(run, replication)
    steps = tell(explanation)
    rows = tuple(
        (
            f"{one.sentence.number}{' *' if one.is_needed else ''}"
            f"{' =' if one is steps[-1] else ''}",
            one.sentence.date,
            one.sentence.text,
            one.links,
            one.reasons,
        )
        for one in steps
    )
    heads = ("number", "date, local time", "what happened", "it hangs on", "moved by")
    note = f"{marks_legend(explanation)}\n{reasons_legend(explanation, steps)}"
    last = f"[{explanation.number}]"
    folded = Cells(f"What {last} hangs on, step by step", heads, rows, (0,), note)
    pictures: list[Picture] = []
    if len(explanation.steps) > 1:
        title = f"Why {last} happened"
        caption = (
            "What it hangs on, by number, on the ladder. An arrow leads to an incident "
            "from what it answers (line) or would not have happened without (dashes). "
            "The words are in a table below."
        )
        with TemporaryDirectory() as room:
            files = plot_and_save(lambda: why_picture(explanation), Path(room) / "why")
            narrow = figure_bytes(lambda: why_picture(explanation, is_narrow=True))
            picture = picture_of(files[0], title, caption, narrow=address_of(narrow))
            pictures.append(picture)
    shown: tuple[Cells, ...] = ()
    if explanation.preventions:
        heads, others = prevention_cells(explanation)
        title = f"What would have prevented {last}, and what comes then"
        texts = (
            tell_it(explanation) for tell_it in (bans_text, swaps_text, chance_text)
        )
        note = "\n".join(filter(None, (preventions_legend(explanation), *texts)))
        shown = (Cells(title, heads, tuple(others), (2, 3, 4), note),)
    texts = (
        capital(f"{heading(explanation)}."),
        f"In short: {short_text(explanation)}",
        f"What would have prevented it: {needs_text(explanation)}",
    )
    return tuple(pictures), shown, (folded,), "\n".join(texts)

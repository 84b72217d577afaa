"""The record beside the model: where each recorded value falls among replications.

History happened once, so a record far out in the model's distribution is a question
and no verdict. There is no pass mark here: every target is shown, misses included, and
those that were used to set a number of the scenario say so, since they test nothing.
"""

from __future__ import annotations

from datetime import timedelta
from math import isfinite, nan
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from sim.digits import markdown_table, short, short_beside
from sim.ladder import Act
from sim.scenario.event_table import SERIES
from sim.scenario.history import record_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from sim.record.targets import Target
    from sim.scenario.scenario import Scenario


_MOST_NAMED: Final = 10
_FIRST: Final = 3

_NO_MORE: Final = 3
"""Statistics by which the model must be ahead before its count could say anything: the
statistics hang together, so that two or three go in or out at once."""


class RecordRow(NamedTuple):
    """One target against the replications."""

    outcome: str
    meaning: str
    unit: str
    value: float
    """The record's value."""
    low: float
    """Lower end of the record's own 95 % interval."""
    high: float
    percentile: float
    """Mid-rank of the record's value within the replications, 0 to 100; nan of none."""
    model_low: float
    """5 % quantile of the replications."""
    model_median: float
    model_high: float
    """95 % quantile of the replications."""
    width: float
    """Width of the model's 5 to 95 % interval, in the unit of the outcome."""
    defined: float
    """Share of the replications in which the outcome is defined."""
    used_to_set: tuple[str, ...]
    """Parameters that were set from this target: it does not test them."""
    role: str = "checked"
    """Whether a calibration may fit it, or may only be checked by it."""
    null_low: float = nan
    """5 % quantile of the null beside the model; nan without one."""
    null_high: float = nan
    """95 % quantile."""
    null_percentile: float = nan
    prior_low: float = nan
    """5 % quantile of draws of a fit's prior; nan without a fit."""
    prior_high: float = nan
    """95 % quantile."""
    prior_percentile: float = nan

    @property
    def is_inside(self) -> bool:
        """Whether the record's value lies within the model's 5 to 95 % interval."""
        return self.model_low <= self.value <= self.model_high

    @property
    def is_inside_null(self) -> bool:
        """Whether it lies within that of the null; not where the null has none."""
        return self.null_low <= self.value <= self.null_high

    @property
    def is_inside_prior(self) -> bool:
        """Whether it lies within that of the prior; not where the prior has none."""
        return self.prior_low <= self.value <= self.prior_high


def recorded_weeks(scenario: Scenario, until: float) -> list[int | None]:
    """Return the record's rocket attacks by whole week from the start.

    Counted are the rows of the press series (``list`` is ``core`` or blank) that no
    later row corrects, by the day that they are filed under. A week that was not coded
    whole has None; one in which the scenario branches from its record, what the record
    has of it before.
    """
    n_weeks, history = int(until / 7.0), scenario.history
    if not scenario.record:
        return [None] * n_weeks
    table, weeks = record_of(scenario), list[int | None]()
    days = [
        (event.day - scenario.start).days
        for event in table.events
        if event.act == Act.ROCKET_ATTACK and event.list in ("", SERIES)
    ]
    for week in range(n_weeks):
        first, after = 7 * week, 7 * week + 7
        if history is not None and first < history.since < after:
            after = int(history.since)
        ends = (scenario.start + timedelta(days=day) for day in (first, after))
        is_coded = table.first_gap(*ends) is None
        weeks.append(sum(first <= day < after for day in days) if is_coded else None)
    return weeks


def mid_rank(values: NDArray[np.float64], value: float) -> float:
    """Return the percentile of a value: the share below it and half of those equal.

    >>> mid_rank(np.array([1.0, 2.0, 2.0, 3.0]), 2.0)
    50.0
    """
    if not len(values):
        return nan
    tolerance = 1e-9 * max(1.0, abs(value))  # the record's values are rounded
    below = int((values < value - tolerance).sum())
    equal = int((np.abs(values - value) <= tolerance).sum())
    return 100.0 * (below + 0.5 * equal) / len(values)


def record_rows(
    outcomes: pd.DataFrame, targets: Iterable[Target]
) -> tuple[RecordRow, ...]:
    """Hold each target against the replications, in the order of the targets.

    Parameters
    ----------
    outcomes
        One row a replication, one column an outcome; nan where undefined.
    targets
        The record. Targets without an outcome of that name are left out.
    """
    finished = outcomes.dropna(how="all")
    columns = {name: finished[name].to_numpy(dtype=float) for name in finished.columns}
    return record_rows_of(columns, len(finished), targets)


def record_rows_of(
    columns: Mapping[str, NDArray[np.float64]],
    n_finished: int,
    targets: Iterable[Target],
) -> tuple[RecordRow, ...]:
    """Return what `record_rows` does, of columns of replications that did not fail.

    Parameters
    ----------
    columns
        One array an outcome, shape (n_finished,).
    n_finished
        How many replications did not fail.
    targets
        The record.
    """
    rows: list[RecordRow] = []
    for target in targets:
        if target.outcome not in columns:
            continue
        values = columns[target.outcome]
        values = values[np.isfinite(values)]
        if len(values):
            low, median, high = (
                float(x) for x in np.quantile(values, (0.05, 0.5, 0.95))
            )
        else:
            low = median = high = nan
        rows.append(
            RecordRow(
                outcome=target.outcome,
                meaning=target.meaning,
                unit=target.unit,
                value=target.value,
                low=target.low,
                high=target.high,
                percentile=mid_rank(values, target.value),
                model_low=low,
                model_median=median,
                model_high=high,
                width=high - low,
                defined=len(values) / n_finished if n_finished else nan,
                used_to_set=target.used_to_set,
                role=target.role,
            )
        )
    return tuple(rows)


def beside_null(
    rows: Iterable[RecordRow], columns: Mapping[str, NDArray[np.float64]]
) -> tuple[RecordRow, ...]:
    """Return the rows with what the null makes of each statistic.

    Parameters
    ----------
    rows
        The record against the model.
    columns
        The null's outcomes, one array each.
    """
    compared: list[RecordRow] = []
    for row in rows:
        values = columns.get(row.outcome, np.empty(0))
        values = values[np.isfinite(values)]
        if len(values):
            low, high = (float(x) for x in np.quantile(values, (0.05, 0.95)))
            rank = mid_rank(values, row.value)
            row = row._replace(null_low=low, null_high=high, null_percentile=rank)  # noqa: PLW2901
        compared.append(row)
    return tuple(compared)


def count_sentence(rows: Sequence[RecordRow]) -> str:
    """Say in how many statistics the record lies inside: model, null and prior.

    Of rows beside a null or a prior it is said what the number is worth. Rows in which
    the model is never defined do not count.
    """
    rows = [row for row in rows if isfinite(row.percentile)]
    inside = sum(row.is_inside for row in rows)
    text = (
        f"Of {len(rows)} statistics the record lies inside the model's 5 to 95 % "
        f"interval in {inside}"
    )
    rivals: list[tuple[str, int]] = []
    if any(isfinite(row.null_percentile) for row in rows):
        n = sum(row.is_inside_null for row in rows)
        rivals.append((f"inside that of the null, without any feedback, in {n}", n))
    if any(isfinite(row.prior_percentile) for row in rows):
        n = sum(row.is_inside_prior for row in rows)
        rivals.append((f"inside that of the prior, before any fit, in {n}", n))
    if not rivals:
        return (
            f"{text}. How many a world without feedback would meet is not known here."
        )
    text += "; " + "; ".join(words for words, _ in rivals) + "."
    if any(inside - n <= _NO_MORE for _, n in rivals):
        text += (
            " So that so many lie inside is no evidence for the model: what knows less "
            "meets the record as often, or nearly."
        )
    return text


def percentile_text(percentile: float) -> str:
    """Write a percentile; the ends, which a few replications decide, stay open.

    >>> [percentile_text(x) for x in (62.4, 0.2, 100.0, float("nan"))]
    ['62', '<1', '>99', '–']
    """
    if not isfinite(percentile):
        return "–"
    if percentile < 1.0:
        return "<1"
    return ">99" if percentile > 99.0 else f"{percentile:.0f}"


def range_text(low: float, high: float) -> str:
    """Write an interval; a dash where none is known.

    >>> range_text(1.0, 2.5), range_text(nan, nan)
    ('1 to 2.5', '–')
    """
    return f"{short(low)} to {short(high)}" if isfinite(low) else "–"


def outside_text(row: RecordRow) -> str:
    """Say of a row how its recorded value lies outside the model's interval.

    >>> held = (0.7996, 0.5, 1.1, 4.0, 0.8, 1.2, 1.863, 1.063, 1.0, ())
    >>> outside_text(RecordRow("wait", "Wait", "days", *held)).partition("; ")[0]
    'Wait: the record has 0.7996 days'
    >>> outside_text(RecordRow("wait", "Wait", "days", *held)).partition("; ")[2]
    "the model's median is 1.2, ... have 0.8 to 1.863, and the record lies below them"
    """
    is_below = row.value < row.model_low
    value, low, high = short_beside(row.value, (row.model_low, row.model_high))
    unit = "" if row.unit in ("", "1") else f" {row.unit}"
    side = "below" if is_below else "above"
    return (
        f"{row.meaning}: the record has {value}{unit}; the model's median is "
        f"{short(row.model_median)}, nine histories in ten have {low} to {high}, and "
        f"the record lies {side} them"
    )


def used_text(paths: Sequence[str]) -> str:
    """Name the numbers that a statistic set; of very many, as a fit sets, the first.

    >>> used_text(["a", "b"]), used_text([]), used_text(["a"] * 30)
    ('a, b', '–', 'a, a, a and 27 more')
    """
    if len(paths) <= _MOST_NAMED:
        return ", ".join(paths) or "–"
    return f"{', '.join(paths[:_FIRST])} and {len(paths) - _FIRST} more"


def record_markdown(rows: Sequence[RecordRow]) -> str:
    """Return the rows as a Markdown table, for ``docs/model.md``.

    A row whose record lies outside the model's 5 to 95 % interval is marked; so is
    one that was used to set a number. Null and prior have columns where they are known
    (`beside_null`), marked alike.
    """
    has_null = any(isfinite(row.null_percentile) for row in rows)
    has_prior = any(isfinite(row.prior_percentile) for row in rows)
    rivals = [
        *(["Null 5 % – 95 %"] if has_null else []),
        *(["Prior 5 % – 95 %"] if has_prior else []),
    ]
    heads = [
        "Statistic",
        "Unit",
        "Record (95 % interval)",
        "Percentile",
        "Model 5 % – median – 95 %",
        *rivals,
        "Width",
        "Defined",
        "Used to set",
    ]
    lines: list[tuple[str, ...]] = []
    for row in rows:
        outside = _outside(row.percentile, row.is_inside)
        null = f"{short(row.null_low)} – {short(row.null_high)}"
        null += _outside(row.null_percentile, row.is_inside_null)
        prior = f"{short(row.prior_low)} – {short(row.prior_high)}"
        prior += _outside(row.prior_percentile, row.is_inside_prior)
        used = used_text([f"`{path}`" for path in row.used_to_set])
        cells = (
            f"{row.meaning} (`{row.outcome}`)",
            row.unit,
            f"{short(row.value)} ({range_text(row.low, row.high)})",
            f"{percentile_text(row.percentile)}{outside}",
            f"{short(row.model_low)} – {short(row.model_median)} – "
            f"{short(row.model_high)}",
            *([null] if has_null else []),
            *([prior] if has_prior else []),
            short(row.width),
            f"{100 * row.defined:.0f} %",
            used,
        )
        lines.append(tuple(cells))
    return markdown_table(heads, lines, numbers=range(2, len(heads) - 1))


def _outside(percentile: float, is_inside: bool) -> str:
    return "" if is_inside or not isfinite(percentile) else " **outside**"

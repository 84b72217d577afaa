"""What a run says, in sentences: each with its interval, named for what it is."""

from __future__ import annotations

from math import ceil, inf, isfinite
from typing import TYPE_CHECKING, Any, Final

from sim.digits import capital, figure, interval_text
from sim.record.table import RecordRow, outside_text, percentile_text
from sim.reports.page import Passage

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.ensemble.ensemble import Ensemble
    from sim.outcomes import Outcome

_TOPICS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("Attacks", ("n_rocket_attacks_true", "n_rocket_attacks", "n_thwarted_true",
                 "time_to_first_attack_days_true")),
    ("Dead and wounded", ("n_coalition_deaths_true", "n_killed_civilian_true",
                          "n_killed_militia_true", "n_wounded_all_true",
                          "time_to_first_coalition_death_days_true")),
    ("Strikes and escalation", ("n_strikes_true", "first_strike_happened_true",
                                "time_to_first_strike_days_true", "peak_rung_true",
                                "n_direct_strikes_true", "both_struck_happened_true",
                                "direct_exchange_happened_true",
                                "pushback_within_90_days_true")),
    ("The host government", ("n_raids_true", "n_persons_arrested_true",
                             "n_persons_released_true", "n_accusations_true",
                             "n_demands_to_leave_true", "authority_end_true")),
)  # fmt: skip
"""The outcomes that are told, by heading."""

MANY: Final = 10
"""Times the statistics of the record that lie outside before the list is cut."""


def answer(
    ensemble: Ensemble, summary: Any, rows: Sequence[RecordRow]
) -> list[Passage]:
    """Say what a run comes to, from its summary and the record against it, if any."""
    from sim.outcomes import outcomes_for

    table = outcomes_for(ensemble.scenario)
    length = ensemble.scenario.counted_days(ensemble.until)
    passages: list[Passage] = []
    for heading, names in _TOPICS:
        said = [
            sentence
            for name in names
            if name in table and name in summary.index
            for sentence in [outcome_sentence(table, summary, name, length)]
            if sentence
        ]
        if said:
            passages.append(Passage(heading, tuple(said)))
    if rows:
        passages.append(Passage("Against the record", tuple(_record_sentences(rows))))
    passages.append(Passage("How sure this is", tuple(_doubts(ensemble))))
    return passages


def outcome_sentence(
    table: Mapping[str, Outcome], summary: Any, name: str, until: float
) -> str:
    """Say one outcome over the replications; empty where it is never defined."""
    outcome, row = table[name], summary.loc[name]
    n = int(row["n"])
    if not n:
        return ""
    match outcome.aggregate:
        case "median":
            said = _median(outcome, row)
        case "proportion":
            said = _share(outcome, row)
        case "censored":
            said = _time(outcome, row, summary.loc[outcome.companion], until)
        case _:
            said = _mean(outcome, row)
    if row["n_undefined"]:
        said += f" It is defined in {n} of {n + int(row['n_undefined'])} replications."
    return said


def _mean(outcome: Outcome, row: Any) -> str:
    half = _half(row)
    if row["sd"] == 0.0:
        always = figure(row["mean"], 0.0)
        return f"{_name(outcome)}: {always} in every one of {row['n']} replications."
    low = max(row["low"], 0.0)  # no outcome lies below 0
    q05, q50, q95 = (_rough(row[q], outcome) for q in ("q05", "q50", "q95"))
    if row["q05"] > 0.0:
        spread = f"Nine replications in ten have {q05} to {q95}."
    else:
        spread = (
            f"Half of the replications have {q50} or less, 95 % have {q95} or less."
        )
    return (
        f"{_name(outcome)}: {figure(row['estimate'], half)}{_unit(outcome)} on average "
        f"(95 % Monte Carlo interval of the mean {interval_text(low, row['high'])}). "
        f"{spread}"
    )


def _median(outcome: Outcome, row: Any) -> str:
    return (
        f"{_name(outcome)}: median {figure(row['estimate'], _half(row))}"
        f"{_unit(outcome)} (95 % Monte Carlo interval of the median "
        f"{interval_text(row['low'], row['high'])})."
    )


def _share(outcome: Outcome, row: Any) -> str:
    n, label = int(row["n"]), _name(outcome)
    if row["estimate"] in (0.0, 1.0):
        bound = 100.0 * (1.0 - 0.05 ** (1.0 / n))
        which = "none" if row["estimate"] == 0.0 else "every one"
        rest = "fewer" if row["estimate"] == 0.0 else "all but fewer"
        return (
            f"{label}: in {which} of {n} replications; with 95 % confidence {rest} "
            f"than {bound:.2g} % of worlds have it."
        )
    low, high = 100.0 * row["low"], 100.0 * row["high"]
    share = figure(100.0 * row["estimate"], (high - low) / 2.0)
    return (
        f"{label}: in {share} % of replications (95 % Monte Carlo interval "
        f"{interval_text(low, high)} %, Wilson)."
    )


def _time(outcome: Outcome, row: Any, share: Any, until: float) -> str:
    label = _name(outcome)
    if share["estimate"] == 0.0:
        return f"{label}: it came in no replication within {until:g} days."
    middle: float = row["q50"]
    if middle == inf:
        low, high = 100.0 * share["low"], 100.0 * share["high"]
        percent = figure(100.0 * share["estimate"], (high - low) / 2.0)
        return (
            f"{label}: most replications do not see it within {until:g} days; "
            f"{percent} % do (95 % Monte Carlo interval {interval_text(low, high)} %, "
            "Wilson)."
        )
    late = row["q95"]
    tail = (
        f"95 % have seen it by day {_rough(late, outcome)}"
        if isfinite(late)
        else f"more than one in twenty has not seen it after {until:g} days"
    )
    return (
        f"{label}: half of the replications see it by day "
        f"{_rough(middle, outcome)}; {tail}."
    )


def _record_sentences(rows: Sequence[RecordRow]) -> list[str]:
    held = [row for row in rows if isfinite(row.percentile)]
    free = [row for row in held if not row.used_to_set]
    inside = sum(row.is_inside for row in free)
    out = [row for row in held if not row.is_inside]
    said = [
        f"Of {len(held)} statistics of the record, {len(held) - len(out)} lie within "
        "the middle 90 % of the replications. "
        f"{len(held) - len(free)} were used to set a number and test nothing; of the "
        f"other {len(free)}, {inside} lie within."
    ]
    for row in out[:MANY]:
        used = " (used to set a number)" if row.used_to_set else ""
        said.append(
            f"Outside: {outside_text(row)}; percentile "
            f"{percentile_text(row.percentile)}{used}."
        )
    if len(out) > MANY:
        said.append(f"{len(out) - MANY} more lie outside; the table below has them.")
    said.append(
        "History happened once: a record far out in the model's distribution is a "
        "question, and one well inside it is no proof: worlds without any feedback, "
        "and draws of a prior, meet most of these statistics as well. record.md of a "
        "run counts them."
    )
    return said


def _doubts(ensemble: Ensemble) -> list[str]:
    n, failed = len(ensemble.outcomes), len(ensemble.failures)
    basis = [cited.basis for cited in ensemble.scenario.cited]
    said = [
        f"The intervals hold Monte Carlo error only: how far another {n} replications "
        "of the same numbers might differ. They hold nothing of what is not known of "
        "the parameters, and nothing of history having happened once."
    ]
    if basis:
        assumed = basis.count("assumed")
        said.append(
            f"{assumed} of the scenario's {len(basis)} numbers are assumed, that is, "
            "our judgement; the table of parameters lists them first, each with the "
            "range that a sweep may explore."
        )
    if failed:
        first = ensemble.failures.iloc[0]
        said.append(
            f"{failed} of {n} replications failed and are left out. The first: "
            f"{first['error']}; to repeat it: {first['repeat']}"
        )
    return said


def _rough(value: float, outcome: Outcome) -> str:
    """Write a quantile of replications, whose own error is not known: two digits."""
    if outcome.kind in {"count", "rung"}:
        return f"{ceil(value - 1e-9)}"
    return f"{value:.0f}" if abs(value) >= 10.0 else f"{value:.2g}"


def _half(row: Any) -> float:
    return (row["high"] - row["low"]) / 2.0


def _name(outcome: Outcome) -> str:
    label = outcome.label
    if outcome.kind == "share" and outcome.aggregate == "mean":
        label = f"share of {label}" if "of" not in label.split() else label
    return capital(label)


def _unit(outcome: Outcome) -> str:
    plain = ("", "incidents", "persons", "rung", "share", "1")
    return "" if outcome.unit in plain else f" {outcome.unit}"

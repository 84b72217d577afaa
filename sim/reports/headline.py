"""The top of a report: the answer in three sentences, what would change it, how sure.

No figure is reckoned here: the sentences are written from tables that others made, in
words that need no glossary.
"""

from __future__ import annotations

from math import ceil, inf, isfinite, nan
from typing import TYPE_CHECKING, Any, Final

from sim.comparison.words import scale_of
from sim.digits import (
    agreeing_places,
    figure,
    interval_text,
    level_figure,
    plural,
    short,
)
from sim.engine.alteration import UNALTERED
from sim.ensemble.summary import DEAD
from sim.ladder import RUNGS
from sim.pictures.panel import Line, Panel
from sim.reports.departure import past_text
from sim.reports.page import Cells
from sim.rules.behaviour import Side

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from sim.comparison.standings import Standing, Standings
    from sim.engine.alteration import Alteration
    from sim.outcomes import Outcome
    from sim.scenario.scenario import Scenario

HIGHEST: Final = max(RUNGS)
MOST_LINES: Final = 5
"""Policies up to which the picture has two outcomes."""
MOST_LISTED: Final = 3
"""Outcomes that one sentence tells of."""


# --- A run ---------------------------------------------------------------------------


def run_answer(
    rows: Mapping[str, Any], scenario: Scenario, days: float
) -> tuple[str, ...]:
    """Say in three sentences what a run comes to.

    Parameters
    ----------
    rows
        By outcome: a row of `sim.ensemble.summary.summary_rows`, or one like it.
    scenario
        What was run.
    days
        That count.
    """
    sentences = (
        _attacks(rows, scenario, days),
        _climb(rows),
        _government(rows, scenario),
    )
    return tuple(sentence for sentence in sentences if sentence)


def _attacks(rows: Mapping[str, Any], scenario: Scenario, days: float) -> str:
    attacks = rows.get("n_rocket_attacks_true")
    dead = rows.get("n_coalition_deaths_true")
    if attacks is None or not attacks["n"]:
        return ""
    mean, among = _amount(attacks)
    text = (
        f"In {days:g} days {mean} {plural(attacks['mean'], 'rocket attack')} come on "
        f"average, {among} in nine histories of ten"
    )
    if dead is not None and dead["n"]:
        mean, among = _amount(dead)
        who = f"people of {foreign_side(scenario)}"
        if dead["mean"] > dead["q95"] > 0.0:
            ends = interval_text(max(0.0, dead["low"]), dead["high"])
            text += (
                f"; they kill {among} {who} in as many, and so many in a few others "
                f"that the average is {mean} (95 % interval {ends})"
            )
        else:
            text += f"; they kill {mean} {who} ({among})"
    return f"{text}."


def _amount(row: Any) -> tuple[str, str]:
    """Write a mean count, and what nine histories in ten have."""
    half = (row["high"] - row["low"]) / 2.0
    low, high = (ceil(row[q] - 1e-9) for q in ("q05", "q95"))
    return figure(row["mean"], half), f"{low} to {high}"


def foreign_side(scenario: Scenario) -> str:
    """Return the labels of the foreign powers."""
    labels = [a.label for a in scenario.actors if a.kind.side == Side.FOREIGN]
    return listed(labels) or "the foreign power"


def _climb(rows: Mapping[str, Any]) -> str:
    """Say how often it comes to strikes, and how high the crisis climbs."""
    parts: list[str] = []
    strike = rows.get("first_strike_happened_true")
    exchange = rows.get("direct_exchange_happened_true")
    if strike is not None and strike["n"]:
        parts.append(f"a strike comes in {_how_often(strike)}")
    if exchange is not None and exchange["n"]:
        parts.append(f"a direct exchange between states in {_how_often(exchange)}")
    peak = rows.get("peak_rung_true")
    if peak is not None and peak["n"]:
        middle, top = (ceil(peak[q] - 1e-9) for q in ("q50", "q95"))
        climb = f"half of them climb no higher than rung {rung_words(middle)}"
        if top > middle:
            climb += f", one in twenty to rung {rung_words(top)} or above"
        parts.append(climb)
    text = "; ".join(parts)
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def rung_words(rung: int) -> str:
    """Write a rung with its meaning.

    >>> rung_words(9)
    '9 of 12 (dramatic confrontation)'
    """
    return f"{rung} of {HIGHEST} ({RUNGS[rung]})"


def rungs_note(low: int = 0, high: int = HIGHEST) -> str:
    """Say what the rungs between two mean.

    >>> rungs_note(11)
    'Rungs of the ladder, 0 to 12: 11 leader killed; 12 direct strikes.'
    """
    named = "; ".join(f"{n} {RUNGS[n]}" for n in range(low, high + 1))
    return f"Rungs of the ladder, 0 to {HIGHEST}: {named}."


def _how_often(row: Any) -> str:
    """Write a share of histories."""
    n, share = int(row["n"]), float(row["estimate" if "estimate" in row else "mean"])
    if share in (0.0, 1.0):
        text = f"{'none' if share == 0.0 else 'every one'} of {n} histories"
    else:
        half = 50.0 * (row["high"] - row["low"])
        text = f"{figure(100.0 * share, half)} % of histories"
    return text


def _government(rows: Mapping[str, Any], scenario: Scenario) -> str:
    hosts = [a.label for a in scenario.actors if a.kind.side == Side.HOST]
    raids, authority = rows.get("n_raids_true"), rows.get("authority_end_true")
    if not hosts or raids is None or not raids["n"]:
        return ""
    half = (raids["high"] - raids["low"]) / 2.0
    mean = figure(raids["mean"], half)
    who = listed(hosts)
    text = f"{who[:1].upper()}{who[1:]} raids {mean} {_times(raids['mean'])} on average"
    if raids["mean"] == 0.0:
        text = (
            f"{who[:1].upper()}{who[1:]} raids in none of {int(raids['n'])} histories"
        )
    arrested = rows.get("n_persons_arrested_true")
    released = rows.get("n_persons_released_true")
    if arrested is not None and released is not None and arrested["mean"] > 0.0:
        share = 100.0 * released["mean"] / arrested["mean"]
        text += f" and sets free {share:.0f} % of those whom it arrests"
    if authority is not None and authority["n"]:
        half = 50.0 * (authority["high"] - authority["low"])
        mean = figure(100.0 * authority["mean"], half)
        text += f"; its authority ends at {mean} on a scale of 0 to 100"
    return f"{text}."


def _times(n: float) -> str:
    return "time" if n == 1.0 else "times"


def run_doubts(
    scenario: Scenario,
    n: int,
    notes: Sequence[str],
    alteration: Alteration = UNALTERED,
) -> tuple[str, ...]:
    """Say how sure the answer of a run is.

    `notes` are those below the record's table: how many statistics lie inside.
    """
    of = f"{n} histories"
    if (branch := alteration.branch) is not None:
        of = f"{n} futures of one history, replication {branch[0]}"
    said = [
        f"The averages are of {of}; their intervals say how far chance may "
        "move them. Single histories differ far more, and history happens once."
    ]
    said.append(f"{assumed_text(scenario)} What they leave open is in no figure here.")
    said += [past] if (past := past_text(scenario, alteration)) else []
    said += [note for note in notes[:1] if note]
    return tuple(said)


def assumed_text(scenario: Scenario) -> str:
    """Count the numbers that are somebody's judgement."""
    basis = [cited.basis for cited in scenario.cited]
    if not basis:
        return "The scenario states no source for its numbers."
    n = basis.count("assumed")
    return f"{n} of the scenario's {len(basis)} numbers are assumed, not measured."


def would_change(scenario: Scenario, *, is_fitted: bool = False) -> tuple[str, ...]:
    """Say what would change the answer of a run, under draws of a fit or not."""
    n = sum(cited.basis == "assumed" for cited in scenario.cited)
    if not n:
        return ("Other numbers than the scenario's: escalade sweep varies them.",)
    fit = "; escalade run with --posterior carries what a fit leaves open"
    return (
        f"Other values of the {n} assumed numbers, each with its range under "
        "Parameters of the report: escalade sensitivity says which of them matter, "
        f"escalade sweep how{'' if is_fitted else fit}.",
    )


def record_notes(path: Path) -> list[str]:
    """Return what the run wrote below its table of the record, if it has one."""
    file = path / "record.md"
    if not file.is_file():
        return []
    parts = file.read_text("utf-8").split("\n\n")
    return [part.strip() for part in parts if part.strip() and part[0] not in "|#"]


_KEY: Final = (
    "n_rocket_attacks_true", "n_coalition_deaths_true", "n_killed_civilian_true",
    "n_killed_militia_true", DEAD, "n_strikes_true", "first_strike_happened_true",
    "direct_exchange_happened_true", "n_raids_true", "n_persons_arrested_true",
    "peak_rung_true", "time_to_first_strike_days_true", "authority_end_true",
)  # fmt: skip
"""The outcomes that a screen or a brief shows of a run."""


def run_table(rows: Mapping[str, Any]) -> Cells:
    """Return a dozen outcomes of a run in words, with their intervals."""
    cells: list[tuple[str, ...]] = []
    for name in _KEY:
        row = rows.get(name)
        if row is None or not row["n"] or row["mean"] == 0.0 == row["q95"]:
            continue
        share = row["unit"] == "share"
        scale, unit = (100.0, " %") if share else (1.0, "")
        value = row["estimate" if "estimate" in row else "mean"]
        ends = scale * row["low"], scale * row["high"]
        is_time = name.startswith("time_to")
        label = row["label"] + (", days" if is_time else "")
        happens = label.endswith(" happened")
        if happens:
            label = f"histories with a {label.removesuffix(' happened')}"
        spread = "" if happens else spread_text(row, scale, unit)
        cells.append(
            (
                label,
                f"{figure(scale * value, (ends[1] - ends[0]) / 2.0)}{unit}",
                f"{interval_text(*ends)}{unit}",
                spread,
            )
        )
    heads = ("outcome", "on average", "95 % interval of it", "nine histories in ten")
    rung = rows.get("peak_rung_true")
    note = ""
    if rung is not None and rung["n"]:
        low, high = (ceil(rung[q] - 1e-9) for q in ("q05", "q95"))
        note = rungs_note(low, high)
    return Cells("The outcomes in short", heads, tuple(cells), (1, 2, 3), note)


def spread_text(row: Any, scale: float = 1.0, unit: str = "") -> str:
    """Write what nine histories in ten have of an outcome.

    >>> spread_text({"q05": 4.0, "q95": inf, "unit": "days"})
    '4 to never'
    """
    whole = row["unit"] in ("incidents", "persons", "rung")
    low, high = (
        f"{ceil(row[q] - 1e-9)}" if whole and isfinite(row[q])
        else short(round(scale * row[q], 1)) for q in ("q05", "q95")
    )  # fmt: skip
    return f"{low} to {high}{unit}"


def run_figures(rows: Mapping[str, Any]) -> tuple[dict[str, Any], ...]:
    """Return a row of a spreadsheet for every outcome of a run."""
    heads = ("label", "unit", "n", "mean", "low", "high", "q05", "q50", "q95",
             "parameter_low", "parameter_high", "parameter_share")  # fmt: skip
    return tuple(
        {head: row[head] for head in heads if head in row} | {"name": name}
        for name, row in rows.items()
        if row["n"]
    )


def run_panels(outcomes: Any, rows: Mapping[str, Any]) -> tuple[Panel, ...]:
    """Return the lines of a brief's picture: how high the histories climb."""
    from sim.statistics.interval import wilson

    if "peak_rung_true" not in outcomes or not rows["peak_rung_true"]["n"]:
        return ()
    peaks = outcomes["peak_rung_true"].to_numpy(float)
    low, high = int(peaks.min()), int(peaks.max())
    lines = [
        Line(f"{rung} {RUNGS[rung]}", *(100.0 * x for x in wilson(n, len(peaks))))
        for rung in range(high, low - 1, -1)
        for n in (float((peaks == rung).sum()),)
    ]
    title = "How high it climbs: histories by their highest rung"
    return (Panel(title, "%", tuple(lines)),)


# --- Policies against each other -----------------------------------------------------


def listed(parts: Iterable[str], last: str = "and") -> str:
    """Join words as a sentence does.

    >>> listed(["a", "b", "c"]), listed(["a"])
    ('a, b and c', 'a')
    """
    every = list(parts)
    if len(every) < 2:
        return "".join(every)
    return f"{', '.join(every[:-1])} {last} {every[-1]}"


def count_word(n: int) -> str:
    """Write a small number as a word.

    >>> count_word(3), count_word(12)
    ('three', '12')
    """
    words = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight",
             "nine", "ten")  # fmt: skip
    return words[n] if n < len(words) else str(n)


def in_quotes(label: str) -> str:
    """Return how a sentence calls a policy."""
    return f"‘{label}’"  # noqa: RUF001 (its end is no apostrophe)


def policies_answer(standings: Standings, labels: Mapping[str, str]) -> tuple[str, ...]:
    """Say in three sentences which policy does best, next and worst.

    Where the first outcome is conduct, of which neither less nor more is better, it is
    said who has least and most of it.
    """
    calls = {name: in_quotes(labels.get(name, name)) for name in standings.policies}
    if not any(one.better for one in standings.outcomes[:1]):
        return _by_outcome(standings, calls)
    if len(standings.policies) == 2:
        return _of_two(standings, calls)
    return _of_many(standings, calls)


def _of_two(standings: Standings, calls: Mapping[str, str]) -> tuple[str, ...]:
    reference, policy = standings.policies
    mine, against = calls[policy], calls[reference]
    better, worse, other, open_ = _parted(standings, policy, reference)
    ranked = _names(standings.ranked, "or")
    first = (
        f"Against {against}, {mine} has {_changes(better, policy, reference)}."
        if better
        else f"{mine} does better than {against} in none of {ranked}."
    )
    second = (
        f"It does worse in this: {_changes(worse, policy, reference)}."
        if worse
        else f"It does worse in none of {ranked}."
    )
    tail: list[str] = []
    if other:
        tail.append(f"it also has {_changes(other, policy, reference)}")
    if open_:
        tail.append(f"no difference can be told in {_names(open_)}")
    third = "; ".join(tail)
    third = f"{third[:1].upper()}{third[1:]}." if third else ""
    return tuple(text for text in (first, second, third) if text)


def _of_many(standings: Standings, calls: Mapping[str, str]) -> tuple[str, ...]:
    reference = standings.policies[0]
    table = standings.table()
    best, second, worst = table[0].policy, table[1].policy, table[-1].policy
    names = _names(standings.ranked)
    by = f"in {names}"
    if len(standings.ranked) > 1:
        by = f"on balance over {names}, all counted alike"
    many = count_word(len(standings.policies))
    if not any(one.better or one.worse for one in table):
        return (
            f"No two of {many} policies can be told apart in {names}.",
            *_by_outcome(standings, calls)[:2],
        )
    head = f"Of {many} policies {calls[best]} does best {by}"
    if best == reference:
        first = f"{head}: no other is better than this reference more often than worse."
    else:
        better, worse, conduct, _ = _parted(standings, best, reference)
        own = [one for one in conduct if one.is_own]
        changes = _changes(better, best, reference) or "nothing that can be told"
        first = f"{head}: against {calls[reference]} it has {changes}"
        first += f", but {_changes(worse, best, reference)}" if worse else ""
        first += (
            f"; by its own choice it has {_changes(own, best, reference)}."
            if own
            else "."
        )
    better, worse, _, open_ = _parted(standings, best, second)
    said = [f"{word} in {_names(x)}" for word, x in
            (("better", better), ("worse", worse), ("not to be told apart", open_))
            if x]  # fmt: skip
    next_ = f"Next comes {calls[second]}: against it the first is {listed(said)}."
    if len(standings.policies) == 3 and better:
        changes = _changes(better, best, second)
        next_ = f"Next comes {calls[second]}: against it the first has {changes}"
        next_ += f", but {_changes(worse, best, second)}." if worse else "."
    if not (better or worse):
        next_ = f"{calls[second]} does as well, as far as {_names(open_)} can tell."
    if worst == reference:
        last = f"{calls[worst]}, the reference, does worst."
    else:
        better, worse, *_ = _parted(standings, worst, reference)
        changes = _changes(worse, worst, reference) or "nothing worse that can be told"
        last = f"{calls[worst]} does worst: against {calls[reference]} it has {changes}"
        last += f", but {_changes(better, worst, reference)}." if better else "."
    return first, next_, last


def _by_outcome(standings: Standings, calls: Mapping[str, str]) -> tuple[str, ...]:
    """Say of the first outcomes who has least and most, and what pairs differ."""
    said: list[str] = []
    conduct = [one for one in standings.outcomes if not one.better]
    few = conduct[: 2 if standings.ranked else 3]
    for one in (*few, *standings.ranked[: 3 - len(few)]):
        levels = {p: x for p, x in one.levels.items() if x.n}
        if len(levels) < 2:
            continue
        low, high = (f(levels, key=lambda p: levels[p].mean) for f in (min, max))
        label = one.outcome.label
        if not any(one.is_clear(a, b) for a in levels for b in levels if a != b):
            text = f"In {label} no two policies can be told apart"
            text += f" ({level_text(one, low)} to {level_text(one, high)})."
        else:
            text = (
                f"{label[:1].upper()}{label[1:]}: least with {calls[low]} "
                f"({level_text(one, low)}), most with {calls[high]} "
                f"({level_text(one, high)})."
            )
        said.append(text)
    return tuple(said)


def _parted(
    standings: Standings, policy: str, other: str
) -> tuple[list[Standing], list[Standing], list[Standing], list[Standing]]:
    """Return the outcomes in which a policy is better, worse, other; and not told."""
    better: list[Standing] = []
    worse: list[Standing] = []
    conduct: list[Standing] = []
    open_: list[Standing] = []
    for one in standings.outcomes:
        verdict = one.verdict(policy, other)
        if verdict > 0:
            better.append(one)
        elif verdict < 0:
            worse.append(one)
        elif not one.better and one.is_clear(policy, other):
            conduct.append(one)
        elif one.better:
            open_.append(one)
    return better, worse, conduct, open_


def _names(outcomes: Sequence[Standing], last: str = "and") -> str:
    """Name outcomes; of many the first, and how many more."""
    labels = [short_label(one.outcome) for one in outcomes]
    if len(labels) > MOST_LISTED + 1:
        more = len(labels) - MOST_LISTED
        labels = [*labels[:MOST_LISTED], f"{more} more"]
    return listed(labels, last)


def _changes(outcomes: Sequence[Standing], policy: str, other: str) -> str:
    """Write how much less or more a policy has than another, outcome by outcome."""
    text = listed(change_text(one, policy, other) for one in outcomes[:MOST_LISTED])
    rest = [short_label(one.outcome) for one in outcomes[MOST_LISTED:]]
    return f"{text} (likewise {listed(rest)})" if rest else text


def change_text(one: Standing, policy: str, other: str) -> str:
    """Write how much less or more of an outcome a policy has than another."""
    value, low, high = one.change(policy, other)
    outcome = one.outcome
    scale = scale_of(one.outcome)[0]
    size = _size(one, policy, other)
    after, before = (_level_figure(one, x) for x in (policy, other))
    ends = interval_text(*sorted((abs(scale * low), abs(scale * high))))
    if low * high < 0.0:
        sign = 1.0 if value > 0.0 else -1.0
        ends = interval_text(*sorted((sign * scale * low, sign * scale * high)))
    unit = " %" if scale > 1.0 else ""
    label = short_label(outcome)
    tail = f"(95 % interval {ends}; {after}{unit} instead of {before}{unit})"
    more = value > 0.0
    if outcome.aggregate == "proportion":
        return f"{label} {size} points {'more' if more else 'less'} likely {tail}"
    if outcome.unit in ("incidents", "persons"):
        return f"{size} {'more' if more else 'fewer'} {label} {tail}"
    if outcome.kind == "rung":
        return f"a {label} {size} {'higher' if more else 'lower'} {tail}"
    if outcome.kind == "time":
        return f"{label} {size} days {'later' if more else 'sooner'} {tail}"
    points = " points" if unit else ""
    return f"{size}{points} {'more' if more else 'less'} {label} {tail}"


def difference_texts(one: Standing, policy: str, other: str) -> tuple[str, str, str]:
    """Write a policy's mean, its difference from another's, and the other's mean."""
    value, low, high = one.change(policy, other)
    scale = scale_of(one.outcome)[0]
    unit = " %" if scale > 1.0 else ""
    size = _size(one, policy, other)
    after, before = (_level_figure(one, x) for x in (policy, other))
    sign = "−" if value < 0.0 else "+" if value > 0.0 else ""
    ends = interval_text(scale * low, scale * high, signed=True)
    return f"{after}{unit}", f"{sign}{size} ({ends})", f"{before}{unit}"


def _size(one: Standing, policy: str, other: str) -> str:
    """Write how far two policies are apart, without a sign.

    From the reference as everywhere; between two others, of which no table has the
    difference, as their levels that are printed have it.
    """
    reference = next(iter(one.levels))
    scale, places = scale_of(one.outcome)[0], _places(one)
    if reference in (policy, other) or places is None:
        value, low, high = one.change(policy, other)
        return figure(abs(scale * value), scale * (high - low) / 2.0)
    levels = [round(scale * one.levels[x].mean, places) for x in (policy, other)]
    return level_figure(abs(round(levels[0] - levels[1], places)), places)


def _level_figure(one: Standing, policy: str) -> str:
    """Write a policy's mean, to as many decimals as that of every other."""
    mean, places = scale_of(one.outcome)[0] * one.levels[policy].mean, _places(one)
    if places is None:
        level = one.levels[policy]
        half = (
            scale_of(one.outcome)[0] * (level.high - level.low) / 2.0 if mean else 0.0
        )
        return figure(mean, half)
    return level_figure(mean, places)


def _places(one: Standing) -> int | None:
    """Return to how many decimals the means of an outcome are written."""
    reference, *others = one.levels
    scale = scale_of(one.outcome)[0]
    changes: list[tuple[float, float, float, float]] = []
    for other in others:
        if one.has_change(other, reference):
            value, low, high = one.change(other, reference)
            levels = (one.levels[reference].mean, one.levels[other].mean)
            numbers = (*levels, value, (high - low) / 2.0)
            before, after, value, error = (scale * x for x in numbers)
            changes.append((before, after, value, error))
    return agreeing_places(changes)


def short_label(outcome: Outcome) -> str:
    """Return how a sentence calls an outcome.

    >>> from sim.outcomes import OUTCOMES
    >>> short_label(OUTCOMES["direct_exchange_happened_true"])
    'a direct exchange'
    """
    label = outcome.label.removesuffix(" happened")
    if label != outcome.label:
        label = f"a {label}"
    return label.removeprefix("time to ")


def level_text(one: Standing, policy: str) -> str:
    """Write what a policy has of an outcome, with its unit."""
    outcome, number = one.outcome, _level_figure(one, policy)
    if outcome.unit == "share":
        return f"{number} %"
    unit = "" if outcome.unit in ("", "incidents", "persons", "rung") else outcome.unit
    text = f"{number} {unit}".strip()
    return f"rung {text}" if outcome.kind == "rung" else text


def policies_figures(
    standings: Standings,
    labels: Mapping[str, str],
    firsts: Mapping[str, Mapping[str, float]] | None = None,
) -> tuple[dict[str, Any], ...]:
    """Return a row of a spreadsheet for every outcome and policy.

    `overall_place` is a policy's place over all outcomes that rank, the same in each of
    its rows; `ranks` says whether the row's outcome is one of them.

    `firsts` has by outcome and policy in what share of the draws it comes first.
    """
    reference = standings.policies[0]
    places = {one.policy: n for n, one in enumerate(standings.table(), 1)}
    rows: list[dict[str, Any]] = []
    for one in standings.outcomes:
        for policy, level in one.levels.items():
            row: dict[str, Any] = {
                "outcome": one.outcome.label,
                "unit": one.outcome.unit,
                "better": one.better,
                "ranks": "yes" if one.better else "no",
                "policy": labels.get(policy, policy),
                "overall_place": places[policy] if standings.ranked else "",
                "mean": level.mean,
                "low": level.low,
                "high": level.high,
                "n": level.n,
            }
            pair = (reference, policy)
            is_known = pair in one.differences
            change = one.change(policy, reference) if is_known else (nan, nan, nan)
            names = ("difference", "difference_low", "difference_high")
            row |= dict(zip(names, change, strict=True))
            if firsts is not None:
                row["first_in_share_of_draws"] = firsts.get(one.outcome.name, {}).get(
                    policy, nan
                )
            rows.append(row | {"name": one.outcome.name, "arm": policy})
    return tuple(rows)


def policies_panels(
    standings: Standings, labels: Mapping[str, str]
) -> tuple[Panel, ...]:
    """Return the lines of a brief's picture: two outcomes, all policies by rank.

    Each against the reference, since worlds are paired: the intervals of two means
    overlap where that of their difference is far from 0.
    """
    reference = standings.policies[0]
    order = [one.policy for one in standings.table() if one.policy != reference]
    called = in_quotes(labels.get(reference, reference))
    panels: list[Panel] = []
    few = 2 if len(order) <= MOST_LINES else 1
    for one in (standings.ranked or standings.outcomes)[:few]:
        scale = scale_of(one.outcome)[0]
        unit = "%" if scale > 1.0 else ""
        lines = tuple(
            Line(labels.get(p, p), *(scale * x for x in one.change(p, reference)))
            for p in order
            if one.has_change(p, reference)
        )
        unit = unit or (
            one.outcome.unit if one.outcome.unit not in ("incidents", "rung") else ""
        )
        if lines:
            title = f"{one.outcome.label}: difference from {called}"
            panels.append(Panel(title, unit, lines, is_difference=True))
    return tuple(panels)


def first_text(share: float, low: float, high: float) -> str:
    """Write in how many draws, or worlds, a policy comes first.

    >>> first_text(0.62, 0.48, 0.74)
    '62 % (48 to 74)'
    """
    if high == inf:
        return "–"
    text = figure(100.0 * share, 50.0 * (high - low))
    return f"{text} % ({interval_text(100.0 * low, 100.0 * high)})"

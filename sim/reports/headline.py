"""The top of a report: the answer in three sentences, what would change it, how sure.

No figure is reckoned here: the sentences are written from tables that others made, in
words that need no glossary.
"""

from __future__ import annotations

from itertools import combinations
from math import ceil, inf, isfinite, nan
from statistics import median
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sim.comparison.words import scale_of
from sim.digits import (
    agreeing_places,
    capital,
    figure,
    interval_text,
    level_figure,
    plural,
    short,
)
from sim.engine.alteration import UNALTERED
from sim.ensemble.summary import DEAD, OTHER_DEAD
from sim.ladder import RUNGS
from sim.outcomes.table import TRUE
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
BY_CONSTRUCTION: Final = "by construction"
OF_ITS_OWN: Final = "Its own acts, which rank nobody"
"""Opens what two policies have otherwise of their own acts, such as strikes."""
SLIGHT: Final = 0.1
"""Share of a level below which a difference is slight."""
ALSO_FROM_STRIKES: Final = frozenset(
    name.removesuffix(TRUE)
    for name in (f"n_killed_civilian{TRUE}", f"n_killed_host{TRUE}", OTHER_DEAD)
)
"""The dead of strikes and of other acts alike."""
WEIGHTED_COUNT: Final = "of the mean, as of a weighted count (Fay and Feuer 1997)"
"""How differences and means are bounded (`sim.statistics.mean_interval`)."""


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


class Beside(NamedTuple):
    """What is known of policies besides their means."""

    draws: Mapping[str, Mapping[str, Any]] | None = None
    """By outcome: what ``budget.json`` has of it under draws of the numbers."""
    as_shipped: Sequence[Mapping[str, Any]] = ()
    """Differences with the scenario's numbers as shipped, as ``budget.json`` has them:
    where it has none, the numbers of a study under draws were run under draws alone."""
    horizon: str = ""
    """Such as "over 180 days from 6 July 2020"."""

    def pair(self, one: Standing, policy: str, other: str) -> PairInDraws | None:
        """Return what draws of the numbers say of two policies in an outcome."""
        return pair_of((self.draws or {}).get(one.outcome.name, {}), policy, other)

    def shipped(
        self, outcome: str, policy: str, other: str
    ) -> tuple[float, float, float] | None:
        """Return how much more a policy has than another with the numbers as shipped.

        With the 95 % interval; None where it was not run.
        """
        for row in self.as_shipped:
            if row["outcome"] == outcome:
                ends = row["value"], row["low"], row["high"]
                if (row["arm"], row["against"]) == (policy, other):
                    return ends
                if (row["arm"], row["against"]) == (other, policy):
                    return -ends[0], -ends[2], -ends[1]
        return None


ALONE: Final = Beside()


def policies_answer(
    standings: Standings, labels: Mapping[str, str], beside: Beside = ALONE
) -> tuple[str, ...]:
    """Say which policy does better in what, and what speaks against it.

    The two that the question sets against each other are told first, with a verdict
    (`_verdict`) and the difference whose sign is surest. Only what can be told from
    chance counts, and nothing that follows by construction.
    Where the first outcome is conduct, of which neither less nor more is better, it is
    said who has least and most of it.
    """
    calls = {name: in_quotes(labels.get(name, name)) for name in standings.policies}
    if not any(one.better for one in standings.outcomes[:1]):
        return _by_outcome(standings, calls)
    if standings.pair is not None or len(standings.policies) == 2:
        return _of_pair(standings, calls, beside)
    return _of_many(standings, calls, beside)


def _of_pair(
    standings: Standings, calls: Mapping[str, str], beside: Beside
) -> tuple[str, ...]:
    (policy, other), *rest = standings.contrasts
    when = f", {beside.horizon}," if beside.horizon else ""
    said = [f"In the model{when} {_against(standings, calls, policy, other, beside)}"]
    if len(rest) == 1:
        third = rest[0][1]
        said.append(_against(standings, calls, policy, third, beside, is_next=True))
    said.append(_built_text(standings, calls, policy, other))
    others = [other, *(x for _, x in rest[:1])]
    tail = [_price_text(standings, calls, policy, others)]
    if not rest:
        *_, conduct, _ = _parted(standings, policy, other, beside)
        also = [one for one in conduct if not one.is_own]
        changes = _changes(also, policy, other)
        tail += [f"{calls[policy]} also has {changes}."] if also else []
    said.append(" ".join(text for text in tail if text))
    return tuple(text for text in said if text)


def _against(
    standings: Standings,
    calls: Mapping[str, str],
    policy: str,
    other: str,
    beside: Beside,
    *,
    is_next: bool = False,
) -> str:
    """Say in what a policy does better than another, in what worse, what is open."""
    better, worse, conduct, open_ = _parted(standings, policy, other, beside)
    mine, its = "it" if is_next else calls[policy], calls[other]
    if better and worse:
        text = (
            f"{mine} comes out better than {its} in some outcomes and worse in others. "
            f"Better: {_differences(better, policy, other, beside)}. "
            f"Worse: {_differences(worse, policy, other, beside)}."
        )
    elif clear := better or worse:
        word = verdict_word([_relative(one, policy, other) for one in clear])
        word += "better" if better else "worse"
        texts = _differences(clear, policy, other, beside)
        text = f"{mine} comes out {word} than {its}: {texts}."
    else:
        names = _names(open_, "or") or "nothing that ranks"
        text = f"{mine} is not shown to do better or worse than {its} in {names}."
    text = capital(text) if is_next else text
    own = [one for one in conduct if one.is_own]
    if own:
        text += f" {OF_ITS_OWN}: {_changes(own, policy, other)}."
    if open_ and (better or worse):
        named = [
            f"{short_label(one.outcome)}, {difference_texts(one, policy, other)[1]}"
            f"{_shipped_text(one, policy, other, beside)}"
            for one in open_
        ]
        text += f" No difference can be told in {'; '.join(named)}."
    return text


def verdict_word(relative: Sequence[float]) -> str:
    """Return ``slightly `` where most differences are slight, and else nothing.

    That is where the median of their sizes, as shares of the level that is compared
    with, is below `SLIGHT`, 10 %; nan where there is no such share, and not counted.

    >>> [verdict_word(x) for x in ([-0.22, -0.02, -0.03], [-0.22, 0.3], [])]
    ['slightly ', '', '']
    """
    sizes = [abs(x) for x in relative if isfinite(x)]
    return "slightly " if sizes and median(sizes) < SLIGHT else ""


def _relative(one: Standing, policy: str, other: str) -> float:
    """Return a difference as a share of the level; nan of rungs and of a level 0."""
    level = one.levels[other].mean
    if one.outcome.kind == "rung" or not level:
        return nan
    return one.change(policy, other)[0] / level


def _differences(
    outcomes: Sequence[Standing], policy: str, other: str, beside: Beside
) -> str:
    """Write differences with the level, the spread, and in how many draws they hold."""
    parts: list[str] = []
    for one in outcomes:
        _, difference, _ = difference_texts(one, policy, other)
        size, _, ends = difference.partition(" (")
        unit = " %" if scale_of(one.outcome)[0] > 1.0 else ""
        level = short(scale_of(one.outcome)[0] * one.levels[other].mean)
        relative = 100.0 * _relative(one, policy, other)
        notes = [f"{relative:+.0f} %".replace("-", "−")] if abs(relative) >= 0.5 else []
        drawn = beside.pair(one, policy, other)
        spread = f"95 % interval {ends.rstrip(')').replace('+', '')}"
        if drawn is not None and isfinite(drawn.draws_low):
            scale = scale_of(one.outcome)[0]
            ends = interval_text(scale * drawn.draws_low, scale * drawn.draws_high)
            spread = f"95 % of draws {ends}"
        text = f"{short_label(one.outcome)} {size} of {level}{unit} "
        text += f"({'; '.join([*notes, spread])})"
        if drawn is not None:
            word, share, *_ = drawn.side(one, one.change(policy, other)[0])
            of = "" if parts else " of the draws"
            text += f", {word} in {100.0 * share:.0f} %{of}"
        parts.append(text + _shipped_text(one, policy, other, beside))
    return "; ".join(parts)


def _shipped_text(one: Standing, policy: str, other: str, beside: Beside) -> str:
    shipped = beside.shipped(one.outcome.name, policy, other)
    if shipped is None:
        return ""
    return shipped_text(shipped, one.change(policy, other), scale_of(one.outcome)[0])


def shipped_text(
    shipped: Sequence[float], drawn: Sequence[float], scale: float = 1.0
) -> str:
    """Say where the numbers as shipped and draws of them are not of one mind.

    That is where one of them tells a difference from chance, and the other none, or one
    of the other sign. Both are a mean with the ends of its 95 % interval; a `scale`
    above 1 makes points of shares.

    >>> shipped_text((-0.018, -0.021, -0.014), (0.0, -0.006, 0.005), 100.0)
    ', but lower by 1.8 points (1.4 to 2.1) with the numbers as shipped'
    >>> shipped_text((-1.8, -2.1, -1.4), (-0.5, -0.6, -0.4))
    ''
    """
    value, low, high = (scale * x for x in shipped)
    sign = (low > 0.0) - (high < 0.0)
    if sign == (drawn[1] > 0.0) - (drawn[2] < 0.0):
        return ""
    points = " points" if scale > 1.0 else ""
    size = figure(abs(value), (high - low) / 2.0)
    if sign:
        ends = interval_text(*sorted((abs(low), abs(high))))
        side = "higher" if sign > 0 else "lower"
        return f", but {side} by {size}{points} ({ends}) with the numbers as shipped"
    ends = interval_text(low, high)
    signed = figure(value, (high - low) / 2.0, signed=True)
    return f", but not told with the numbers as shipped ({signed}{points}, {ends})"


def _built_text(
    standings: Standings, calls: Mapping[str, str], policy: str, other: str
) -> str:
    """Say what a policy has by construction, and what in part, against another."""
    built = [
        f"{short_label(one.outcome)} ({level_text(one, policy)})"
        for one in standings.outcomes
        if policy in one.by_construction and not one.is_own
    ]
    if not any(policy in one.by_construction for one in standings.outcomes):
        return ""
    others = [
        short_label(one.outcome)
        for one in standings.outcomes
        if one.outcome.name.removesuffix(TRUE) in ALSO_FROM_STRIKES
    ]
    text = f"By construction, and counted as no finding: {calls[policy]} never strikes"
    text += (
        f", and in the model nothing but strikes brings about {listed(built, 'or')}."
        if built
        else "."
    )
    if others:
        text += (
            f" {capital(listed(others))} include those killed in strikes, which it "
            "forgoes: a part of their difference is by construction, and no outcome "
            "tells how much."
        )
        by_name = {x.outcome.name.removesuffix(TRUE): x for x in standings.outcomes}
        if {"n_rocket_attacks", "n_killed_civilian"} <= by_name.keys():
            attacks, civilians = (
                _relative(by_name[name], policy, other)
                for name in ("n_rocket_attacks", "n_killed_civilian")
            )
            text += mostly_of_strikes(attacks, civilians)
    return text


def mostly_of_strikes(attacks: float, civilians: float) -> str:
    """Say where most of the fall in civilian dead is of strikes that are forgone.

    In the model civilians die by attacks of militias and by strikes. Were all who die
    to die by attacks, they would fall as attacks do; what is beyond that fall is of
    strikes, or of how grave attacks are.

    >>> mostly_of_strikes(-0.02, -0.22)[:53]
    ' Rocket attacks fall by only 2 %, civilian dead by 22'
    >>> mostly_of_strikes(-0.2, -0.22), mostly_of_strikes(0.1, 0.2)
    ('', '')
    """
    if not (civilians < 0.0 and attacks > civilians / 2.0):
        return ""
    only = (
        f"fall by only {-100.0 * attacks:.0f} %" if attacks < -0.005 else "do not fall"
    )
    return (
        f" Rocket attacks {only}, civilian dead by {-100.0 * civilians:.0f} %: most "
        "who are spared would likely have been killed by strikes."
    )


def _price_text(
    standings: Standings, calls: Mapping[str, str], policy: str, others: Sequence[str]
) -> str:
    """Say in what a policy is the worse one on average, though chance may do it."""
    said: list[str] = []
    for one in standings.ranked:
        for other in others:
            is_open = one.is_finding(policy, other) and one.has_change(policy, other)
            if not is_open or one.is_clear(policy, other):
                continue
            change = difference_texts(one, policy, other)[1]
            if change.startswith("+" if one.better == "less" else "−"):
                label = short_label(one.outcome)
                said.append(f"{label} against {calls[other]}, {change}")
    if not said:
        return ""
    return (
        f"{calls[policy]} has the worse mean, though chance may have made it, in "
        f"{'; '.join(said)}."
    )


def _of_many(
    standings: Standings, calls: Mapping[str, str], beside: Beside
) -> tuple[str, ...]:
    reference = standings.policies[0]
    table = standings.table()
    best, second, worst = (table[k].policy for k in (0, 1, -1))
    many = count_word(len(standings.policies))
    n = len(standings.ranked)
    if not any(one.better or one.worse for one in table):
        return (
            f"No two of {many} policies can be told apart in "
            f"{_names(standings.ranked)}.",
            *_by_outcome(standings, calls)[:2],
        )
    by = "" if n == 1 else f" on balance over {count_word(n)} outcomes, all counted"
    by += " alike" if by else f" in {_names(standings.ranked)}"
    head = f"Of {many} policies {calls[best]} does best{by}"
    if best == reference:
        first = f"{head}: no other is better than this reference more often than worse."
    else:
        better, worse, conduct, _ = _parted(standings, best, reference, beside)
        own = [one for one in conduct if one.is_own]
        changes = _changes(better, best, reference) or "nothing that can be told"
        first = f"{head}: against {calls[reference]} it has {changes}"
        first += f", but {_changes(worse, best, reference)}" if worse else ""
        first += (
            f"; {OF_ITS_OWN[:1].lower()}{OF_ITS_OWN[1:]}: "
            f"{_changes(own, best, reference)}."
            if own
            else "."
        )
    others = [] if best == reference else [reference]
    for text in (
        _built_text(standings, calls, best, others[0] if others else second),
        _price_text(standings, calls, best, others),
    ):
        first += f" {text}" if text else ""
    better, worse, _, open_ = _parted(standings, best, second, beside)
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
    total = sum(table[-1][1:])
    tally = f"better in {table[-1].better} and worse in {table[-1].worse} of {total}"
    if worst == reference:
        last = f"{calls[worst]}, the reference, comes last: {tally} comparisons."
    else:
        better, worse, *_ = _parted(standings, worst, reference, beside)
        changes = _changes(worse, worst, reference) or "nothing worse that can be told"
        last = f"{calls[worst]} comes last, {tally} comparisons: against "
        last += f"{calls[reference]} it has {changes}"
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
    standings: Standings, policy: str, other: str, beside: Beside
) -> tuple[list[Standing], list[Standing], list[Standing], list[Standing]]:
    """Return the outcomes in which a policy is better, worse, other; and not told.

    Of each those first whose sign is surest (`_sureness`).
    """
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
        elif not one.is_finding(policy, other):
            continue
        elif one.better:
            open_.append(one)
        elif one.is_clear(policy, other):
            conduct.append(one)
    for some in (better, worse, conduct):
        some.sort(key=lambda one: _sureness(one, policy, other, beside), reverse=True)
    return better, worse, conduct, open_


def _sureness(
    one: Standing, policy: str, other: str, beside: Beside
) -> tuple[float, float]:
    """Return how surely the sign of a difference is told, and its relative size.

    Under draws that is the share of them with the sign of the mean; else how far from 0
    the mean is, in half-widths of its interval.
    """
    size = abs(_relative(one, policy, other))
    size = size if isfinite(size) else 0.0
    drawn = beside.pair(one, policy, other)
    if drawn is not None:
        return drawn.side(one, one.change(policy, other)[0])[1], size
    return one.certainty(policy, other), size


def _names(outcomes: Sequence[Standing], last: str = "and") -> str:
    """Name outcomes; of many the first, and how many more."""
    labels = [short_label(one.outcome) for one in outcomes]
    if len(labels) > MOST_LISTED + 1:
        more = len(labels) - MOST_LISTED
        labels = [*labels[:MOST_LISTED], f"{more} more"]
    return listed(labels, last)


def _changes(outcomes: Sequence[Standing], policy: str, other: str) -> str:
    """Write how much less or more a policy has than another, outcome by outcome."""
    texts = [change_text(one, policy, other) for one in outcomes[:MOST_LISTED]]
    more = [text.replace(" (95 % interval ", " (") for text in texts[1:]]
    text = listed([*texts[:1], *more])
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
    sign = "" if float(size) == 0.0 else "−" if value < 0.0 else "+"
    ends = interval_text(scale * low, scale * high, signed=True)
    points = " points" if unit else ""
    return f"{after}{unit}", f"{sign}{size}{points} ({ends})", f"{before}{unit}"


def _size(one: Standing, policy: str, other: str) -> str:
    """Write how far two policies are apart, without a sign.

    Of what tables show as everywhere; between two others as their levels that are
    printed have it.
    """
    scale, places = scale_of(one.outcome)[0], _places(one)
    is_shown = next(iter(one.levels)) in (policy, other) or not {
        (policy, other),
        (other, policy),
    }.isdisjoint(one.contrasts)
    if is_shown or places is None:
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
    shown = dict.fromkeys([*((x, reference) for x in others), *one.contrasts])
    for policy, other in shown:
        if one.has_change(policy, other):
            value, low, high = one.change(policy, other)
            levels = (one.levels[other].mean, one.levels[policy].mean)
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
    whole = outcome.label.partition(":")[0]  # who the other dead are, the table says
    label = whole.removesuffix(" happened")
    if label != whole:
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
    draws: Mapping[str, Mapping[str, Any]] | None = None,
) -> tuple[dict[str, Any], ...]:
    """Return the rows of a spreadsheet: every policy's mean, then every difference.

    `overall_place` is a policy's place over all outcomes that rank, the same in each of
    its rows; `ranks` says whether the row's outcome is one of them.

    `draws` has by outcome what ``budget.json`` has of it: in what share of the draws
    each policy comes first, and of every two between what the draws have it.
    """
    places = {one.policy: n for n, one in enumerate(standings.table(), 1)}
    rows: list[dict[str, Any]] = []
    for one in standings.outcomes:
        about: dict[str, Any] = {
            "outcome": one.outcome.label,
            "unit": one.outcome.unit,
            "better": one.better,
            "ranks": "yes" if one.better else "no",
        }
        names = {"name": one.outcome.name}
        drawn = (draws or {}).get(one.outcome.name, {})
        firsts = {rank["arm"]: rank["share"] for rank in drawn.get("ranking", ())}
        for policy, level in one.levels.items():
            is_built = policy in one.by_construction
            row = about | {
                "row": "mean",
                "policy": labels.get(policy, policy),
                "against": "",
                "value": level.mean,
                "low": level.mean if is_built else level.low,
                "high": level.mean if is_built else level.high,
                "interval": _how_bounded(one, policy),
                "n": level.n,
                "overall_place": places[policy] if standings.ranked else "",
            }
            if draws is not None:
                row["first_in_share_of_draws"] = firsts.get(policy, nan)
                row |= dict.fromkeys(PairInDraws._fields, nan)
            rows.append(row | names | {"arm": policy})
        for other, policy in combinations(one.levels, 2):
            if (other, policy) in one.contrasts:
                policy, other = other, policy  # noqa: PLW2901
            if not one.has_change(policy, other):
                continue
            value, low, high = one.change(policy, other)
            built = "" if one.is_finding(policy, other) else f", {BY_CONSTRUCTION}"
            row = about | {
                "row": "difference",
                "policy": labels.get(policy, policy),
                "against": labels.get(other, other),
                "value": value,
                "low": low,
                "high": high,
                "interval": f"{WEIGHTED_COUNT}{built}",
                "n": one.levels[policy].n,
            }
            pair = pair_of(drawn, policy, other)
            if pair is not None:
                row |= pair._asdict()
            rows.append(row | names | {"arm": policy, "against_arm": other})
    return tuple(rows)


def _how_bounded(one: Standing, policy: str) -> str:
    """Say what the interval of a mean is."""
    level = one.levels[policy]
    if policy in one.by_construction:
        return f"none needed: {level.mean:g} {BY_CONSTRUCTION}"
    if level.mean == 0.0 < level.high:
        return (
            f"0 in all {level.n}: what one more that was not seen could make of it, "
            "by the rule of three"
        )
    return WEIGHTED_COUNT


class PairInDraws(NamedTuple):
    """What draws of the numbers say of two policies in an outcome."""

    draws_low: float
    """2.5 % quantile of the difference over the draws; nan if not told from chance."""
    draws_high: float
    less_in_share_of_draws: float
    """Share of the draws in which the policy has less, a tie counted half."""
    less_in_low: float
    less_in_high: float

    def side(self, one: Standing, value: float) -> tuple[str, float, float, float]:
        """Return in what share of the draws the difference has the sign of its mean.

        `value` is that mean; with the word for that sign, and the share's interval.
        """
        less, low, high = self[2:]
        if value > 0.0:
            return "more", 1.0 - less, 1.0 - high, 1.0 - low
        is_count = one.outcome.unit in ("incidents", "persons")
        return "fewer" if is_count else "less", less, low, high


def pair_of(row: Mapping[str, Any], policy: str, other: str) -> PairInDraws | None:
    """Return what ``budget.json`` has of two policies in an outcome, if anything."""
    for one in row.get("pairs", ()):
        ends = (one["low"], one["high"]) if one["is_told"] else (nan, nan)
        share = one["less_in"], one["less_in_low"], one["less_in_high"]
        if (one["arm"], one["against"]) == (policy, other):
            return PairInDraws(*ends, *share)
        if (one["arm"], one["against"]) == (other, policy):
            less, low, high = (1.0 - x for x in share)
            return PairInDraws(-ends[1], -ends[0], less, high, low)
    return None


def _called(labels: Mapping[str, str], policy: str) -> str:
    return labels.get(policy, policy)


def policies_panels(
    standings: Standings, labels: Mapping[str, str], beside: Beside = ALONE
) -> tuple[Panel, ...]:
    """Return the lines of a brief's picture: two outcomes, those first that are told.

    Of those as often told the one whose sign is surest (`_sureness`).

    Differences, since worlds are paired: the intervals of two means overlap where that
    of their difference is far from 0.
    """
    shown, pair = standings.contrasts, standings.pair
    order = [one.policy for one in standings.table()]
    if pair is None:
        shown = sorted(shown, key=lambda both: order.index(both[0]))
    fixed = in_quotes(_called(labels, pair[0] if pair else standings.policies[0]))
    panels: list[Panel] = []
    few = 2 if len(shown) <= MOST_LINES else 1

    def told_first(one: Standing) -> tuple[int, tuple[float, float]]:
        known = [both for both in shown if one.has_change(*both)]
        n_clear = sum(abs(one.verdict(*both)) for both in shown)
        return n_clear, _sureness(one, *known[0], beside) if known else (0.0, 0.0)

    every = sorted(
        standings.ranked or standings.outcomes,
        key=told_first,
        reverse=True,
    )
    for one in every[:few]:
        scale = scale_of(one.outcome)[0]
        unit = "points" if scale > 1.0 else ""
        lines = tuple(
            Line(
                _called(labels, other if pair else policy),
                *(scale * x for x in one.change(policy, other)),
                *(scale * x for x in (beside.pair(one, policy, other) or ())[:2]),
            )
            for policy, other in shown
            if one.has_change(policy, other)
        )
        unit = unit or (
            one.outcome.unit if one.outcome.unit not in ("incidents", "rung") else ""
        )
        if lines:
            how = f"difference {'of' if pair else 'from'} {fixed}"
            how += " from" if pair else ""
            title = f"{one.outcome.label}: {how}"
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

"""Policies against each other in a report: who comes first, and all pairs."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.comparison.standings import Standings, standings_of
from sim.digits import interval_text
from sim.ensemble.summary import ALL_DEAD, DEAD, OF_DEAD, OTHER_DEAD, others_of
from sim.errors import StudyError
from sim.outcomes import OUTCOMES, outcomes_for
from sim.reports import model
from sim.reports.arms import arms_section, base_of, own_acts, policy_lines
from sim.reports.checklist import checklist
from sim.reports.headline import (
    assumed_text,
    change_text,
    count_word,
    difference_texts,
    first_text,
    in_quotes,
    level_text,
    listed,
    policies_answer,
    policies_figures,
    policies_panels,
    rungs_note,
    short_label,
)
from sim.reports.manifest import (
    caution_of,
    facts_of,
    manifest_section,
    require_complete,
)
from sim.reports.page import Cells, Headline, Page, Passage, Section
from sim.reports.rivals import rivals_text
from sim.scenario.load import load
from sim.statistics.rank_correlation import rank_correlation

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence
    from pathlib import Path

    from sim.comparison.standings import Standing
    from sim.outcomes import Outcome
    from sim.rules.behaviour import Kind
    from sim.scenario.scenario import Scenario

BUDGET: Final = "budget.json"
ARMS: Final = "arms"
"""The scenario of each policy, before any draw, in a folder of its name."""
DRAW_MEANS: Final = "draw_means.csv"
"""One row a draw, policy and outcome: the mean of its replications."""
FEW_POLICIES: Final = 3
"""Policies up to which a brief's table has every outcome."""
MOST_FIRST: Final = 3
"""Outcomes of which the table of ranks says who comes first."""
MOST_TURNING: Final = 2
"""Parameters on which an order hangs that are told."""

NO_BREAK: Final = "\N{NO-BREAK SPACE}"

AS_SHIPPED: Final = "with the scenario's numbers as they stand"

WHAT_COUNTS: Final = (
    "As better counts less harm (fewer attacks, strikes and dead of whatever side, "
    "firsts that come later) and more authority of the government. Conduct, such as "
    "raids or accusations, is shown and ranks nobody. Better and worse are counted "
    "only where a difference can be told from chance, and all outcomes count alike."
)


def policies_headline(
    standings: Standings,
    labels: Mapping[str, str],
    would_change: Sequence[str],
    how_sure: Sequence[str],
    ranks: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
    policies: Sequence[str] = (),
    command: str = "",
    numbers: str = AS_SHIPPED,
) -> Headline:
    """Return the top of a report on policies; `policies` says what each is.

    `ranks` has by outcome in how many of the draws each comes first, as ``budget.json``
    has it; `command` is what to run next, and `numbers` says which ones were run.
    """
    firsts = None
    if ranks is not None:
        firsts = {
            name: {rank["arm"]: rank["share"] for rank in ranking}
            for name, ranking in ranks.items()
        }
    return Headline(
        answer=policies_answer(standings, labels),
        would_change=(*_alone(standings, labels), *would_change),
        how_sure=tuple(how_sure),
        policies=tuple(policies),
        panels=policies_panels(standings, labels),
        command=command,
        table=_short_table(standings, labels, firsts, numbers),
        figures=policies_figures(standings, labels, firsts),
    )


def _alone(standings: Standings, labels: Mapping[str, str]) -> list[str]:
    """Say which outcomes, if they alone counted, would put another policy first."""
    best, leaders = standings.table()[0].policy, dict[str, list[str]]()
    if len(standings.policies) < 3:
        return []
    for one in standings.ranked:
        leader = Standings(standings.policies, (one,)).table()[0].policy
        if one.verdict(leader, best) > 0:
            leaders.setdefault(leader, []).append(short_label(one.outcome))
    if not leaders:
        return []
    said = [
        f"{listed(names[:MOST_FIRST], 'or')} alone would put "
        f"{in_quotes(labels.get(policy, policy))} first"
        for policy, names in leaders.items()
    ]
    text = "; ".join(said[:MOST_FIRST])
    return [f"The order counts all outcomes alike: {text}."]


def _short_table(
    standings: Standings,
    labels: Mapping[str, str],
    firsts: Mapping[str, Mapping[str, float]] | None,
    numbers: str,
) -> Cells:
    """Return the figures that a brief has room for.

    Of up to three policies all outcomes, one a row; of more a few outcomes, one row a
    policy by rank.
    """
    reference, *others = standings.policies
    is_wide = len(standings.policies) > FEW_POLICIES
    dead = [one for one in standings.outcomes if one.outcome.name == DEAD]
    few = [*dead, *(standings.ranked or standings.outcomes)[:MOST_FIRST]]
    shown = few if is_wide else standings.outcomes

    def cell(one: Standing, policy: str) -> str:
        text = _with_difference(one, policy, reference)
        shares = (firsts or {}).get(one.outcome.name)
        if shares is None or not one.better:
            return text
        first = f"first in {100.0 * shares[policy]:.0f} %"
        return f"{text}; {first.replace(' ', NO_BREAK)}"

    if is_wide:
        heads = ("policy", *(one.outcome.label for one in shown))
        rows = tuple(
            (
                f"{f'{place}. ' if standings.ranked else ''}"
                f"{labels.get(tally.policy, tally.policy)}",
                *(cell(one, tally.policy) for one in shown),
            )
            for place, tally in enumerate(standings.table(), 1)
        )
    else:
        heads = ("outcome", *(labels.get(x, x) for x in standings.policies))
        rows = tuple(
            (one.outcome.label, *(cell(one, x) for x in standings.policies))
            for one in shown
        )
    said = [
        f"The mean {numbers}; then the difference from "
        f"{labels.get(reference, reference)}, "
        f"{'world by world' if firsts is None else 'draw by draw'}, with its 95 % "
        "interval."
    ]
    if firsts is not None:
        said.append("First in: share of the draws in which it does best.")
    if standings.ranked and len(standings.ranked) < len(standings.outcomes):
        said.append(f"{ranking_words(standings)} All else is shown and ranks nobody.")
    total = len(standings.outcomes) * n_pairs(standings)
    if total > len(shown) * len(others):
        said.append(
            f"The table has {len(shown) * len(others)} of {total} differences: "
            "brief.csv has all from the reference, the report (escalade report) every "
            "pair of policies."
        )
    places = tuple(range(1, len(heads)))
    return Cells("The policies in short", heads, rows, places, " ".join(said))


def n_pairs(standings: Standings) -> int:
    """Return how many pairs of policies there are."""
    return len(standings.policies) * (len(standings.policies) - 1) // 2


def looked_at(standings: Standings) -> str:
    """Say how many differences the sheet and its report have, and what chance does."""
    n, k = len(standings.outcomes), n_pairs(standings)
    of = f"{n} outcomes × {k} pairs of policies" if k > 1 else f"{n} outcomes"
    return (
        f"Differences looked at: {n * k} ({of}). Of so many 95 % intervals about "
        f"{0.05 * n * k:.2g} miss the truth by chance alone."
    )


def ranking_words(standings: Standings) -> str:
    """Say which outcomes rank the policies, and which nearly repeat one of them."""
    ranked = listed(short_label(one.outcome) for one in standings.ranked)
    repeated = [
        f"{short_label(one.outcome)} nearly repeats {one.repeats}"
        for one in standings.outcomes
        if one.repeats
    ]
    because = f" ({'; '.join(repeated)})" if repeated else ""
    return f"What ranks, each concern once: {ranked}{because}."


def _with_difference(one: Standing, policy: str, reference: str) -> str:
    """Write a policy's mean, and its difference from the reference with its interval.

    Of the reference its mean alone.
    """
    if policy == reference:
        others = [x for x in one.levels if one.has_change(x, reference)]
        return difference_texts(one, others[0], reference)[2] if others else "–"
    if not one.has_change(policy, reference):
        return level_text(one, policy)
    level, difference, _ = difference_texts(one, policy, reference)
    text = f"{level}: {difference}".replace(" ", NO_BREAK)
    return text.replace(f"{NO_BREAK}(", " (")  # the one place for a break


def dead_first(
    names: Iterable[str], table: Mapping[str, Outcome]
) -> dict[str, Outcome]:
    """Return outcomes as they were asked for, but the dead before all else.

    Behind the dead of each side come all others, and those of all sides. They rank
    nobody: the sum would count each death twice.
    """
    known = [name for name in dict.fromkeys(names) if name in table]
    dead = [x for x in known if x.startswith(("n_coalition_deaths", "n_killed_"))]
    every = {name: table[name] for name in dead}
    if not set(dead).isdisjoint(OF_DEAD):
        others = others_of(dead)
        every |= {} if others is None else {OTHER_DEAD: others}
        every |= {DEAD: ALL_DEAD}
    return every | {name: table[name] for name in known}


def ranking_section(
    standings: Standings,
    labels: Mapping[str, str],
    firsts: Mapping[str, Mapping[str, str]] | None = None,
) -> Section:
    """Return all policies ranked, and every pair.

    `firsts` has by outcome and policy in what share of the draws it comes first.
    """
    table = standings.table()
    named = [one for one in standings.ranked if one.outcome.name in (firsts or {})]
    named = named[:MOST_FIRST]
    rows = tuple(
        (
            f"{place}. {labels.get(one.policy, one.policy)}",
            str(one.better),
            str(one.worse),
            str(one.not_told),
            *((firsts or {})[x.outcome.name][one.policy] for x in named),
        )
        for place, one in enumerate(table, 1)
    )
    heads = ("policy", "better", "worse", "not told",
             *(f"draws with {_first_words(x)}" for x in named),
             )  # fmt: skip
    n, rivals = len(standings.ranked), len(standings.policies) - 1
    note = (
        f"Better, worse, not told: in how many of {n * rivals} comparisons, {n} "
        f"outcomes with each of {rivals} other policies."
    )
    levels = tuple(
        (
            labels.get(one.policy, one.policy),
            *(level_text(x, one.policy) for x in standings.outcomes),
        )
        for one in table
    )
    labels_of_outcomes = tuple(one.outcome.label for one in standings.outcomes)
    tables = [
        Cells(
            "Policies, the best first", heads, rows, tuple(range(1, len(heads))), note
        )
    ]
    if not standings.ranked:
        tables = []
    tables.append(
        Cells(
            "What each has on average",
            ("policy", *labels_of_outcomes),
            levels,
            tuple(range(1, len(labels_of_outcomes) + 1)),
            rungs_note(8)
            if any(x.outcome.kind == "rung" for x in standings.outcomes)
            else "",
        )
    )
    pairs = _pairs(standings, labels, [one.policy for one in table])
    return Section(
        "ranking",
        "All policies ranked" if standings.ranked else "All policies",
        _what_counts(standings) if standings.ranked else "",
        tables=tuple(tables),
        folded=(pairs,) if len(standings.policies) > 2 else (),
    )


def _what_counts(standings: Standings) -> str:
    own = [one.outcome.label for one in standings.outcomes if one.is_own]
    nor = f" The policies' own acts rank nobody: {listed(own)}." if own else ""
    return f"{WHAT_COUNTS} {ranking_words(standings)}{nor}"


def _first_words(one: Any) -> str:
    least = "fewest" if one.outcome.unit in ("incidents", "persons") else "least"
    return f"the {least if one.better == 'less' else 'most'} {short_label(one.outcome)}"


def _pairs(
    standings: Standings, labels: Mapping[str, str], order: Sequence[str]
) -> Cells:
    """Return every pair, the higher ranked on the left."""
    rows: list[tuple[str, ...]] = []
    for first, other in combinations(order, 2):
        better = [one for one in standings.ranked if one.verdict(first, other) > 0]
        worse = [one for one in standings.ranked if one.verdict(first, other) < 0]
        apart = [
            one
            for one in standings.outcomes
            if not one.better and one.is_clear(first, other)
        ]
        n_open = len(standings.ranked) - len(better) - len(worse)
        rows.append(
            (
                f"{labels.get(first, first)} against {labels.get(other, other)}",
                "; ".join(change_text(one, first, other) for one in better) or "–",
                "; ".join(change_text(one, first, other) for one in worse) or "–",
                "; ".join(change_text(one, first, other) for one in apart) or "–",
                str(n_open),
            )
        )
    heads = ("pair", "the first is better", "the first is worse", "other conduct",
             "not told")  # fmt: skip
    return Cells(f"All {len(rows)} pairs of policies", heads, tuple(rows), (4,))


def drawn_page(
    path: Path, manifest: dict[str, Any], question: str, kinds: Mapping[str, Kind]
) -> Page:
    """Return the report of policies under parameter draws, from their folder.

    Raises
    ------
    StudyError
        If the folder is not complete, or an earlier version made it.
    """
    import json

    import pandas as pd

    require_complete(path, manifest, BUDGET)
    data = json.loads((path / BUDGET).read_text("utf-8"))
    if "labels" not in data or not (path / DRAW_MEANS).is_file():
        message = (
            f"{path} was made before policies under draws had a report; give its own "
            f"command again, what is whole is kept:\n  {manifest.get('command', '')}"
        )
        raise StudyError(message)
    labels: dict[str, str] = data["labels"]
    means: Any = pd.read_csv(path / DRAW_MEANS)
    entry = manifest["scenario"]
    called = {name: labels.get(name) or str(name) for name in manifest["arms"]}
    ids: dict[str, str] = manifest.get("scenarios", {})
    files = {
        called[name]: path / ARMS / name / f"{ids.get(name, entry['name'])}.yaml"
        for name in called
    }
    arms: dict[str, Scenario] = {}
    if all(file.is_file() for file in files.values()):  # an earlier version kept none
        arms = {name: load(file, kinds=kinds) for name, file in files.items()}
    scenario = base_of(arms, manifest, kinds) if arms else None
    table = OUTCOMES if scenario is None else outcomes_for(scenario)
    columns: dict[str, dict[str, Any]] = {}
    for name, rows in means.groupby("outcome", sort=False):
        wide = rows.pivot(index="draw", columns="arm", values="mean").dropna()
        columns[name] = {arm: wide[arm].to_numpy(float) for arm in manifest["arms"]}
    outcomes = dead_first(columns, table)
    outcomes = {name: one for name, one in outcomes.items() if name in columns}
    standings = standings_of(
        columns,
        outcomes,
        int(manifest["root_seed"]),
        are_draws=True,
        own=own_acts(arms),
    )
    firsts = {
        row["outcome"]: {
            rank["arm"]: first_text(rank["share"], rank["low"], rank["high"])
            for rank in row["ranking"]
        }
        for row in data["outcomes"]
    }
    n, m = data["draws"], data["replications_per_draw"]
    each = f"{n} draws × {m} replications of each policy"
    asked = question or data["question"] or "Which policy does best?"
    turning = [
        *_turning(path, columns, standings, labels, scenario),
        *([rivals_text(arms, standings)] if arms else []),
    ]
    described: dict[str, str] = data.get("descriptions", {})
    said_of = {labels.get(name, name): text for name, text in described.items()}
    headline = policies_headline(
        standings,
        labels,
        turning,
        [*_first_sentences(standings, data, labels), *_assumed(scenario, n, data)],
        {row["outcome"]: row["ranking"] for row in data["outcomes"]},
        policies=() if scenario is None else policy_lines(scenario, arms, said_of),
        numbers=f"over {n} draws of what the numbers may be, not of them as they stand",
    )
    shares = {name for name, one in outcomes.items() if one.unit == "share"}
    sections = [
        ranking_section(standings, labels, firsts),
        Section(
            "outcomes",
            "Differences from the reference",
            "; ".join(data["caveats"][:1]),
            tables=(_budget_table(data, labels, shares),),
            folded=(_firsts_table(data, labels),),
            passages=(Passage("Difference by difference", tuple(data["sentences"])),),
        ),
    ]
    if scenario is not None:
        sections += [arms_section(scenario, arms), *model.sections(scenario)]
    estimation = " ".join([each + ".", *data["caveats"]])
    sections += [
        manifest_section(manifest),
        checklist(scenario, manifest, asked, estimation),
    ]
    return Page(
        kind="comparison under parameter draws",
        title=f"{count_word(len(called)).capitalize()} policies: "
        f"{entry['title'] if scenario is None else scenario.heading}",
        question=asked,
        headline=headline,
        caution=caution_of(entry["name"], entry["status"]),
        facts=facts_of(scenario, manifest, each, float(manifest["until_days"])),
        sections=tuple(sections),
    )


def _first_sentences(
    standings: Standings, data: Mapping[str, Any], labels: Mapping[str, str]
) -> list[str]:
    """Say in how many draws the first policy comes first, outcome by outcome."""
    if not standings.ranked:
        return []
    best = standings.table()[0].policy
    shares: list[str] = []
    rankings = {row["outcome"]: row["ranking"] for row in data["outcomes"]}
    for one in standings.ranked[: MOST_FIRST + 1]:
        for rank in rankings.get(one.outcome.name, ()):
            if rank["arm"] == best:
                text = first_text(rank["share"], rank["low"], rank["high"])
                clear = f"{100.0 * rank['clear_share']:.0f} %"
                shares.append(f"{_first_words(one)} in {text}, clearly in {clear}")
    if not shares:
        return []
    return [
        f"Over {data['draws']} draws of what the numbers may be, "
        f"{in_quotes(labels.get(best, best))} has {'; '.join(shares)}. A tie "
        "counts in parts; clearly: by more than 2 standard errors within the draw."
    ]


def _assumed(scenario: Scenario | None, n: int, data: Mapping[str, Any]) -> list[str]:
    said = [
        f"Drawn were {data['parameters_drawn']} numbers; the rest stand as they are, "
        f"and so do the rules. Chance within {n} draws is in the intervals."
    ]
    return [*said, *([assumed_text(scenario)] if scenario is not None else [])]


def _turning(
    path: Path,
    columns: Mapping[str, Mapping[str, Any]],
    standings: Standings,
    labels: Mapping[str, str],
    scenario: Scenario | None,
) -> list[str]:
    """Say on which numbers the lead of the first over the second hangs most.

    Spearman's correlation of the lead with each number that was drawn, the level of
    the intervals shared among them (Bonferroni).
    """
    import pandas as pd

    file = path / "draws.csv"
    if not standings.ranked or not file.is_file():
        return []
    one = standings.ranked[0]
    first, second = (tally.policy for tally in standings.table()[:2])
    by = columns[one.outcome.name]
    sign = -1.0 if one.better == "less" else 1.0
    lead = sign * (by[first] - by[second])
    drawn: Any = pd.read_csv(file).drop(columns="draw", errors="ignore")
    numbers = [c for c in drawn.columns if drawn[c].dtype.kind in "if"]
    numbers = [c for c in numbers if drawn[c].nunique() > 2]
    level = 1.0 - 0.05 / max(len(numbers), 1)
    hangs = []
    for name in numbers:
        rho, low, high = rank_correlation(drawn[name].to_numpy(float), lead, level)
        if low * high > 0.0:
            hangs.append((-abs(rho), name, rho))
    mine, other = (in_quotes(labels.get(x, x)) for x in (first, second))
    label = short_label(one.outcome)
    if not hangs:
        return [
            f"On no single number that was drawn does the lead of {mine} over {other} "
            f"in {label} hang so much that {len(lead)} draws could tell."
        ]
    said: list[str] = []
    for _, name, _ in sorted(hangs)[:MOST_TURNING]:
        values = drawn[name].to_numpy(float)
        middle = float(np.median(values))
        shares = [
            100.0 * float((lead[mask] > 0.0).mean() + 0.5 * (lead[mask] == 0.0).mean())
            for mask in (values <= middle, values > middle)
        ]
        said.append(
            f"In {label} {mine} leads {other} in {shares[0]:.0f} % of the draws where "
            f"the {model.parameter_words(scenario, name)} is {middle:.3g} or less, in "
            f"{shares[1]:.0f} % where it is more."
        )
    return said


def _budget_table(
    data: Mapping[str, Any], labels: Mapping[str, str], shares: Container[str]
) -> Cells:
    """Return the differences from the reference, chance apart from parameters.

    Of shares in percentage points.
    """
    from sim.digits import figure

    rows: list[tuple[str, ...]] = []
    for row in data["outcomes"]:
        is_share = row["outcome"] in shares
        scale, points = (100.0, " (points)") if is_share else (1.0, "")
        for arm, budget in row["differences"].items():
            mean = budget["mean"]
            value, low, high = (scale * mean[x] for x in ("value", "low", "high"))
            share = budget["parameter_share"]
            is_told = budget["is_told"]
            ends = interval_text(scale * budget["low"], scale * budget["high"])
            rows.append(
                (
                    row["label"] + points,
                    labels.get(arm, arm),
                    figure(value, (high - low) / 2.0, signed=True),
                    interval_text(low, high),
                    ends if is_told else "not told",
                    f"{100.0 * share:.0f} %" if is_told else "not told",
                )
            )
    heads = ("outcome", "policy", "difference", "Monte Carlo, 95 %",
             "over parameters, 95 %", "owed to parameters")  # fmt: skip
    note = (
        "Over parameters: between which 95 % of the draws have the difference; no "
        "number of replications narrows it. Not told: it cannot be told from chance."
    )
    return Cells(
        "Differences from the reference", heads, tuple(rows), (2, 3, 4, 5), note
    )


def _firsts_table(data: Mapping[str, Any], labels: Mapping[str, str]) -> Cells:
    """Return for every outcome in how many draws each policy comes first."""
    rows = tuple(
        (
            row["label"],
            row["first"],
            labels.get(rank["arm"], rank["arm"]),
            first_text(rank["share"], rank["low"], rank["high"]),
            f"{100.0 * rank['clear_share']:.0f} %",
        )
        for row in data["outcomes"]
        for rank in sorted(row["ranking"], key=lambda rank: -rank["share"])
    )
    heads = ("outcome", "first is", "policy", "first in draws", "clearly in")
    note = "Clearly: it leads the next by more than 2 standard errors within the draw."
    return Cells("Who comes first, outcome by outcome", heads, rows, (3, 4), note)

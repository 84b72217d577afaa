"""Policies against each other in a report: who comes first, and all pairs."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from math import isfinite
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.comparison.standings import Standings, standings_of
from sim.comparison.words import scale_of
from sim.digits import interval_text, short
from sim.ensemble.summary import ALL_DEAD, DEAD, OF_DEAD, OTHER_DEAD, others_of
from sim.errors import ScenarioError, StudyError
from sim.outcomes import OUTCOMES, outcomes_for
from sim.outcomes.table import TRUE
from sim.reports import model
from sim.reports.arms import arms_section, base_of, own_acts, policy_lines
from sim.reports.checklist import checklist
from sim.reports.headline import (
    ALONE,
    BY_CONSTRUCTION,
    SLIGHT,
    Beside,
    assumed_text,
    change_text,
    count_word,
    difference_texts,
    first_text,
    in_quotes,
    level_text,
    listed,
    pair_of,
    policies_answer,
    policies_figures,
    policies_panels,
    rungs_note,
    short_label,
)
from sim.reports.manifest import (
    caution_of,
    facts_of,
    horizon_of,
    manifest_section,
    require_complete,
)
from sim.reports.page import Cells, Headline, Page, Passage, Section
from sim.reports.rivals import rivals_text
from sim.scenario.load import load
from sim.scenario.renumber import row_at
from sim.statistics.rank_correlation import correlated

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

WHAT_AUTHORITY_IS: Final = (
    "Authority, 0 to 100 %: how far the government acts against militias; deaths in "
    "attacks, strikes and defiance lower it, its raids raise it."
)

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
    beside: Beside = ALONE,
    policies: Sequence[str] = (),
    command: str = "",
    numbers: str = AS_SHIPPED,
) -> Headline:
    """Return the top of a report on policies; `policies` says what each is.

    `command` is what to run next, and `numbers` says which ones were run.
    """
    return Headline(
        answer=policies_answer(standings, labels, beside),
        would_change=(*_alone(standings, labels), *would_change),
        how_sure=tuple(how_sure),
        policies=tuple(policies),
        panels=policies_panels(standings, labels, beside),
        command=command,
        table=_short_table(standings, labels, beside, numbers),
        figures=policies_figures(standings, labels, beside.draws),
    )


def pair_asked(
    data: Mapping[str, Any], names: Container[str]
) -> tuple[str, str] | None:
    """Return the policies that a question sets against each other, as files keep it."""
    pair = data.get("pair")
    if not isinstance(pair, list) or len(pair) != 2:
        return None
    return (pair[0], pair[1]) if all(name in names for name in pair) else None


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
    beside: Beside,
    numbers: str,
) -> Cells:
    """Return the figures that a brief has room for.

    Of up to three policies all outcomes, one a row; of more a few outcomes, one row a
    policy by rank.
    """
    draws = beside.draws
    reference, *others = standings.policies
    called = {x: labels.get(x, x) for x in standings.policies}
    is_wide = len(standings.policies) > FEW_POLICIES
    if is_wide:
        dead = [one for one in standings.outcomes if one.outcome.name == DEAD]
        shown = [*dead, *(standings.ranked or standings.outcomes)[:MOST_FIRST]]
        n_shown = len(shown) * len(others)
        heads = ("policy", *(one.outcome.label for one in shown))
        rows = tuple(
            (
                f"{f'{place}. ' if standings.ranked else ''}{called[tally.policy]}",
                *(_with_difference(one, tally.policy, reference) for one in shown),
            )
            for place, tally in enumerate(standings.table(), 1)
        )
        said = f"then the difference from {called[reference]} with"
    else:
        both = standings.contrasts
        order = [*dict.fromkeys([*(standings.pair or ()), *standings.policies])]
        shown = _rows_shown(standings)
        idle = frozenset[str]().union(*(x.by_construction for x in standings.outcomes))
        n_shown = len(shown) * len(both)
        heads = (
            "outcome",
            *(called[x] for x in order),
            *(f"{called[x]} against {called[y]}" for x, y in both),
        )
        rows = tuple(
            (
                one.outcome.label,
                *(_mean(one, x, are_draws=draws is not None) for x in order),
                *(_contrast(one, x, y, draws, idle) for x, y in both),
            )
            for one in shown
        )
        said = "then the differences with"
    notes = [
        f"The mean {numbers}; {said} the 95 % interval of the mean, "
        f"{'world by world' if draws is None else 'draw by draw'}."
    ]
    if draws is not None and not is_wide:
        notes.append(
            "Draws: between which 95 % of them have the difference, chance taken out, "
            "where that can be told; fewer, less, more in: share of the draws in "
            "which the first has it so, chance and all, ties counted half, with its "
            "interval."
        )
    if standings.pair is not None or not others[1:]:
        notes.append(
            f"Slightly: most differences are below {100.0 * SLIGHT:.0f} % of the level."
        )
    if any(one.outcome.name.startswith("authority_") for one in standings.outcomes):
        notes.append(WHAT_AUTHORITY_IS)
    if beside.as_shipped:
        notes.append(
            "Where the numbers as shipped tell another sign of what ranks, or only one "
            "of the two tells any, the answer says so."
        )
    if standings.ranked and len(standings.ranked) < len(standings.outcomes):
        notes.append(f"{ranking_words(standings)} All else is shown and ranks nobody.")
    total = len(standings.outcomes) * n_pairs(standings)
    if total > n_shown:
        notes.append(
            f"The table has {n_shown} of {total} differences: brief.csv has all."
        )
    places = tuple(range(1, len(heads)))
    return Cells("The policies in short", heads, rows, places, " ".join(notes))


def _rows_shown(standings: Standings) -> list[Standing]:
    """Return the outcomes of a sheet: all but a sum that holds what is no finding.

    Of all the dead, where those of a side follow by construction.
    """
    is_built = any(
        one.by_construction and one.outcome.name in OF_DEAD
        for one in standings.outcomes
    )
    return [x for x in standings.outcomes if not (is_built and x.outcome.name == DEAD)]


def _mean(one: Standing, policy: str, *, are_draws: bool) -> str:
    """Write a policy's mean, and that it follows from what the policy is.

    Over draws, whose means spread far more than chance moves them, to three digits at
    most.
    """
    text = level_text(one, policy)
    if are_draws and one.outcome.unit != "rung":
        number, _, unit = text.partition(" ")
        three = short(scale_of(one.outcome)[0] * one.levels[policy].mean)
        text = f"{min(number, three, key=len)} {unit}".strip()
    return f"{text} {BY_CONSTRUCTION}" if policy in one.by_construction else text


def _contrast(
    one: Standing,
    policy: str,
    other: str,
    draws: Mapping[str, Mapping[str, Any]] | None,
    idle: Container[str] = (),
) -> str:
    """Write the difference of two policies, and what draws of the numbers make of it.

    Of a difference that follows from what a policy is no share of draws. Of other dead
    a part does, where one of the two is `idle`: it never strikes.
    """
    if not one.has_change(policy, other):
        return "–"
    _, difference, _ = difference_texts(one, policy, other)
    text = difference.replace(" ", NO_BREAK).replace(f"{NO_BREAK}(", " (")
    if one.outcome.name == OTHER_DEAD and (policy in idle or other in idle):
        text += f"; partly {BY_CONSTRUCTION}"
    drawn = pair_of((draws or {}).get(one.outcome.name, {}), policy, other)
    if drawn is None:
        return text
    parts = [text]
    if isfinite(drawn.draws_low):
        scale = scale_of(one.outcome)[0]
        ends = interval_text(scale * drawn.draws_low, scale * drawn.draws_high)
        parts.append(f"draws {ends}".replace(" ", NO_BREAK))
    if one.is_finding(policy, other):
        word, *in_draws = drawn.side(one, one.change(policy, other)[0])
        share = first_text(*in_draws).replace(" ", NO_BREAK)
        parts.append(f"{word} in {share}")
    return "; ".join(parts)


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
    nobody: the sum would count each death twice. The label of the coalition's says
    which of its people it counts, where no other outcome has them all.
    """
    known = [name for name in dict.fromkeys(names) if name in table]
    dead = [x for x in known if x.startswith(("n_coalition_deaths", "n_killed_"))]
    every = {name: table[name] for name in dead}
    if not set(dead).isdisjoint(OF_DEAD):
        others = others_of(dead)
        every |= {} if others is None else {OTHER_DEAD: others}
        every |= {DEAD: ALL_DEAD}
        if f"n_killed_foreign{TRUE}" not in dead:
            every |= {
                name: one._replace(label=f"{one.label} in rocket attacks")
                for name, one in every.items()
                if name == OF_DEAD[-1]
            }
    return every | {name: table[name] for name in known if name not in every}


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
    if any(one.by_construction for one in standings.ranked):
        note += " Those that follow by construction are not counted."
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
        counted = [one for one in standings.ranked if one.is_finding(first, other)]
        n_open = len(counted) - len(better) - len(worse)
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
    is_old = any("pairs" not in row for row in data.get("outcomes", ()))
    if "labels" not in data or is_old or not (path / DRAW_MEANS).is_file():
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
        pair=pair_asked(data, manifest["arms"]),
    )
    firsts = {
        row["outcome"]: {
            rank["arm"]: first_text(rank["share"], rank["low"], rank["high"])
            for rank in row["ranking"]
        }
        for row in data["outcomes"]
    }
    n, m, until = (
        data["draws"], data["replications_per_draw"], float(manifest["until_days"])
    )  # fmt: skip
    each = f"{n} draws × {m} replications of each policy"
    asked = question or data["question"] or "Which policy does best?"
    turning = [
        *_turning(
            path, columns, standings, labels, scenario, data.get("assumptions", ())
        ),
        *([rivals_text(arms, standings)] if arms else []),
    ]
    described: dict[str, str] = data.get("descriptions", {})
    said_of = {labels.get(name, name): text for name, text in described.items()}
    headline = policies_headline(
        standings,
        labels,
        turning,
        [*_assumed(scenario, n, data), looked_at(standings)],
        Beside(
            draws={row["outcome"]: row for row in data["outcomes"]},
            as_shipped=data.get("as_shipped", {}).get("differences", ()),
            horizon=horizon_of(scenario, until),
        ),
        policies=() if scenario is None else policy_lines(scenario, arms, said_of),
        numbers=f"over {n} draws of what the numbers may be, not of them as they stand",
    )
    headline = replace(headline, assumptions=tuple(data.get("assumptions", ())))
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
        horizon=horizon_of(scenario, until),
        facts=facts_of(scenario, manifest, each, until),
        sections=tuple(sections),
    )


def _assumed(scenario: Scenario | None, n: int, data: Mapping[str, Any]) -> list[str]:
    said = [
        f"Drawn were {data['parameters_drawn']} numbers; the rest stand as they are, "
        f"and so do the rules. Chance within {n} draws is in the intervals."
    ]
    if refused := data["draws_refused"]:
        said[0] += (
            f" {refused} other draws, mostly with attacks without end under one policy "
            "or another, were drawn again, so runaway escalation is left out."
        )
    return [*said, *([assumed_text(scenario)] if scenario is not None else [])]


def _turning(
    path: Path,
    columns: Mapping[str, Mapping[str, Any]],
    standings: Standings,
    labels: Mapping[str, str],
    scenario: Scenario | None,
    assumptions: Sequence[str] = (),
) -> list[str]:
    """Say on which numbers a lead hangs most, or how much of one could be missed.

    Of the pair that the question names, else of the first and the second, in the
    outcome that tells them apart most clearly. Where no number turns the lead, which
    leads in most draws with it low as with it high, that is said, and that what could
    is among the assumptions.
    """
    import pandas as pd

    file = path / "draws.csv"
    if not standings.ranked or not file.is_file():
        return []
    table = standings.table()
    first, second = standings.pair or (table[0].policy, table[1].policy)
    one = _clearest(standings, first, second)
    by = columns[one.outcome.name]
    sign = -1.0 if one.better == "less" else 1.0
    lead = sign * (by[first] - by[second])
    drawn = drawn_numbers(pd.read_csv(file))
    hangs, least = correlated(drawn, lead)
    mine, other = (in_quotes(labels.get(x, x)) for x in (first, second))
    label = short_label(one.outcome)
    if not hangs:
        return [
            f"Which number the lead of {mine} over {other} in {label} hangs on, these "
            f"{len(lead)} draws cannot tell: of {len(drawn)} numbers they would show "
            f"one with 80 % power only at a rank correlation of {least:.2f} or more. "
            "That none is shown does not mean that none matters."
        ]
    said: list[str] = []
    weaker = ""
    for name, _ in hangs[:MOST_TURNING]:
        values = drawn[name]
        middle = float(np.median(values))
        shares = [
            100.0 * float((lead[mask] > 0.0).mean() + 0.5 * (lead[mask] == 0.0).mean())
            for mask in (values <= middle, values > middle)
        ]
        named = in_quotes(model.parameter_words(scenario, name))
        words = f"number {named}{_meaning(scenario, name)}"
        at = (
            f"in {shares[0]:.0f} % of the draws where it is {middle:.3g} or less, in "
            f"{shares[1]:.0f} % where it is more"
        )
        if min(shares) < 50.0 < max(shares):
            said.append(f"The {words} turns who leads in {label}: {mine} does {at}.")
        elif not weaker:
            weaker = (
                f"No single number that was drawn turns the lead in {label}. It hangs "
                f"most on the {words}: {mine} leads {other} {at}."
            )
    return said or [weaker + _not_in_the_model(assumptions)]


def _not_in_the_model(assumptions: Sequence[str]) -> str:
    """Point to what could turn an answer that no number turns."""
    if not assumptions:
        return ""
    first = assumptions[0].partition(":")[0].rstrip(".")
    return (
        " What could turn it is not in the model, above all that: "
        f"{first[:1].lower()}{first[1:]}."
    )


def _meaning(scenario: Scenario | None, path: str) -> str:
    """Return what a number means, in brackets, where its kind says it."""
    try:
        return f" ({row_at(scenario, path).meaning})" if scenario is not None else ""
    except ScenarioError:
        return ""


def _clearest(standings: Standings, first: str, second: str) -> Standing:
    """Return the outcome that tells two policies apart most clearly."""

    def clearness(one: Standing) -> float:
        is_finding = one.is_finding(first, second)
        return one.certainty(first, second) if is_finding else -1.0

    return max(standings.ranked, key=clearness)


def drawn_numbers(draws: Any) -> dict[str, Any]:
    """Return the numbers that were drawn by path, without their units.

    Of a table with one row a draw. Left out is what takes two values or fewer.
    """
    numbers: dict[str, Any] = {}
    for path in draws.columns:
        values = [str(value).partition(" ")[0] for value in draws[path]]
        try:
            column = np.array(values, dtype=float)
        except ValueError:
            continue
        if path != "draw" and len(np.unique(column)) > 2:
            numbers[path] = column
    return numbers


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

"""An explanation in words: a dated narrative with the actors' reasons."""

from __future__ import annotations

from itertools import groupby
from math import inf, isnan
from typing import TYPE_CHECKING, NamedTuple

from sim.digits import short
from sim.reports.narrative import Sentence, narrate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.explanation.decision import Decision, Reason
    from sim.explanation.difference import Difference
    from sim.explanation.explain import Explanation, Step
    from sim.explanation.necessity import ButFor
    from sim.explanation.paths import Paths
    from sim.scenario.scenario import Scenario


class Told(NamedTuple):
    """One step of an explanation, in words."""

    sentence: Sentence
    """What happened."""
    links: str
    """What it hangs on."""
    reasons: str
    """What weighed most in it."""
    is_in_chain: bool


def tell(explanation: Explanation) -> list[Told]:
    """Tell an explanation, step by step, in order."""
    story = narrate(explanation.log, explanation.scene.scenario, every=True)
    chain = set(explanation.chain)
    return [
        Told(
            sentence=story[step.number - 1],
            links=links_text(step, story[step.number - 1].because),
            reasons=reasons_text(step.decision),
            is_in_chain=step.number in chain,
        )
        for step in explanation.steps
    ]


def ending(explanation: Explanation) -> str:
    """Say what the incident hangs on, all in all."""
    needed, chain = explanation.needed, explanation.chain
    if not needed:
        return (
            "It would have happened without any one of the earlier incidents: no "
            "single one was necessary."
        )
    way = " -> ".join(f"[{number}]" for number in chain)
    which = ", ".join(f"[{number}]" for number in needed)
    one = "this one incident" if len(needed) == 1 else "any one of these incidents"
    return (
        f"Chain: {way}. Without {one} it would not have happened in this replication: "
        f"{which}. Each earlier one was left out in turn, all other draws standing."
    )


def links_text(step: Step, because: str) -> str:
    """Say what a step answers, and without what else it would not have been."""
    parts: list[str] = []
    words = {"answer": "answers", "follows": "follows"}
    if step.cause:
        word = words.get(step.decision.kind, "because of")
        parts.append(f"{word} [{step.cause}], {because}")
    if step.contributors:
        numbers = ", ".join(f"[{number}]" for number in step.contributors)
        parts.append(f"not without {numbers}")
    if not parts:
        parts.append(
            {
                "own accord": "of its own accord; no earlier incident was necessary",
                "development": "put in by the scenario",
                "record": "put in from the record",
            }.get(step.decision.kind, "")
        )
    return "; ".join(parts)


def reasons_text(decision: Decision) -> str:
    """Say what weighed most in a decision, by the rule itself."""
    if decision.kind == "own accord":
        text = (
            f"at a rate of {short(decision.weight)} a day, "
            f"{short(decision.before)} as things stood at the start"
        )
    elif decision.kind == "answer":
        text = (
            f"this choice had the probability {short(decision.weight)}, "
            f"{short(decision.before)} as things stood at the start"
        )
    else:
        return ""
    weighed = [reason_text(reason) for reason in decision.reasons]
    return text + (f"; weighed: {'; '.join(weighed)}" if weighed else "")


def reason_text(reason: Reason) -> str:
    """Say what one thing that an actor knew did to a rate or a choice."""
    name = f"{reason.meaning[:1].lower()}{reason.meaning[1:]}"
    values = f"{short(reason.value)} for {short(reason.before)}"
    if reason.factor == inf:
        return f"{name}, {values}: else never"
    return f"{name}, {values}: times {short(reason.factor)}"


class SideBySide(NamedTuple):
    """One incident of either world, in words."""

    when: str
    status: str
    factual: str
    """What happened, with its number; empty for a new one."""
    otherwise: str
    """What happens in the other world; empty for one that vanished."""


def side_by_side(difference: Difference, scenario: Scenario) -> list[SideBySide]:
    """Tell the incidents of either world from the first difference on, by time."""
    own, other = (
        narrate(log, scenario, every=True) for log in (difference.own, difference.other)
    )
    rows: list[SideBySide] = []
    for one in difference.compared:
        here = own[one.number - 1] if one.number else None
        there = other[one.other_number - 1] if one.other_number else None
        first = here or there
        assert first is not None
        rows.append(
            SideBySide(
                when=first.date,
                status="changed" if one.is_changed else one.status,
                factual=f"[{one.number}] {here.text}" if here else "",
                otherwise="the same"
                if one.status == "factual" and not one.is_changed
                else there.text
                if there
                else "",
            )
        )
    return rows


NEEDS_LEGEND = (
    "All under this coupling: each draw that both worlds make is the same in both. "
    "What was left out is struck out of the world that had it; what was put in counts "
    "in neither. Bounds: what the share can be under any coupling (Tian and Pearl "
    "2000), with the ends of their intervals. Intervals hold 95 % and Monte Carlo "
    "error only."
)


def need_cells(
    found: ButFor,
) -> tuple[list[tuple[str, ...]], list[list[tuple[str, ...]]]]:
    """Return the heads and the rows of two tables: what happens or not, and counts."""
    word = "put in" if found.is_put_in else "without"
    would = "did not, would" if found.is_put_in else "did, would not"
    shares = [
        (
            name,
            percent(1.0 - need.rate if found.is_put_in else need.rate),
            percent(1.0 - need.rate_without if found.is_put_in else need.rate_without),
            f"{need.n_happened}",
            percent(need.share),
            f"{percent(need.low)} to {percent(need.high)}",
            f"{percent(need.bound_low)} to {percent(need.bound_high)}",
            f"{percent(need.bounds_from)} to {percent(need.bounds_to)}",
        )
        for name, need in found.shares.items()
    ]
    counts = [
        (
            name,
            short(change.total / found.n_with_cause),
            short(change.total_without / found.n_with_cause),
            percent(-change.share if found.is_put_in else change.share),
            " to ".join(
                percent(x)
                for x in (
                    (-change.high, -change.low)
                    if found.is_put_in
                    else (change.low, change.high)
                )
            ),
        )
        for name, change in found.changes.items()
    ]
    more = "more" if found.is_put_in else "would not have been"
    return (
        [
            ("happens", "as it is %", f"{word} %", "n", f"{would} %", "interval",
             "any coupling", "with error"),
            ("a replication has", "as it is", word, f"{more} %", "interval"),
        ],
        [shares, counts],
    )  # fmt: skip


def paths_text(paths: Paths, most: int) -> list[str]:
    """Tell the most frequent ways to an outcome, and the rest as one."""
    lines = [
        f"{percent(path.share)} % ({percent(path.low)} to {percent(path.high)}): "
        f"{way_text(path.acts)}; replication {path.example} is one"
        for path in paths.paths[:most]
    ]
    if rest := paths.paths[most:]:
        n = sum(path.n for path in rest)
        lines.append(
            f"{percent(n / paths.n_reached)} %: {len(rest)} other ways, none of them "
            f"in more than {rest[0].n}"
        )
    return lines


def way_text(acts: Sequence[str]) -> str:
    """Return a chain of acts; the same several times in a row is told once.

    >>> way_text(["raid", "rocket_attack", "rocket_attack", "air_strike"])
    'raid -> rocket_attack (2) -> air_strike'
    """
    parts = [(act, len(list(same))) for act, same in groupby(acts)]
    return " -> ".join(act if n == 1 else f"{act} ({n})" for act, n in parts)


def ramp_cells(paths: Paths) -> list[tuple[str, ...]]:
    """Return a row an act: how often nothing comes of it, and else what."""
    return [
        (
            ramp.act,
            f"{ramp.n}",
            percent(ramp.share),
            f"{percent(ramp.low)} to {percent(ramp.high)}",
            f"{ramp.next} ({percent(ramp.next_share)} %)" if ramp.next else "",
        )
        for ramp in paths.off_ramps
    ]


def percent(share: float) -> str:
    """Write a share as per cent, without the sign.

    >>> percent(0.1234), percent(float("nan"))
    ('12.3', '–')
    """
    return "–" if isnan(share) else f"{round(100.0 * share, 1) + 0.0:.1f}"


def difference_text(difference: Difference) -> str:
    """Say how much stayed, vanished and is new, and how long nothing differs."""
    counts = {
        status: difference.count(status) for status in ("factual", "vanished", "new")
    }
    if difference.first is None and difference.other_first is None:
        return (
            f"Nothing differs: all {difference.n_equal} records are the same in both "
            "worlds."
        )
    return (
        f"The first {difference.n_equal} records are the same in both worlds. Of the "
        f"incidents from there on {counts['factual']} happen in both, "
        f"{counts['vanished']} vanish and {counts['new']} are new; all under this "
        "coupling: each draw that both worlds make is the same in both."
    )

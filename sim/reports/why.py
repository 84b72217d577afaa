"""An explanation in words: a dated narrative with the actors' reasons."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from itertools import groupby
from math import inf, isnan
from typing import TYPE_CHECKING, NamedTuple

from sim.digits import short
from sim.explanation.phrase import label_of_class
from sim.explanation.prevention import INSTEAD_DAYS
from sim.ladder import ACTS
from sim.outcomes import outcomes_for, outcomes_of
from sim.reports.narrative import Sentence, narrate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.engine.log import IncidentLog
    from sim.explanation.decision import Decision, Reason
    from sim.explanation.difference import Difference
    from sim.explanation.explain import Explanation, Step
    from sim.explanation.necessity import ButFor
    from sim.explanation.paths import Paths
    from sim.scenario.scenario import Scenario


class StepText(NamedTuple):
    """One step of an explanation, in words."""

    sentence: Sentence
    """What happened."""
    links: str
    """What it hangs on."""
    reasons: str
    """What weighed most in it."""
    is_in_chain: bool


def tell(explanation: Explanation) -> list[StepText]:
    """Tell an explanation, step by step, in order."""
    story = narrate(explanation.log, explanation.scene.scenario, every=True)
    chain = set(explanation.chain)
    return [
        StepText(
            sentence=story[step.number - 1],
            links=links_text(explanation, step, story[step.number - 1].because),
            reasons=reasons_text(step.decision),
            is_in_chain=step.number in chain,
        )
        for step in explanation.steps
    ]


def heading(explanation: Explanation) -> str:
    """Say which incident is explained, and how it came to be meant."""
    return (
        f"why incident {explanation.number} of replication {explanation.scene.member} "
        f"happened ({explanation.meant})"
    )


def ending(explanation: Explanation) -> str:
    """Say what the incident hangs on, all in all."""
    needed, joint = explanation.needed, explanation.together
    n_before = explanation.number - 1
    parts: list[str] = []
    if len(explanation.chain) > 1:
        way = " -> ".join(f"[{number}]" for number in explanation.chain)
        parts.append(f"Chain: {way}.")
        # A link holds for the next one; necessity is not handed on.
        idle = [n for n in explanation.chain[:-1] if n not in needed]
        if needed and idle:
            parts.append(
                f"Each link holds for the next alone: {_numbers(idle)} "
                f"{'was' if len(idle) == 1 else 'were'} not necessary for the last."
            )
    if needed:
        one = "this one" if len(needed) == 1 else "any one of these"
        parts.append(
            f"Without {one} it would not have happened in this replication: "
            f"{_numbers(needed)}. Each of the {n_before} earlier incidents was left "
            "out in turn, all other draws standing."
        )
    elif n_before:
        parts.append(
            f"No single one of the {n_before} earlier incidents was necessary: each "
            "was left out in turn, and it happened all the same."
        )
    else:
        parts.append("Nothing happened before it.")
    if joint:
        also = "Nor would it have" if needed else "It would not have"
        parts.append(
            f"{also} happened without {_numbers(joint)} together: each of these alone "
            "could be missed, all of them not; with any one put back it happens. "
            "Other such sets may exist."
        )
    elif explanation.n_tried > 1:
        which = "nearest" if explanation.n_tried < n_before - len(needed) else "other"
        parts.append(
            f"Had none of the {explanation.n_tried} {which if needed else ''} earlier "
            "ones happened, it would have happened all the same.".replace("  ", " ")
        )
    if explanation.none_at_all:
        label = label_of_class(explanation.steps[-1].record.act)
        parts.append(
            f"No {label} at all happens, to the end, without "
            f"{_numbers(explanation.none_at_all)}"
            f"{' together' if len(explanation.none_at_all) > 1 else ''}."
        )
    return " ".join(parts)


def _numbers(numbers: Sequence[int]) -> str:
    return ", ".join(f"[{number}]" for number in numbers)


def prevention_cells(
    explanation: Explanation,
) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return the heads and rows of what would have prevented it, and what is then."""
    scene, days = explanation.scene, explanation.days
    target = explanation.steps[-1].record
    story = narrate(explanation.log, scene.scenario, every=True)
    midnight = datetime.combine(scene.scenario.start, time())

    def date(day: float) -> str:
        return f"{midnight + timedelta(days=day):%Y-%m-%d}"

    shown = {step.number for step in explanation.steps}
    # Many would often each have had the same effect, which is told once.
    alike: dict[tuple[str, str, str], list[tuple[int, ...]]] = {}
    for one in explanation.preventions:
        instead = "none"
        if one.instead is not None:
            apart = one.instead.time - target.time
            later = "later" if apart >= 0.0 else "earlier"
            instead = (
                f"{ACTS[one.instead.act].label}, {date(one.instead.time)}, "
                f"{short(abs(apart))} days {later}"
            )
        first = date(one.days[0]) if one.days else "never"
        effect = (instead, f"{len(one.days)}", first)
        alike.setdefault(effect, []).append(one.numbers)
    rows = [("(as it was)", "", f"{len(days)}", date(days[0]))]
    for effect, sets in alike.items():
        singles = [numbers[0] for numbers in sets if len(numbers) == 1]
        texts = [f"[{n}] {story[n - 1].text}" for n in singles]
        if len(singles) > 1:
            texts = [f"any one of {_numbers(singles)}"]
        for numbers in sets:
            if len(numbers) > 1:
                others = [n for n in numbers if n not in shown]
                texts_of_others = "".join(
                    f"; [{n}] {story[n - 1].text}" for n in others
                )
                texts.append(f"{_numbers(numbers)} together{texts_of_others}")
        rows += [(text, *effect) for text in texts]
    label = label_of_class(target.act)
    heads = (
        "without",
        f"in its place, within {INSTEAD_DAYS:.0f} days",
        f"{label}: how many",
        f"{label}: the first",
    )
    return heads, rows


def links_text(explanation: Explanation, step: Step, because: str) -> str:
    """Say what a step answers, and without what else it would not have been."""
    parts: list[str] = []
    words = {"answer": "answers", "follows": "follows"}
    if step.cause:
        word = words.get(step.decision.kind, "because of")
        parts.append(f"{word} [{step.cause}], {because}")
    elif step.decision.kind in ("answer", "broken off"):
        parts.append(_under_way(explanation.log, step))
    if step.contributors:
        parts.append(f"would not have happened without {_numbers(step.contributors)}")
    if not parts:
        parts.append(
            {
                "own accord": "of its own accord; no single earlier incident was "
                "necessary for it",
                "development": "put in by the scenario",
                "record": "put in from the record",
            }.get(step.decision.kind, "")
        )
    return "; ".join(parts)


def _under_way(log: IncidentLog, step: Step) -> str:
    """Say what an incident answers, or breaks off, that is no incident itself."""
    by_identity = {record.identity: record for record in log.records}
    record, stage = step.record, step.record
    while record.cause in by_identity:
        record = by_identity[record.cause]
        stage = record
    word = "answers" if step.decision.kind == "answer" else "breaks off"
    if stage is step.record or stage.operation < 0:
        return f"{word} what was under way"
    whose = "its own" if stage.actor == step.record.actor else "another's"
    name = log.operations[stage.operation].replace("_", " ")
    return f"{word} {whose} operation under way ({name}), of which no incident came yet"


def reasons_text(decision: Decision) -> str:
    """Say what weighed most in a decision, by the rule itself."""
    if decision.kind == "own accord":
        text = (
            f"rate {short(decision.weight)} a day then, {short(decision.before)} as "
            "things stood at the start"
        )
    elif decision.kind == "answer":
        text = (
            f"probability of this choice {short(decision.weight)} then, "
            f"{short(decision.before)} as things stood at the start"
        )
    else:
        return ""
    weighed = [
        reason_text(reason)
        for reason in decision.reasons
        if abs(reason.factor - 1.0) >= LEAST_FACTOR
    ]
    return text + (f"; moved by: {'; '.join(weighed)}" if weighed else "")


LEAST_FACTOR = 0.03
"""What moves a rate by less is not told; `--json` has it."""


def reason_text(reason: Reason) -> str:
    """Say what one thing that an actor knew did to a rate or a choice."""
    name = f"{reason.meaning[:1].lower()}{reason.meaning[1:]}"
    values = f"{short(reason.value)} (at the start {short(reason.before)})"
    if reason.factor == inf:
        return f"{name} {values}: without it, never"
    return f"{name} {values}: × {short(reason.factor)}"


REASONS_LEGEND = (
    "* is in the chain. Moved by: what the actor knew, its value then and at the "
    "start; ×: by how much the rate, or the probability, is multiplied by that one "
    "having moved, the others as they were then."
)


SAME = "the same"


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
                otherwise=SAME
                if one.status == "factual" and not one.is_changed
                else there.text
                if there
                else "",
            )
        )
    return rows


def folded(rows: Sequence[SideBySide]) -> list[SideBySide]:
    """Return the rows with each stretch of incidents that stay the same as one."""
    short_rows: list[SideBySide] = []
    for is_same, stretch in groupby(rows, key=lambda row: row.otherwise == SAME):
        some = list(stretch)
        if not is_same or len(some) < 3:
            short_rows += some
            continue
        first, last = (row.factual.partition("]")[0] for row in (some[0], some[-1]))
        text = f"{len(some)} incidents, {first}] to {last}], to {some[-1].when}"
        short_rows.append(SideBySide(some[0].when, "factual", text, SAME))
    return short_rows


def outcome_cells(
    difference: Difference, scenario: Scenario, names: Sequence[str]
) -> list[tuple[str, str, str]]:
    """Return a row an outcome: of the replication as it was, and otherwise."""
    table = outcomes_for(scenario)
    own, other = (
        outcomes_of(log, scenario) for log in (difference.own, difference.other)
    )
    return [(table[name].label, short(own[name]), short(other[name])) for name in names]


NEEDS_LEGEND = (
    "All under this coupling: each draw that both worlds make is the same in both. "
    "What was left out is struck out of the world that had it; what was put in counts "
    "in neither. Any coupling: what the share can be whichever worlds are paired (Tian "
    "and Pearl 2000), then with the error of both rates. Intervals hold 95 % and Monte "
    "Carlo error only, also of what was never seen to differ. –: it never happens."
)


def need_cells(
    but_for: ButFor,
) -> tuple[list[tuple[str, ...]], list[list[tuple[str, ...]]]]:
    """Return the heads and the rows of two tables: what happens or not, and counts."""
    word = "put in" if but_for.is_put_in else "without"
    would = "did not, would" if but_for.is_put_in else "did, would not"
    shares = [
        (
            name,
            percent(1.0 - need.rate if but_for.is_put_in else need.rate),
            percent(
                1.0 - need.rate_without if but_for.is_put_in else need.rate_without
            ),
            f"{need.n_happened}",
            percent(need.share),
            ends(need.low, need.high),
            ends(need.bound_low, need.bound_high),
            ends(need.bounds_from, need.bounds_to),
        )
        for name, need in but_for.shares.items()
    ]
    counts = [
        (
            name,
            short(change.total / but_for.n_with_cause),
            short(change.total_without / but_for.n_with_cause),
            percent(-change.share if but_for.is_put_in else change.share),
            ends(-change.high, -change.low)
            if but_for.is_put_in
            else ends(change.low, change.high),
        )
        for name, change in but_for.changes.items()
    ]
    more = "more" if but_for.is_put_in else "would not have been"
    return (
        [
            ("share in which it happens", "as it is %", f"{word} %", "of",
             f"{would} %", "interval", "any coupling", "with its error"),
            ("mean of a replication", "as it is", word, f"{more} %", "interval"),
        ],
        [shares, counts],
    )  # fmt: skip


def paths_text(paths: Paths, most: int) -> list[str]:
    """Tell the most frequent ways to an outcome, and the rest as one."""
    lines = [
        f"{percent(path.share)} % ({ends(path.low, path.high)}): "
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
            ends(ramp.low, ramp.high),
            f"{ramp.next} ({percent(ramp.next_share)} %)" if ramp.next else "",
        )
        for ramp in paths.off_ramps
    ]


def ends(low: float, high: float) -> str:
    """Write an interval of shares as per cent; of nothing, a dash.

    >>> ends(0.25, 1.0), ends(float("nan"), float("nan"))
    ('25.0 to 100.0', '–')
    """
    return "–" if isnan(low) else f"{percent(low)} to {percent(high)}"


def percent(share: float) -> str:
    """Write a share as per cent, without the sign.

    >>> percent(0.1234), percent(float("nan")), percent(-inf)
    ('12.3', '–', '-∞')
    """
    if abs(share) == inf:
        return "∞" if share > 0.0 else "-∞"
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

"""An explanation in words: a dated narrative with the actors' reasons."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, NamedTuple

from sim.digits import short
from sim.reports.narrative import Sentence, narrate

if TYPE_CHECKING:
    from sim.explanation.decision import Decision, Reason
    from sim.explanation.difference import Difference
    from sim.explanation.explain import Explanation, Step
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
    story = narrate(explanation.log, explanation.scene.scenario)
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
    n, chain = explanation.n_needed, explanation.chain
    if not n:
        return (
            "It would have happened without any one of the earlier incidents: no "
            "single one was necessary."
        )
    way = " -> ".join(f"[{number}]" for number in chain)
    return (
        f"Chain: {way}. Without any one of {n} earlier incident"
        f"{'s' if n > 1 else ''} it would not have happened in this replication, all "
        "other draws standing; each was left out in turn."
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
    own, other = (narrate(log, scenario) for log in (difference.own, difference.other))
    rows: list[SideBySide] = []
    for one in difference.compared:
        here = own[one.number - 1] if one.number else None
        there = other[one.other_number - 1] if one.other_number else None
        first = here or there
        assert first is not None
        rows.append(
            SideBySide(
                when=f"{first.when:%Y-%m-%d %H:%M}",
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

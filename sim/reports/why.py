"""An explanation in words: a dated narrative with the actors' reasons."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from itertools import groupby, pairwise
from math import inf, isnan, prod
from typing import TYPE_CHECKING, Final, NamedTuple

from sim.digits import capital, plural, short
from sim.explanation.phrase import KILLED, like
from sim.explanation.prevention import (
    INSTEAD_DAYS,
    LIGHTER,
    dead_of,
    is_put_in,
    peaks_of,
)
from sim.ladder import ACTS, Act, label_named
from sim.outcomes import outcomes_for, outcomes_of
from sim.reports.narrative import Sentence, narrate
from sim.rules.behaviour import Effect
from sim.statistics.interval import wilson

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sim.engine.log import IncidentLog, Record
    from sim.explanation.decision import Decision, Reason
    from sim.explanation.difference import Difference
    from sim.explanation.explain import Explanation, Step
    from sim.explanation.necessity import ButFor
    from sim.explanation.paths import Paths
    from sim.explanation.prevention import Ban, Prevention, Swap
    from sim.scenario.scenario import Scenario


class StepText(NamedTuple):
    """One step of an explanation, in words."""

    sentence: Sentence
    """What happened."""
    links: str
    """What it hangs on."""
    reasons: str
    """What weighed most in it."""
    weight: str
    """Its rate or probability alone."""
    is_in_chain: bool
    is_needed: bool
    """Whether the incident explained does not happen where this alone is left out."""


def tell(explanation: Explanation) -> list[StepText]:
    """Tell an explanation, step by step, in order."""
    log = explanation.log
    story = narrate(log, explanation.scene.scenario, every=True)
    return [
        StepText(
            sentence=story[step.number - 1],
            links=links_text(explanation, step, story[step.number - 1].because),
            reasons=reasons_text(step.decision, moves_text(explanation, step)),
            weight=_weight_text(step.decision),
            is_in_chain=step.number in explanation.chain,
            is_needed=step.number in explanation.needed,
        )
        for step in explanation.steps
    ]


PUT_IN: Final = {
    "development": "put in by the scenario",
    "record": "put in from the record",
}
"""Where an incident comes from that nobody in the model decided on."""


def heading(explanation: Explanation) -> str:
    """Say which incident is explained, and how it came to be meant."""
    return (
        f"why incident {explanation.number} of replication {explanation.scene.member} "
        f"happened ({explanation.meant})"
    )


def routes_text(explanation: Explanation, numbers: Sequence[int], after: int) -> str:
    """Say through what each of some is needed for another, where that is not plain."""
    texts: dict[tuple[str, str], list[int]] = {}
    for before in numbers:
        if any(parts := _route_text(explanation, before, after)):
            texts.setdefault(parts, []).append(before)
    return "".join(
        f"; {head}{f' without {_any_number(some)} ' if tail else ''}{tail}"
        for (head, tail), some in texts.items()
    )


def _route_text(explanation: Explanation, before: int, after: int) -> tuple[str, str]:
    """Say through what one is needed for another: what stands before its name, after.

    It is plain, and nothing is said, where nothing is singled out and it is the other's
    actor that did the one, or that it was done to.
    """
    route = explanation.routes.get((before, after))
    own = list(explanation.log.incidents())
    one, actor = own[before - 1], own[after - 1].actor
    if route is None or (not route.through and actor in (one.actor, one.target)):
        return "", ""
    if route.way == "heard":
        label = explanation.scene.scenario.actors[actor].label
        return f"{label} heard of it", ""
    if not route.through:
        return "through what, these replays do not single out", ""
    again = f"and with that left out as well [{after}] happens as it did"
    through = "through this:"
    if route.way == "gone":
        numbers = {record.identity: n for n, record in enumerate(own, 1)}
        some = [numbers[record.identity] for record in route.through]
        names = "; ".join(described(explanation, some))
        is_one = len(route.through) == 1
        return through, (
            f"there is no {names}, and without {'that' if is_one else 'these'} alone "
            f"no [{after}]"
        )
    text = incident_text(explanation, route.through[0])
    if route.way == "new":
        return through, f"there comes {text}, {again}"
    was = next(r for r in own if r.identity == route.through[0].identity)
    changed = changed_text(was, route.through[0])
    return through, f"{text}, is otherwise ({changed}), {again}"


def needed_line(explanation: Explanation) -> str:
    """Say how those without which it would not be were found; empty without any."""
    n_before, n = explanation.number - 1, len(explanation.needed)
    if not n:
        return ""
    if n_before == 1:
        return "Without the one earlier incident it does not happen"
    which = "this one" if n == 1 else f"any single one of these {n}"
    return (
        f"Each of the {n_before} earlier incidents was left out in turn, all else "
        f"drawn as it was. Without {which} it does not happen"
    )


def short_text(explanation: Explanation) -> str:
    """Say why it happened: what it answers, how likely that was, and its chain."""
    step = explanation.steps[-1]
    story = narrate(explanation.log, explanation.scene.scenario, every=True)
    itself = incident_text(explanation, step.record)
    weight = _weight_text(step.decision)
    if step.decision.kind == "answer":
        weight = f" At that moment this choice had the {weight}."
    elif weight:
        rate = short(step.decision.weight)
        weight = f" It came of its own accord, at a rate of {rate} a day."
    elif step.decision.kind in PUT_IN:
        weight = f" It was {PUT_IN[step.decision.kind]}."
    answers = (
        f"{itself}, answers [{step.cause}], {story[step.number - 1].because}."
        if step.cause
        else f"{itself}, answers no incident."
    )
    if step.decision.reasons and step.decision.kind == "answer":
        reason = reason_text(step.decision.reasons[0], is_answer=True)
        weight += f" What weighed most: {reason[:1].lower()}{reason[1:]}."
    return f"{answers}{weight} {chain_text(explanation)}".strip()


def chain_text(explanation: Explanation) -> str:
    """Tell those of the chain that the incident needs; empty where there is none.

    Replays alone say what needs what: what stands between two of them in the log, and
    is not needed, is left to the steps.
    """
    steps = {step.number: step for step in explanation.steps}
    last, chain = explanation.number, explanation.told_chain
    if len(chain) < 2:
        return ""
    parts = [incident_text(explanation, steps[chain[0]].record)]
    for before, after in pairwise(chain):
        step = steps[after]
        name = f"[{after}] {deed_label(step.record)}"
        is_answer = step.cause == before
        if after != last:
            name = f"{incident_text(explanation, step.record)}{',' * is_answer}"
        that = "it" if before == chain[0] else "that"
        if is_answer:
            text = f"{name} {_ANSWERS.get(step.decision.kind, 'is due to')} {that}"
        elif after in steps[before].gone_without:
            text = f"without {that} no {name}"
        else:
            text = f"{name}, beside {that}"
        for one, other in explanation.routes:
            is_way = one == before and other in chain
            if is_way and not is_answer and (way := _way(explanation, one, other)):
                text += f" ({way})"
        parts.append(text)
    text = f"The chain that leads to it: {'; '.join(parts)}."
    if len(chain) == 2:
        return (
            f"{text} A replay confirms it: without [{chain[0]}] there is no [{last}]."
        )
    return f"{text} Replays confirm it: without any one of these there is no [{last}]."


def _way(explanation: Explanation, before: int, after: int) -> str:
    """Say by what one is needed for another, where replays single that out."""
    if not explanation.routes[before, after].through:
        return ""
    return routes_text(explanation, [before], after).removeprefix("; ")


_ANSWERS: Final = {
    "answer": "answers",
    "follows": "follows",
    "broken off": "breaks off",
}
"""What an incident does to its cause, by the kind of its decision."""


def deed_label(record: Record) -> str:
    """Name what was done; what was obeyed by what it asked for."""
    if record.act != Act.COMPLIANCE:
        return ACTS[record.act].label
    force = record.effect.force
    if not force:
        return "truce kept"
    return f"order to {'attack' if force > 0.0 else 'hold fire'} obeyed"


def deed_text(explanation: Explanation, record: Record) -> str:
    """Name what was done, by whom and against whom."""
    labels = [actor.label for actor in explanation.scene.scenario.actors]
    text = deed_label(record)
    if record.actor >= 0:
        text += f" by {labels[record.actor]}"
    if record.target >= 0:
        text += f" toward {labels[record.target]}"
    return text


def date_text(explanation: Explanation, record: Record) -> str:
    """Write the day of an incident."""
    midnight = datetime.combine(explanation.scene.scenario.start, time())
    return f"{midnight + timedelta(days=record.time):%Y-%m-%d}"


def described(explanation: Explanation, numbers: Sequence[int]) -> list[str]:
    """Name incidents by number, act, actors and day; those of one sort at once."""
    own = list(explanation.log.incidents())
    sorts: dict[str, list[int]] = {}
    for number in numbers:
        deed = deed_text(explanation, own[number - 1])
        sorts.setdefault(deed, []).append(number)
    texts: list[str] = []
    for deed, some in sorts.items():
        days = (date_text(explanation, own[number - 1]) for number in some)
        texts.append(f"{_numbers(some)} {deed}, {_listed(list(dict.fromkeys(days)))}")
    return texts


def _listed(parts: Sequence[str]) -> str:
    """Join parts by commas, the last by `and`.

    >>> _listed(["a"]), _listed(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    *others, last = parts
    return f"{', '.join(others)} and {last}" if others else last


def incident_text(explanation: Explanation, record: Record) -> str:
    """Name an incident of any world: its act, by whom, against whom, when."""
    deed, day = deed_text(explanation, record), date_text(explanation, record)
    text = f"{deed}, {day}"
    for n, own in enumerate(explanation.log.incidents(), 1):
        if own.identity == record.identity:
            return f"[{n}] {text}"
    return text


def ending(explanation: Explanation) -> str:
    """Say what the incident hangs on, all in all: a paragraph a line."""
    texts = (chain_text, needs_text, bans_text, swaps_text)
    return "\n".join(filter(None, (tell_it(explanation) for tell_it in texts)))


def needs_text(explanation: Explanation) -> str:
    """Say without which earlier incidents it would not have been."""
    rest = others_text(explanation)
    if not explanation.needed:
        return rest
    needed = "; ".join(described(explanation, explanation.needed))
    return f"{needed_line(explanation)}: {needed}. {rest}".strip()


def others_text(explanation: Explanation) -> str:
    """Say what comes without those needed, and what of the others prevents it."""
    needed, joint = explanation.needed, explanation.together
    n_before = explanation.number - 1
    itself = f"this same {deed_label(explanation.steps[-1].record)}"
    parts: list[str] = []
    if needed:
        parts += instead_texts(explanation, needed)
    elif n_before == 1:
        parts.append(f"Without the one earlier incident {itself} came all the same.")
    elif n_before:
        parts.append(
            f"No single one of the {n_before} earlier incidents was necessary: each "
            f"was left out in turn, and {itself} came all the same."
        )
    else:
        parts.append("Nothing happened before it.")
    if joint:
        others = "Others prevent it" if needed else "Some prevent it"
        some = together_text(explanation, joint)
        parts.append(
            f"{others} only together: without {some} it does not happen; with any one "
            "of these put back it does. Other such sets may exist."
        )
        parts += [
            f"Without all of these {text}."
            for one in explanation.preventions
            if one.numbers == joint
            for text in _comes(explanation, one)
        ]
    elif explanation.changed is not None:
        is_all = explanation.n_tried == n_before - len(needed)
        which = "other" if needed and is_all else "earlier" if is_all else "nearest"
        text = (
            f"Leaving out the {explanation.n_tried} {which} ones, one at a time or all "
            "at once, does not prevent it"
        )
        target = explanation.steps[-1].record
        if others := changed_text(target, explanation.changed):
            text += f", though it is then changed ({others})"
        parts.append(f"{text}; not every combination of them was tried.")
    if quiet := explanation.quiet:
        singles = [some[0] for some in quiet if len(some) == 1]
        without = (
            f"{_any(explanation, singles)}{' alone' * (len(singles) == 1)}"
            if singles
            else together_text(explanation, quiet[0])
        )
        parts.append(
            f"No {_like_label(explanation)} at all happens, to the end, without "
            f"{without}{'' if singles else '; no single one does that'}."
        )
    return " ".join(parts)


def instead_texts(explanation: Explanation, numbers: Sequence[int]) -> list[str]:
    """Say without which of some the like, or worse, comes instead."""
    texts: dict[str, list[int]] = {}
    for one in explanation.preventions:
        if len(one.numbers) == 1 and one.numbers[0] in numbers:
            for text in _comes(explanation, one):
                texts.setdefault(text, []).append(one.numbers[0])
    return [f"Without {_any_number(some)} {text}." for text, some in texts.items()]


def _comes(explanation: Explanation, one: Prevention) -> list[str]:
    """Say what of the like, or worse, comes in a world in an incident's place."""
    target = explanation.steps[-1].record
    texts: list[str] = []
    if one.instead is not None:
        apart = apart_text(one.instead.time - target.time)
        text = incident_text(explanation, one.instead)
        texts.append(f"another comes in its place, {apart}: {text}")
    if one.worse is not None and one.worse != one.instead:
        rung = ACTS[one.worse.act].rung
        text = incident_text(explanation, one.worse)
        texts.append(
            f"something graver comes that did not before, on rung {rung}: {text}"
        )
    return texts


def apart_text(days: float) -> str:
    """Write how far an incident lies from another, in hours below a day.

    >>> apart_text(-0.362), apart_text(2.0), apart_text(0.02)
    ('9 hours earlier', '2 days later', '29 minutes later')
    >>> apart_text(0.0)
    'at the same moment'
    """
    if not days:
        return "at the same moment"
    far, word = abs(days), "later" if days >= 0.0 else "earlier"
    if far >= 1.0:
        n, noun = round(far, 1), "day"
    elif far * 24.0 >= 1.0:
        n, noun = round(far * 24.0), "hour"
    else:
        n, noun = round(far * 1440.0), "minute"
    return f"{short(n)} {plural(n, noun)} {word}"


def changed_text(target: Record, other: Record) -> str:
    """Say what of an incident is otherwise in another world: time, place, toll."""
    parts: list[str] = []
    if other.time != target.time:
        parts.append(apart_text(other.time - target.time))
    if other.site != target.site:
        parts.append("at another place")
    for name, now, then in zip(
        Effect._fields, target.effect, other.effect, strict=True
    ):
        word, _, side = name.partition("_")
        if word in ("killed", "wounded") and now != then:
            parts.append(f"{short(then)} {side} {word} instead of {short(now)}")
    if not parts and other.effect != target.effect:
        parts.append("in what it does")
    return ", ".join(parts)


def bans_text(explanation: Explanation) -> str:
    """Say how many classes of acts, kept from happening, prevent it."""
    tested, preventing = explanation.bans
    if not tested:
        return ""
    n, rest = len(preventing), len(tested) - len(preventing)
    does = "prevents it" if n < 2 else "prevent it"
    others = f"; the other {rest} {'does' if rest == 1 else 'do'} not" if rest else ""
    return (
        f"Of {len(tested)} whole class{'es' if len(tested) > 1 else ''} of acts, by "
        f"whomever, each kept from happening from a day on, {n or 'none'} {does}"
        f"{' (in the table, with the last day that is soon enough)' if n else ''}"
        f"{others if n else ''}."
    )


def swaps_text(explanation: Explanation) -> str:
    """Say what was put in place of what was, and whether that prevents it."""
    blamed, struck, preventing = explanation.swaps
    target = explanation.steps[-1].record
    if not blamed and not struck and Act.AIR_STRIKE not in like(target.act):
        return ""
    right = [one.number for one in preventing if one.given is None]
    light = [one.number for one in preventing if one.given is not None]
    parts: list[str] = []
    if target.actor >= 0 and explanation.scene.cast.suspects[target.actor]:
        label = capital(explanation.scene.scenario.actors[target.actor].label)
        laid, known = f"{len(blamed)} of the attacks", "for sure, one at a time"
        if len(blamed) == 1:
            laid, known = f"one attack, {named(explanation, blamed)},", "for sure"
        parts.append(
            f"{label} laid {laid} before it to another than who did it; with who did "
            f"it known {known}, {_prevent(explanation, right, blamed)}."
            if blamed
            else f"{label} laid none of the attacks before it to another than who did "
            "it, so that no attribution was put right."
        )
    if struck:
        which = (
            f"each of the {len(struck)} earlier air strikes and killings of militias' "
            "leaders with dead in turn"
        )
        which = named(explanation, struck) if len(struck) == 1 else which
        parts.append(
            f"With a strike that kills and wounds nobody in place of {which}, "
            f"{_prevent(explanation, light, struck)}."
        )
    else:
        parts.append(
            "No earlier air strike or killing of a militia's leader had dead, so that "
            "no lighter one was tried."
        )
    graver = [
        n
        for n, record in enumerate(explanation.log.incidents(), 1)
        if n < explanation.number
        and record.act in like(Act.AIR_STRIKE) - LIGHTER
        and any(record.effect[k] for k in KILLED)
    ]
    if graver:
        parts.append(
            f"{'; '.join(described(explanation, graver))}, had dead too, but "
            f"{'has' if len(graver) == 1 else 'have'} no lighter form to be tried."
        )
    return " ".join(parts)


def _prevent(
    explanation: Explanation, numbers: Sequence[int], tried: Sequence[int]
) -> str:
    """Say which of some that were tried prevent it."""
    if len(tried) == 1:
        return "it does not happen" if numbers else "it happens all the same"
    if not numbers:
        return "none prevents it"
    rest = len(tried) - len(numbers)
    does = "prevents it" if len(numbers) == 1 else "each prevent it"
    others = f", the other {rest} {'does' if rest == 1 else 'do'} not"
    return f"{named(explanation, numbers)} {does}{others if rest else ''}"


def swap_text(explanation: Explanation, swap: Swap) -> str:
    """Say what is put in place of what was."""
    record = list(explanation.log.incidents())[swap.number - 1]
    actor = explanation.scene.scenario.actors[record.actor].label
    label = f"[{swap.number}] {deed_label(record)}"
    if swap.given is None:
        return f"{label} laid to {actor}, who did it"
    return f"an air strike that kills and wounds nobody in place of {label}"


def ban_text(explanation: Explanation, ban: Ban) -> str:
    """Name a class of acts that is kept from happening, and from when on."""
    date = explanation.scene.scenario.start + timedelta(days=ban.day)
    return f"no {ACTS[ban.act].label} from {date} on"


def chance_text(explanation: Explanation) -> str:
    """Say how likely the incident was when it was decided, and what that means."""
    decision, last = explanation.steps[-1].decision, explanation.number
    if decision.kind == "own accord":
        least = decision.height / decision.weight
        return (
            f"The chance of it: [{last}] was done of its own accord, at a rate of "
            f"{short(decision.weight)} a day ({_rarely(decision.weight)}); that it "
            "came on this very day is chance. By its draw, the same in every replay, "
            "it comes wherever the rate at that moment is above "
            f"{short(decision.height)} a day: what lowers the rate by "
            f"{percent(1.0 - least)} %{_narrow(1.0 - least)} prevents this one, which "
            "says nothing of the next."
        )
    if decision.kind != "answer":
        return ""
    low, high = decision.span
    operation = explanation.log.operations[explanation.steps[-1].record.operation]
    text = (
        f"The chance of it: when [{last}] was decided, this choice "
        f"({operation.replace('_', ' ')}) had the probability "
        f"{short(decision.weight)}: {_of_so_many(decision.weight, 'such moments')} "
        "choose so."
    )
    if decision.others:
        each = "; ".join(f"{name} {short(p)}" for name, p in decision.others)
        text += f" Else: {each}."
    if not isnan(decision.height) and high - low < 1.0:
        below, above = decision.beside
        text += (
            f" Its draw, the same in every replay, was {short(decision.height)}; those "
            f"from {short(low)} to {short(high)} choose so."
        )
        for where, bound, other in (("below", low, below), ("above", high, above)):
            if other:
                margin = abs(decision.height - bound)
                text += (
                    f" Had it fallen just {where} {short(bound)}, {short(margin)} away"
                    f"{_narrow(margin / (high - low))}, it would have chosen "
                    f"{_article(other)}."
                )
    return f"{text} {chain_chance_text(explanation)}".strip()


def chain_chance_text(explanation: Explanation) -> str:
    """Say what of a chain has a chance, what is multiplied, and what is not."""
    chances, last = explanation.chances, explanation.number
    steps = {step.number: step for step in explanation.steps}
    before = [n for n in explanation.told_chain if n != last]
    if not before:
        return ""
    if len(chances) > 1:
        each = " x ".join(
            f"[{n}] {deed_label(steps[n].record)} ({short(chance)})"
            for n, chance in chances.items()
        )
        text = (
            f"The choices of its chain, {each}, come to {short(prod(chances.values()))}"
            ": the chance that each comes out so once its moment has come as it did."
        )
    else:
        text = f"Along its chain [{last}] alone is a choice: nothing is multiplied."
    if beside := explanation.chances_beside:
        each = ", ".join(
            f"[{n}] {deed_label(steps[n].record)} ({short(chance)})"
            for n, chance in beside.items()
        )
        text += (
            " Choices off the chain that it needs too, each with its probability, not "
            f"multiplied in: {each}."
        )
    rates = [
        f"[{n}] {deed_label(steps[n].record)} ({short(steps[n].decision.weight)} a day)"
        for n in before
        if steps[n].decision.kind == "own accord"
    ]
    if rates:
        text += f" That {', '.join(rates)} came, and when, has a rate and no chance."
    label = deed_label(steps[last].record)
    return (
        f"{text} Nor is it counted whom attacks hit, and to whom they were laid. So "
        f"this is not how often such {_article(label)} comes."
    )


def _of_so_many(share: float, things: str) -> str:
    """Write a probability as how many of how many, of so many that it is a few.

    >>> _of_so_many(0.3, "histories"), _of_so_many(0.008, "histories")
    ('of 100 histories some 30', 'of 1,000 histories some 8')
    """
    n = 100
    while 0.0 < share * n < 1.5:
        n *= 10
    return f"of {n:,} {things} some {share * n:.0f}"


def _narrow(margin: float) -> str:
    return " (a narrow margin)" if margin < NARROW else ""


def _article(choice: str) -> str:
    """Return a choice with its article.

    >>> _article("air strike"), _article("nothing")
    ('an air strike', 'nothing')
    """
    if choice == "nothing":
        return choice
    return f"{'an' if choice[0] in 'aeiou' else 'a'} {choice}"


NARROW: Final = 0.05
"""Share of a rate, or of the draws of a choice, of which less is called narrow."""


def _rarely(rate: float) -> str:
    days = 1.0 / rate
    return f"one in {short(days)} days" if days >= 1.0 else f"{short(rate)} in a day"


def _numbers(numbers: Sequence[int]) -> str:
    return ", ".join(f"[{number}]" for number in numbers)


def _like_label(explanation: Explanation) -> str:
    """Return what an incident and its like are called."""
    act = explanation.steps[-1].record.act
    return "strike" if Act.AIR_STRIKE in like(act) else ACTS[act].label


def _count_text(records: Sequence[Record]) -> str:
    """Count some of a like, direct strikes apart, since they are of another war."""
    n_direct = sum(record.act == Act.DIRECT_STRIKE for record in records)
    is_mixed = 0 < n_direct < len(records)
    return f"{len(records)}{f', of them {n_direct} direct' if is_mixed else ''}"


def named(explanation: Explanation, numbers: Sequence[int]) -> str:
    """Name incidents by number and deed, those of one deed together."""
    own = list(explanation.log.incidents())
    deeds: dict[str, list[int]] = {}
    for number in numbers:
        deeds.setdefault(deed_label(own[number - 1]), []).append(number)
    return "; ".join(f"{_numbers(n)} {deed}" for deed, n in deeds.items())


class PreventionRow(NamedTuple):
    """What would have prevented an incident, each alone, and what is then."""

    without: str
    effect: tuple[str, ...]
    """What comes in its place and after, how many in all, the dead, highest rung."""
    command: str
    """What tells the world without, of several of one effect the first's."""


def together_text(explanation: Explanation, numbers: Sequence[int]) -> str:
    """Name incidents that are left out together, with who did what and when."""
    text = "; ".join(described(explanation, numbers))
    return text if len(numbers) == 1 else f"{text}, together"


def prevention_rows(explanation: Explanation) -> list[PreventionRow]:
    """Return what would have prevented it; those of one effect are told once."""
    alike: dict[tuple[str, ...], list[Prevention]] = {}
    for one in explanation.preventions:
        alike.setdefault(_effect(explanation, one), []).append(one)
    rows: list[PreventionRow] = []
    for effect, some in alike.items():
        singles = [one.numbers[0] for one in some if len(one.numbers) == 1]
        texts = [f"without {_any(explanation, singles)}"] if singles else []
        texts += [
            f"without {named(explanation, one.numbers)} together"
            for one in some
            if len(one.numbers) > 1
        ]
        texts += [ban_text(explanation, one.ban) for one in some if one.ban]
        texts += [swap_text(explanation, one.swap) for one in some if one.swap]
        text = "; or ".join(texts)
        rows.append(PreventionRow(text, effect, explanation.command(some[0])))
    return rows


def _effect(explanation: Explanation, one: Prevention) -> tuple[str, ...]:
    """Return what a world has in place of an incident, and how it fares."""
    target = explanation.steps[-1].record
    place = "none"
    if one.instead is not None:
        apart = apart_text(one.instead.time - target.time)
        place = f"{incident_text(explanation, one.instead)}, {apart}"
    if one.following is not None and one.following == _next_of(explanation):
        place += f"; next {_known(explanation, one.following)}"
    else:
        place += f"; {_next_text(explanation, one.following)}"
    if one.worse is not None and one.worse != one.instead:
        text = f": {incident_text(explanation, one.worse)}"
        is_next = one.worse == one.following
        place += (
            f"{',' if is_next else ';'} new, on a higher rung{text * (not is_next)}"
        )
    was, then = peaks_of(explanation.log), one.peaks
    height = f"{then[0]}"
    if then[0] != was[0]:
        height += f", {'higher' if then[0] > was[0] else 'lower'}"
    own, given = (_count_text(some) for some in _by_origin(one.like))
    if given != _count_text(_by_origin(explanation.like)[1]):
        own += f"; put in {given}"
    if then[1] != was[1] and max(then[1], was[1]) > then[0]:
        height += f"; put in {then[1] or 'none'}"
    return place, own, _dead_text(one.dead), height


def _by_origin(records: Iterable[Record]) -> tuple[list[Record], list[Record]]:
    """Return those that happened by themselves, and those that were put in."""
    some = list(records)
    given = [one for one in some if is_put_in(one)]
    return [one for one in some if not is_put_in(one)], given


def _next_of(explanation: Explanation) -> Record | None:
    """Return the first of its like after the incident, as it was."""
    target = explanation.steps[-1].record
    return next((r for r in explanation.like if r.time > target.time), None)


def _known(explanation: Explanation, record: Record) -> str:
    """Return the number and act of an incident that was named before."""
    return incident_text(explanation, record).partition("]")[0] + "]"


def _next_text(explanation: Explanation, record: Record | None) -> str:
    """Name the next of its like after an incident."""
    if record is None:
        return "none after it"
    return f"next {incident_text(explanation, record)}"


def _dead_text(dead: tuple[float, float]) -> str:
    """Write the dead of a world, those of the foreign side apart."""
    return f"{short(dead[0])} ({short(dead[1])})"


def prevention_cells(
    explanation: Explanation,
) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return the heads and rows of what would have prevented it, and what is then."""
    label = _like_label(explanation)
    own, _ = (_count_text(some) for some in _by_origin(explanation.like))
    as_it_was = (
        "(as it was)",
        _next_text(explanation, _next_of(explanation)),
        own,
        _dead_text(dead_of(explanation.log)),
        f"{peaks_of(explanation.log)[0]}",
    )
    heads = (
        "what prevents it",
        f"{label} in its place; the next",
        "strikes" if label == "strike" else "how many",
        "dead (foreign)",
        "highest rung",
    )
    rows = prevention_rows(explanation)
    return heads, [as_it_was, *((row.without, *row.effect) for row in rows)]


def links_text(explanation: Explanation, step: Step, because: str) -> str:
    """Say what a step answers, and without what else it would not have been."""
    parts: list[str] = []
    words = {"answer": "answers", "follows": "follows"}
    if step.cause:
        word = words.get(step.decision.kind, "because of")
        parts.append(f"{word} [{step.cause}], {because}")
    elif step.decision.kind in ("answer", "broken off"):
        parts.append(_under_way(explanation.log, step))
    # Those that weigh by the same are told at once, whatever each of them moves.
    alike: dict[tuple[str, str], list[int]] = {}
    for number in step.contributors:
        alike.setdefault(_without_why(explanation, number, step), []).append(number)
    also = ""
    for numbers in alike.values():
        also = "nor if" if also else "would not have happened if"
        text = without_text(explanation, numbers, step)
        parts.append(f"{also} {_any_number(numbers)} were missing{text}")
    above = _above_text(explanation, step)
    parts += [above] if above else []
    if not parts:
        parts.append(
            {
                "own accord": f"of its own accord{several_text(explanation, step)}",
            }.get(step.decision.kind, PUT_IN.get(step.decision.kind, ""))
        )
    if step.alike:
        parts.append(alike_text(explanation, step))
    for one in explanation.spares:
        if one.number == step.number:
            then = _weight_text(one.decision)
            text = f"without it [{explanation.number}] happens all the same"
            if one.missed != explanation.number:
                text += f", as does [{one.missed}]"
            parts.append(f"{text}{f' ({then} then)' if then else ''}")
    leads = [
        after.number
        for after in explanation.steps
        if step.number in (after.cause, *after.contributors)
    ]
    if leads:
        parts.append(f"leads to {_numbers(leads)}")
    for before, after in explanation.routes:
        if before == step.number and after not in leads:
            way = routes_text(explanation, [before], after)
            parts.append(f"needed for [{after}] itself{way}")
    return "; ".join(parts)


def several_text(explanation: Explanation, step: Step) -> str:
    """Say that several made an actor's readiness what it was, where it decides."""
    is_decisive = any(
        reason.name == READINESS and abs(reason.factor - 1.0) >= LEAST_FACTOR
        for reason in step.decision.reasons
    )
    n = sum(word.startswith(("raised", "lowered")) for word in
            moves_text(explanation, step).split())  # fmt: skip
    several = ", though several between them made its readiness what it was"
    return several if is_decisive and n > 1 else ""


def _any_number(numbers: Sequence[int]) -> str:
    """Give the numbers of some of which each by itself is meant.

    >>> _any_number([3]), _any_number([3, 5]), _any_number([3, 5, 7])
    ('[3]', 'either of [3], [5]', 'any single one of [3], [5], [7]')
    """
    which = {1: "", 2: "either of "}.get(len(numbers), "any single one of ")
    return f"{which}{_numbers(numbers)}"


def _any(explanation: Explanation, numbers: Sequence[int]) -> str:
    """Name some of which each by itself is meant, with what they are."""
    which = {1: "", 2: "either of "}.get(len(numbers), "any single one of ")
    return f"{which}{named(explanation, numbers)}"


def alike_text(explanation: Explanation, step: Step) -> str:
    """Say why a step does not need some of the same sort as what it needs."""
    known = explanation.otherwise
    pairs = ((number, step.number) for number in step.alike)
    weights = [known[pair].weight for pair in pairs if pair in known]
    ends = dict.fromkeys(map(short, (min(weights), max(weights)))) if weights else {}
    then = " to ".join(ends)
    text = f"not needed: {named(explanation, step.alike)}; without "
    text += "it" if len(step.alike) == 1 else "any one"
    if step.decision.kind == "answer":
        return f"{text} its draw still gives this (probability {then})"
    return f"{text} the rate is still above {short(step.decision.height)} ({then})"


def _without_why(explanation: Explanation, number: int, step: Step) -> tuple[str, str]:
    """Say why a step is not without one that it needs: what differs, what is then."""
    if (one := explanation.otherwise.get((number, step.number))) is None:
        return "", ""
    decision = step.decision
    is_answer = decision.kind == "answer"
    why = "as it was"
    if short(one.weight) != short(decision.weight):
        why = f"not {short(decision.weight)}"
        if one.reasons:
            reason = one.reasons[0]
            meaning = reason.meaning[:1].lower() + reason.meaning[1:].rstrip(",")
            why += (
                f" ({meaning}: {_value(reason, reason.before)}, not "
                f"{_value(reason, reason.value)})"
            )
    then = ""
    if is_answer and one.drawn:
        by_draw = "this still" if one.is_enough else one.drawn
        then += f", and its draw, {short(decision.height)}, gives {by_draw}"
        if not one.is_enough and one.weight > 0.0:
            # By the weights alone the draw may seem to give it still.
            ends = [" to ".join(map(short, x)) for x in (decision.span, one.span)]
            then += f" (draws from {ends[0]} choose so, then those from {ends[1]})"
    if one.is_enough:
        if not is_answer:
            then += f", still above {short(decision.height)}"
        then += "; but time and place of what followed would be others"
        instead = explanation.in_stead.get((number, step.number))
        if instead is not None:
            apart = apart_text(instead.time - step.record.time)
            then += f": {incident_text(explanation, instead)}, {apart}"
    return why, then


def without_text(explanation: Explanation, numbers: Sequence[int], step: Step) -> str:
    """Say how a step would be decided without some that weigh by the same, each."""
    why, then = _without_why(explanation, numbers[0], step)
    text = ""
    if why:
        weights = [explanation.otherwise[n, step.number].weight for n in numbers]
        ends = dict.fromkeys(map(short, (min(weights), max(weights))))
        word = "probability" if step.decision.kind == "answer" else "rate"
        text = f": the {word} would be {' to '.join(ends)}{', ' * (why[0] == 'n')}"
        text += f"{why}{then}" if why[0] == "n" else f" {why}{then}"
    return text + routes_text(explanation, numbers, step.number)


def _above_text(explanation: Explanation, step: Step) -> str:
    """Say above which rate a step comes by its draw, where it needs others for that."""
    decision = step.decision
    pairs = ((number, step.number) for number in step.contributors)
    if decision.kind != "own accord" or not any(
        pair in explanation.otherwise for pair in pairs
    ):
        return ""
    margin = _narrow(1.0 - decision.height / decision.weight)
    return f"by its draw it comes only above a rate of {short(decision.height)}{margin}"


def _weight_text(decision: Decision) -> str:
    """Write the rate or the probability by which an incident came, if it has one."""
    if decision.kind == "own accord":
        return f"rate {short(decision.weight)} a day"
    return f"probability {short(decision.weight)}" if decision.kind == "answer" else ""


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


def reasons_text(decision: Decision, moves: str = "") -> str:
    """Say in sentences what weighed most in a decision, by the rule itself.

    `moves` says by which moves readiness came to be what it was.
    """
    is_answer = decision.kind == "answer"
    if decision.kind == "own accord":
        text = f"It did so at a rate of {short(decision.weight)} a day then"
    elif is_answer:
        text = f"It chose so with probability {short(decision.weight)} then"
    else:
        return ""
    before = short(decision.before)
    if short(decision.weight) != before:
        text += f", {before} as things stood at the start"
    weighed = [
        reason_text(reason, is_answer, moves if reason.name == READINESS else "")
        for reason in decision.reasons
        if abs(reason.factor - 1.0) >= LEAST_FACTOR
    ]
    return " ".join(f"{sentence}." for sentence in (text, *weighed))


LEAST_FACTOR = 0.03
"""What moves a rate by less is not told; `--json` has it."""

READINESS: Final = "level"
"""The field of a militia's view that its moves of readiness set."""

MOST_MOVES: Final = 4
"""Moves of readiness that are named, the latest."""


def moves_text(explanation: Explanation, step: Step) -> str:
    """Say by which moves an actor's readiness came to be what it was at a decision."""
    moved = {Act.READINESS_RAISED: "raised", Act.READINESS_LOWERED: "lowered"}
    start = explanation.scene.scenario.start
    moves = [
        f"{moved[Act(record.act)]} {start + timedelta(days=record.time)} in [{n}]"
        for n, record in enumerate(explanation.log.incidents(), 1)
        if record.act in moved
        and (record.actor, record.target) == (step.record.actor, step.record.target)
        and record.time <= step.decision.day
        and n != step.number
    ]
    more = len(moves) - MOST_MOVES
    some = f"the last {MOST_MOVES} of {len(moves)} moves: " if more > 0 else ""
    return some + ", ".join(moves[-MOST_MOVES:])


NEVER_DAYS: Final = 36500.0
"""Days since something that has never been."""


def reason_text(reason: Reason, is_answer: bool, moves: str = "") -> str:
    """Say in a sentence what one thing that an actor knew did to a rate or choice."""
    now, before = _value(reason, reason.value, moves), _value(reason, reason.before)
    if reason.factor == inf:
        done = "chosen" if is_answer else "done"
        effect = f"else it would never have {done} so"
    else:
        of = "probability" if is_answer else "rate"
        effect = f"{short(reason.factor)} times the {of}"
    if reason.meaning.startswith("Whether "):
        state = reason.meaning.removeprefix("Whether ")
        is_so = "now held" if reason.value else "no longer held"
        return f"That {state} {is_so}, unlike at the start: {effect}"
    were = "were" if reason.meaning.startswith("Days ") else "was"
    return f"{reason.meaning} {were} {now}, at the start {before}: {effect}"


def _value(reason: Reason, value: float, moves: str = "") -> str:
    """Write a value of what an actor knew, with the rule's word for it."""
    word = "; ".join(filter(None, (reason.words[value != reason.value], moves)))
    if reason.name.startswith("since") and value >= NEVER_DAYS:
        return "never"
    return f"{short(value)} ({word})" if word else short(value)


def preventions_legend(explanation: Explanation) -> str:
    """Say what is counted in the table of what would have prevented it."""
    is_strike = _like_label(explanation) == "strike"
    own = list(explanation.log.incidents())
    given = {one.identity for one in _by_origin(explanation.like)[1]}
    numbers = [n for n, record in enumerate(own, 1) if record.identity in given]
    rung = peaks_of(explanation.log)[1]
    which = (
        " Strikes are air strikes, killings of leaders and direct strikes of one state "
        "on another."
    )
    named_ones = "; ".join(described(explanation, numbers))
    some = f" ({'of strikes' if is_strike else 'of its kind'}: {named_ones})"
    put_in = (
        f" Counts and rungs leave out what was put in, up to rung {rung}"
        f"{some * bool(numbers)}; it is in every row, unless that says otherwise, even "
        "where what it answered in history is left out."
    )
    return (
        "Each row is one replay to its end, in which all that is not moved by what is "
        "otherwise comes out as it did; by other draws it may be otherwise. In its "
        f"place is what comes within {INSTEAD_DAYS:.0f} days.{which * is_strike}"
        f"{put_in * (rung > 0)} The dead are all, of all sides (foreign ones in "
        "brackets)."
    )


TERMS: Final = (
    (r"\brate\b", "A rate is how often a day an actor would do such a thing, were all "
     "to stay as it was then; by its draw, the same in every replay, it comes wherever "
     "its rate lies above the number that is told."),
    (r"\bprobability\b", "A probability is that of this choice once its moment had "
     "come; its draw, the same in every replay, then decides."),
    (r"narrow margin", "A margin is narrow where the draw lay within 5 % of the rate, "
     "or of the draws of this choice, from coming out otherwise."),
    (r"[Rr]eadiness|readies itself", "Readiness is how far a militia is set on "
     "attacking one actor, which nobody else sees: 0 quiet, 1 harassment, 2 surge, one "
     "move at a time; the higher, the more often it attacks."),
    (r"\b[Ll]ean\b", "Lean is what orders obeyed, strikes, raids, releases, talks, "
     "hand-overs and what other militias announce, as far as it remembers them, weigh "
     "with a militia together, in log odds: above 0 it raises its readiness more "
     "often, below 0 it lowers it more often."),
    (r"announce|suspend", "To announce is to say openly that a campaign of attacks "
     "begins, or that attacks are suspended; it moves the lean of other militias."),
    (r"\b[Oo]rder", "An order is the sponsor's to a militia, to attack or to hold "
     "fire; what is obeyed moves its lean."),
    (r"\btruce\b", "A truce is called by the sponsor; a militia that keeps it fires "
     "nothing."),
    (r"holds its fire", "Who holds its fire, as ordered or announced, fires nothing "
     "for some days."),
    (r"\b[Hh]arm\b", "Harm is in deaths: one of 12 weighs as 12 killed; wounded count "
     "in part, and what is laid to an actor by how surely it was the one."),
    (r"no longer counts", "What no longer counts toward an answer was weighed before "
     "without one, or came while one was being prepared; only the rest of the harm "
     "makes an answer likelier."),
    (r"attributes to|laid to|lays to", "To lay an attack to an actor, or attribute it, "
     "is to hold that it did it, rightly or wrongly."),
    (r"[Dd]emands", "Demands that it leave, by hosts and others, weigh by how many "
     "came and how lately; who hears them bears more before it strikes."),
    (r"last demand", "A demand to a host is to act; as long as that, or a sanction, "
     "stands, no other follows."),
    (r"losses of means", "Means are launchers and teams; what was seized, destroyed or "
     "stopped lowers the rate of attacks until it is made good."),
    (r"[Bb]reach", "A breach is what a host holds to be against its rules on its soil, "
     "such as a strike there, counted in strikes."),
    (r"\b[Pp]rotest", "A protest is a host's formal one, or its demand to leave."),
    (r"[Aa]uthority", "Authority, 0 to 1, is how far others heed an actor's orders or "
     "rule."),
    (r"[Ww]ill to act", "The will to act, 0 to 1, is how ready a host is to move "
     "against militias."),
    (r"[Ii]nquiries", "Inquiries give a host leads on who is to be arrested."),
    (r"custody", "In custody are the arrested who were not released."),
    (r"commander", "The commander is the sponsor's, who is over the militias."),
    (r"\b[Rr]ule against|hosts' rules", "A rule is a host's, that movements or access "
     "need its leave."),
    (r"menaces", "Menaces are threats and campaigns announced."),
    (r"as author", "Who the author of an attack was is judged by what was said and "
     "found."),
    (r"last attacked|answer by force|direct strike", "A direct strike is one of a "
     "state on another; an answer by force is any strike."),
    (r"storming", "The storming is that of the embassy."),
    (r"asks of its clients|that client", "Clients are the militias of a sponsor."),
    (r"foreign death|\d foreign|coalition", "Foreign dead are the outcomes' coalition "
     "deaths."),
)  # fmt: skip
"""What a word in an explanation means, by a pattern of it."""


def marks_legend(explanation: Explanation) -> str:
    """Say what the marks and the numbers of the steps mean."""
    last = explanation.number
    numbers = "Numbers in brackets are those of escalade replay --every."
    if len(explanation.steps) == 1:
        return numbers
    return (
        f"= marks [{last}] itself, * what it needs: a replay without that alone lacks "
        f"[{last}]. What has no mark is needed for one that is told here, but [{last}] "
        f"comes without it. {numbers}"
    )


def reasons_legend(explanation: Explanation, steps: Sequence[StepText]) -> str:
    """Say what marks, numbers, and words of an explanation mean; no others."""
    text = " ".join(
        (
            *(" ".join((s.sentence.text, s.links, s.reasons, s.weight)) for s in steps),
            ending(explanation),
            chance_text(explanation),
        )
    )
    lines = [
        "What weighed is asked of the actor's own rule: what it knew then, one thing "
        "at a time put back to what it was at the start, the others as they were then. "
        "Where none is named as needed for one, no single earlier incident was."
    ]
    lines += [meaning for pattern, meaning in TERMS if re.search(pattern, text)]
    return " ".join(lines)


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
    difference: Difference, scenario: Scenario, names: Iterable[str]
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
    but_for: ButFor, scenario: Scenario
) -> tuple[list[tuple[str, ...]], list[list[tuple[str, ...]]]]:
    """Return the heads and the rows of two tables: what happens or not, and counts."""
    table = outcomes_for(scenario)
    word = "put in" if but_for.is_put_in else "without"
    would = "did not, would" if but_for.is_put_in else "did, would not"
    shares = [
        (
            table[name].label,
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
            table[name].label,
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


def path_cells(paths: Paths, most: int) -> list[tuple[str, ...]]:
    """Return a row a way to an outcome, the most frequent first, the rest as one."""
    cells = [
        (
            way_text(path.acts),
            f"{path.n}",
            percent(path.share),
            ends(path.low, path.high),
            f"{path.example}",
        )
        for path in paths.paths[:most]
    ]
    if rest := paths.paths[most:]:
        n = sum(path.n for path in rest)
        share, low, high = wilson(n, paths.n_reached)
        others = f"{len(rest)} other {plural(len(rest), 'way')}"
        cells.append((others, f"{n}", percent(share), ends(low, high), ""))
    return cells


def way_text(acts: Sequence[str]) -> str:
    """Return a chain of acts by label; several in a row are told once.

    >>> way_text(["raid", "rocket_attack", "rocket_attack", "air_strike"])
    'raid → rocket attack (2) → air strike'
    """
    parts = [(label_named(act), len(list(same))) for act, same in groupby(acts)]
    return " → ".join(act if n == 1 else f"{act} ({n})" for act, n in parts)


def ramp_cells(paths: Paths) -> list[tuple[str, ...]]:
    """Return a row an act: how often nothing comes of it, and else what."""
    return [
        (
            label_named(ramp.act),
            f"{ramp.n}",
            percent(ramp.share),
            ends(ramp.low, ramp.high),
            f"{label_named(ramp.next)} ({percent(ramp.next_share)} %)"
            if ramp.next
            else "",
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
        f"{counts['vanished']} vanish and {counts['new']} "
        f"{'is' if counts['new'] == 1 else 'are'} new; all under this "
        "coupling: each draw that both worlds make is the same in both."
    )

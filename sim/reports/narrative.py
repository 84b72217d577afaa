"""One replication told as a story: dated sentences, each with what it answers.

Only incidents are told, and of them none that an actor has to itself: nobody observes
its readiness. A sentence gives what is true; a note after it says what the press knew.
The cause of an incident is followed back, through the stages of its operation and what
is not told, to the incident that it answers. A claim is told with its attack where
both are of one day.
"""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple

from sim.digits import capital, plural
from sim.engine.cast import row_identity
from sim.engine.log import (
    NOBODY,
    UNREPORTED,
    IncidentLog,
    Origin,
    Record,
    RecordType,
    Report,
)
from sim.ladder import ACTS, Act, Visibility, name_of
from sim.rules.behaviour import Side

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.scenario.scenario import Scenario


class Sentence(NamedTuple):
    """One incident, told."""

    when: datetime
    """Local time of the scenario."""
    has_hour: bool
    """Whether it is told by hour and minute, or by its day alone."""
    day: float
    """Days since the scenario's start."""
    number: int
    """Its number among all incidents of the log, from 1, those not told among them."""
    act: str
    text: str
    because: str
    """What it answers, breaks off or follows; empty for an act of its own accord."""
    cause: int
    """Number of the incident that `because` speaks of, 0 for none; a claim that is told
    with its attack stands there, with its own number."""
    press: str
    """What the press made of it."""
    is_given: bool
    """Whether it was put in from outside."""

    @property
    def date(self) -> str:
        """Its date, with the hour where it has one."""
        return f"{self.when:%Y-%m-%d %H:%M}"[: 16 if self.has_hour else 10]


def narrate(
    log: IncidentLog, scenario: Scenario, *, every: bool = False
) -> list[Sentence]:
    """Tell a replication, in order: a sentence an incident.

    With `every` also what an actor has to itself, and each claim apart: sentence n is
    incident n of the log.
    """
    teller = _Teller(log, scenario, every=every)
    return list(teller.sentences())


class _Teller:
    """The names and the records by identity that every sentence needs."""

    def __init__(self, log: IncidentLog, scenario: Scenario, *, every: bool) -> None:
        self.log = log
        self.every = every
        self.untold = () if every else UNTOLD
        self.sides = [actor.kind.side for actor in scenario.actors]
        self.facades = scenario.facades
        self.labels = [actor.label for actor in scenario.actors]
        self.foreign = " and ".join(
            actor.label for actor in scenario.actors if actor.kind.side == Side.FOREIGN
        )
        self.sites = [site.label for site in scenario.sites]
        self.means = [means.label for means in scenario.means]
        self.laid = [
            k for k, one in enumerate(scenario.means) if one.act == Act.CONVOY_BOMB
        ]
        self.sponsors = [
            actor.label for actor in scenario.actors if actor.kind.side == Side.SPONSOR
        ]
        self.start = datetime.combine(scenario.start, time())
        self.by_identity = {record.identity: record for record in log.records}
        self.numbers: dict[int, int] = {}
        self.places = {one.identity: n for n, one in enumerate(log.incidents(), 1)}
        history = scenario.history
        rows = () if history is None else history.rows
        self.blank = {row_identity(row.identity): row.blank for row in rows}
        self.others = {row_identity(row.identity): row.others for row in rows}
        self.blamed = {
            (record.cause, record.actor): record.target
            for record in log.records
            if record.record_type == RecordType.PERCEPTION
        }
        self.replies = {
            record.cause: record.act
            for record in log.incidents()
            if record.act in (Act.COMPLIANCE, Act.DISOBEDIENCE)
        }
        self.claims = {
            record.cause: (record, report)
            for record, report in zip(log.records, log.reports, strict=True)
            if self.is_own_claim(record)
        }

    def is_own_claim(self, record: Record) -> bool:
        """Whether a record is an actor's claim to an attack of its own."""
        cause = self.by_identity.get(record.cause)
        return (
            record.record_type == RecordType.INCIDENT
            and record.act == Act.CLAIM
            and cause is not None
            and cause.record_type == RecordType.INCIDENT
            and ACTS[cause.act].visibility == Visibility.COVERT
            and cause.actor == record.actor
        )

    def is_told_with_attack(self, claim: Record) -> bool:
        """Whether an actor's claim to its own attack is of the same day."""
        attack = self.by_identity[claim.cause]
        return not self.every and int(attack.time) == int(claim.time)

    def sentences(self) -> Iterator[Sentence]:
        number = 0
        for record, report in zip(self.log.records, self.log.reports, strict=True):
            if record.record_type != RecordType.INCIDENT:
                continue
            number += 1
            if record.act in self.untold:
                continue
            if self.is_own_claim(record) and self.is_told_with_attack(record):
                self.numbers[record.identity] = number
                continue
            self.numbers[record.identity] = number
            because, cause = self.because(record)
            yield Sentence(
                when=self.start + timedelta(days=record.time),
                has_hour=_has_hour(record),
                day=record.time,
                number=number,
                act=name_of(record.act),
                text=self.text(record),
                because=because,
                cause=cause,
                press=self.press(record, report),
                is_given=record.origin != Origin.SIMULATED,
            )

    def who(self, index: int) -> str:
        return self.labels[index] if index >= 0 else ""

    def side(self, index: int) -> Side | None:
        return self.sides[index] if index >= 0 else None

    def text(self, record: Record) -> str:
        target = self.who(record.target)
        place = self.sites[record.site] if record.site >= 0 else ""
        aim = f"at {place or target}" if place or target else ""
        text = _filled(
            self.sentence(record),
            {
                "actor": self.speaker(record),
                "target": target,
                "place": place,
                "aim": f"{aim}, against {target}" if place and target else aim,
                "base": place or "a base",
                "forces": target or "foreign forces",
                "foreign": self.foreign,
                "rounds": self.amount(record, "rounds", self.means_of(record, "rocket"))
                or "no rockets",
                "launchers": self.launchers(record),
                "persons": self.amount(record, "persons", "person"),
            },
        )
        text = capital(text) + self.toll(record)
        if record.identity in self.claims:
            claim, _ = self.claims[record.identity]
            name = self.facade(claim)
            if self.is_told_with_attack(claim):
                text += f", and claims it{f' as {name}' if name else ''}"
                text += f" (incident {self.places[claim.identity]})"
        return text

    def sentence(self, record: Record) -> str:
        """Return the sentence of an act, by who did it to whom and what it answers."""
        act, cause = Act(record.act), self.by_identity.get(record.cause)
        asked = Act(cause.act) if cause is not None else Act.NONE
        actor, target = self.side(record.actor), self.side(record.target)
        sentence = _TOLD[act]
        if (act, target) in _TOWARD:
            sentence = _TOWARD[act, target]
        elif act == Act.DEMAND and actor != Side.FOREIGN:
            sentence = _RELEASE_DEMANDED if asked == Act.ARREST else _DEMANDED
        elif act == Act.DENIAL and actor != Side.MILITIA:
            sentence = "{actor} denies what it is accused of[ by {target}]"
        elif act == Act.TALKS and Side.HOST in (actor, target):
            sentence += " on the presence of foreign forces"
        elif act == Act.VISIT and actor != Side.SPONSOR:
            sentence = "{actor} pays a visit[ to {target}]"
        elif act in (Act.COMPLIANCE, Act.DISOBEDIENCE):
            sentence = _ANSWERED.get((act, asked), sentence)
        elif act == Act.TRUCE_END:
            sentence = sentence.replace(" ends", self.keeping(record) + " ends")
        order = cause if act in (Act.COMPLIANCE, Act.DISOBEDIENCE) else record
        if (
            order is not None
            and order.act == Act.DIRECTIVE_PRESS
            and order.effect.rounds > 0
        ):
            sentence += " at once"
        return sentence

    def keeping(self, end: Record) -> str:
        """Return what became of a truce that ends, where it was not kept."""
        called = 0
        for record in self.log.incidents():
            if record.time > end.time:
                break
            parties = (record.actor, record.target)
            if record.act == Act.TRUCE and parties == (end.actor, end.target):
                called = record.identity
        reply = self.replies.get(called)
        if reply == Act.COMPLIANCE or not called:
            return ""
        if reply == Act.DISOBEDIENCE:
            return "[, which {target} never kept,]"
        return "[, which {target} never said that it would keep,]"

    def facade(self, record: Record) -> str:
        """Return the name under which an actor claims, if it is not its own."""
        name = ""
        for facade in self.facades:
            is_owner = self.log.actor_name(record.actor) == facade.owner
            if is_owner and record.time >= facade.since:
                name = facade.label
        return name

    def speaker(self, record: Record) -> str:
        """Return who is heard to speak: a claim may be made under another name."""
        actor = self.who(record.actor) or "an unknown party"
        name = self.facade(record) if record.act == Act.CLAIM else ""
        return f"{name}, a name of {actor}," if name else actor

    def amount(self, record: Record, field: str, one: str) -> str:
        """Return a number with its noun; what the record leaves blank is not none."""
        value: float = getattr(record.effect, field)
        is_blank = field in self.blank.get(record.identity, ())
        is_blank |= not value and record.origin == Origin.DEVELOPMENT
        is_blank &= record.act != Act.THWARTED_ATTACK  # what is seized is told apart
        return f"an unrecorded number of {one}s" if is_blank else _count(value, one)

    def means_of(self, record: Record, otherwise: str) -> str:
        """Return what one round of an act's means is called."""
        if record.effect.means <= 0:
            return otherwise
        return self.means[int(record.effect.means) - 1].removesuffix("s")

    def launchers(self, record: Record) -> str:
        """Return the launchers taken, and of which means where there are several."""
        means = int(record.effect.means) - 1
        one = "team" if means >= 0 and means in self.laid else "launcher"
        text = self.amount(record, "launchers", one)
        if text and means >= 0 and len(self.means) > 1:
            text += f" for {self.means[means]}"
        return text

    def toll(self, record: Record) -> str:
        effect = record.effect
        parts: list[str] = []
        is_known = "hits" not in self.blank.get(record.identity, ())
        if record.act == Act.ROCKET_ATTACK and effect.rounds > 0 and is_known:
            parts.append(f"{effect.hits:.0f} in the target area")
        if record.act == Act.ROCKET_ATTACK and effect.unfired > 0:
            parts.append(f"{effect.unfired:.0f} failed to fire")
        if record.act == Act.ROCKET_ATTACK and effect.intercepted > 0:
            parts.append(f"{effect.intercepted:.0f} stopped by defences")
        if record.act == Act.AIR_STRIKE and effect.launchers > 0:
            parts.append(f"{self.launchers(record)} destroyed")
        one = {
            Act.MILITIA_LEADER_KILLING: "leader",
            Act.LEADER_KILLING: "commander",
        }.get(Act(record.act), "")
        others = self.others.get(record.identity, (0.0, 0.0))
        for harm, counts, untold in (
            ("killed", effect[3:8], others[0]),
            ("wounded", effect[8:13], others[1]),
        ):
            persons = [
                f"{value:.0f} {self.people(side, value, record)}"
                for side, value in zip(Side, counts, strict=True)
                if value > 0
            ]
            if untold > 0:
                persons.append(f"{untold:.0f} of a side that the record does not tell")
            whole = sum(counts) + untold
            if one and harm == "killed" and whole == 1:
                parts.append("no one else killed")
            elif one and harm == "killed" and whole > 1:
                parts.append(f"killed, the {one} among them: {', '.join(persons)}")
            elif len(persons) > 1:
                parts.append(f"{whole:.0f} {harm}: {', '.join(persons)}")
            elif persons:
                parts.append(f"{harm}: {persons[0]}")
        return f" ({'; '.join(parts)})" if parts else ""

    def people(self, side: Side, value: float, record: Record) -> str:
        """Return how the dead or wounded of a side are called, by their number."""
        if side in _SIDES:
            return _SIDES[side][value != 1]
        if self.side(record.target) == Side.SPONSOR:
            return f"of {self.who(record.target)}'s people"
        return f"of the people of {' or '.join(self.sponsors)}"

    def because(self, record: Record) -> tuple[str, int]:
        cause = self.by_identity.get(record.cause)
        interrupted = (
            cause is not None
            and cause.record_type == RecordType.STAGE
            and record.act == Act.THWARTED_ATTACK
        )
        if interrupted:
            return "those who prepared it were noticed", 0
        while cause is not None and (
            cause.record_type == RecordType.STAGE or cause.act in self.untold
        ):
            cause = self.by_identity.get(cause.cause)
        if cause is None:
            return "", 0
        number = self.numbers.get(cause.identity, 0)
        deed = _DEEDS.get(Act(cause.act), ACTS[cause.act].label)
        if (
            cause.act == Act.ROCKET_ATTACK
            and self.means_of(cause, "rocket") != "rocket"
        ):
            deed = "attack"
        if cause.act == Act.DEMAND and self.side(cause.actor) != Side.FOREIGN:
            deed = "demand"
        when = self.start + timedelta(days=cause.time)
        hour = f" {when:%H:%M}" if _has_hour(cause) else ""
        text = f"the {deed} of {when:%-d %b}{hour}"
        if record.actor == cause.actor and cause.act in _FORCE:
            text = f"what was done to it while it was preparing {text}"
        if record.act == Act.TRUCE and cause.act == Act.EVACUATION_THREAT:
            text += (
                f": that would cost its host, and {self.who(record.actor)} through it, "
                "more than the attacks gain"
            )
        if record.act == Act.TRUCE_END and cause.act == Act.TRUCE:
            text = f"its term, which began with {text}"
        held = self.blamed.get((cause.identity, record.actor), NOBODY)
        if (
            ACTS[cause.act].visibility == Visibility.COVERT
            and held != NOBODY
            and record.actor != cause.actor
        ):
            text += f", which it attributes to {self.who(held)}"
            if cause.actor not in (held, NOBODY):
                text += f", though {self.who(cause.actor)} did it"
        return text, number

    def press(self, record: Record, report: Report) -> str:
        """Return what the press made of an incident, and of its author's claim."""
        if not report.is_reported:
            return "unreported"
        claim, heard = self.claims.get(record.identity, (record, UNREPORTED))
        if report.actor != NOBODY:
            text = "reported"
        elif heard.is_reported:
            text = f"reported, claimed by {self.facade(claim) or self.who(claim.actor)}"
            if not self.is_told_with_attack(claim):
                text += f" on {self.start + timedelta(days=claim.time):%-d %b}"
            return text
        elif record.act == Act.THWARTED_ATTACK:
            text = "reported, whose attack it was unknown"
        else:
            text = "reported, author unknown"
        is_claimed = claim is not record and self.is_told_with_attack(claim)
        if is_claimed and not heard.is_reported:
            text += ", the claim unreported"
        return text


UNTOLD = (Act.READINESS_RAISED, Act.READINESS_LOWERED)
"""Acts that an actor has to itself; the log keeps them."""

_KILLINGS = (Act.MILITIA_LEADER_KILLING, Act.LEADER_KILLING)

_FORCE = (Act.AIR_STRIKE, *_KILLINGS, Act.DIRECT_STRIKE)
"""Answers after whose landing an actor weighs what came while it prepared them."""

_BY_THE_HOUR = (
    *_FORCE,
    Act.ROCKET_ATTACK,
    Act.CONVOY_BOMB,
    Act.THWARTED_ATTACK,
    Act.RAID,
    Act.ARREST,
    Act.SEIZURE,
    Act.EMBASSY_STORMING,
)
"""Acts of force: what happens at any hour."""

_SIDES = {
    Side.FOREIGN: ("foreign", "foreign"),
    Side.HOST: ("on the host's side", "on the host's side"),
    Side.CIVILIAN: ("civilian", "civilians"),
    Side.MILITIA: ("militia member", "militia members"),
}
"""How one and several of each side are counted among dead and wounded."""

_DEEDS = {
    Act.THWARTED_ATTACK: "thwarted attack",
    Act.TRUCE: "call for a truce",
    Act.COMPLIANCE: "decision to obey",
    Act.DISOBEDIENCE: "decision not to obey",
    Act.GOVERNMENT_SWORN_IN: "swearing-in of a government",
    Act.APPOINTMENT: "taking over by a successor",
    Act.RULE_LIFTED: "lifting of the rule",
    Act.READINESS_RAISED: "move to more attacks",
    Act.READINESS_LOWERED: "move to fewer attacks",
    Act.CAMPAIGN: "announcement of a campaign",
    Act.SUSPENSION: "suspension of attacks",
}
"""How a cause is called where its act's label does not stand after an article."""

_TOWARD: dict[tuple[Act, Side | None], str] = {
    (Act.ACCUSATION, Side.FOREIGN): "{actor} accuses {target} of breaching its "
    "sovereignty",
    (Act.ACCUSATION, Side.SPONSOR): "{actor} accuses {target} of standing behind the "
    "attacks",
    (Act.ADMISSION, Side.HOST): "{actor} tells {target} that the attacks were its own",
    (Act.DIRECT_STRIKE, Side.FOREIGN): "{actor} carries out a direct strike on forces "
    "of {target}[ at {place}]",
    (Act.ULTIMATUM, None): "{actor} issues an ultimatum in public",
    (Act.LEADER_KILLING, Side.SPONSOR): "{actor} kills the commander of {target}'s "
    "militias[ at {place}]",
}
"""What is said or done, by the side that it is said or done to."""

_DEMANDED = "{actor} makes demands[ of {target}]"
_RELEASE_DEMANDED = "{actor} demands the release of its people[ from {target}]"

_ANSWERED = {
    (Act.COMPLIANCE, Act.DIRECTIVE_PRESS): "{actor} obeys the order[ of {target}] to "
    "attack",
    (Act.COMPLIANCE, Act.DIRECTIVE_HOLD): "{actor} obeys the order[ of {target}] to "
    "hold fire",
    (Act.COMPLIANCE, Act.TRUCE): "{actor} keeps the truce[ that {target} called for]",
    (Act.DISOBEDIENCE, Act.DIRECTIVE_PRESS): "{actor} does as it would without the "
    "order[ of {target}] to attack",
    (Act.DISOBEDIENCE, Act.DIRECTIVE_HOLD): "{actor} does as it would without the "
    "order[ of {target}] to hold fire",
    (Act.DISOBEDIENCE, Act.TRUCE): "{actor} does not keep the truce[ that {target} "
    "called for]",
}
"""What is obeyed or not, by the act that asked for it."""

_TOLD = {
    Act.ROCKET_ATTACK: "{actor} fires {rounds}[ {aim}]",
    Act.THWARTED_ATTACK: "{actor} thwarts an attack[ by {target}][ at {place}]"
    "[ and takes {launchers}]",
    Act.CONVOY_BOMB: "{actor} sets off a roadside bomb[ against those who supply or "
    "serve {target}][ at {place}]",
    Act.RAID: "{actor} carries out a raid[ on {target}]",
    Act.ARREST: "{actor} arrests people[ of {target}][ ({persons})]",
    Act.SEIZURE: "{actor} seizes weapons[ of {target}][ ({launchers})]",
    Act.RELEASE: "{actor} releases people[ of {target}][ ({persons})]",
    Act.THREAT: "{actor} makes threats[ against {target}]",
    Act.CLAIM: "{actor} claims an attack[ on {target}]",
    Act.DENIAL: "{actor} denies an attack[ on {target}]",
    Act.PRAISE: "{actor} praises what was done[ to {target}]",
    Act.ACCUSATION: "{actor} makes accusations[ against {target}]",
    Act.PROTEST_NOTE: "{actor} makes a formal protest[ to {target}]",
    Act.DEMONSTRATION: "Supporters of {actor} demonstrate[ against {target}]"
    "[ at {place}]",
    Act.SHOW_OF_FORCE: "{actor} makes a show of force[ towards {target}]",
    Act.DEFIANCE: "Released members of {actor} show defiance[ of {target}] in public",
    Act.DEMAND_TO_LEAVE: "{actor} says that {forces} should leave the country",
    Act.EXPULSION_VOTE: "The parliament of {actor} votes to expel {forces}",
    Act.EXPULSION: "{actor} formally requests {forces} to leave the country",
    Act.PERMIT_RULE: "{actor} makes entry subject to a permit[ for {target}]",
    Act.RULE_LIFTED: "{actor} lifts its rule on entry[ for {target}]",
    Act.EMBASSY_STORMING: "Supporters of {actor} storm the embassy[ of {target}]"
    "[ at {place}]",
    Act.EVACUATION_THREAT: "{actor} threatens to leave[ {target}]",
    Act.READINESS_RAISED: "{actor} readies itself for more attacks[ on {target}]",
    Act.READINESS_LOWERED: "{actor} readies itself for fewer attacks[ on {target}]",
    Act.CAMPAIGN: "{actor} announces a campaign[ against {target}]",
    Act.SUSPENSION: "{actor} announces that it suspends its attacks[ on {target}]",
    Act.EVACUATION: "{actor} brings its people out[ of {target}][ at {place}]",
    Act.GOVERNMENT_SWORN_IN: "A new government of {actor} is sworn in",
    Act.SANCTION: "{actor} announces sanctions[ against {target}]",
    Act.MOBILISATION: "{actor} sends reinforcements[ as a warning to {target}]",
    Act.MILITIA_LEADER_KILLING: "{actor} kills a leader[ of {target}][ at {place}]",
    Act.APPOINTMENT: "A successor takes full charge of {actor}'s militias",
    Act.TRUCE: "{actor} calls on its client[ {target}] to keep a truce[ with "
    "{foreign}]",
    Act.TRUCE_END: "The truce[ of {target}][ with {foreign}] that {actor} called for "
    "ends",
    Act.VISIT: "The commander of {actor}'s militias pays a visit[ to {target}]",
    Act.TALKS: "{actor} holds talks[ with {target}]",
    Act.SUPPORT: "{actor} shows its support[ for {target}]",
    Act.ULTIMATUM: "{actor} issues an ultimatum[ to {target}]",
    Act.ADMISSION: "{actor} admits attacks[ on {target}]",
    Act.DEMAND: "{actor} demands action[ by {target}] against the militias",
    Act.AIR_STRIKE: "{actor} carries out an air strike[ on {target}]",
    Act.LEADER_KILLING: "{actor} kills a leader[ of {target}][ at {place}]",
    Act.DIRECT_STRIKE: "{actor} carries out a direct strike[ on {target}][ at {place}]",
    Act.INVESTIGATION: "{actor} gathers intelligence[ on {target}]",
    Act.DIRECTIVE_PRESS: "{actor} gives[ {target}] the order to attack",
    Act.DIRECTIVE_HOLD: "{actor} gives[ {target}] the order to hold fire",
    Act.COMPLIANCE: "{actor} obeys[ {target}]",
    Act.DISOBEDIENCE: "{actor} does as it would without the order[ of {target}]",
    Act.RESUPPLY: "{actor} delivers weapons[ to {target}][ ({launchers})]",
    Act.BASE_HANDOVER: "{actor} withdraws from {base}",
}
"""Sentences; what stands in brackets is left out where its name is not known."""


def _filled(sentence: str, names: dict[str, str]) -> str:
    """Return a sentence with its names, without the brackets that lack one.

    >>> _filled("{actor} raids[ {target}]", {"actor": "Iraq", "target": ""})
    'Iraq raids'
    """
    pieces = re.split(r"\[(.*?)\]", sentence)
    filled = [
        piece
        for at, piece in enumerate(pieces)
        if at % 2 == 0 or all(names[name] for name in re.findall(r"{(\w+)}", piece))
    ]
    return "".join(filled).format(**names)


def _has_hour(record: Record) -> bool:
    """Whether an incident is told by its hour.

    The record has days, whose incidents are put in their order, and so has a
    development at midnight. Words, orders and acts of state are told by their day: the
    model has no office hours, so that the hour of a vote or of talks would say nothing.
    """
    if record.act not in _BY_THE_HOUR:
        return False
    if record.origin in (Origin.DEVELOPMENT, Origin.PLAYED):
        return record.time % 1.0 != 0.0
    return record.origin != Origin.RECORD


def _count(value: float, one: str) -> str:
    """Return a number with its noun, `1 rocket` or `3 rockets`; nothing for none."""
    return f"{value:.0f} {plural(value, one)}" if value > 0 else ""

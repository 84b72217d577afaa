"""One replication told as a story: dated sentences, each with what it answers.

Only incidents are told. A sentence gives what is true; a note after it says what the
press knew. The cause of an incident is followed back through the stages of its
operation to the incident that it answers.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple

from sim.engine.log import NOBODY, IncidentLog, Origin, Record, RecordType, Report
from sim.ladder import ACTS, Act, Visibility, name_of
from sim.rules.behaviour import Side

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.scenario.scenario import Scenario


class Sentence(NamedTuple):
    """One incident, told."""

    when: datetime
    """Local time of the scenario."""
    day: float
    """Days since the scenario's start."""
    number: int
    """Its number in the story, from 1."""
    act: str
    text: str
    because: str
    """What it answers, breaks off or follows; empty for an act of its own accord."""
    cause: int
    """Number of the sentence that `because` speaks of, 0 for none."""
    press: str
    """What the press made of it."""
    is_given: bool
    """Whether it was put in from outside."""


def narrate(log: IncidentLog, scenario: Scenario) -> list[Sentence]:
    """Tell a replication, in order: a sentence an incident."""
    teller = _Teller(log, scenario)
    return list(teller.sentences())


class _Teller:
    """The names and the records by identity that every sentence needs."""

    def __init__(self, log: IncidentLog, scenario: Scenario) -> None:
        self.log = log
        self.sides = [actor.kind.side for actor in scenario.actors]
        self.facades = scenario.facades
        self.labels = [actor.label for actor in scenario.actors]
        self.sites = [site.label for site in scenario.sites]
        self.means = [means.label for means in scenario.means]
        self.start = datetime.combine(scenario.start, time())
        self.by_identity = {record.identity: record for record in log.records}
        self.numbers: dict[int, int] = {}
        self.blamed = {
            (record.cause, record.actor): record.target
            for record in log.records
            if record.record_type == RecordType.PERCEPTION
        }

    def sentences(self) -> Iterator[Sentence]:
        for record, report in zip(self.log.records, self.log.reports, strict=True):
            if record.record_type != RecordType.INCIDENT:
                continue
            number = len(self.numbers) + 1
            self.numbers[record.identity] = number
            because, cause = self.because(record)
            yield Sentence(
                when=self.start + timedelta(days=record.time),
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
        return self.labels[index] if index >= 0 else "somebody"

    def text(self, record: Record) -> str:
        actor, target = self.speaker(record), self.who(record.target)
        place = f" at {self.sites[record.site]}" if record.site >= 0 else ""
        effect = record.effect
        text = self.sentence(record).format(
            actor=actor,
            target=target,
            place=place,
            rounds=self.rockets(record),
            launchers=self.launchers(record),
            persons=_count(effect.persons, "person", "persons"),
        )
        return text + self.toll(record)

    def sentence(self, record: Record) -> str:
        """Return the sentence of an act, by whom it is done to and what it answers."""
        act, cause = Act(record.act), self.by_identity.get(record.cause)
        told = _TOLD[act]
        if act == Act.ACCUSATION and record.target >= 0:
            told = _ACCUSED.get(self.sides[record.target], told)
        elif act == Act.COMPLIANCE and cause is not None:
            told = _OBEYED.get(Act(cause.act), told)
        elif act == Act.DISOBEDIENCE and cause is not None and cause.act == Act.TRUCE:
            told = "{actor} does not keep the truce of {target}"
        if act in (Act.DIRECTIVE_PRESS, Act.COMPLIANCE) and record.effect.rounds > 0:
            told += " at once"
        return told

    def speaker(self, record: Record) -> str:
        """Return who is heard to speak: a claim may be made under another name."""
        name = self.who(record.actor)
        if record.act == Act.CLAIM:
            for facade in self.facades:
                is_owner = self.log.actors[record.actor] == facade.owner
                if is_owner and record.time >= facade.since:
                    name = f"{facade.label}, a name of {self.who(record.actor)},"
        return name

    def rockets(self, record: Record) -> str:
        if record.effect.rounds == 0 and record.origin != Origin.SIMULATED:
            return "an unrecorded number of rockets"
        if record.effect.means > 0:
            many = self.means[int(record.effect.means) - 1]
            return _count(record.effect.rounds, many.removesuffix("s"), many)
        return _count(record.effect.rounds, "rocket")

    def launchers(self, record: Record) -> str:
        """Return the launchers taken, and of which means where there are several."""
        text = _count(record.effect.launchers, "launcher")
        if record.effect.means > 0 and len(self.means) > 1:
            text += f" of {self.means[int(record.effect.means) - 1]}"
        return text

    def toll(self, record: Record) -> str:
        effect = record.effect
        parts: list[str] = []
        if record.act == Act.ROCKET_ATTACK and effect.rounds > 0:
            parts.append(f"{effect.hits:.0f} in the target area")
            if effect.unfired > 0:
                parts.append(f"{effect.unfired:.0f} failed to fire")
            if effect.intercepted > 0:
                parts.append(f"{effect.intercepted:.0f} stopped by defences")
        if record.act == Act.AIR_STRIKE and effect.launchers > 0:
            parts.append(f"{self.launchers(record)} destroyed")
        dead = [
            f"{value:.0f} {side}"
            for value, side in zip(effect[3:8], _SIDES, strict=True)
            if value > 0
        ]
        hurt = [
            f"{value:.0f} {side}"
            for value, side in zip(effect[8:13], _SIDES, strict=True)
            if value > 0
        ]
        if dead:
            parts.append("killed: " + ", ".join(dead))
        if hurt:
            parts.append("wounded: " + ", ".join(hurt))
        return f" ({'; '.join(parts)})" if parts else ""

    def because(self, record: Record) -> tuple[str, int]:
        cause = self.by_identity.get(record.cause)
        interrupted = (
            cause is not None
            and cause.record_type == RecordType.STAGE
            and record.act == Act.THWARTED_ATTACK
        )
        if interrupted:
            return "the launch team was noticed in place", 0
        while cause is not None and cause.record_type == RecordType.STAGE:
            cause = self.by_identity.get(cause.cause)
        if cause is None:
            return "", 0
        number = self.numbers.get(cause.identity, 0)
        deed = ACTS[cause.act].label
        when = self.start + timedelta(days=cause.time)
        text = f"the {deed} of {when:%-d %b %H:%M}"
        if record.actor == cause.actor and cause.act in _FORCE:
            text = f"harm done to it while it prepared {text}"
        held = self.blamed.get((cause.identity, record.actor))
        if (
            ACTS[cause.act].visibility == Visibility.COVERT
            and held is not None
            and record.actor != cause.actor
        ):
            text += f", which it lays to {self.who(held)}"
            if held != cause.actor:
                text += f" (in truth {self.who(cause.actor)})"
        return text, number

    def press(self, record: Record, report: Report) -> str:
        if not report.is_reported:
            return "unreported"
        if report.actor == NOBODY:
            return "reported, author unknown"
        return "reported"


_FORCE = (
    Act.AIR_STRIKE,
    Act.MILITIA_LEADER_KILLING,
    Act.LEADER_KILLING,
    Act.DIRECT_STRIKE,
)
"""Answers after whose landing an actor weighs what came while it prepared them."""

_SIDES = ("foreign", "host", "civilian", "militia", "sponsor")

_ACCUSED = {
    Side.FOREIGN: "{actor} accuses {target} of breaching its sovereignty",
    Side.SPONSOR: "{actor} accuses {target} of standing behind the attacks",
}
"""What is said in an accusation, by the side of the accused."""

_OBEYED = {
    Act.DIRECTIVE_PRESS: "{actor} obeys the order of {target} to attack",
    Act.DIRECTIVE_HOLD: "{actor} obeys the order of {target} to hold fire",
    Act.TRUCE: "{actor} keeps the truce of {target}",
}
"""What is obeyed, by the act that asked for it."""

_TOLD = {
    Act.ROCKET_ATTACK: "{actor} fires {rounds} at {target}{place}",
    Act.THWARTED_ATTACK: "{actor} thwarts an attack by {target}{place} and takes "
    "{launchers}",
    Act.CONVOY_BOMB: "{actor} bombs a convoy that supplies {target}{place}",
    Act.RAID: "{actor} raids {target}",
    Act.ARREST: "{actor} arrests {persons} of {target}",
    Act.SEIZURE: "{actor} seizes {launchers} of {target}",
    Act.RELEASE: "{actor} releases {persons} of {target}",
    Act.THREAT: "{actor} threatens {target}",
    Act.CLAIM: "{actor} claims an attack on {target}",
    Act.DENIAL: "{actor} denies an attack on {target}",
    Act.PRAISE: "{actor} praises what was done to {target}",
    Act.ACCUSATION: "{actor} accuses {target}",
    Act.PROTEST_NOTE: "{actor} hands {target} a formal protest",
    Act.DEMONSTRATION: "Supporters of {actor} demonstrate against {target}{place}",
    Act.SHOW_OF_FORCE: "{actor} shows force towards {target}",
    Act.DEFIANCE: "Released members of {actor} defy {target} in public",
    Act.DEMAND_TO_LEAVE: "{actor} says that {target} should leave its soil",
    Act.EXPULSION_VOTE: "The parliament of {actor} votes to expel {target}",
    Act.EXPULSION: "{actor} formally requests {target} to leave its soil",
    Act.PERMIT_RULE: "{actor} rules that {target} needs a permit to come",
    Act.RULE_LIFTED: "{actor} lifts its rule against {target}",
    Act.EMBASSY_STORMING: "Supporters of {actor} storm the embassy of {target}{place}",
    Act.EVACUATION_THREAT: "{actor} threatens {target} with leaving",
    Act.READINESS_RAISED: "{actor} readies itself for more attacks on {target}",
    Act.READINESS_LOWERED: "{actor} readies itself for fewer attacks on {target}",
    Act.CAMPAIGN: "{actor} announces a campaign against {target}",
    Act.SUSPENSION: "{actor} suspends its attacks on {target}",
    Act.EVACUATION: "{actor} brings its people out of {target}{place}",
    Act.GOVERNMENT_SWORN_IN: "A new government of {actor} is sworn in",
    Act.SANCTION: "{actor} puts sanctions on {target}",
    Act.MOBILISATION: "{actor} sends forces, with an eye to {target}",
    Act.MILITIA_LEADER_KILLING: "{actor} kills a leader of {target}{place}",
    Act.APPOINTMENT: "{actor} appoints a new commander",
    Act.TRUCE: "{actor} calls a truce with {target}",
    Act.TRUCE_END: "The truce of {actor} with {target} ends",
    Act.VISIT: "The commander of {actor} visits {target}",
    Act.TALKS: "{actor} holds talks with {target} on its presence",
    Act.SUPPORT: "{actor} shows its support for {target}",
    Act.ULTIMATUM: "{actor} gives {target} an ultimatum",
    Act.ADMISSION: "{actor} admits attacks, towards {target}",
    Act.DEMAND: "{actor} demands that {target} act against the militias",
    Act.AIR_STRIKE: "{actor} strikes {target} from the air",
    Act.LEADER_KILLING: "{actor} kills the commander of {target}{place}",
    Act.DIRECT_STRIKE: "{actor} strikes {target} directly{place}",
    Act.INVESTIGATION: "{actor} gathers intelligence on {target}",
    Act.DIRECTIVE_PRESS: "{actor} orders {target} to attack",
    Act.DIRECTIVE_HOLD: "{actor} orders {target} to hold fire",
    Act.COMPLIANCE: "{actor} obeys {target}",
    Act.DISOBEDIENCE: "{actor} ignores the order of {target}",
    Act.RESUPPLY: "{actor} delivers {launchers} to {target}",
    Act.BASE_HANDOVER: "{actor} hands a base over to {target}{place}",
}


def _count(value: float, one: str, many: str = "") -> str:
    """Return a number with its noun: `1 rocket`, `3 rockets`, `no rockets`."""
    noun = one if value == 1 else (many or one + "s")
    return f"{value:.0f} {noun}" if value > 0 else f"no {noun}"

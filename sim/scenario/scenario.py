"""The frozen scenario that the engine runs: complete, checked, in canonical units."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import sha256
from html import escape
from math import floor
from typing import Any, Final

from sim.ladder import Act, name_of
from sim.reading.slot import EXPOSED, LIMITS
from sim.rules.behaviour import Effect, Kind
from sim.rules.means import MeansParams
from sim.scenario.function_text import function_text

WHY_NOT: Final = {
    "draft": "a draft: its numbers are what its author takes them to be; no second "
    "reader was asked",
    "provisional": "provisional: some of its numbers await a second, blind coding; "
    "rely on which way policies differ, where that holds over draws of the numbers, "
    "not on single figures or probabilities",
}
"""Why not to rely on a scenario, by its status; nothing is said of what is checked."""


@dataclass(frozen=True, slots=True)
class Actor:
    """One participant."""

    name: str
    """Snake-case name; part of every draw's identity."""
    label: str
    """How a narrative or a plot names it, as it reads within a sentence."""
    kind: Kind
    params: Any
    """The kind's tuple of parameters, canonical units."""
    roles: dict[str, tuple[str, ...]] = field(
        default_factory=dict[str, tuple[str, ...]]
    )
    """Names of the actors in each role, in file order."""
    reach: dict[str, float] = field(default_factory=dict[str, float])
    """Weight of each site as a target of this actor, >= 0; a site left out has 0."""
    opportunity: dict[str, float] = field(default_factory=dict[str, float])
    """Launchers, or teams, that it has ready for each means of attack, >= 0; one left
    out has the default."""

    def __repr__(self) -> str:
        return f"<Actor {self.name} ({self.kind.name}): {self.label}>"


@dataclass(frozen=True, slots=True)
class Means:
    """A means of attack."""

    name: str
    label: str
    """How a narrative names its rounds, in the plural."""
    act: Act = Act.ROCKET_ATTACK
    """What is done by it: `Act.ROCKET_ATTACK` at a site, `Act.CONVOY_BOMB` on the
    road."""
    params: MeansParams = field(default_factory=MeansParams)
    """Canonical units."""


ROCKET: Final = Means("rocket", "rockets")
"""The one means of a scenario that names none."""


@dataclass(frozen=True, slots=True)
class Site:
    """A place where people may be hit."""

    name: str
    label: str
    latitude: float
    """Degrees north."""
    longitude: float
    """Degrees east."""
    presence: dict[str, float]
    """Persons of each actor at the start, >= 0."""
    exposed_foreign: float
    """Weight of foreign personnel among those a round may hit, >= 0."""
    exposed_host: float
    exposed_civilian: float
    soil: str = ""
    """Host on whose soil it lies; empty where there is but one."""
    defences: dict[str, float] = field(default_factory=dict[str, float])
    """Share of the rounds of each means that its defences stop, 0 to 1; a means left
    out is not stopped."""


@dataclass(frozen=True, slots=True)
class Change:
    """A development that changes one parameter from its moment on."""

    identity: str
    """The development's id in the file."""
    time: float
    """Days since the start, >= 0."""
    known_from: float
    """When a forecaster could have known of it, days since the start."""
    actor: str
    parameter: str
    how: str
    """``set``, ``scale`` or ``add``."""
    value: float
    """Canonical units (a factor for ``scale``)."""
    note: str = ""
    source: str = ""
    """Ids in the source record of what happened and when, joined by commas."""
    confidence: str = ""
    """``high``, ``medium`` or ``low``; empty where the file does not say."""

    def applied_to(self, params: Any) -> Any:
        """Return the actor's tuple of parameters as it is from the change on."""
        value = getattr(params, self.parameter)
        if self.how == "set":
            value = self.value
        elif self.how == "scale":
            value = value * self.value
        else:
            value = value + self.value
        return params._replace(**{self.parameter: value})


@dataclass(frozen=True, slots=True)
class Given:
    """A development that is an incident put in from outside."""

    identity: str
    time: float
    """Days since the start, >= 0."""
    known_from: float
    act: Act
    actor: str
    target: str
    """Empty where there is none."""
    site: str
    """Empty where there is none."""
    effect: Effect
    note: str = ""
    source: str = ""
    confidence: str = ""
    is_played: bool = False
    """Whether it is a player's move, which its origin in the log tells."""


@dataclass(frozen=True, slots=True)
class Facade:
    """A name under which an actor acts and claims: it has nothing of its own."""

    name: str
    """Id, which the record may use for an actor."""
    label: str
    owner: str
    """The actor behind it."""
    since: float
    """Day from which the owner claims under this name, days since the start."""
    source: str = ""
    """Ids in the source record, joined by commas."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Recorded:
    """An incident of the coded record that is put in before a scenario runs free."""

    identity: str
    """The row's id in the record."""
    time: float
    """Days since the start, >= 0; the order within a day is the record's."""
    act: Act
    actor: str
    """Empty where nobody has established it: then drawn for each replication."""
    target: str
    """Empty where there is none, or none of the scenario's actors."""
    is_target_unknown: bool
    """Whether the target is a militia that nobody has established."""
    site: str
    effect: Effect
    """Counts of the record; what it leaves blank is taken as none."""
    cause: str
    """Id of the row that it answers, interrupts or completes; empty for none."""
    blank: frozenset[str] = frozenset()
    """Fields of the effect that the record leaves blank: unknown, and none only to the
    simulated world."""
    others: tuple[float, float] = (0.0, 0.0)
    """Dead and wounded whose side the record does not tell; they are told, and count in
    no rule."""


INJECTED: Final = "injected"
FILTERED: Final = "filtered"
PASTS: Final = (INJECTED, FILTERED)
"""How the record is put in: as it is, into whatever world; or into worlds that are
weighed by how likely the record was under them, and chosen accordingly."""
PARTICLES: Final = 1000
"""Worlds among which a filtered past is chosen, unless said otherwise."""


@dataclass(frozen=True, slots=True)
class History:
    """The record up to the day from which a scenario runs free."""

    record: str
    """Id of the record."""
    since: float
    """Day from which everything is simulated, days since the start, >= 0."""
    rows: tuple[Recorded, ...]
    """The incidents before it, in order."""
    acts: tuple[int, ...]
    """Acts that come from the record alone before it."""
    past: str = INJECTED
    """One of `PASTS`."""
    particles: int = PARTICLES
    """Worlds among which a filtered past is chosen, >= 2."""


@dataclass(frozen=True, slots=True)
class Observation:
    """What the press reports of one act."""

    reported: float
    """Probability that an incident of this act is reported, 0 to 1."""
    attributed: float
    """Probability that the report names the true author, 0 to 1; else nobody."""


@dataclass(frozen=True, slots=True)
class Cited:
    """Where a number comes from."""

    path: str
    """Dotted path, such as ``actors.kataib_hezbollah.base_rate``."""
    value: float
    """Canonical units."""
    unit: str
    """Canonical unit."""
    basis: str
    """``measured``, ``coded``, ``calibrated`` or ``assumed``."""
    source: str
    """Ids in the source record, joined by commas; empty when assumed without one."""
    low: float
    """Smallest value that sweeps and calibration may explore, canonical units."""
    high: float
    note: str = ""
    manifest: str = ""
    """What the calibration was made with; empty unless calibrated."""


@dataclass(frozen=True, slots=True, repr=False)
class Scenario:
    """One complete, resolved description of a situation.

    Times are days since the start, rates per day, shares 0 to 1. It cannot be changed:
    what is to differ is given to `sim.load`.

    Examples
    --------
    >>> import sim
    >>> scenario = sim.load("iraq_2019_2020")
    >>> scenario.horizon, scenario.start.isoformat()
    (252.0, '2019-10-28')
    """

    name: str
    """Id, such as ``iraq_2019_2020``."""
    title: str
    status: str
    """``draft`` while its numbers are its author's own (`WHY_NOT`); of one that is
    coded from sources ``provisional`` until a blind second typing agrees, then
    ``checked``."""
    start: date
    """Day 0, 00:00 local time."""
    horizon: float
    """Length, days."""
    utc_offset_hours: float
    actors: tuple[Actor, ...]
    sites: tuple[Site, ...]
    means: tuple[Means, ...] = (ROCKET,)
    """Means of attack, in the file's order."""
    changes: tuple[Change, ...] = ()
    given: tuple[Given, ...] = ()
    observations: dict[Act, Observation] = field(default_factory=dict[Act, Observation])
    exogenous: tuple[Act, ...] = ()
    """Acts that happen in this scenario only when they are put in."""
    rung_window: float = 14.0
    """How long an act holds a dyad on its rung, days."""
    exchange_window: float = 14.0
    """Window in which direct strikes count as war, days."""
    exchange_strikes: int = 3
    """Direct strikes between foreign power and sponsor that make a war."""
    max_incidents: int = 20000
    """Cap on incidents: a replication that exceeds it has failed."""
    record: str = ""
    """The coded record of this situation: a file in its folder, or the id of one that
    ships; empty when there is none."""
    sources: str = ""
    """A file of sources in its folder, on top of those that ship; empty for none."""
    targets: str = ""
    """The record's statistics: a file in its folder, or the id of one that ships."""
    free_from: date | None = None
    """Day up to which the record is put in, where the file names one."""
    past: str = INJECTED
    """How the record is put in, where it is: one of `PASTS`."""
    particles: int = PARTICLES
    """Worlds among which a filtered past is chosen, >= 2."""
    facades: tuple[Facade, ...] = ()
    """Names under which actors act and claim, in the file's order."""
    history: History | None = None
    """The record up to a date; None when everything is simulated."""
    cited: tuple[Cited, ...] = ()
    path: str = ""
    """The file it was read from; empty when built in Python."""
    folder: str = field(default="", compare=False)
    """Where the files lie that it names."""
    own_outcomes: Mapping[str, Callable[[Any], float]] = field(
        default_factory=dict[str, Callable[[Any], float]]
    )
    """Outcomes of the user's own, by name (`sim.outcomes.own`)."""

    def __repr__(self) -> str:
        return (
            f"<Scenario {self.name} ({self.status}): {self.horizon:g} days from "
            f"{self.start}, {len(self.actors)} actors, {len(self.sites)} sites>"
        )

    def _repr_html_(self) -> str:
        rows = [
            ("id", f"{self.name} ({WHY_NOT.get(self.status, self.status)})"),
            ("days", f"{self.start} to {self.day_of(self.horizon)}"),
            ("actors", ", ".join(f"{a.label} ({a.kind.name})" for a in self.actors)),
            ("sites", ", ".join(site.name for site in self.sites)),
            ("given", f"{len(self.changes) + len(self.given)} developments"),
            ("numbers", f"{len(self.cited)}; sim.check lists them with their basis"),
            ("digest", self.digest[:12]),
        ]
        cells = "".join(
            f"<tr><th>{escape(name)}</th><td>{escape(text)}</td></tr>"
            for name, text in rows
        )
        return f"<p><b>{escape(self.heading)}</b></p><table>{cells}</table>"

    @property
    def heading(self) -> str:
        """The title; before it, of one branched from its record, the day.

        A title that names the day says it already.
        """
        day = f"{self.day_of(self.since):%-d %B %Y}"
        if self.history is None or day in self.title:
            return self.title
        return f"Branched from its record on {day}: {self.title}"

    @property
    def since(self) -> float:
        """Day from which it runs free, 0 where nothing of a record is put in."""
        return 0.0 if self.history is None else self.history.since

    def counted_days(self, until: float) -> float:
        """Return how many of the days simulated count: those that are not put in."""
        return until - self.since

    def day_of(self, time: float) -> date:
        """Return the calendar day of a moment, days since the start."""
        return self.start + timedelta(days=floor(time))

    @property
    def digest(self) -> str:
        """SHA-256 of what the results depend on, hexadecimal: a scenario's only digest.

        Names, values, dates, order and the record that is put in count; id, title,
        status, labels, notes, sources, bases, ranges and the file's formatting do not.
        It is computed from the object as it is, so a scenario that was changed in
        Python is never taken for the file that it was read from.
        """
        text = json.dumps(_values(self), sort_keys=True, separators=(",", ":"))
        return sha256(text.encode()).hexdigest()


def _values(scenario: Scenario) -> dict[str, Any]:
    """Return what the results depend on; 1 and 1.0 are the same value."""
    values: dict[str, Any] = {
        "start": scenario.start.isoformat(),
        "horizon": float(scenario.horizon),
        "utc_offset_hours": float(scenario.utc_offset_hours),
        "exogenous": [name_of(act) for act in scenario.exogenous],
        "limits": {name: float(getattr(scenario, name)) for name in LIMITS},
        "sites": [
            [
                site.name,
                float(site.latitude),
                float(site.longitude),
                _numbers(site.presence),
                *(float(getattr(site, name)) for name in EXPOSED),
                *([site.soil] if site.soil else []),
                _numbers(site.defences),
            ]
            for site in scenario.sites
        ],
        "actors": [
            [
                actor.name,
                actor.kind.name,
                actor.roles,
                _numbers(actor.reach),
                _numbers(actor.opportunity),
                _numbers(actor.params._asdict()),
            ]
            for actor in scenario.actors
        ],
        "means": [
            [means.name, name_of(means.act), _numbers(means.params._asdict())]
            for means in scenario.means
        ],
        "observations": {
            name_of(act): [float(seen.reported), float(seen.attributed)]
            for act, seen in scenario.observations.items()
        },
        "changes": [
            [
                change.identity,
                float(change.time),
                float(change.known_from),
                change.actor,
                change.parameter,
                change.how,
                float(change.value),
            ]
            for change in scenario.changes
        ],
        "facades": [
            [facade.name, facade.owner, float(facade.since)]
            for facade in scenario.facades
        ],
        "given": [
            [
                given.identity,
                float(given.time),
                float(given.known_from),
                name_of(given.act),
                given.actor,
                given.target,
                given.site,
                _numbers(given.effect._asdict()),
                *(["played"] if given.is_played else []),
            ]
            for given in scenario.given
        ],
    }
    if scenario.record:
        values["record"] = scenario.record
    if scenario.free_from is not None:
        values["free_from"] = scenario.free_from.isoformat()
    if scenario.history is not None:
        values["history"] = _history(scenario.history)
    if scenario.own_outcomes:
        values["own_outcomes"] = {
            name: sha256(function_text(measure).encode()).hexdigest()
            for name, measure in scenario.own_outcomes.items()
        }
    return values


def _history(history: History) -> dict[str, Any]:
    """Return what of the record that is put in the results depend on."""
    return {
        "record": history.record,
        "since": float(history.since),
        "acts": [name_of(act) for act in history.acts],
        **(
            {"past": history.past, "particles": history.particles}
            if history.past != INJECTED
            else {}
        ),
        "rows": [
            [
                row.identity,
                float(row.time),
                name_of(row.act),
                row.actor,
                row.target,
                row.is_target_unknown,
                row.site,
                _numbers(row.effect._asdict()),
                row.cause,
            ]
            for row in history.rows
        ],
    }


def _numbers(numbers: dict[str, float]) -> dict[str, float]:
    return {name: float(number) for name, number in numbers.items()}

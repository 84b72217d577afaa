"""How many candidates a replication draws: worked out of the ceilings, before any run.

An option's candidates come from bands of height that reach up to its ceiling, so their
expected number is the height of the bands times the days; nearly all are rejected where
the ceiling is far above the hazard. A legal file can ask for more than any run can
draw: it is refused, with the parameters that lift the ceiling and what would pass.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sim.analytic.remedy import Remedy, nearest_passing, unit_of
from sim.engine.cast import Cast, bands_up_to
from sim.errors import StudyError
from sim.rules.behaviour import parameter_table

if TYPE_CHECKING:
    from sim.engine.cast import Channel
    from sim.scenario.scenario import Scenario

MOST_EXPECTED: Final = 500_000
"""Candidates that a replication may be expected to draw: half of those it may draw."""

_MOST_REMEDIES: Final = 64
"""Parameters that are changed, one after the other, in search of what would pass."""


class Crowd(NamedTuple):
    """More candidates than a run may draw, and why."""

    scenario: str
    expected: float
    """Candidates of a replication."""
    days: float
    option: str
    """Option that has most of them, as ``actor.option``."""
    ceiling: float
    """What its hazard may reach, 1/day."""
    drivers: tuple[str, ...]
    """The parameters that lift that ceiling, the strongest first, as they are."""
    remedies: tuple[Remedy, ...]
    """What would pass, taken together; empty where no parameter helps."""

    def __str__(self) -> str:
        by = f" by {', '.join(self.drivers)}" if self.drivers else ""
        passing = " and ".join(map(str, self.remedies)) or "a shorter horizon"
        return (
            f"{self.scenario} would not end: a replication of {self.days:g} days is "
            f"expected to draw {self.expected:.3g} candidates (at most "
            f"{MOST_EXPECTED:,}), most of them for {self.option}, whose hazard may "
            f"reach {self.ceiling:.3g} per day{by}; {passing} would pass"
        )


def refuse_crowd(scenario: Scenario, until: float | None = None) -> None:
    """Refuse a scenario whose replications would draw too many candidates.

    Raises
    ------
    StudyError
        It names option, ceiling, the parameters that lift it, and what would pass.
    """
    crowd = crowd_of(scenario, until)
    if crowd is not None:
        raise StudyError(str(crowd))


def expected_candidates(scenario: Scenario, until: float | None = None) -> float:
    """Return how many candidates a replication is expected to draw, >= 0."""
    days = scenario.horizon if until is None else until
    return sum(_Ceilings(Cast(scenario), days).expected())


def crowd_of(scenario: Scenario, until: float | None = None) -> Crowd | None:
    """Return why a replication would draw too many candidates, or None."""
    days = scenario.horizon if until is None else until
    ceilings = _Ceilings(Cast(scenario), days)
    expected = ceilings.expected()
    if sum(expected) <= MOST_EXPECTED:
        return None
    channel = ceilings.busiest()
    return Crowd(
        scenario=scenario.name,
        expected=sum(expected),
        days=days,
        option=f"{ceilings.actor(channel)}.{channel.option.operation.name}",
        ceiling=channel.highest,
        drivers=tuple(
            ceilings.remedy(channel, name, 0.0).was()
            for name in ceilings.drivers(channel)
        ),
        remedies=ceilings.remedies(),
    )


class _Ceilings:
    """Ceilings of a cast's options, and how they move with one parameter."""

    def __init__(self, cast: Cast, days: float) -> None:
        self.cast, self.days = cast, days
        self.tables = [parameter_table(kind) for kind in cast.kinds]
        self.every: list[list[Any]] = [[params] for params in cast.params]
        """What each actor's parameters are, at the start and after each change."""
        for turn in cast.turns:
            self.every[turn.actor].append(turn.params)

    def actor(self, channel: Channel) -> str:
        """Return the name of a channel's actor."""
        return self.cast.names[channel.actor]

    def expected(self) -> list[float]:
        """Return how many candidates each channel is expected to draw."""
        return [self.drawn(channel) for channel in self.cast.channels]

    def busiest(self) -> Channel:
        """Return the channel that draws most."""
        return max(self.cast.channels, key=self.drawn)

    def drawn(self, channel: Channel, **values: float) -> float:
        """Return how many candidates a channel draws, with some other parameters."""
        bands = bands_up_to(self.highest(channel, **values))
        return sum(width for _, width in bands) * self.days

    def highest(self, channel: Channel, **values: float) -> float:
        """Return a channel's highest ceiling, 1/day, with some other parameters."""
        return max(
            channel.option.ceiling(params._replace(**values))
            for params in self.every[channel.actor]
        )

    def value(self, channel: Channel, name: str) -> float:
        """Return what a parameter is where the ceiling is highest."""
        return getattr(max(self.every[channel.actor], key=channel.option.ceiling), name)

    def end(self, channel: Channel, name: str) -> float:
        """Return the end of a parameter's legal range at which the ceiling is lower."""
        row = self.tables[channel.actor][name]
        return min(row[1:3], key=lambda end: self.highest(channel, **{name: end}))

    def drivers(self, channel: Channel) -> list[str]:
        """Return the parameters that lift a channel's ceiling, the strongest first.

        Strongest is what lowers it most when it goes an eighth of its way down.
        """
        now, eased = self.highest(channel), dict[str, float]()
        for name in self.tables[channel.actor]:
            value, end = self.value(channel, name), self.end(channel, name)
            if self.highest(channel, **{name: end}) < now:
                nearer = value + (end - value) / 8.0
                eased[name] = self.highest(channel, **{name: nearer})
        return sorted(eased, key=eased.__getitem__)

    def remedy(self, channel: Channel, name: str, passes: float) -> Remedy:
        """Return a parameter of a channel's actor, and what would pass."""
        path = f"actors.{self.actor(channel)}.{name}"
        unit = unit_of(self.tables[channel.actor][name])
        return Remedy(path, self.value(channel, name), passes, unit)

    def remedies(self) -> tuple[Remedy, ...]:
        """Return parameters with values that would pass, taken together.

        The busiest option's strongest driver goes as far as it must, or to its end
        where that is not enough, until all options pass; `every` is changed by it.
        """
        by_path: dict[str, Remedy] = {}
        for _ in range(_MOST_REMEDIES):
            if sum(self.expected()) <= MOST_EXPECTED:
                break
            channel = self.busiest()
            remedies = [self.remedy(channel, n, 0.0) for n in self.drivers(channel)]
            left = [r for r in remedies if r.path not in by_path]
            if not left:
                return ()
            name = left[0].path.rpartition(".")[2]
            passing = self.passing(channel, name, left[0].value)
            by_path[left[0].path] = left[0]._replace(passes=passing)
            self.every[channel.actor] = [
                params._replace(**{name: passing})
                for params in self.every[channel.actor]
            ]
        return tuple(by_path.values())

    def passing(self, channel: Channel, name: str, value: float) -> float:
        """Return what a parameter must be for its channel; its end if no value will."""
        part, end = self.part(), self.end(channel, name)
        near = nearest_passing(
            value, end, lambda x: self.drawn(channel, **{name: x}) <= part
        )
        return end if near is None else near

    def part(self) -> float:
        """Return how many candidates one of the busiest channels may draw.

        What the quiet ones leave is shared evenly between those that are not.
        """
        expected = self.expected()
        even = MOST_EXPECTED / len(expected)
        busy = sum(x > even for x in expected)
        return (MOST_EXPECTED - sum(x for x in expected if x <= even)) / busy

"""The numbers of a scenario that can be moved, those that matter first.

Every number that has a cited range is a lever. First come those of which the screening
``experiments/e02_screening`` told an effect from chance, and what the mechanism ledger
has among the largest; all others are found by search.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING, Final

from sim.experiment.parameter_draw import ranged_factors
from sim.scenario.renumber import row_at
from sim.units import parse_quantity, to_canonical

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.experiment.factor import Factor
    from sim.reading.faults import Readable
    from sim.scenario.scenario import Cited, Scenario
    from sim.units import Dimension

_WORD: Final = re.compile(r"[^\W_]+")

MATTERS: Final = (
    "base_rate", "tolerance", "killed_per_hit", "accuracy", "preparation_days",
    "raid_rate", "demand_rate", "new_government", "ability", "detection_share",
    "blow_shift",
)  # fmt: skip
"""Parameters that the screening tells from chance, in the order in which they are
shown (tests/unit/explorer/test_levers.py holds them to its result)."""

SCREENED: Final = "iraq_2019_2020"
"""The scenario of the screening."""

FIRST: Final = 8
"""Levers that a page shows before anything is searched for."""


_NAMED: Final = {
    "united states": "America American US USA Washington",
    "iran": "Iranian Tehran",
    "iraq": "Baghdad Iraqi",
}
"""What people say for an actor, by a word of its label: capitals, and adjectives."""

_WAITS: Final = ("wait", "waits", "waiting", "later", "delay", "sooner")
_WORDS: Final = {"decision_days": " ".join(_WAITS), "tolerance": " ".join(_WAITS)}
"""What people say for a parameter."""

WAITING: Final = (
    "Two numbers make somebody wait: the mean time to decide on a strike says how "
    "long after the harm it comes, and the harm at which a strike is even odds how "
    "much is borne before."
)


@dataclass(frozen=True)
class Lever:
    """A number that can be moved."""

    factor: Factor
    label: str
    owner: str
    """Whose number it is."""
    dimension: Dimension
    cited: Cited
    """As the scenario stands."""

    @property
    def path(self) -> str:
        """Where it stands."""
        return self.factor.name

    @property
    def value(self) -> float:
        """As the scenario stands, canonical unit."""
        return self.cited.value

    @property
    def is_log(self) -> bool:
        """Whether its range spans more than a decade, and its slider goes by ratios."""
        return self.factor.distribution is not None

    def share(self, value: float) -> float:
        """Return how far along its range a value is, 0 to 1; undoes `at`."""
        low, high = self.factor.low, self.factor.high
        value = min(max(value, low), high)
        if self.is_log:
            return log(value / low) / log(high / low)
        return (value - low) / (high - low)

    def at(self, share: float) -> float:
        """Return the value so far along its range, to six digits: no more is chosen."""
        low, high = self.factor.low, self.factor.high
        value = (
            low * (high / low) ** share if self.is_log else low + share * (high - low)
        )
        if self.factor.is_whole:
            value = float(round(value))
        return min(max(float(f"{value:.6g}"), low), high)

    def text(self, value: float) -> str:
        """Write a value with its unit."""
        return self.factor.text(value)

    def number(self, text: str) -> float:
        """Return what somebody typed in canonical units; without a unit it has them.

        Raises
        ------
        ValueError
            If it is no number, or has a unit of something else.
        """
        try:
            return float(text)
        except ValueError:
            value, unit = parse_quantity(text)
            return to_canonical(value, unit, self.dimension)

    def matches(self, words: str) -> bool:
        """Whether each of some words begins a word of it, or it is its path."""
        name = self.path.split(".")[-1]
        also = [more for key, more in _NAMED.items() if key in self.owner.casefold()]
        text = " ".join(
            [self.owner, self.label, self.path, _WORDS.get(name, ""), *also]
        )
        own = _WORD.findall(text.casefold())
        return all(
            any(one.startswith(word) for one in own)
            for word in _WORD.findall(words.casefold())
        )


def levers_of(document: Readable, scenario: Scenario) -> tuple[Lever, ...]:
    """Return the levers of a scenario, those that matter first."""
    owners = {
        **{f"actors.{actor.name}": actor.label for actor in scenario.actors},
        **{f"means.{means.name}": means.label for means in scenario.means},
        **{f"sites.{site.name}": site.label for site in scenario.sites},
    }
    cited = {row.path: row for row in scenario.cited}
    levers: list[Lever] = []
    for factor in ranged_factors(document, scenario):
        parts = factor.name.split(".")
        if parts[0] == "developments" and parts[-2:] != ["set", "to"]:
            continue  # a factor or an addend has no number of its own
        if parts[0] == "sites" and parts[2] == "presence":
            continue
        row = row_at(scenario, factor.name)
        label = row.meaning
        owner = owners.get(".".join(parts[:2]), parts[1].replace("_", " "))
        if parts[0] == "actors" and len(parts) == 4:
            label = f"{label}: {owners.get(f'sites.{parts[3]}', parts[3])}"
        levers.append(Lever(factor, label, owner, row.dimension, cited[factor.name]))
    places = [_place(lever) for lever in levers]
    before = [places[:k].count(place) for k, place in enumerate(places)]
    order = sorted(
        range(len(levers)), key=lambda k: (_is_other(places[k]), before[k], places[k])
    )
    return tuple(levers[k] for k in order)


def _place(lever: Lever) -> int:
    name = lever.path.split(".")[-1]
    return MATTERS.index(name) if name in MATTERS else len(MATTERS)


def _is_other(place: int) -> bool:
    return place == len(MATTERS)


def is_waiting(words: str) -> bool:
    """Whether some words are about who waits."""
    return not set(_WAITS).isdisjoint(words.casefold().split())


def matching(levers: Sequence[Lever], words: str) -> list[Lever]:
    """Return the levers that some words are about; the first ones without any."""
    if not words.strip():
        return list(levers[:FIRST])
    return [lever for lever in levers if lever.matches(words)]

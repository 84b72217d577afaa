"""A ledger as data: outcomes with their sizes, rows, contrasts, and a row's verdict."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Any, Final, Literal

from sim.ensemble.all_dead import DEAD
from sim.errors import StudyError, nearest
from sim.outcomes.table import COUNTED, TRUE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sim.scenario.scenario import Scenario

DEFAULT: Final = "default"
LOW: Final = "low end"
HIGH: Final = "high end"

NULL: Final = "null"
"""Name of the last row: everything off."""

HEADLINES: Final = (
    "n_rocket_attacks_true", "n_air_strikes_true", "n_raids_true", DEAD,
    "direct_exchange_happened_true", "first_strike_happened_true", "peak_rung_true",
    "n_accusations_true", "n_demands_true", "n_releases_true",
    "n_orders_to_attack_true", "authority_end_true",
)  # fmt: skip
"""Outcomes of a ledger unless others are asked for."""

SIZES: Final = {
    "n_rocket_attacks_true": 0.01,
    DEAD: 0.01,
    "n_raids_true": 0.05,
    "direct_exchange_happened_true": 0.002,
    "first_strike_happened_true": 0.01,
    "peak_rung_true": 0.05,
    "authority_end_true": 0.01,
}
"""From which size on a difference counts: see `size_of`."""

SHORT: Final = {
    "n_rocket_attacks_true": "attacks",
    "n_air_strikes_true": "air strikes",
    "n_raids_true": "raids",
    DEAD: "dead",
    "direct_exchange_happened_true": "direct exchange",
    "first_strike_happened_true": "any strike",
    "peak_rung_true": "peak rung",
    "n_accusations_true": "accusations",
    "n_demands_true": "demands",
    "n_releases_true": "releases",
    "n_orders_to_attack_true": "orders to attack",
    "authority_end_true": "authority",
}
"""Names of the headline outcomes in a narrow column."""

RELATIVE: Final = ("n_rocket_attacks_true", DEAD)
"""Outcomes whose size is a share of their mean in the scenario as it is."""


@dataclass(frozen=True)
class Measure:
    """One outcome of a ledger."""

    name: str
    label: str
    unit: str
    size: float
    """Smallest difference that counts, in the outcome's unit, > 0."""
    mean: float
    """In the scenario as it is."""
    acts: tuple[str, ...] = ()
    """The act whose incidents it counts, where it counts those of one."""


@dataclass(frozen=True)
class Moved:
    """What a mechanism adds to one outcome: on minus off, mean over pairs."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Contrast:
    """A mechanism on, at one place of its range, against off."""

    at: str
    """``default``, ``low end`` or ``high end``."""
    moved: Mapping[str, Moved]
    """By outcome."""
    share_others: float
    """Share of the pairs in which an actor of another kind does anything else, or at
    another time."""
    share_beyond: float
    """Share in which the log differs in anything but the mechanism's own entries."""
    replications: int
    """Pairs that did not fail."""
    n_failed: int


@dataclass(frozen=True)
class Row:
    """One mechanism of the ledger."""

    name: str
    """``<kind>.<mechanism>``, or ``null``."""
    label: str
    meaning: str
    off: Mapping[str, float]
    """By path, the values that switch it off; empty for one that nothing says how to
    switch off."""
    acts: tuple[str, ...]
    """Acts that are its own entries in the log."""
    contrasts: tuple[Contrast, ...]
    """Empty where it cannot be switched off, or where the scenario has it off and gives
    it no range."""

    @property
    def kind(self) -> str:
        """The kind of actor that has it; of the null ``all``."""
        kind, dot, _ = self.name.partition(".")
        return kind if dot else "all"


@dataclass(frozen=True, eq=False)
class Ledger:
    """What each mechanism of a scenario moves."""

    scenario: Scenario
    root_seed: int
    until: float
    replications: int
    """Of each arm."""
    measures: Mapping[str, Measure]
    """By outcome's name."""
    rows: tuple[Row, ...]
    """In the order of the kinds and of their tables; the last is the null."""
    draws: str = ""
    """Where the parameters were drawn from; empty where the scenario's own were run."""
    path: Path | None = None
    """Its folder, if there is one."""

    def row(self, name: str) -> Row:
        """Return a row by its name.

        Raises
        ------
        StudyError
            If there is none; it names the nearest.
        """
        for row in self.rows:
            if row.name == name:
                return row
        names = [row.name for row in self.rows]
        message = f"{name!r} is no row of the ledger{nearest(name, names)}"
        raise StudyError(message)


def size_of(name: str, unit: str, mean: float) -> float:
    """Return from which size on a difference in an outcome counts, in its unit.

    Attacks and dead 1 % of their mean, raids and other incidents 0.05, a direct
    exchange 0.2 points, any other share one point, the peak rung 0.05. With thousands
    of coupled worlds any difference can be told from 0, so a size has to be asked for.

    >>> size_of("n_rocket_attacks_true", "incidents", 40.0)
    0.4
    >>> size_of("n_demands_true", "incidents", 3.0), size_of("any", "share", 0.5)
    (0.05, 0.01)
    """
    if name in RELATIVE:
        size = SIZES[name] * abs(mean) if isfinite(mean) else 0.0
        return size if size > 0.0 else SIZES[name]
    if name in SIZES:
        return SIZES[name]
    if name.removesuffix(TRUE) in COUNTED.values():
        return 0.05
    if unit == "share":
        return 0.01
    return 0.01 * abs(mean) if isfinite(mean) and mean else 0.01


Verdict = Literal["moves", "small", "unresolved", "narrative", "not in use", "blank"]
"""``narrative``: no actor of another kind does anything else in any world, at the
default or at an end: it moves its own entries in the log, or its own kind's, and
nobody answers that. ``moves``: somebody does, and some outcome that is not its own
entry differs by its size or more, its interval free of 0. ``small``: somebody does, and
every outcome stays within its size. ``unresolved``: the intervals are too wide to say.
``not in use``: the scenario has it off, and gives it no range. ``blank``: no value is
declared at which it does nothing."""


def verdict(row: Row, measures: Mapping[str, Measure]) -> Verdict:
    """Return what a row says of its mechanism."""
    if not row.off:
        return "blank"
    if not row.contrasts:
        return "not in use"
    if not any(contrast.share_others > 0.0 for contrast in row.contrasts):
        return "narrative"
    cells = [
        (contrast.moved[name], measures[name].size)
        for contrast in row.contrasts
        for name in measures
        if not is_own_entry(row, measures[name])
    ]
    cells = [(moved, size) for moved, size in cells if isfinite(moved.value)]
    if any(is_moved(moved, size) for moved, size in cells):
        return "moves"
    within = all(-size < moved.low <= moved.high < size for moved, size in cells)
    return "small" if within else "unresolved"


def is_moved(moved: Moved, size: float) -> bool:
    """Whether an outcome is moved by its size or more, and told from 0."""
    return abs(moved.value) >= size and moved.low * moved.high > 0.0


def is_own_entry(row: Row, measure: Measure) -> bool:
    """Whether an outcome counts nothing but the mechanism's own entries in the log."""
    return bool(measure.acts) and set(measure.acts) <= set(row.acts)


def row_from(data: Mapping[str, Any]) -> Row:
    """Return a row from the data that `dataclasses.asdict` made of it.

    Raises
    ------
    KeyError, TypeError
        If they are of something else.
    """
    contrasts: list[Contrast] = []
    for contrast in data["contrasts"]:
        moved = {name: Moved(**one) for name, one in contrast["moved"].items()}
        given: dict[str, Any] = {**contrast, "moved": moved}
        contrasts.append(Contrast(**given))
    row: dict[str, Any] = {
        **data,
        "acts": tuple(data["acts"]),
        "contrasts": tuple(contrasts),
    }
    return Row(**row)

"""Until when two coupled arms are one world: pair by pair, to the record.

That arms of other simulators differ before the intervention is what their users
complain of most. Here each pair is run again in both arms and compared record by
record: how long they are equal, which record differs first, and why.
"""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from sim.engine.alteration import UNALTERED, Alteration
from sim.engine.cast import Cast
from sim.engine.choice import choose_driver
from sim.engine.log import LOG, RecordType
from sim.errors import RunError
from sim.explanation.scene import identity
from sim.ladder import Act, name_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    import pandas as pd
    from numpy.typing import NDArray

    from sim.engine.driver import Driver
    from sim.engine.log import Rows
    from sim.ensemble.part import Progress
    from sim.scenario.scenario import Scenario


class Parting(NamedTuple):
    """Where one pair of worlds parts."""

    replication: int
    n_equal: int
    """Records that are equal up to the first that differs."""
    n_reference: int
    """Records of the reference in all."""
    day: float
    """Of the first record that differs, the earlier of the two; nan where none does."""
    record: str
    """What that record is: its type, actor and act."""
    identity: str
    """32 hexadecimal digits; empty where none differs."""
    why: str
    """``never``; that the record is not in one of the two, or there at another moment;
    or in which columns it differs."""

    @property
    def is_of_report(self) -> bool:
        """Whether both have the record, and the press tells it otherwise, if later."""
        columns = self.why.removeprefix("another ").split(", ")
        return {*columns} <= {"is_reported", "reported_actor"}


@dataclass(frozen=True)
class Certificate:
    """How long an arm and the reference are one world."""

    reference: str
    arm: str
    partings: tuple[Parting, ...]
    """One a replication, in order; those that failed in either are left out."""
    start: date
    """Day 0."""

    @property
    def n_never(self) -> int:
        """Pairs that are equal to the end."""
        return sum(one.why == NEVER for one in self.partings)

    @property
    def first_day(self) -> float:
        """The earliest day on which any pair parts; inf where none does."""
        days = [one.day for one in self.partings if one.why != NEVER]
        return min(days, default=float("inf"))

    def sentence(self) -> str:
        """Say how long the pairs are equal, and what differs first."""
        n = len(self.partings)
        if self.n_never == n:
            return f"{self.arm}: all {n} pairs are equal to the last record."
        parted = [one for one in self.partings if one.why != NEVER]
        done = [one for one in parted if not one.is_of_report] or parted
        days = sorted(one.day for one in done)
        median = days[len(days) // 2]
        never = (
            f"{self.n_never} of {n} pairs never part" if self.n_never else "all part"
        )
        most, count = Counter(one.record for one in parted).most_common(1)[0]
        return (
            f"{self.arm}: pair by pair both are one world up to "
            f"{self._date(days[0])} at least, half of those that part up to "
            f"{self._date(median)} or later; {never}. What "
            f"differs first is most often: {most} ({count} of {len(parted)})."
            + self._reports(len(parted) - len(done))
        )

    def _reports(self, n: int) -> str:
        if not n:
            return ""
        return (
            f" In {n} of {len(self.partings)} pairs what differs first is what the "
            "press reports, days later, of an incident: the dates leave them out."
        )

    def _date(self, day: float) -> str:
        return f"{self.start + timedelta(days=day):%-d %B %Y}"

    def as_data(self) -> dict[str, Any]:
        """Return what it comes to, as JSON holds it."""
        return {
            "reference": self.reference,
            "arm": self.arm,
            "n": len(self.partings),
            "n_never": self.n_never,
            "first_day": self.first_day,
            "sentence": self.sentence(),
        }

    def frame(self) -> pd.DataFrame:
        """Return one row a pair."""
        import pandas as pd

        columns = pd.Index(Parting._fields)
        frame = pd.DataFrame(list(self.partings), columns=columns)
        frame.insert(0, "arm", self.arm)
        return frame


NEVER: Final = "never"
TOLD_EVERY: Final = 100


def certify(
    scenarios: Mapping[str, Scenario],
    root_seed: int,
    numbers: Iterable[int],
    until: float,
    engine: str = "auto",
    progress: Progress | None = None,
    alterations: Mapping[str, Alteration] | None = None,
) -> list[Certificate]:
    """Compare each arm with the first, pair by pair, record by record.

    Parameters
    ----------
    scenarios
        By arm, the reference first.
    root_seed
        Of all arms: they are coupled by it.
    numbers
        The replications.
    until
        Days that each is simulated.
    engine
        ``auto``, ``simpy`` or ``compiled``.
    progress
        Called with the pairs that are done and those asked for.
    alterations
        By arm, what is made otherwise in its replications: pasts that are filtered.
    """
    asked, known = list(numbers), alterations or {}
    casts = {name: Cast(scenario) for name, scenario in scenarios.items()}
    tables = _Names(casts.values())
    readers = {
        name: _Reader(choose_driver(cast, len(asked), engine, until)[0], tables)
        for name, cast in casts.items()
    }
    (reference, first), *arms = readers.items()
    partings: dict[str, list[Parting]] = {name: [] for name, _ in arms}
    for n, number in enumerate(asked):
        if progress is not None and n % TOLD_EVERY == 0:
            progress(n, len(asked))
        try:
            altered = known.get(reference, UNALTERED)
            own = first.read(root_seed, number, until, altered)
        except RunError:
            continue
        for name, arm in arms:
            with suppress(RunError):
                altered = known.get(name, UNALTERED)
                other = arm.read(root_seed, number, until, altered)
                partings[name].append(_parting(number, own, other, tables))
    return [
        Certificate(reference, name, tuple(p), scenarios[name].start)
        for name, p in partings.items()
    ]


class _Names:
    """One numbering of actors, sites and operations for all arms."""

    def __init__(self, casts: Iterable[Cast]) -> None:
        every = list(casts)
        self.actors = _joined(cast.names for cast in every)
        self.sites = _joined(cast.sites for cast in every)
        self.operations = _joined(_operations(cast) for cast in every)


class _Reader:
    """Runs replications of one arm, and gives their records in the common numbering."""

    def __init__(self, driver: Driver, names: _Names) -> None:
        cast, self.driver = driver.cast, driver
        actors = _renumbering(cast.names, names.actors)
        self.tables = {
            "actor": actors,
            "target": actors,
            "reported_actor": actors,
            "site": _renumbering(cast.sites, names.sites),
            "operation": _renumbering(_operations(cast), names.operations),
        }

    def read(
        self, root_seed: int, number: int, until: float, alteration: Alteration
    ) -> Rows:
        """Run one replication."""
        past, altered = alteration.member(number)
        rows = self.driver.rows(root_seed, past, until, altered).copy()
        for column, table in self.tables.items():
            rows.records[column] = table[rows.records[column]]
        return rows


def _joined(lists: Iterable[Iterable[str]]) -> list[str]:
    return list(dict.fromkeys(name for names in lists for name in names))


def _operations(cast: Cast) -> list[str]:
    return [operation.name for operation in cast.operations]


def _renumbering(names: Iterable[str], common: list[str]) -> NDArray[np.int16]:
    """Return the common number of each of an arm's; the last entry is of nobody."""
    return np.array([*(common.index(name) for name in names), -1], np.int16)


_COMPARED: Final = [name for name in LOG.names or () if name != "effect"]


def _parting(number: int, own: Rows, other: Rows, names: _Names) -> Parting:
    """Return where a pair parts."""
    n, n_other = len(own.records), len(other.records)
    shorter = min(n, n_other)
    a, b = own.records[:shorter], other.records[:shorter]
    differ = a[_COMPARED] != b[_COMPARED]
    differ |= (own.effects[a["effect"]] != other.effects[b["effect"]]).any(axis=1)
    n_equal = int(differ.argmax()) if differ.any() else shorter
    if n_equal == n == n_other:
        return Parting(number, n_equal, n, float("nan"), "", "", NEVER)
    mine = own.records[n_equal] if n_equal < n else None
    theirs = other.records[n_equal] if n_equal < n_other else None
    if mine is not None and theirs is not None and identity(mine) == identity(theirs):
        columns = [name for name in _COMPARED if mine[name] != theirs[name]]
        row, why = mine, f"another {', '.join(columns) or 'effect'}"
    elif mine is not None and (theirs is None or mine["time"] <= theirs["time"]):
        row, why = mine, "not in the arm"
        if identity(mine) in map(identity, other.records[n_equal:]):
            why = "later in the arm"
    else:
        assert theirs is not None
        row, why = theirs, "not in the reference"
        if identity(theirs) in map(identity, own.records[n_equal:]):
            why = "sooner in the arm"
    return Parting(
        replication=number,
        n_equal=n_equal,
        n_reference=n,
        day=float(row["time"]),
        record=_described(row, names),
        identity=f"{identity(row):032x}",
        why=why,
    )


def _described(row: Any, names: _Names) -> str:
    """Say what a record is: whose, of what type, and of which act."""
    kind = RecordType(row["record_type"]).name.lower()
    actor = names.actors[row["actor"]] if row["actor"] >= 0 else "somebody"
    act = f" of {name_of(row['act'])}" if row["act"] != Act.NONE else ""
    return f"{kind}{act} by {actor}"

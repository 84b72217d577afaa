"""Two logs of one replication side by side: what is in both, what is gone, what is new.

Records are told apart by their identities, which are hashes of what they came from: the
same identity is the same opportunity taken in both worlds, perhaps with other numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from sim.engine.alteration import Alteration
from sim.engine.log import RecordType
from sim.errors import StudyError
from sim.explanation.cause import (
    incident_of,
    read_cause,
    scene_knowing,
    scene_with,
)
from sim.explanation.explain import is_identity, place_of
from sim.explanation.phrase import happened
from sim.explanation.scene import Scene, joined, scenes_of
from sim.ladder import name_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from os import PathLike

    from sim.engine.log import IncidentLog, Record
    from sim.ensemble.ensemble import Ensemble
    from sim.ensemble.rerun import StoredRun

Status = Literal["factual", "vanished", "new"]


class Compared(NamedTuple):
    """One incident of either log."""

    status: Status
    """``factual`` in both, ``vanished`` in the first only, ``new`` in the other."""
    number: int
    """Its number in the story of the first log, 0 for a new one."""
    other_number: int
    """Its number in the story of the other log, 0 for one that vanished."""
    is_changed: bool
    """Whether a factual one has another time, place, target or toll."""
    record: Record
    """Of the first log, but for a new one."""


@dataclass(frozen=True)
class Difference:
    """What became otherwise between two logs of one replication."""

    own: IncidentLog
    other: IncidentLog
    n_equal: int
    """Records, of all types, up to the first that differs."""
    first: Record | None
    """The first record of the first log that differs; None where it has no more."""
    other_first: Record | None
    """What stands in its place in the other log."""
    compared: tuple[Compared, ...]
    """The incidents of either from the first that differs, by time."""

    def count(self, status: Status, act: int | None = None) -> int:
        """Return how many incidents are of a status, and of an act."""
        return sum(
            one.status == status and act in (None, one.record.act)
            for one in self.compared
        )

    def as_data(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {
            "replication": self.own.replication,
            "n_equal_records": self.n_equal,
            "incidents": [
                {
                    "status": one.status,
                    "is_changed": one.is_changed,
                    "number": one.number,
                    "other_number": one.other_number,
                    "identity": f"{one.record.identity:032x}",
                    "day": one.record.time,
                    "act": name_of(one.record.act),
                    "actor": self.own.actor_name(one.record.actor),
                    "target": self.own.actor_name(one.record.target),
                }
                for one in self.compared
            ],
        }


def difference(own: IncidentLog, other: IncidentLog) -> Difference:
    """Compare two logs of one replication.

    Returns
    -------
    Difference
        Where they are equal all through, `first` and `other_first` are None.
    """
    pairs = zip(own.records, other.records, strict=False)
    shorter = min(len(own.records), len(other.records))
    n_equal = next((n for n, (a, b) in enumerate(pairs) if a != b), shorter)
    numbers, other_numbers = (
        {record.identity: n for n, record in enumerate(log.incidents(), 1)}
        for log in (own, other)
    )
    in_other = {record.identity: record for record in other.records}
    compared: list[Compared] = []
    for record in own.records[n_equal:]:
        if record.record_type == RecordType.INCIDENT:
            twin = in_other.get(record.identity)
            compared.append(
                Compared(
                    status="vanished" if twin is None else "factual",
                    number=numbers[record.identity],
                    other_number=other_numbers.get(record.identity, 0),
                    is_changed=twin is not None and twin != record,
                    record=record,
                )
            )
    for record in other.records[n_equal:]:
        if record.record_type == RecordType.INCIDENT and (
            record.identity not in numbers
        ):
            number = other_numbers[record.identity]
            compared.append(Compared("new", 0, number, False, record))
    compared.sort(key=lambda one: (one.record.time, one.record.identity))
    return Difference(
        own=own,
        other=other,
        n_equal=n_equal,
        first=own.records[n_equal] if n_equal < len(own.records) else None,
        other_first=other.records[n_equal] if n_equal < len(other.records) else None,
        compared=tuple(compared),
    )


def but_for(
    run: Ensemble | StoredRun | str | PathLike[str],
    replication: int,
    without: Iterable[str | int] = (),
    *,
    put_in: str | None = None,
    engine: str = "auto",
) -> Difference:
    """Compare a replication with itself without some incidents, or with one put in.

    Parameters
    ----------
    run
        An ensemble, or the directory of a run.
    replication
        Number of the replication.
    without
        What is left out: the number of an incident in the replication's story, its
        identity, or a cause as in `sim.explanation.necessity.but_for_all`.
    put_in
        An incident that is put in, as `sim.explanation.cause.incident_of` reads it; or
        ``author=N``, of incident N: whoever may suspect who did it knows it for sure.
    engine
        ``auto``, ``simpy`` or ``compiled``.

    Raises
    ------
    StudyError
        If there is no such replication or incident.
    """
    (scene,) = scenes_of(run, [replication], engine, replays=2)
    log = scene.log()
    altered = left_out(scene, log, without)
    number = author_known(put_in)
    if number:
        place = place_of(log, scene.scenario.start, number, "--put-in")
        scene = scene_knowing(scene, list(log.incidents())[place])
    elif put_in is not None:
        scene = scene_with(scene, incident_of(put_in, scene.scenario))
    return difference(log, scene.log_without(altered))


def author_known(put_in: str | None) -> str:
    """Return the incident of ``author=N``; empty for what is no such request."""
    key, _, number = (put_in or "").partition("=")
    return number if key.strip() == "author" else ""


def left_out(
    scene: Scene, log: IncidentLog, without: Iterable[str | int]
) -> Alteration:
    """Return what a request leaves out of a replication."""
    own = list(log.incidents())
    start, altered = scene.scenario.start, Alteration()
    for entry in without:
        text = str(entry)
        if is_identity(text) or text.isdecimal():
            place = place_of(log, start, text, "--without")
            more = Alteration(without=(own[place].identity,))
        else:
            cause = read_cause(text, scene.scenario)
            is_gone, more = cause.choose(scene.rows())
            if not is_gone.any():
                message = (
                    f"--without {text!r}: {cause.label} does not happen in replication "
                    f"{log.replication}; what happens in it: {happened(log)}"
                )
                raise StudyError(message)
        altered = joined(altered, more)
    return altered

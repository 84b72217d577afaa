"""Why an incident happened: what it answers, and without what it would not have been.

Two kinds of link, and no third. A **cause** is what the log says that an incident
answers, follows or breaks off. A **contributor** is an earlier incident without which
this one does not happen: the replication is run again with that one left out, all
other draws standing, and this one is gone. Contributors of contributors are left out of
the links, since they are links of those.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from math import inf, nextafter
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.errors import RunError, StudyError
from sim.explanation.decision import Decision, decisions
from sim.explanation.scene import Scene, incident_rows, scenes_of
from sim.ladder import ACTS, act_named

if TYPE_CHECKING:
    from os import PathLike

    from numpy.typing import NDArray

    from sim.engine.log import IncidentLog, Record
    from sim.ensemble.ensemble import Ensemble
    from sim.ensemble.rerun import StoredRun


@dataclass(frozen=True)
class Needs:
    """Which incidents of a replication would not have happened without which."""

    incidents: tuple[Record, ...]
    """The incidents of the replication up to the one that is explained, in order."""
    gone: NDArray[np.bool_]
    """Entry (j, i): whether incident i does not happen where j is left out; shape
    (incidents, incidents). An incident is not counted among what it takes along."""

    def contributors(self, i: int) -> list[int]:
        """Return the contributors of an incident that are those of no other of its."""
        needed = np.flatnonzero(self.gone[:, i])
        among = self.gone[np.ix_(needed, needed)]
        return [int(j) for j in needed[~among.any(axis=1)]]


def needs_of(scene: Scene, log: IncidentLog, last: int) -> Needs:
    """Leave each incident before the one at place `last` out in turn, and compare.

    No later one is looked at. Where a world without one runs away before that place,
    nothing is known, and nothing is gone.
    """
    own = tuple(log.incidents())[: last + 1]
    until = min(nextafter(own[last].time, inf), scene.until)
    words = np.array([record.identity & (2**64 - 1) for record in own], np.uint64)
    gone = np.zeros((len(own), len(own)), bool)
    for j in range(last):
        with suppress(RunError):
            rows = incident_rows(scene.rows_without((own[j].identity,), until))
            gone[j] = ~np.isin(words, rows["low"])
            gone[j, j] = False
    return Needs(own, gone)


@dataclass(frozen=True)
class Step:
    """One incident of an explanation."""

    number: int
    """Its number in the replication's story, from 1; `escalade replay` has the same."""
    record: Record
    cause: int
    """Number of the incident that it answers, follows or breaks off; 0 for none."""
    contributors: tuple[int, ...]
    """Numbers of further incidents without which it would not have been, nearest
    first."""
    decision: Decision
    """How it was decided, and what weighed most."""


@dataclass(frozen=True)
class Explanation:
    """Why one incident of one replication happened."""

    scene: Scene
    log: IncidentLog
    number: int
    """The incident's number in the story."""
    steps: tuple[Step, ...]
    """The incident and all that it hangs on, in order; the incident is the last."""
    chain: tuple[int, ...]
    """Numbers of the incidents that lead to the one explained, it at the end; each is
    the cause of the next or, where that has none, its nearest contributor."""
    needed: tuple[int, ...]
    """Numbers of the earlier incidents without any one of which, all by itself, it
    would not have happened."""

    def as_data(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {
            "root_seed": self.scene.root_seed,
            "replication": self.scene.number,
            "incident": self.number,
            "chain": list(self.chain),
            "needed": list(self.needed),
            "steps": [self._step(step) for step in self.steps],
        }

    def _step(self, step: Step) -> dict[str, Any]:
        record, log = step.record, self.log
        decision = step.decision._asdict()
        decision["reasons"] = [reason._asdict() for reason in step.decision.reasons]
        return {
            "number": step.number,
            "identity": f"{record.identity:032x}",
            "day": record.time,
            "act": ACTS[record.act].act.name.lower(),
            "actor": log.actor_name(record.actor),
            "target": log.actor_name(record.target),
            "site": log.sites[record.site] if record.site >= 0 else "",
            "cause": step.cause,
            "contributors": list(step.contributors),
            "decision": decision,
        }


def explain(
    run: Ensemble | StoredRun | str | PathLike[str],
    replication: int,
    incident: int | str | None = None,
    *,
    engine: str = "auto",
) -> Explanation:
    """Say why an incident of a replication happened.

    Parameters
    ----------
    run
        An ensemble, or the directory of a run.
    replication
        Number of the replication.
    incident
        Its number in the story, from 1, its identity (32 hexadecimal digits), or an
        act, whose first incident is meant. None is the first of those on the highest
        rung that were not put in.
    engine
        ``auto``, ``simpy`` or ``compiled``; what is told does not depend on it.

    Returns
    -------
    Explanation
        Each link of it is in the log's column of causes, or is confirmed by a replay.

    Raises
    ------
    StudyError
        If there is no such replication or incident, or nothing happens in it.

    Examples
    --------
    >>> import sim
    >>> few = sim.run("iraq_2019_2020", replications=2, until=60.0).ensemble
    >>> why = explain(few, replication=1)
    >>> why.steps[-1].number == why.number == why.chain[-1]
    True
    """
    (scene,) = scenes_of(run, [replication], engine, replays=100)
    log = scene.log()
    place = place_of(log, incident)
    return explained(scene, log, place)


class Links(NamedTuple):
    """What the incident at a place of a log hangs on, all places from 0."""

    needs: Needs
    causes: list[int | None]
    """Of each incident up to it, the place of what it answers."""
    contributors: dict[int, list[int]]
    """Of it and each that it hangs on, the nearest first."""

    def chain(self, place: int) -> list[int]:
        """Return the places that lead to one of those in `contributors`, it last.

        Each is the cause of the next or, where that has none, its nearest contributor.
        """
        chain = [place]
        while True:
            cause, others = self.causes[chain[-1]], self.contributors[chain[-1]]
            if cause is None and not others:
                return chain[::-1]
            chain.append(others[0] if cause is None else cause)


def links_of(scene: Scene, log: IncidentLog, place: int) -> Links:
    """Return what the incident at a place of a log hangs on."""
    needs = needs_of(scene, log, place)
    own = needs.incidents
    places = {record.identity: i for i, record in enumerate(own)}
    by_identity = {record.identity: record for record in log.records}
    causes = [_cause(by_identity, record, places) for record in own[: place + 1]]
    waiting, links = [place], dict[int, list[int]]()
    while waiting:
        i = waiting.pop()
        # The nearest first: it is what most readers will look for.
        others = [j for j in reversed(needs.contributors(i)) if j != causes[i]]
        links[i] = others
        nearer = (j for j in (causes[i], *others) if j is not None)
        waiting += [j for j in nearer if j not in links and j not in waiting]
    return Links(needs, causes, links)


def explained(scene: Scene, log: IncidentLog, place: int) -> Explanation:
    """Explain the incident at a place of a log, from 0."""
    links = links_of(scene, log, place)
    own, chosen = links.needs.incidents, sorted(links.contributors)
    how = decisions(
        scene.cast, log, scene.alteration, [own[i].identity for i in chosen]
    )
    steps = tuple(
        Step(
            number=i + 1,
            record=own[i],
            cause=0 if (cause := links.causes[i]) is None else cause + 1,
            contributors=tuple(j + 1 for j in links.contributors[i]),
            decision=how[own[i].identity],
        )
        for i in chosen
    )
    return Explanation(
        scene=scene,
        log=log,
        number=place + 1,
        steps=steps,
        chain=tuple(i + 1 for i in links.chain(place)),
        needed=tuple(int(j) + 1 for j in np.flatnonzero(links.needs.gone[:, place])),
    )


def _cause(
    by_identity: dict[int, Record], record: Record, places: dict[int, int]
) -> int | None:
    """Return the place of the incident that another answers, through its stages."""
    cause = record.cause
    while cause and cause not in places:
        if cause not in by_identity:
            return None
        cause = by_identity[cause].cause
    return places.get(cause)


def place_of(log: IncidentLog, incident: int | str | None) -> int:
    """Return the place among a log's incidents, from 0, that is asked for."""
    own = list(log.incidents())
    if incident is None:
        free = [i for i, record in enumerate(own) if record.origin == 0]
        if not free:
            message = "nothing happens in this replication but what was put in"
            raise StudyError(message)
        return max(free, key=lambda i: (ACTS[own[i].act].rung, -i))
    if isinstance(incident, str) and len(incident) == 32:
        for i, record in enumerate(own):
            if f"{record.identity:032x}" == incident.lower():
                return i
    elif act := act_named(str(incident)):
        for i, record in enumerate(own):
            if record.act == act:
                return i
    elif str(incident).isdecimal() and 1 <= int(incident) <= len(own):
        return int(incident) - 1
    message = (
        f"incident {incident!r}: this replication has the incidents 1 to {len(own)}, "
        "as escalade replay numbers them; an identity has 32 hexadecimal digits, and "
        "an act has to happen in it"
    )
    raise StudyError(message)

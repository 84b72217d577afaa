"""Why an incident happened: what it answers, and without what it would not have been.

Two kinds of link, and no third. A **cause** is what the log says that an incident
answers, follows or breaks off. A **contributor** is an earlier incident without which
this one does not happen: the replication is run again with that one left out, all
other draws standing, and this one is gone. Contributors of contributors are left out of
the links, since they are links of those.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import StudyError
from sim.explanation.decision import Decision, decisions
from sim.explanation.scene import Scene, incident_rows, scenes_of
from sim.ladder import ACTS

if TYPE_CHECKING:
    from os import PathLike

    from numpy.typing import NDArray

    from sim.engine.log import IncidentLog, Record
    from sim.ensemble.ensemble import Ensemble
    from sim.ensemble.rerun import StoredRun


@dataclass(frozen=True)
class Necessity:
    """Which incidents of a replication would not have happened without which."""

    incidents: tuple[Record, ...]
    """All incidents of the replication, in order."""
    gone: NDArray[np.bool_]
    """Entry (j, i): whether incident i does not happen where j is left out; shape
    (incidents, incidents). An incident is not counted among what it takes along."""

    def contributors(self, i: int) -> list[int]:
        """Return the contributors of an incident that are those of no other of its."""
        needed = np.flatnonzero(self.gone[:, i])
        among = self.gone[np.ix_(needed, needed)]
        return [int(j) for j in needed[~among.any(axis=1)]]


def necessity(scene: Scene, log: IncidentLog, last: int | None = None) -> Necessity:
    """Leave each incident out in turn, up to the one at place `last`, and compare."""
    own = tuple(log.incidents())
    words = np.array([record.identity & (2**64 - 1) for record in own], np.uint64)
    gone = np.zeros((len(own), len(own)), bool)
    end = len(own) if last is None else last
    for j in range(end):
        rows = incident_rows(scene.rows_without((own[j].identity,)))
        gone[j] = ~np.isin(words, rows["low"])
        gone[j, j] = False
    return Necessity(own, gone)


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
    n_needed: int
    """Earlier incidents without any one of which it would not have happened."""

    @cached_property
    def chain(self) -> tuple[int, ...]:
        """Numbers of the incidents that lead to the one explained, it at the end.

        Each is the cause of the next or, where that has none, its nearest contributor.
        """
        by_number = {step.number: step for step in self.steps}
        chain = [self.number]
        while True:
            step = by_number[chain[-1]]
            before = step.cause or (step.contributors or (0,))[0]
            if before not in by_number:
                return tuple(reversed(chain))
            chain.append(before)

    def as_data(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {
            "root_seed": self.scene.root_seed,
            "replication": self.scene.number,
            "incident": self.number,
            "chain": list(self.chain),
            "n_needed": self.n_needed,
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
        Its number in the story, from 1, or its identity (32 hexadecimal digits). None
        is the first of those on the highest rung that were not put in.
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
    >>> few = sim.run_ensemble(sim.load("iraq_2019_2020"), replications=2, until=60.0)
    >>> why = sim.explain(few, replication=1)
    >>> why.steps[-1].number == why.number == why.chain[-1]
    True
    """
    (scene,) = scenes_of(run, [replication], engine, replays=100)
    log = scene.log()
    place = place_of(log, incident)
    return explained(scene, log, place)


def explained(scene: Scene, log: IncidentLog, place: int) -> Explanation:
    """Explain the incident at a place of a log, from 0."""
    needs = necessity(scene, log, place)
    own = needs.incidents
    places = {record.identity: i for i, record in enumerate(own)}
    by_identity = {record.identity: record for record in log.records}
    causes = [_cause(by_identity, record, places) for record in own[: place + 1]]
    chosen = {place}
    waiting = [place]
    links: dict[int, list[int]] = {}
    while waiting:
        i = waiting.pop()
        # The nearest first: it is what most readers will look for.
        others = [j for j in reversed(needs.contributors(i)) if j != causes[i]]
        links[i] = others
        for j in (causes[i], *others):
            if j is not None and j not in chosen:
                chosen.add(j)
                waiting.append(j)
    how = decisions(
        scene.cast, log, scene.alteration, [own[i].identity for i in chosen]
    )
    steps = tuple(
        Step(
            number=i + 1,
            record=own[i],
            cause=0 if (cause := causes[i]) is None else cause + 1,
            contributors=tuple(j + 1 for j in links[i]),
            decision=how[own[i].identity],
        )
        for i in sorted(chosen)
    )
    return Explanation(
        scene=scene,
        log=log,
        number=place + 1,
        steps=steps,
        n_needed=int(needs.gone[:, place].sum()),
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
    elif str(incident).isdecimal() and 1 <= int(incident) <= len(own):
        return int(incident) - 1
    message = (
        f"incident {incident!r}: this replication has the incidents 1 to {len(own)}, "
        "as escalade replay numbers them; an identity has 32 hexadecimal digits"
    )
    raise StudyError(message)

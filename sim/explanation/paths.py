"""By which chains an outcome is reached, and where chains end: over many replications.

A path is the chain that leads to the first incident of an act in a replication, each
its cause or, where it has none, its nearest contributor (`sim.explanation.explain`).
Every replication in which it comes has one path, so their shares add up; what was put
in is no outcome. An
**off-ramp** is an act that nobody answers: where the circle of act and answer stops.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.engine.log import NO_CAUSE, RecordType
from sim.errors import StudyError
from sim.explanation.explain import links_of
from sim.explanation.phrase import read_phrase
from sim.explanation.scene import scenes_of
from sim.ladder import ACTS, Visibility, name_of
from sim.statistics.interval import wilson
from sim.statistics.necessity import share_gone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from os import PathLike

    from sim.engine.log import IncidentLog
    from sim.ensemble.ensemble import Ensemble
    from sim.ensemble.rerun import StoredRun
    from sim.scenario.scenario import Scenario


class Path(NamedTuple):
    """One way to the outcome."""

    acts: tuple[str, ...]
    """The acts of its incidents, the outcome last."""
    n: int
    """Replications that came this way."""
    share: float
    """Of those in which the outcome came."""
    low: float
    """Lower end of the share's interval: Wilson's."""
    high: float
    example: int
    """The first replication that came this way."""


class OffRamp(NamedTuple):
    """What becomes of one act."""

    act: str
    n: int
    """Incidents of it, in all replications."""
    share: float
    """Share of these that no incident answers, follows or breaks off for."""
    low: float
    """Lower end of its interval, over replications."""
    high: float
    next: str
    """The act that most often comes of it; empty where none does."""
    next_share: float
    """Share of its incidents of which that comes."""


@dataclass(frozen=True)
class Paths:
    """How an outcome is reached."""

    scenario: Scenario
    root_seed: int
    until: float
    """Days that each replication was simulated."""
    act: str
    """As it was asked for."""
    label: str
    """What was understood: ``the first strike``."""
    n: int
    """Replications that were looked at."""
    n_reached: int
    """Those in which the outcome came."""
    paths: tuple[Path, ...]
    """All of them, the most frequent first."""
    off_ramps: tuple[OffRamp, ...]
    """By act, the most frequent first; private ones are left out."""

    def as_data(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {
            "act": self.act,
            "outcome": self.label,
            "n": self.n,
            "n_reached": self.n_reached,
            "paths": [path._asdict() for path in self.paths],
            "off_ramps": [ramp._asdict() for ramp in self.off_ramps],
        }


def paths_to(
    run: Ensemble | StoredRun | str | PathLike[str],
    act: str,
    *,
    replications: Iterable[int] | None = None,
    engine: str = "auto",
    progress: Callable[[int, int], None] | None = None,
) -> Paths:
    """Return by which chains the first incident of an act comes about.

    Parameters
    ----------
    run
        An ensemble, or the directory of a run.
    act
        The outcome: an act, whose first incident is meant, or other words for one, as
        in ``first deadly attack`` (`sim.explanation.phrase`). None that was put in.
    replications
        Numbers of those that are looked at; all that did not fail by default.
    engine
        ``auto``, ``simpy`` or ``compiled``; the results do not depend on it.
    progress
        Called with the replications done and those asked for.

    Raises
    ------
    StudyError
        If there is no such act, or it comes in none of the replications.
    """
    scenes = scenes_of(run, replications, engine, replays=100)
    phrase = read_phrase(act, scenes[0].scenario.start, "--paths-to")
    chains: dict[tuple[str, ...], list[int]] = {}
    tallies: list[_Tally] = []
    for n, scene in enumerate(scenes, 1):
        log = scene.log()
        own = list(log.incidents())
        tallies.append(_tally(log))
        for place in phrase.in_log(log, is_own=True)[:1]:
            chain = links_of(scene, log, place).chain(place)
            acts = tuple(name_of(own[i].act) for i in chain)
            chains.setdefault(acts, []).append(scene.member)
        if progress is not None:
            progress(n, len(scenes))
    n_reached = sum(map(len, chains.values()))
    if not n_reached:
        message = (
            f"--paths-to {act!r}: {phrase.label} happens in none of the "
            f"{len(scenes)} replications; what was put in is not meant"
        )
        raise StudyError(message)
    ordered = sorted(chains.items(), key=lambda item: (-len(item[1]), item[0]))
    return Paths(
        scenario=scenes[0].scenario,
        root_seed=scenes[0].root_seed,
        until=scenes[0].until,
        act=act,
        label=phrase.label,
        n=len(scenes),
        n_reached=n_reached,
        paths=tuple(
            Path(acts, len(came), *wilson(len(came), n_reached), example=came[0])
            for acts, came in ordered
        ),
        off_ramps=_off_ramps(tallies),
    )


class _Tally(NamedTuple):
    """What becomes of the acts of one replication."""

    incidents: Counter[int]
    """Incidents by act."""
    goes_on: Counter[int]
    """Those of which something comes."""
    followed: Counter[tuple[int, int]]
    """Those of which an incident of another act comes, by both acts."""


def _tally(log: IncidentLog) -> _Tally:
    """Count what comes of each incident of a log, by the column of causes."""
    by_identity = {record.identity: record for record in log.records}
    comes: dict[int, set[int]] = {}
    for record in log.incidents():
        cause = by_identity.get(record.cause)
        while cause is not None and cause.record_type == RecordType.STAGE:
            cause = by_identity.get(cause.cause)
        if cause is not None and cause.identity != NO_CAUSE:
            comes.setdefault(cause.identity, set()).add(record.act)
    tally = _Tally(Counter(), Counter(), Counter())
    for record in log.incidents():
        tally.incidents[record.act] += 1
        after = comes.get(record.identity, set())
        tally.goes_on[record.act] += bool(after)
        tally.followed.update((record.act, act) for act in after)
    return tally


def _off_ramps(tallies: list[_Tally]) -> tuple[OffRamp, ...]:
    """Return what becomes of each act that others can see."""
    total = sum((tally.incidents for tally in tallies), Counter[int]())
    followed = sum((tally.followed for tally in tallies), Counter[tuple[int, int]]())
    ramps: list[OffRamp] = []
    for act, n in sorted(total.items(), key=lambda item: (-item[1], item[0])):
        if ACTS[act].visibility == Visibility.PRIVATE:
            continue
        columns = np.array(
            [[tally.incidents[act], tally.goes_on[act]] for tally in tallies], float
        )
        share, low, high = share_gone(columns[:, 0], columns[:, 1])
        nexts = {after: k for (first, after), k in followed.items() if first == act}
        most = max(nexts, key=lambda after: (nexts[after], -after), default=0)
        ramps.append(
            OffRamp(
                act=name_of(act),
                n=n,
                share=share,
                low=max(0.0, low),
                high=min(1.0, high),
                next=name_of(most) if nexts else "",
                next_share=nexts[most] / n if nexts else 0.0,
            )
        )
    return tuple(ramps)

"""Each link of many explanations, checked by the log and by a replay of its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.engine.log import RecordType
from sim.explanation.explain import Links, links_of
from sim.explanation.paths import Paths, paths_to
from sim.explanation.phrase import read_phrase
from sim.explanation.scene import incident_rows, scenes_of

if TYPE_CHECKING:
    from sim.engine.log import IncidentLog
    from sim.ensemble.ensemble import Ensemble
    from sim.explanation.scene import Scene

OUTCOME: Final = "first strike"


@dataclass
class Checked:
    """What came of checking explanations."""

    n: int = 0
    """Explanations."""
    n_causes: int = 0
    """Links that the log's column of causes has."""
    n_contributors: int = 0
    """Links that a replay confirms."""
    n_causes_confirmed: int = 0
    """Links of the former kind without whose cause the answer does not happen."""
    n_carried: int = 0
    """Chains of which the last needs each."""
    wrong: list[tuple[int, int, int]] = field(default_factory=list)
    """Links that are neither, as replication, place and place of what it hangs on."""
    unlinked: list[tuple[int, int]] = field(default_factory=list)
    """Incidents of a chain that are no link of the next one."""


def happens_without(scene: Scene, identity: int, left_out: int) -> bool:
    """Whether an incident happens to the run's end where another is left out."""
    rows = incident_rows(scene.rows_without((left_out,)))
    low, high = identity & (2**64 - 1), identity >> 64
    return bool(((rows["low"] == low) & (rows["high"] == high)).any())


def answers(log: IncidentLog, i: int, j: int) -> bool:
    """Whether the column of causes leads from one incident to another, by stages."""
    own = list(log.incidents())
    by_identity = {record.identity: record for record in log.records}
    cause = own[i].cause
    while cause in by_identity and cause != own[j].identity:
        if by_identity[cause].record_type == RecordType.INCIDENT:
            return False
        cause = by_identity[cause].cause
    return cause == own[j].identity


def check(
    scene: Scene, log: IncidentLog, links: Links, place: int, to: Checked
) -> None:
    """Check every link of an explanation, and its chain."""
    own = list(log.incidents())
    to.n += 1
    for i, contributors in links.contributors.items():
        cause = links.causes[i]
        if cause is not None:
            to.n_causes += 1
            to.n_causes_confirmed += int(links.needs.gone[cause, i])
            if not answers(log, i, cause):
                to.wrong.append((scene.member, i, cause))
        for j in contributors:
            to.n_contributors += 1
            if j >= i or happens_without(scene, own[i].identity, own[j].identity):
                to.wrong.append((scene.member, i, j))
    chain = links.chain(place)
    to.n_carried += int(links.needs.gone[chain[:-1], place].all())
    for before, after in pairwise(chain):
        if before not in (links.causes[after], *links.contributors[after]):
            to.unlinked.append((scene.member, after))


def checked(run: Ensemble, most: int, engine: str) -> Checked:
    """Check why the first strike came, in the first replications with one."""
    found = Checked()
    phrase = read_phrase(OUTCOME, run.scenario.start, "")
    for scene in scenes_of(run, engine=engine, replays=100):
        if found.n == most:
            break
        log = scene.log()
        for place in phrase.in_log(log):
            check(scene, log, links_of(scene, log, place), place, found)
    return found


def shares(run: Ensemble, engine: str) -> tuple[Paths, float, int]:
    """Return the ways to the first strike, their shares' sum, and who reached it.

    The latter is counted by the outcomes that the run itself measured.
    """
    paths = paths_to(run, OUTCOME, engine=engine)
    total = float(np.sum([path.share for path in paths.paths]))
    reached = run.outcomes["first_strike_happened_true"].to_numpy() > 0.0
    return paths, total, int(np.count_nonzero(reached))

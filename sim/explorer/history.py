"""One history, to be looked at: its incidents on the ladder and the map, and why.

A history is a replication of a view's scenario: the typical one, unless another is
asked for. What is true and what was reported are both told of each incident.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sim.comparison.compare import compare_outcome
from sim.comparison.pairing import arm_of, pair
from sim.engine.alteration import Alteration
from sim.engine.log import Origin, RecordType
from sim.ensemble.typical import typical_replication
from sim.errors import RunError, StudyError
from sim.explanation.difference import difference, left_out
from sim.explanation.explain import explained, place_of
from sim.explanation.scene import scenes_of
from sim.ladder import ACTS, Visibility
from sim.outcomes.rungs import path_of
from sim.reports.narrative import narrate
from sim.reports.why import SAME, difference_text, ending, side_by_side, tell

if TYPE_CHECKING:
    from sim.comparison.result import OutcomeComparison
    from sim.engine.log import IncidentLog
    from sim.explanation.scene import Scene
    from sim.explorer.session import Session
    from sim.explorer.view import View
    from sim.scenario.scenario import Scenario

FUTURES_ASKED: Final = 200
"""Futures of one history, with a move and without it."""

MOST_TOLD: Final = 40
"""Incidents that are told of a world without one."""


@dataclass(frozen=True)
class Seen:
    """One incident as it is shown."""

    number: int
    """In the history's story, from 1."""
    day: float
    date: str
    act: int
    actor: int
    """Place among the scenario's actors, -1 for nobody."""
    site: int
    dead: float
    is_reported: bool
    reported_actor: int
    """Whom the report names, -1 for nobody."""
    is_given: bool
    """Whether it was put in."""
    is_private: bool
    """Whether nobody but its author and its target knows of it."""
    text: str


@dataclass(frozen=True, eq=False)
class History:
    """One replication, to be looked at."""

    scene: Scene
    log: IncidentLog
    seen: tuple[Seen, ...]
    path: tuple[tuple[float, int], ...]
    """Day, and the highest rung held from then on."""

    @property
    def scenario(self) -> Scenario:
        """The scenario that it is of."""
        return self.scene.scenario


@dataclass(frozen=True)
class Story:
    """Why one incident happened, and what hangs on it."""

    number: int
    title: str
    lines: tuple[str, ...]
    """What led to it, in order; the incident itself is the last."""
    ending: str
    without: tuple[str, ...]
    """What would not have happened without it, and what would have come instead."""
    summary: str


def typical_of(session: Session, view: View, n: int) -> int:
    """Return the number of the world nearest to the middle of a view's first n."""
    return typical_replication(session.arm(view, n).outcomes)


def history_of(session: Session, view: View, number: int) -> History:
    """Return one replication of a view's scenario; ranges are as they stand.

    Raises
    ------
    ScenarioError
        If the view is no legal scenario.
    RunError
        If the replication fails.
    """
    scenario = session.scenario_of(view)
    ensemble = session.run(scenario, range(number, number + 1), view)
    if ensemble.failed:
        raise RunError(ensemble.failed[0][1])
    (scene,) = scenes_of(ensemble, [number], session.engine)
    log = scene.log()
    story = narrate(log, scenario, every=True)
    reports = {
        record.identity: report
        for record, report in zip(log.records, log.reports, strict=True)
        if record.record_type == RecordType.INCIDENT
    }
    seen = tuple(
        Seen(
            number=sentence.number,
            day=record.time,
            date=sentence.date,
            act=record.act,
            actor=record.actor,
            site=record.site,
            dead=sum(record.effect[3:8]),
            is_reported=reports[record.identity].is_reported,
            reported_actor=reports[record.identity].actor,
            is_given=record.origin != Origin.SIMULATED,
            is_private=ACTS[record.act].visibility == Visibility.PRIVATE,
            text=f"{sentence.text} ({sentence.press})",
        )
        for record, sentence in zip(log.incidents(), story, strict=True)
    )
    # What was put in stands on the ladder as well, though no outcome counts it.
    path = path_of(log.incidents(), scenario.rung_window, log.horizon)
    return History(scene, log, seen, tuple(path))


def story_of(history: History, number: int) -> Story:
    """Tell why an incident happened, and what would not have been without it.

    Raises
    ------
    StudyError
        If the history has no such incident.
    """
    scene, log = history.scene, history.log
    explanation = explained(scene, log, place_of(log, scene.scenario.start, number))
    steps = tell(explanation)
    lines = tuple(
        f"{one.sentence.date} [{one.sentence.number}] {one.sentence.text}"
        f" ← {one.links}{f' ({one.reasons})' if one.reasons else ''}"
        for one in steps
        if one.is_in_chain or one is steps[-1]
    )
    try:
        other = scene.log_without(left_out(scene, log, [str(number)]))
    except RunError as error:
        without, summary = (), f"Without it the replication runs away: {error}"
    else:
        differs = difference(log, other)
        own = explanation.log.incidents()
        itself = next(r for i, r in enumerate(own, 1) if i == number).identity
        rows = [
            row
            for one, row in zip(
                differs.compared, side_by_side(differs, history.scenario), strict=True
            )
            if row.otherwise != SAME and one.record.identity != itself
        ]
        without = tuple(
            f"{row.when} {row.status}: {' → '.join(filter(None, row[2:]))}"
            for row in rows[:MOST_TOLD]
        )
        if len(rows) > MOST_TOLD:
            without += (f"and {len(rows) - MOST_TOLD} more",)
        summary = difference_text(differs)
    last = steps[-1].sentence
    title = f"{last.date}: {last.text} ({last.press})"
    return Story(
        number=number,
        title=title,
        lines=lines,
        ending=ending(explanation),
        without=without,
        summary=summary,
    )


def futures_of(
    session: Session,
    view: View,
    number: int,
    day: float,
    n: int = FUTURES_ASKED,
) -> OutcomeComparison:
    """Compare the futures of one history with a view's moves and without them.

    Parameters
    ----------
    session, view
        The view, with at least one move.
    number
        The history: a replication of the view without its moves.
    day
        Day of the first move; before it, all futures are the one history.
    n
        Futures of each.

    Raises
    ------
    StudyError
        If the day is not within the scenario.
    """
    from dataclasses import replace

    if not 0.0 < day < session.until:
        message = f"day {day:g} is not within the scenario"
        raise StudyError(message)
    # A moment before: the move belongs to the futures that have it, and to no past.
    altered = Alteration(branch=(number, day - 1.0 / 1440.0))
    arms: list[Any] = []
    for name, one in (("without", replace(view, moves=())), ("with", view)):
        scenario = session.scenario_of(one)
        ensemble = session.run(scenario, range(n), view, alteration=altered)
        arms.append(arm_of(name, ensemble))
    return compare_outcome(pair(arms[0], arms[1]), session.outcomes[view.outcome])

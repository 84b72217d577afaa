"""Futures of one replication: one past, to the byte, and as many futures as asked.

A future is the replication run again, from a moment on keyed by a number of its own.
What differs in the parameters from that moment on is a development like any other, and
futures of the same number are coupled: they differ only where that made them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil, inf, nextafter
from typing import TYPE_CHECKING, Final

from sim.engine.alteration import day_of
from sim.ensemble.ensemble import run_ensemble
from sim.errors import StudyError
from sim.explanation.difference import left_out
from sim.explanation.scene import joined, scenes_of
from sim.rules.registry import KINDS
from sim.scenario.load import load
from sim.scenario.scenario import Change, Cited

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from os import PathLike
    from typing import Any

    from sim.engine.alteration import Alteration
    from sim.engine.log import IncidentLog
    from sim.ensemble.ensemble import Ensemble
    from sim.ensemble.part import Progress
    from sim.ensemble.rerun import StoredRun
    from sim.ensemble.workers import Workers
    from sim.scenario.scenario import Scenario


MINUTES_A_DAY: Final = 1440.0


@dataclass(frozen=True, eq=False)
class Branch:
    """Futures of one replication from a moment on."""

    log: IncidentLog
    """The replication to its end, without what is left out: its past is that of every
    future."""
    day: float
    """The moment, days since the start."""
    futures: Ensemble
    """Member n is the replication with the future of number n."""


def branch(  # noqa: PLR0913 - each is a decision of the study
    run: Ensemble | StoredRun | str | PathLike[str],
    replication: int,
    at: str | float | None = None,
    n: int = 200,
    *,
    changes: Mapping[str, Any] | None = None,
    without: Iterable[str | int] = (),
    workers: Workers = 1,
    out: str | PathLike[str] | None = None,
    progress: Progress | None = None,
    engine: str = "auto",
) -> Branch:
    """Give a replication n independent futures from a moment on.

    Parameters
    ----------
    run
        An ensemble, or the directory of a run.
    replication
        Number of the replication whose past they share.
    at
        The moment: a date, or days since the start; after the start, before the end.
        None is the moment at which the first of what is left out comes.
    n
        How many futures, from number 0. More may be asked for later: they are the
        first ones and more.
    changes
        Parameters of actors by path that are otherwise from the moment on.
    without
        What is left out of past and future, as in `sim.explanation.difference.but_for`.
    workers, out, progress, engine
        As in `run_ensemble`; `out` is the directory of the futures.

    Raises
    ------
    StudyError
        If there is no such replication or incident, the moment is outside its days, or
        something else than a parameter of an actor is changed.

    Examples
    --------
    >>> import sim
    >>> few = sim.run("iraq_2019_2020", replications=2, until=80.0).ensemble
    >>> futures = branch(few, replication=1, at="2019-12-15", n=3).futures
    >>> futures.outcomes["n_rocket_attacks_true"].size
    3
    """
    (scene,) = scenes_of(run, [replication], engine)
    scenario, log = scene.scenario, scene.log()
    less = left_out(scene, log, without)
    if at is None:
        day = first_left_out(log, less)
    else:
        day = at if isinstance(at, float | int) else day_of(at, scenario.start, "--at")
    if not 0.0 < day < scene.until:
        message = (
            f"--at {at}: day {day:g} is outside the days that were simulated, above 0 "
            f"and below {scene.until:g}"
        )
        raise StudyError(message)
    if changes:
        scenario = changed_from(scenario, scene.file, changes, day)
    altered = joined(scene.alteration, less)
    altered = replace(altered, branch=(scene.number, float(day)))
    futures = run_ensemble(
        scenario,
        replications=n,
        root_seed=scene.root_seed,
        workers=workers,
        until=scene.until,
        out=out,
        progress=progress,
        engine=engine,
        alteration=altered,
    )
    return Branch(scene.log_without(less), float(day), futures)


def first_left_out(log: IncidentLog, left: Alteration) -> float:
    """Return the moment, just after it, of the first of a log that is left out.

    Raises
    ------
    StudyError
        If nothing is left out.
    """
    times = (
        record.time
        for record in log.incidents()
        if record.identity in left.without
        or any(record.act == act and record.time >= d for act, d in left.without_acts)
    )
    first = min(times, default=None)
    if first is None:
        message = "say --at, from when on the futures part, or --without"
        raise StudyError(message)
    return nextafter(first, inf)


def changed_from(
    scenario: Scenario, file: str, changes: Mapping[str, Any], day: float
) -> Scenario:
    """Return a scenario whose actors have other parameters from a day on.

    Parameters
    ----------
    scenario
        The scenario.
    file
        Its file, of which the changes are read.
    changes
        Parameters of actors by path.
    day
        Days since the start.

    Raises
    ------
    StudyError
        If a path is no parameter of an actor, or the scenario has no file.
    """
    if not file:
        message = "changes need a scenario with a file; build developments in Python"
        raise StudyError(message)
    kinds = {actor.kind.name: actor.kind for actor in scenario.actors}
    other = load(file, changes, kinds=kinds | dict(KINDS))
    numbers = {cited.path: cited for cited in other.cited}
    minute = ceil(day * MINUTES_A_DAY) / MINUTES_A_DAY  # as exact as a file's dates
    turned: list[Change] = []
    cited: list[Cited] = []
    for own, new in zip(scenario.actors, other.actors, strict=True):
        for name, before, value in zip(
            own.params._fields, own.params, new.params, strict=True
        ):
            if value == before:
                continue
            identity = f"branch_{own.name}_{name}"
            turned.append(
                Change(
                    identity=identity,
                    time=minute,
                    known_from=minute,
                    actor=own.name,
                    parameter=name,
                    how="set",
                    value=value,
                )
            )
            number = numbers[f"actors.{own.name}.{name}"]
            cited.append(replace(number, path=f"developments.{identity}.set.to"))
    paths = {f"actors.{change.actor}.{change.parameter}" for change in turned}
    if wrong := [path for path in changes if path not in paths]:
        message = (
            f"{wrong[0]}: from a moment on only parameters of actors can be otherwise, "
            "as in actors.united_states.tolerance, each to a new value"
        )
        raise StudyError(message)
    # The past knows nothing of it: the scenario is the run's own, with developments.
    return replace(
        scenario,
        changes=(*scenario.changes, *turned),
        cited=(*scenario.cited, *cited),
    )

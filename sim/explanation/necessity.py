"""Over many replications: what would not have been without a cause, or would with it.

The cause is a class of incidents (the first strike, all raids, a development). It is
left out of every replication in which it happens, and each is compared with itself.
What was left out is struck out of the world that had it, too: so what is counted is
what else would not have been. Put in, a cause is one incident with all that it does.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.engine.log import Rows
from sim.errors import RunError, StudyError, nearest, one_of
from sim.explanation.cause import read_cause, scene_with
from sim.explanation.scene import joined, scenes_of
from sim.outcomes import Measure, outcomes_for
from sim.statistics.necessity import (
    Necessity,
    necessity_of,
    share_gone,
    sufficiency_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from os import PathLike

    from numpy.typing import NDArray

    from sim.ensemble.ensemble import Ensemble
    from sim.ensemble.rerun import StoredRun
    from sim.explanation.scene import Scene
    from sim.scenario.scenario import Given, Scenario

    Floats = NDArray[np.float64]

ASKED: Final = (
    "n_strikes_true", "n_rocket_attacks_true", "n_coalition_deaths_true",
    "n_killed_militia_true", "first_strike_happened_true",
    "first_coalition_death_happened_true", "first_direct_strike_happened_true",
    "direct_exchange_happened_true",
)  # fmt: skip
"""Outcomes that are told where none are named."""

_COUNTS: Final = ("incidents", "persons", "rounds")
"""Units of what can be added up over replications."""


@dataclass(frozen=True)
class Change:
    """A count of what happens, with the cause and without it."""

    total: float
    """With the cause, all replications that had it together."""
    total_without: float
    share: float
    """Share of it that would not have been, what came instead set against it; below 0
    where there would have been more, nan where there was none."""
    low: float
    """Lower end of its interval; -inf where the count is too rare for one."""
    high: float


@dataclass(frozen=True)
class ButFor:
    """What an ensemble would have been without a cause, or with one put in."""

    cause: str
    n: int
    """Replications that were looked at."""
    n_with_cause: int
    """Those in which the cause happened, all where it was put in; without such as
    failed in the other world."""
    shares: dict[str, Necessity]
    """Of outcomes that happen or do not: necessity; for a cause put in, sufficiency."""
    changes: dict[str, Change]
    """Of counts."""
    is_put_in: bool = False


def but_for_all(
    run: Ensemble | StoredRun | str | PathLike[str],
    without: str,
    outcomes: Sequence[str] = ASKED,
    *,
    engine: str = "auto",
) -> ButFor:
    """Compare every replication of a run with itself without a cause.

    Parameters
    ----------
    run
        An ensemble, or the directory of a run.
    without
        Words for one incident (``first=ACT``, ``last strike``, ``worst attack``),
        ``act=ACT``, ``act=ACT@DATE`` or ``all strikes`` for a class, ``development=ID``
        or ``record=ROW``; see `sim.explanation.phrase`.
    outcomes
        Names of outcomes, counts or such as happen or do not.
    engine
        ``auto``, ``simpy`` or ``compiled``; the results do not depend on it.

    Raises
    ------
    StudyError
        If the cause or an outcome is unknown, or the cause never happens.

    Examples
    --------
    >>> import sim
    >>> run = sim.run("iraq_2019_2020", replications=5, until=70.0).ensemble
    >>> needed = but_for_all(run, "first=rocket_attack", engine="simpy")
    >>> needed.n, needed.n_with_cause
    (5, 5)
    """
    scenes = scenes_of(run, engine=engine, replays=2)
    names = known_outcomes(scenes[0].scenario, outcomes)
    cause = read_cause(without, scenes[0].scenario)
    values = _measure(scenes[0], names)
    own: list[list[float]] = []
    other: list[list[float]] = []
    for scene in scenes:
        rows = scene.rows()
        is_gone, alteration = cause.choose(rows)
        if not is_gone.any():
            continue
        struck = Rows(rows.records[~is_gone], rows.effects)
        where = (scene.root_seed, scene.number, scene.until)
        with suppress(RunError):  # it may run away in the other world alone
            altered = joined(scene.alteration, alteration)
            changed = scene.driver.rows(*where, altered)
            other.append(values(changed))
            own.append(values(struck))
    if not own:
        message = (
            f"--without {without!r}: {cause.label} happens in none of the "
            f"{len(scenes)} replications"
        )
        raise StudyError(message)
    return _but_for(cause.label, scenes, names, np.array(own), np.array(other))


def with_put_in(
    run: Ensemble | StoredRun | str | PathLike[str],
    incident: Given,
    outcomes: Sequence[str] = ASKED,
    *,
    engine: str = "auto",
) -> ButFor:
    """Compare every replication of a run with itself with an incident put in.

    Parameters
    ----------
    run
        An ensemble, or the directory of a run.
    incident
        The incident, with all that it does; `incident_of` reads one.
    outcomes, engine
        As in `but_for_all`.
    """
    scenes = scenes_of(run, engine=engine, replays=2)
    scenario = scenes[0].scenario
    names = known_outcomes(scenario, outcomes)
    values = _measure(scenes[0], names)
    driver = scene_with(scenes[0], incident).driver
    own: list[list[float]] = []
    other: list[list[float]] = []
    for scene in scenes:
        where = (scene.root_seed, scene.number, scene.until, scene.alteration)
        with suppress(RunError):
            changed = values(driver.rows(*where))
            own.append(values(scene.driver.rows(*where)))
            other.append(changed)
    return _but_for(
        incident.identity, scenes, names, np.array(own), np.array(other), put_in=True
    )


def _measure(scene: Scene, names: Iterable[str]) -> Callable[[Rows], list[float]]:
    """Return what gives some outcomes of a replication of a scene's run."""
    measure = Measure(
        scene.scenario,
        scene.until,
        scene.cast.since,
        is_compiled=scene.driver.name == "compiled",
    )
    room = np.empty((1, measure.width))
    by_name = measure.columns(room)
    chosen = [by_name[name] for name in names]

    def values(rows: Rows) -> list[float]:
        measure.into(room[0], rows)
        return [float(column[0]) for column in chosen]

    return values


def known_outcomes(scenario: Scenario, names: Sequence[str]) -> dict[str, bool]:
    """Return the outcomes asked for, each with whether it happens or does not."""
    table = outcomes_for(scenario)
    fit = {
        name: row.aggregate == "proportion"
        for name, row in table.items()
        if row.aggregate == "proportion" or row.unit in _COUNTS
    }
    for name in names:
        if name not in fit:
            message = (
                f"--outcomes: {name!r} is "
                f"{'no count, nor a share' if name in table else 'no outcome'}"
                f"{nearest(name, fit) or '.'} Allowed are counts, and what happens or "
                f"does not: {one_of(ASKED)}, and all such that summary.csv has"
            )
            raise StudyError(message)
    return {name: fit[name] for name in names}


def _but_for(
    cause: str,
    scenes: Sequence[Scene],
    names: dict[str, bool],
    own: Floats,
    other: Floats,
    *,
    put_in: bool = False,
) -> ButFor:
    """Return what the pairs of worlds say."""
    weigh = sufficiency_of if put_in else necessity_of
    return ButFor(
        cause=cause,
        n=len(scenes),
        n_with_cause=len(own),
        shares={
            name: weigh(own[:, k] > 0.0, other[:, k] > 0.0)
            for k, (name, is_share) in enumerate(names.items())
            if is_share
        },
        changes={
            name: change_of(own[:, k], other[:, k])
            for k, (name, is_share) in enumerate(names.items())
            if not is_share
        },
        is_put_in=put_in,
    )


def change_of(own: Floats, other: Floats) -> Change:
    """Return the share of a count that would not have been, with its interval."""
    share, low, high = share_gone(own, other)
    return Change(float(own.sum()), float(other.sum()), share, low, high)

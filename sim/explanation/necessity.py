"""Over many replications: what would not have been without a cause, or would with it.

The cause is a class of incidents (the first strike, all raids, a development). It is
left out of every replication in which it happens, and each is compared with itself.
What was left out is struck out of the world that had it, too: so what is counted is
what else would not have been. Put in, a cause is one incident with all that it does.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.draws import ROOT, child, name_word
from sim.engine.alteration import (
    Alteration,
    act_asked,
    alteration_of,
    day_of,
)
from sim.engine.cast import WORD_DEVELOPMENT, Cast, row_identity
from sim.engine.choice import driver_for
from sim.engine.log import RecordType, Rows
from sim.errors import RunError, StudyError, nearest
from sim.explanation.scene import identity, joined, scenes_of
from sim.outcomes import Measure, outcomes_for
from sim.rules.behaviour import Effect
from sim.scenario.scenario import Given
from sim.statistics.bootstrap import generator, percentile_interval, resampled_weights
from sim.statistics.necessity import (
    FEWEST,
    Necessity,
    necessity_of,
    sufficiency_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from os import PathLike

    from numpy.typing import NDArray

    from sim.ensemble.ensemble import Ensemble
    from sim.ensemble.rerun import StoredRun
    from sim.explanation.scene import Scene
    from sim.scenario.scenario import Scenario

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
    """Lower end of its interval, by resampling replications; nan of fewer than 30."""
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
        ``first=ACT`` (the first incident of an act), ``act=ACT``, ``act=ACT@DATE``,
        ``development=ID`` or ``record=ROW``.
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
    >>> found = but_for_all(run, "first=rocket_attack", engine="simpy")
    >>> found.n, found.n_with_cause
    (5, 5)
    """
    scenes = scenes_of(run, engine=engine, replays=2)
    names = _outcomes(scenes[0].scenario, outcomes)
    choose = chooser(without, scenes[0].scenario)
    values = _measure(scenes[0], names)
    own: list[list[float]] = []
    other: list[list[float]] = []
    for scene in scenes:
        rows = scene.driver.rows(
            scene.root_seed, scene.number, scene.until, scene.alteration
        ).copy()
        is_gone, alteration = choose(rows)
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
        message = f"--without {without}: it happens in none of the replications"
        raise StudyError(message)
    return _found(without, scenes, names, np.array(own), np.array(other))


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
    names = _outcomes(scenario, outcomes)
    values = _measure(scenes[0], names)
    more = replace(scenario, given=(*scenario.given, incident))
    driver = driver_for(Cast(more), scenes[0].driver.name)
    own: list[list[float]] = []
    other: list[list[float]] = []
    for scene in scenes:
        where = (scene.root_seed, scene.number, scene.until, scene.alteration)
        with suppress(RunError):
            changed = values(driver.rows(*where))
            own.append(values(scene.driver.rows(*where)))
            other.append(changed)
    return _found(
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


def _outcomes(scenario: Scenario, names: Sequence[str]) -> dict[str, bool]:
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
                f"outcome {name!r}: allowed are counts, and what happens or does not"
                f"{nearest(name, fit)}"
            )
            raise StudyError(message)
    return {name: fit[name] for name in names}


def _found(
    cause: str,
    scenes: Sequence[Scene],
    names: dict[str, bool],
    own: Floats,
    other: Floats,
    *,
    put_in: bool = False,
) -> ButFor:
    """Return what the pairs of worlds say."""
    root_seed = scenes[0].root_seed
    weigh = sufficiency_of if put_in else necessity_of
    return ButFor(
        cause=cause,
        n=len(scenes),
        n_with_cause=len(own),
        shares={
            name: weigh(own[:, k] > 0.0, other[:, k] > 0.0, root_seed)
            for k, (name, is_share) in enumerate(names.items())
            if is_share
        },
        changes={
            name: change_of(own[:, k], other[:, k], root_seed)
            for k, (name, is_share) in enumerate(names.items())
            if not is_share
        },
        is_put_in=put_in,
    )


def change_of(own: Floats, other: Floats, root_seed: int) -> Change:
    """Return the share of a count that would not have been, with its interval."""
    totals = np.array([own.sum(), other.sum()])
    if totals[0] == 0.0:
        return Change(0.0, float(totals[1]), np.nan, np.nan, np.nan)
    low = high = np.nan
    if len(own) >= FEWEST:
        columns = np.column_stack([own, other])
        random = generator(root_seed, "necessity", "count")
        weights = resampled_weights(len(own), random)
        drawn = np.concatenate([some @ columns for some in weights])
        with np.errstate(divide="ignore", invalid="ignore"):
            shares = np.where(drawn[:, 0] > 0, 1.0 - drawn[:, 1] / drawn[:, 0], np.nan)
        low, high = percentile_interval(shares)
    return Change(
        total=float(totals[0]),
        total_without=float(totals[1]),
        share=float(1.0 - totals[1] / totals[0]),
        low=low,
        high=high,
    )


def chooser(
    without: str, scenario: Scenario
) -> Callable[[Rows], tuple[NDArray[np.bool_], Alteration]]:
    """Return what picks a cause out of a replication's rows, and leaves it out.

    Raises
    ------
    StudyError
        If the cause cannot be read.
    """
    kind, equals, name = without.partition("=")
    if kind == "first" and equals:
        act = act_asked(name)

        def first(rows: Rows) -> tuple[NDArray[np.bool_], Alteration]:
            is_act = _incidents(rows) & (rows.records["act"] == act)
            is_gone = is_act & (np.cumsum(is_act) == 1)
            chosen = (identity(row) for row in rows.records[is_gone])
            return is_gone, Alteration(without=tuple(chosen))

        return first
    if kind == "act" and equals:
        altered = alteration_of(scenario.start, without=[without])
        ((act, day),) = altered.without_acts

        def every(rows: Rows) -> tuple[NDArray[np.bool_], Alteration]:
            late = rows.records["time"] >= day
            return _incidents(rows) & (rows.records["act"] == act) & late, altered

        return every
    if kind == "development" and equals:
        chosen = child(ROOT, WORD_DEVELOPMENT, name_word(name), 0)
    elif kind == "record" and equals:
        chosen = row_identity(name)
    else:
        message = (
            f"--without {without!r}: over a whole run allowed are first=ACT, act=ACT, "
            "act=ACT@DATE, development=ID and record=ROW; one incident of one "
            "replication needs --replication"
        )
        raise StudyError(message)
    low, high = chosen & (2**64 - 1), chosen >> 64

    def one(rows: Rows) -> tuple[NDArray[np.bool_], Alteration]:
        is_it = (rows.records["low"] == np.uint64(low)) & (
            rows.records["high"] == np.uint64(high)
        )
        return is_it & _incidents(rows), Alteration(without=(chosen,))

    return one


def _incidents(rows: Rows) -> NDArray[np.bool_]:
    return rows.records["record_type"] == RecordType.INCIDENT


def incident_of(text: str, scenario: Scenario) -> Given:
    """Read an incident to be put in.

    Parameters
    ----------
    text
        Such as ``act=leader_killing,actor=united_states,target=iran,at=2020-01-03,
        killed_sponsor=1``: `at` (a date or days), `act`, `actor`; and where there are
        such `target`, `site` and what it does, by the names of the log's columns.
    scenario
        The scenario that it is put in.

    Raises
    ------
    StudyError
        If a part is unknown, missing, or no number where one is needed.
    """
    parts: dict[str, str] = {}
    for part in text.split(","):
        key, _, value = part.strip().partition("=")
        parts[key] = value
    names = {actor.name for actor in scenario.actors}
    sites = {site.name for site in scenario.sites}
    allowed = {"act", "actor", "target", "site", "at", *Effect._fields}
    for key, among in (("actor", names), ("target", names), ("site", sites)):
        if parts.get(key, "") not in {"", *among}:
            message = f"--put-in: {key} {parts[key]!r} is none of {sorted(among)}"
            raise StudyError(message)
    wrong = [key for key in parts if key not in allowed]
    missing = [key for key in ("at", "act", "actor") if not parts.get(key)]
    if wrong or missing:
        message = (
            f"--put-in {text!r}: unknown {wrong or 'nothing'}, missing "
            f"{missing or 'nothing'}; allowed are {', '.join(sorted(allowed))}"
        )
        raise StudyError(message)
    try:
        does = {key: float(parts[key]) for key in Effect._fields if key in parts}
    except ValueError:
        message = f"--put-in {text!r}: what it does is counted in numbers"
        raise StudyError(message) from None
    day = day_of(parts["at"], scenario.start, "--put-in")
    if not 0.0 <= day < scenario.horizon:
        message = f"--put-in: at {parts['at']} is outside the scenario's days"
        raise StudyError(message)
    return Given(
        identity=f"put in: {text}",
        time=day,
        known_from=day,
        act=act_asked(parts["act"]),
        actor=parts["actor"],
        target=parts.get("target", ""),
        site=parts.get("site", ""),
        effect=Effect(**does),
    )

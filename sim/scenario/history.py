"""History up to a date: the coded record, put into a scenario until it runs free.

Until the date, acts of recorded types come from the record alone, each with its cause
where it is coded; everything else is simulated. This is conditioning by injection, not
filtering: the worlds are those in which the actors of the model saw the record happen,
not those that would have brought it about.
"""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import Fault, ScenarioError, nearest, one_of
from sim.files import data_folder
from sim.ladder import ACTS, Act, Visibility, act_named
from sim.rules.behaviour import Effect
from sim.scenario.scenario import History, Recorded

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping

    from sim.scenario.scenario import Scenario

UNKNOWN = "unknown_militia"
"""How the record names a perpetrator whom nobody has established."""

BEFORE = "before_period"
"""The list of rows that lie before the period and are not put in."""

_COUNTS = {
    "rounds": "rounds",
    "rounds_unfired": "unfired",
    "rounds_hit": "hits",
    "persons": "persons",
    "launchers": "launchers",
    **{
        f"{harm}_{side}": f"{harm}_{side}"
        for harm in ("killed", "wounded")
        for side in ("foreign", "host", "civilian", "militia")
    },
}
"""Columns of the record, and the fields of an effect that they fill. A blank is
unknown; the world has to take it as none."""

_EVENING = 0.9
"""Where in a day an incident of its night begins."""


def with_history(
    scenario: Scenario,
    day: date,
    *,
    acts: tuple[int, ...] | None = None,
    unknown: Container[str] = (),
) -> Scenario:
    """Return the scenario on its coded record up to `day`, free from then on.

    Developments that nobody could have known of on that day, and that come later, are
    left out; a given incident of a recorded act before it gives way to the record.

    Parameters
    ----------
    scenario
        The scenario, with a record.
    day
        The first that is free.
    acts
        Those that come from the record alone before it; unless given, all that the
        record holds on whatever day.
    unknown
        Ids of rows before it that are left out all the same.

    Raises
    ------
    ScenarioError
        If the scenario names no record, the record is not there or malformed, or the
        day lies outside the scenario.
    """
    since = float((day - scenario.start).days)
    if not 0.0 <= since < scenario.horizon:
        message = (
            f"{day} lies outside the scenario; it must lie from {scenario.start} on, "
            f"and {scenario.horizon:g} days are simulated"
        )
        raise _fault(scenario, "from", message)
    rows = read_record(scenario)
    if acts is None:
        acts = tuple(sorted({row.act for row in rows}))
    kept = tuple(
        row for row in rows if row.time < since and row.identity not in unknown
    )
    known = known_by(scenario, since)
    return replace(
        known,
        free_from=day,
        history=History(scenario.record, since, kept, acts),
        given=tuple(
            given
            for given in known.given
            if given.time >= since or given.act not in acts
        ),
    )


def known_by(scenario: Scenario, since: float) -> Scenario:
    """Return the scenario without the developments that nobody could know of.

    Those that come before the day are known, whatever they say of it.
    """
    return replace(
        scenario,
        changes=tuple(
            change
            for change in scenario.changes
            if change.time < since or change.known_from <= since
        ),
        given=tuple(
            given
            for given in scenario.given
            if given.time < since or given.known_from <= since
        ),
    )


def read_record(scenario: Scenario) -> tuple[Recorded, ...]:
    """Return the record's incidents within the scenario, in order.

    A row is left out when it was corrected by another, lies outside the scenario, has
    no act of the ladder, or an actor that the scenario does not have (an unknown
    militia stays, and is drawn for each replication). Private acts are left out too:
    the press sees too few of them to be their record. A target or a site that the
    scenario does not have becomes none.
    """
    file, table = record_table(scenario)
    return _recorded(scenario, file, table)


def record_table(scenario: Scenario) -> tuple[Path, list[dict[str, str]]]:
    """Return the file of the scenario's record, and its rows as they are written."""
    if not scenario.record:
        message = (
            "names no record; a line `record: <id>` names a file in seeds/incidents"
        )
        raise _fault(scenario, "record", message)
    folder = data_folder("seeds") / "incidents"
    file = folder / f"{scenario.record}.csv"
    if not file.is_file():
        names = sorted(path.stem for path in folder.glob("*.csv"))
        close = nearest(scenario.record, names)
        message = (
            f"{scenario.record!r} is not a record; records: {one_of(names)}{close}"
        )
        raise _fault(scenario, "record", message)
    owners = {facade.name: facade.owner for facade in scenario.facades}
    with file.open(encoding="utf-8", newline="") as text:
        return file, [_unmasked(row, owners) for row in csv.DictReader(text)]


def _unmasked(row: dict[str, str], owners: Mapping[str, str]) -> dict[str, str]:
    """Return a row with the actor behind a facade in the place of its name."""
    named = {key: row.get(key, "") for key in ("actor", "target")}
    return {**row, **{key: owners.get(name, name) for key, name in named.items()}}


def _recorded(
    scenario: Scenario, file: Path, table: list[dict[str, str]]
) -> tuple[Recorded, ...]:
    names = {actor.name for actor in scenario.actors}
    sites = {site.name for site in scenario.sites}
    corrected = {row.get("corrects", "") for row in table}
    kept: list[tuple[tuple[Any, ...], dict[str, str], Act]] = []
    faults: list[Fault] = []
    for number, row in enumerate(table, start=2):
        try:
            start = date.fromisoformat(row["date_start"])
            order = int(row["order_in_day"] or 1)
            _counts(row)
        except (KeyError, ValueError) as error:
            faults.append(
                Fault(number, 0, row.get("id", ""), f"cannot be read: {error}")
            )
            continue
        act = act_named(row["act"])
        who = row["actor"]
        days = (start - scenario.start).days
        if row["id"] in corrected or row["list"] == BEFORE or act is None:
            continue
        if ACTS[act].visibility == Visibility.PRIVATE:
            continue
        if who not in names and who != UNKNOWN:
            continue
        if not 0 <= days < scenario.horizon:
            continue
        is_night = row["date_precision"] == "night"
        kept.append(((days, is_night, order, row["id"]), row, act))
    if faults:
        raise ScenarioError(str(file), faults)
    kept.sort(key=lambda entry: entry[0])
    per_day = Counter((key[0], key[1]) for key, _, _ in kept)
    seen: Counter[Any] = Counter()
    ids = {row["id"] for _, row, _ in kept}
    rows: list[Recorded] = []
    for (days, is_night, _, _), row, act in kept:
        seen[days, is_night] += 1
        share = seen[days, is_night] / (per_day[days, is_night] + 1)
        within = _EVENING + (1.0 - _EVENING) * share if is_night else _EVENING * share
        rows.append(_row(row, act, days + within, names, sites, ids))
    return tuple(rows)


def _row(
    row: dict[str, str],
    act: Act,
    time: float,
    names: Iterable[str],
    sites: Iterable[str],
    ids: Iterable[str],
) -> Recorded:
    target = row["target"]
    return Recorded(
        identity=row["id"],
        time=time,
        act=act,
        actor=row["actor"] if row["actor"] in names else "",
        target=target if target in names else "",
        is_target_unknown=target == UNKNOWN,
        site=row["site"] if row["site"] in sites else "",
        effect=Effect()._replace(**_counts(row)),
        cause=row["cause"] if row["cause"] in ids else "",
    )


def _counts(row: dict[str, str]) -> dict[str, float]:
    """Return what a row counts, by the field of the effect."""
    counts: dict[str, float] = {}
    for column, field in _COUNTS.items():
        told = (row.get(column) or "").strip()
        if told:
            counts[field] = float(int(told))
            if counts[field] < 0.0:
                message = f"{column} is {told}, below 0"
                raise ValueError(message)
    return counts


def _fault(scenario: Scenario, where: str, message: str) -> ScenarioError:
    return ScenarioError(scenario.path or scenario.name, [Fault(0, 0, where, message)])

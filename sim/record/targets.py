"""Statistics of the record that the model is held against: fitted, or only checked.

They stand in ``targets.yaml`` of a record, which is read whole or refused whole. Like
is held against like: an incident that a scenario puts in never counts in an outcome, so
its row is left out of the record's statistic as well (``without`` in the file).
"""

from __future__ import annotations

import csv
from datetime import date, timedelta
from math import floor, nan
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from sim.errors import ScenarioError, SourceError, StudyError, nearest, one_of
from sim.files import data_folder
from sim.ladder import Act
from sim.outcomes.table import OUTCOMES
from sim.reading.strict_yaml import read
from sim.reading.structure import SchemaOne, Section, Whole, checked_file
from sim.scenario.calibrated import calibrated_paths
from sim.scenario.schema import Day

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sim.scenario.scenario import Scenario


def _outcome(name: str) -> str:
    if name not in OUTCOMES and not name.startswith("share_"):
        message = f"{name!r} is not an outcome{nearest(name, OUTCOMES)}"
        raise ValueError(message)
    return name


class Figures(Section):
    """A statistic and its uncertainty."""

    value: float
    standard_error: Annotated[float, Field(ge=0.0)]
    high: float
    low: float
    """Lower end of the 95 % interval of the record's own uncertainty."""
    n: Annotated[Whole, Field(ge=0)]
    """Observations behind the value."""

    @field_validator("low")
    @classmethod
    def _rises(cls, low: float, known: ValidationInfo) -> float:
        high = known.data.get("high", low)
        if low > high:
            message = f"{low:g} is above high, {high:g}"
            raise ValueError(message)
        return low


class Without(Figures):
    """The figures without some rows of the record."""

    rows: list[str]
    """Their ids."""


class Entry(Figures):
    """One statistic of the record, as the file has it."""

    nouns = {"role": "a role; roles"}
    meaning: str
    outcome: Annotated[str, AfterValidator(_outcome)]
    unit: str
    method: str
    source: str
    derive: str
    role: Literal["fitted", "checked"]
    role_note: str
    used_to_set: list[str]
    without: list[Without] = []
    note: str = ""


class TargetFile(Section):
    """A record's statistics, and of what and when they speak."""

    schema_: SchemaOne = Field(alias="schema")
    record: str
    """Id of the record."""
    start: Day
    end: Day
    """First day after."""
    targets: dict[str, Entry]


def read_targets(file: Path) -> TargetFile:
    """Read the targets of a record.

    Raises
    ------
    SourceError
        That names every fault of the file with its line.
    """
    try:
        return checked_file(read(file), TargetFile)
    except ScenarioError as error:
        raise SourceError(str(error)) from error


class Target(NamedTuple):
    """One statistic of the record."""

    name: str
    meaning: str
    outcome: str
    """Name of the outcome that it is paired with."""
    unit: str
    value: float
    low: float
    """Lower end of the 95 % interval of the record's own uncertainty."""
    high: float
    used_to_set: tuple[str, ...]
    """Paths of the parameters that were set from it."""
    note: str = ""
    role: str = "checked"
    """``fitted`` where a calibration may use it, ``checked`` where none may."""
    standard_error: float = nan
    """In the unit of the value."""
    n: int = 0
    """Observations behind the value."""
    without: tuple[str, ...] = ()
    """Ids of the rows of the record that it leaves out: the scenario puts them in."""


def targets_for(
    scenario: Scenario, until: float | None = None, seeds: Path | None = None
) -> tuple[Target, ...]:
    """Return the record's statistics for a scenario; none where it has no record.

    Parameters
    ----------
    scenario
        The scenario. The record speaks of it when ``targets.yaml`` names the scenario's
        record and its first and last day. Rows of the record that the scenario puts in
        are left out of every statistic that counts them.
    until
        Days simulated; less than the horizon has no record.
    seeds
        Folder of the record; the one that ships with escalade when None.

    Raises
    ------
    SourceError
        That names every fault of the file of targets with its line.
    """
    if until is not None and until != scenario.horizon:
        return ()
    if scenario.history is not None:  # what is left to simulate is a part of it
        return ()
    folder = data_folder("seeds") if seeds is None else seeds
    file = folder / "targets.yaml"
    if not file.is_file():
        return ()
    recorded = read_targets(file)
    end = scenario.start + timedelta(days=scenario.horizon)
    period = (scenario.start.isoformat(), end.isoformat())
    if (recorded.record, recorded.start, recorded.end) != (scenario.record, *period):
        return ()
    named = {
        row
        for entry in recorded.targets.values()
        for part in entry.without
        for row in part.rows
    }
    put_in = _put_in(scenario, folder, named)
    targets = tuple(
        _target(name, entry, put_in) for name, entry in recorded.targets.items()
    )
    return _with_fitted(targets, scenario)


def _target(name: str, entry: Entry, put_in: dict[str, str]) -> Target:
    """Return a target without the rows that are put in, where it counts any."""
    left_out: tuple[str, ...] = ()
    figures: Figures = entry
    for part in entry.without:
        if len(part.rows) > len(left_out) and put_in.keys() >= set(part.rows):
            left_out, figures = tuple(part.rows), part
    meaning = entry.meaning
    if left_out:
        listed = ", ".join(put_in[row] for row in left_out)
        meaning += f", without what is put in ({listed})"
    return Target(
        name=name,
        meaning=meaning,
        outcome=entry.outcome,
        unit=entry.unit,
        value=figures.value,
        low=figures.low,
        high=figures.high,
        used_to_set=tuple(entry.used_to_set),
        note=entry.note,
        role=entry.role,
        standard_error=figures.standard_error,
        n=figures.n,
        without=left_out,
    )


def _put_in(scenario: Scenario, folder: Path, named: set[str]) -> dict[str, str]:
    """Return which of the named rows a scenario puts in, and what each of them is.

    It does where it lists the row's act as exogenous, so that its model makes none; and
    where one of its developments is such an act of the same actor on a day of the row.
    """
    if not named:
        return {}
    file = folder / "incidents" / f"{scenario.record}.csv"
    if not file.is_file():
        message = (
            f"{folder / 'targets.yaml'} names rows of {file}, which does not exist"
        )
        raise SourceError(message)
    with file.open(encoding="utf-8", newline="") as stream:
        rows = {row["id"]: row for row in csv.DictReader(stream) if row["id"] in named}
    if lost := sorted(named - rows.keys()):
        message = f"{folder / 'targets.yaml'}: {file.name} has no row {one_of(lost)}"
        raise SourceError(message)
    given = {
        (entry.act, entry.actor, scenario.start + timedelta(days=floor(entry.time)))
        for entry in scenario.given
    }
    texts: dict[str, str] = {}
    for identity, row in rows.items():
        act = Act.__members__.get(row["act"].upper(), Act.NONE)
        days = [date.fromisoformat(row[name]) for name in ("date_start", "date_end")]
        is_given = any(
            (act, row["actor"]) == (of, by) and days[0] <= day <= days[1]
            for of, by, day in given
        )
        if is_given or act in scenario.exogenous:
            label = row["act"].replace("_", " ")
            texts[identity] = f"{label} of {days[0].isoformat()}"
    return texts


def fitted_targets(
    targets: Sequence[Target], names: Sequence[str] = ()
) -> tuple[Target, ...]:
    """Return the targets that a calibration uses.

    Parameters
    ----------
    targets
        All of the record.
    names
        Those that are wanted; every fitted one when empty.

    Raises
    ------
    StudyError
        If there is none, one does not exist, or one is only to be checked.
    """
    by_name = {target.name: target for target in targets}
    if not targets:
        message = "the scenario has no record to be calibrated on"
        raise StudyError(message)
    for name in names:
        if name not in by_name:
            message = f"{name!r} is not a target{nearest(name, by_name)}"
            raise StudyError(message)
        if by_name[name].role != "fitted":
            fitted = [t.name for t in targets if t.role == "fitted"]
            message = (
                f"{name} is only to be checked (seeds/targets.yaml says so, and why); "
                f"fitted: {one_of(fitted)}"
            )
            raise StudyError(message)
    wanted = names or [t.name for t in targets if t.role == "fitted"]
    return tuple(by_name[name] for name in wanted)


def _with_fitted(targets: tuple[Target, ...], scenario: Scenario) -> tuple[Target, ...]:
    """Say of each target that may be fitted that it set the scenario's fitted numbers.

    All of them are told of all: a fit moves every number towards every statistic. So
    tables call none of them a test, and no new fit takes such a number for a prior.
    """
    fitted = calibrated_paths(scenario)
    return tuple(
        target._replace(
            used_to_set=tuple(dict.fromkeys((*target.used_to_set, *fitted)))
        )
        if fitted and target.role == "fitted"
        else target
        for target in targets
    )

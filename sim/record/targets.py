"""Statistics of the record that the model is held against: fitted, or only checked.

They stand in the file of targets that a scenario names, which is read whole or refused
whole. A target without a value has the one that the record gives, measured as in a
replication. Like is held against like: an incident that a scenario puts in never counts
in an outcome, so its row is left out of the record's statistic as well (``without`` in
the file).
"""

from __future__ import annotations

from datetime import date, timedelta
from math import floor, isnan, nan
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from sim.errors import ScenarioError, SourceError, StudyError, nearest, one_of
from sim.ladder import name_of
from sim.outcomes.table import OUTCOMES
from sim.reading.strict_yaml import read
from sim.reading.structure import SchemaOne, Section, Whole, checked_file
from sim.record.summary import record_outcomes
from sim.scenario.beside import file_of
from sim.scenario.calibrated import calibrated_paths
from sim.scenario.history import record_of
from sim.scenario.schema import Day

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from sim.scenario.event_table import Event
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
    """One statistic of the record, as the file has it.

    Left out, the value is measured in the record, and no interval is known.
    """

    nouns = {"role": "a role; roles"}
    meaning: str
    outcome: Annotated[str, AfterValidator(_outcome)]
    role: Literal["fitted", "checked"]
    value: float = nan
    standard_error: Annotated[float, Field(ge=0.0)] = nan
    high: float = nan
    low: float = nan
    n: Annotated[Whole, Field(ge=0)] = 0
    unit: str = ""
    """Of the value; the outcome's when left out."""
    method: str = ""
    source: str = ""
    derive: str = ""
    role_note: str = ""
    used_to_set: list[str] = []
    without: list[Without] = []
    note: str = ""


class TargetFile(Section):
    """A record's statistics, and of when they speak."""

    schema_: SchemaOne = Field(alias="schema")
    start: Day = ""
    """The scenario's first day when left out, as its end is the last."""
    end: Day = ""
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


def targets_for(scenario: Scenario, until: float | None = None) -> tuple[Target, ...]:
    """Return the record's statistics for a scenario; none where it names no targets.

    Parameters
    ----------
    scenario
        The scenario. Its targets speak of it where they are of its first and last day.
        Rows of the record that the scenario puts in are left out of every statistic
        that counts them.
    until
        Days simulated; less than the horizon has no targets.

    Raises
    ------
    SourceError
        That names every fault of the file of targets with its line.
    """
    if until is not None and until != scenario.horizon:
        return ()
    if scenario.history is not None:  # what is left to simulate is a part of it
        return ()
    file = file_of(scenario, "targets")
    if file is None or not scenario.record:
        return ()
    recorded = read_targets(file)
    end = scenario.start + timedelta(days=scenario.horizon)
    period = (scenario.start.isoformat(), end.isoformat())
    if (recorded.start or period[0], recorded.end or period[1]) != period:
        return ()
    named = {
        row
        for entry in recorded.targets.values()
        for part in entry.without
        for row in part.rows
    }
    put_in = _put_in(scenario, file, named)
    targets = tuple(
        _target(name, entry, put_in) for name, entry in recorded.targets.items()
    )
    if any(isnan(target.value) for target in targets):
        _refuse_uncoded(scenario, file, end)
        targets = _measured(targets, record_outcomes(scenario, scenario.horizon))
    return _with_fitted(targets, scenario)


def _refuse_uncoded(scenario: Scenario, file: Path, end: date) -> None:
    """Refuse to measure a statistic in a record of a part of the period."""
    gap = record_of(scenario).first_gap(scenario.start, end)
    if gap is not None:
        message = (
            f"{file} has targets without a value, and the record of {scenario.name} "
            f"is coded up to {gap} only, not to {end}: give values, or let the "
            "scenario end there"
        )
        raise SourceError(message)


def _measured(
    targets: Iterable[Target], observed: Mapping[str, float]
) -> tuple[Target, ...]:
    """Return the targets, those without a value with that of the record."""
    return tuple(
        target._replace(value=observed.get(target.outcome, nan))
        if isnan(target.value)
        else target
        for target in targets
    )


def targets_at(
    scenario: Scenario, until: float, names: Sequence[str] = ()
) -> tuple[Target, ...]:
    """Return the targets of a fit that knows the record up to a day only.

    Parameters
    ----------
    scenario
        As a whole: its full length, nothing put in.
    until
        Day on which the knowledge ends, days since the scenario's start.
    names
        Those that are wanted; every fitted one when empty.

    Returns
    -------
    tuple of Target
        Each with the value that `record_outcomes` measures; nan where it is not
        defined yet. The file's own values and intervals, which are of the whole period,
        are not used.
    """
    fitted = fitted_targets(targets_for(scenario), names)
    unknown = [target._replace(value=nan, low=nan, high=nan) for target in fitted]
    return _measured(unknown, record_outcomes(scenario, until))


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
        unit=entry.unit or _unit(entry.outcome),
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


def _unit(outcome: str) -> str:
    """Return the unit of an outcome; those of single sites are shares."""
    return OUTCOMES[outcome].unit if outcome in OUTCOMES else "1"


def _put_in(scenario: Scenario, file: Path, named: set[str]) -> dict[str, str]:
    """Return which of the named rows a scenario puts in, and what each of them is.

    It does where it lists the row's act as exogenous, so that its model makes none; and
    where one of its developments is such an act of the same actor on a day of the row.
    """
    if not named:
        return {}
    table = record_of(scenario)
    rows = {event.id: event for event in table.events if event.id in named}
    if lost := sorted(named - rows.keys()):
        message = f"{file}: {table.path} has no row {one_of(lost)}"
        raise SourceError(message)
    given = {
        (entry.act, entry.actor, scenario.start + timedelta(days=floor(entry.time)))
        for entry in scenario.given
    }

    def is_given(row: Event) -> bool:
        return row.act in scenario.exogenous or any(
            (row.act, row.actor) == (act, by) and row.day <= day <= row.last_day
            for act, by, day in given
        )

    return {
        identity: f"{name_of(row.act).replace('_', ' ')} of {row.day}"
        for identity, row in rows.items()
        if row.act is not None and is_given(row)
    }


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
        message = (
            "the scenario has no targets to be calibrated on; a line `targets: "
            "targets.yaml` names a file beside it"
        )
        raise StudyError(message)
    for name in names:
        if name not in by_name:
            message = f"{name!r} is not a target{nearest(name, by_name)}"
            raise StudyError(message)
        if by_name[name].role != "fitted":
            fitted = [t.name for t in targets if t.role == "fitted"]
            message = (
                f"{name} is only to be checked (the file of targets says so, and why); "
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

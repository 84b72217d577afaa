"""Read how an experiment is fitted to the record, and from which days it forecasts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import ScenarioError, one_of
from sim.experiment.experiment import CalibrationPlan, Experiment, ScorePlan, Size
from sim.experiment.variant import kinds_in
from sim.reading.scalar import shown
from sim.reading.slot import as_list, as_mapping
from sim.record.question import DEFAULT_QUESTIONS, QUESTIONS, questions_named
from sim.scenario.calendar import day_of
from sim.scenario.calibrated import calibrated_paths
from sim.sources import Basis
from sim.statistics.abc import Options

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.experiment.factor import Factor
    from sim.reading.faults import FaultList
    from sim.reading.tree import Keys, Plain
    from sim.rules.behaviour import Kind
    from sim.scenario.scenario import Scenario


def read_calibration(
    faults: FaultList,
    raw: Plain | None,
    scenario: Scenario,
    factors: Sequence[Factor],
) -> CalibrationPlan:
    """Return the section ``calibrate``; note what is wrong with it."""
    keys = ("calibrate",)
    _check_unfitted(faults, scenario, factors)
    refuse_levels(faults, factors)
    section: dict[str, Any] = as_mapping(raw)
    standard = Options()
    options = Options(
        int(section.get("particles", standard.particles)),
        int(section.get("generations", standard.generations)),
        float(section.get("least_acceptance", standard.least_acceptance)),
        section.get("adjustment", "linear") == "linear",
    )
    named = faults.distinct((*keys, "targets"), section.get("targets"))
    return CalibrationPlan(options, tuple(named))


def refuse_levels(
    faults: FaultList, factors: Sequence[Factor | None], section: Keys = ()
) -> None:
    """Note numbers whose values are listed: a fit draws any number between two."""
    for factor in factors:
        if factor is not None and factor.kind == "number" and factor.levels:
            message = (
                "does not go with a fit, which draws any number between the lowest and "
                "the highest; give range or distribution"
            )
            faults.add((*section, "factors", factor.name, "levels"), message)


def _check_unfitted(
    faults: FaultList, scenario: Scenario, factors: Sequence[Factor]
) -> None:
    """Note fitted numbers that would meet the record a second time.

    Left as they are, they make a new fit surer than one history allows; and their
    range is what an earlier fit left over, no prior.
    """
    fitted = calibrated_paths(scenario)
    drawn = {path for factor in factors for path in factor.paths}
    if left := [path for path in fitted if path not in drawn]:
        message = (
            f"has {len(left)} numbers that were fitted to the record already, and no "
            f"factor draws them ({one_of(left[:3])}{', ...' if left[3:] else ''}); "
            "calibrate the scenario that they were fitted in, or give each a prior"
        )
        faults.add(("scenario",), message)
    for factor in factors:
        prior = factor.distribution
        is_prior = prior is not None and prior.basis not in ("", Basis.CALIBRATED.value)
        if not is_prior and set(factor.paths) & set(fitted):
            message = (
                "was fitted to the record, so neither its range nor a calibrated "
                "distribution is a prior; give it a distribution of its own, with a "
                "basis that the record's data did not set"
            )
            faults.add(("factors", factor.name), message)


_KEY = "score"
_WINDOW = tuple[date, date]

Load = Callable[[Path | str, "Mapping[str, Kind]"], Experiment]
"""Loads an experiment's file, given the kinds of actor that it may use."""


def read_score(
    faults: FaultList, raw: Plain, experiment: Experiment, load: Load
) -> Experiment:
    """Return the experiment with its section ``score``; note what is wrong with it.

    `load` reads the other experiment, where it refits one.
    """
    fields: dict[str, Any] = as_mapping(raw)
    calibration = _calibration(faults, fields, experiment, load)
    fit = experiment if calibration is None else calibration
    standard = Options() if fit.calibration is None else fit.calibration.options
    options = standard._replace(
        particles=int(fields.get("particles", standard.particles)),
        generations=int(fields.get("generations", standard.generations)),
    )
    size = Size()
    size = Size(
        int(fields.get("draws", size.draws)),
        int(fields.get("replications", size.replications)),
    )
    names = faults.distinct((_KEY, "questions"), fields.get("questions"))
    asked = tuple(name for name in names if name in QUESTIONS) or DEFAULT_QUESTIONS
    given = as_mapping(as_mapping(faults.document.data)[_KEY])
    windows = _windows(faults, given, fields, experiment)
    steps = int(fields.get("steps", 1))
    if steps > 1 and any(a[1] != b[0] for a, b in pairwise(windows)):
        message = "needs windows that follow each other without a gap: leave window out"
        faults.add((_KEY, "steps"), message)
    plan = ScorePlan(windows, options, size, asked, calibration, steps)
    outcomes = tuple(dict.fromkeys(q.outcome for q in questions_named(asked)))
    return replace(experiment, scoring=plan, outcomes=experiment.outcomes or outcomes)


def _calibration(
    faults: FaultList, fields: dict[str, Any], experiment: Experiment, load: Load
) -> Experiment | None:
    """Return the experiment that is refitted; None where it is this one."""
    keys = (_KEY, "calibration")
    own = experiment.calibration is not None
    if "calibration" not in fields:
        if not own or not experiment.factors:
            message = (
                "names no calibration, and the file has no sections calibrate and "
                "factors of its own: there is nothing to refit"
            )
            faults.add((_KEY,), message, at_key=True)
        return None
    if own or experiment.factors:
        message = (
            "stands beside calibrate or factors: refit another experiment's factors or "
            "the file's own, not both"
        )
        faults.add(keys, message)
        return None
    name = str(fields["calibration"])
    plan = other_experiment(faults, keys, name, experiment, load)
    if plan is None:
        return None
    message = ""
    if plan.scoring is not None:
        message = "is scored itself; name the experiment that it refits"
    elif plan.calibration is None:
        message = "has no section calibrate, so there is nothing to refit"
    elif plan.scenario.digest != experiment.scenario.digest:
        message = f"is of another scenario, {plan.scenario.name}, or changes it"
    if message:
        faults.add(keys, f"{shown(name)} {message}")
        return None
    return plan


def other_experiment(
    faults: FaultList, keys: Keys, name: str, experiment: Experiment, load: Load
) -> Experiment | None:
    """Return an experiment that a file names: beside it, beside its folder, or shipped.

    Its first fault is noted at `keys`; then there is none.
    """
    here = Path(experiment.path).resolve().parent
    beside = (here / name, here.parent / name)
    place = next((place for place in beside if place.exists()), name)
    try:
        return load(place, kinds_in(experiment.scenario))
    except ScenarioError as error:
        fault = error.faults[0]
        line = f" (line {fault.line})" if fault.line else ""
        faults.add(keys, f"{shown(name)}: {fault.message}{line}")
        return None


def _windows(
    faults: FaultList,
    raw: Mapping[str, Plain],
    fields: dict[str, Any],
    plan: Experiment,
) -> tuple[_WINDOW, ...]:
    """Return origin and end of each window; note what is wrong with them."""
    given = [way for way in ("origins", "every") if way in raw]
    if len(given) != 1:
        ways = " and ".join(given) or "no days"
        faults.add((_KEY,), f"has {ways}; give origins or every", at_key=True)
        return ()
    for name in ("first", "last"):
        if (name in raw) != (given == ["every"]):
            verb = "is missing: it goes" if name not in raw else "goes"
            faults.add((_KEY, name), f"{verb} with every", at_key=True)
    n_faults = len(faults.faults)
    origins = _listed(faults, fields) if given == ["origins"] else _each(faults, fields)
    start = plan.scenario.start
    last = start + timedelta(days=int(plan.until))
    at = (_KEY, given[0])
    if len(faults.faults) == n_faults:
        _check_days(faults, at, origins, start, last)
    if len(faults.faults) > n_faults or not origins:
        return ()
    days = fields.get("window")
    ends = [*origins[1:], last]
    if days is not None:
        ends = [origin + timedelta(days=int(days)) for origin in origins]
    windows = tuple(zip(origins, ends, strict=True))
    for (origin, end), after in zip(windows, [*origins[1:], last], strict=True):
        if end > after:
            limit = "the next origin" if after != last else "the end, until"
            message = (
                f"{days} days from {origin} reach beyond {limit}, {after}; windows "
                "that overlap are not scored as if they were independent"
            )
            faults.add((_KEY, "window"), message)
            break
    return windows


def _check_days(
    faults: FaultList,
    at: tuple[str, str],
    origins: Sequence[date],
    start: date,
    last: date,
) -> None:
    for place, origin in enumerate(origins):
        keys = (*at, place) if at[1] == "origins" else at
        if not start < origin < last:
            message = (
                f"{origin} is no origin: it must lie after {start}, so that there is "
                f"something to fit on, and before {last}"
            )
            faults.add(keys, message)
        elif place and origin <= origins[place - 1]:
            faults.add(keys, f"{origin} does not come after {origins[place - 1]}")


def _listed(faults: FaultList, fields: dict[str, Any]) -> list[date]:
    if faults.has_below((_KEY, "origins")):
        return []
    return [day_of(str(day)) for day in as_list(fields.get("origins"))]


def _each(faults: FaultList, fields: dict[str, Any]) -> list[date]:
    """Return the first days of the months from ``first`` to ``last``."""
    if "first" not in fields or "last" not in fields:
        return []
    first, last = (day_of(str(fields[name])) for name in ("first", "last"))
    origins: list[date] = []
    day = first
    if day.day != 1:
        faults.add((_KEY, "first"), f"{day} is not the first day of a month")
    elif last < first:
        faults.add((_KEY, "last"), f"{last} comes before {first}")
    else:
        while day <= last:
            origins.append(day)
            day = (day + timedelta(days=32)).replace(day=1)
    return origins

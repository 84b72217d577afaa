"""What verbs are given: scenarios, lengths, days, numbers, who works, where it is kept.

A refusal names options as the command does; `in_python` renames them for Python.
"""

from __future__ import annotations

import os
import re
from datetime import date, timedelta
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sim.errors import StudyError, nearest, one_of
from sim.scenario.scenario import FILTERED, PASTS, WHY_NOT, Scenario
from sim.units import plain_unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sim.ensemble.workers import Workers
    from sim.outcomes.own import OwnOutcome
    from sim.rules.behaviour import Kind
    from sim.verbs.watch import Watch

LARGEST: Final = 2**64 - 1
MOST_REPLICATIONS: Final = 10_000_000
MOST_DRAWS: Final = 1_000_000
MOST_WORKERS: Final = 1024

RENAMED: Final = {"from": "free_from", "set": "changes", "map": "map_file"}
"""Options whose names are Python's own words."""


def require(option: str, value: int, low: int, high: int = LARGEST) -> None:
    """Refuse a whole number that is out of range.

    Raises
    ------
    StudyError
        If it is.
    """
    if not low <= value <= high:
        top = "2**64 - 1" if high == LARGEST else f"{high}"
        message = f"{option} {value} is out of range; allowed is {low} to {top}"
        raise StudyError(message)


def listed(texts: str | Iterable[str] | None) -> tuple[str, ...]:
    """Return what may be given as one text, with commas or not, or as several.

    >>> listed("n_raids, peak_rung"), listed(["n_raids"]), listed(None)
    (('n_raids', 'peak_rung'), ('n_raids',), ())
    """
    each = texts.split(",") if isinstance(texts, str) else texts or ()
    return tuple(text.strip() for text in each if text.strip())


def several(texts: int | str | Iterable[int | str] | None) -> tuple[str, ...]:
    """Return what may be given as one or as several; commas belong to it.

    >>> several("act=raid"), several(2), several([1, 3]), several(None)
    (('act=raid',), ('2',), ('1', '3'), ())
    """
    each = (texts,) if isinstance(texts, int | str) else texts or ()
    return tuple(map(str, each))


def change_texts(changes: Mapping[str, Any] | None) -> tuple[str, ...]:
    """Return changes as ``path=value``.

    >>> change_texts({"actors.iraq.ability": 0.5})
    ('actors.iraq.ability=0.5',)
    """
    return tuple(f"{path}={value}" for path, value in (changes or {}).items())


def workers_asked(workers: int | None, cluster: str | None) -> Workers:
    """Return who is to work: so many processes, all CPUs when None, or a cluster.

    Raises
    ------
    StudyError
        If both are named, or the number is out of range.
    """
    if cluster is not None:
        if workers not in (None, 1):
            message = "--workers and --cluster exclude each other: give one of them"
            raise StudyError(message)
        return cluster
    n_workers = available_cpus() if workers is None else workers
    require("--workers", n_workers, 1, MOST_WORKERS)
    return n_workers


def available_cpus() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def day_from(day: str | date | None, option: str = "--from") -> date | None:
    """Return the day that an option names."""
    if day is None or isinstance(day, date):
        return day
    try:
        return date.fromisoformat(day)
    except ValueError:
        message = f"{option}: {day!r} is not a date; write it as 2020-03-01"
        raise StudyError(message) from None


def days_until(until: str | float | date | None, scenario: Scenario) -> float:
    """Return how many days ``--until`` asks for; the horizon when it is not given."""
    from sim.scenario.calendar import days_since, moment_of

    if until is None:
        return scenario.horizon
    text = until if isinstance(until, str) else str(until)
    try:
        days = float(text)
    except ValueError:
        try:
            days = days_since(scenario.start, moment_of(text))
        except ValueError as error:
            message = f"--until {text!r}: {error}, or a number of days"
            raise StudyError(message) from error
    if not 0.0 < days <= scenario.horizon:
        where = "not after its start" if days <= 0.0 else "after its end"
        where = "no length" if not isfinite(days) else where
        end = scenario.start + timedelta(days=scenario.horizon)
        message = (
            f"--until {text} is {where}: {scenario.name} runs from {scenario.start} to "
            f"{end}; allowed is a date after its start up to its end, or above 0 up to "
            f"{scenario.horizon:g} days"
        )
        raise StudyError(message)
    return days


def caution(scenario: Scenario) -> str:
    """Return the line that every output of an unchecked scenario carries."""
    why = WHY_NOT.get(scenario.status)
    return f"{scenario.name} is {why}" if why else ""


def say_caution(scenario: Scenario, watch: Watch) -> None:
    """Say that line, where there is one."""
    if text := caution(scenario):
        watch.say(text)


def say_changes(
    scenario: str | os.PathLike[str] | Scenario,
    changes: Mapping[str, Any] | None,
    plugin: str | Sequence[str] | None,
    changed: Scenario,
    watch: Watch,
) -> None:
    """Warn of changes of a scenario beyond the ranges that its file gives."""
    if changes:
        say_outside(scenario_of(scenario, plugin=plugin), [changed], watch)


def say_outside(base: Scenario, changed: Iterable[Scenario], watch: Watch) -> None:
    """Warn of numbers that lie beyond the range that a scenario gives them.

    What comes from another file has ranges of its own.
    """
    ranges = {one.path: one for one in base.cited}
    said = dict.fromkeys(
        f"{now.path} is {factor * now.value:.4g} {'' if unit == '1' else unit}".rstrip()
        + f", outside its range in {base.name}, {factor * was.low:.4g} to "
        f"{factor * was.high:.4g}"
        for scenario in changed
        if scenario.name == base.name
        for now in scenario.cited
        for was in (ranges.get(now.path),)
        if was is not None
        and now.value != was.value
        and not was.low <= now.value <= was.high
        for factor, unit in (plain_unit(now.value, now.unit),)
    )
    for text in said:
        watch.warn(text)


def refuse_changed_object(
    changes: Mapping[str, Any] | None,
    free_from: str | date | None,
    plugin: str | Sequence[str] | None = None,
) -> None:
    """Refuse to change a scenario that has been loaded: its file is what is changed.

    Raises
    ------
    StudyError
        If any of the options is given.
    """
    options = {"--set": changes, "--from": free_from, "--plugin": plugin}
    for option, value in options.items():
        if value:
            message = (
                f"{option} goes with a scenario's file or id; a Scenario has been "
                "loaded already: give it to sim.load"
            )
            raise StudyError(message)


def scenario_of(
    scenario: str | os.PathLike[str] | Scenario,
    changes: Mapping[str, Any] | None = None,
    free_from: str | date | None = None,
    plugin: str | Sequence[str] | None = None,
    kinds: Mapping[str, Kind] | None = None,
    past: str | None = None,
    particles: int | None = None,
) -> Scenario:
    """Return the scenario that a verb is given, changed as it is asked.

    Outcomes that modules of `plugin` offer are measured with it. `kinds` are those of
    the modules unless given. `past` and `particles` say how the record is put in.
    """
    from sim.outcomes import with_outcomes
    from sim.scenario.load import load

    if isinstance(scenario, Scenario):
        refuse_changed_object(changes, free_from, plugin)
        return on_past(scenario, past, particles)
    known, own = offered_by(plugin)
    kinds = known if kinds is None else kinds
    file = os.fspath(scenario)
    loaded = load(file, changes, kinds=kinds, free_from=day_from(free_from))
    return with_outcomes(on_past(loaded, past, particles), own)


def on_past(scenario: Scenario, past: str | None, particles: int | None) -> Scenario:
    """Return a scenario whose record is put in as a verb is asked.

    Raises
    ------
    StudyError
        If it has no record put in, or is asked for particles that it does not need.
    """
    from sim.scenario.history import with_past

    past_asked(past)
    if past is None and particles is None:
        return scenario
    if scenario.history is None:
        message = "--past needs --from: the day up to which the record is put in"
        raise StudyError(message)
    chosen = with_past(scenario, past, particles)
    particles_asked(particles, chosen.past)
    return chosen


def particles_asked(particles: int | None, past: str) -> None:
    """Refuse a number of particles out of range, or where no past is filtered."""
    if particles is not None:
        require("--particles", particles, 2, 1_000_000)
        if past != FILTERED:
            message = "--particles goes with --past filtered"
            raise StudyError(message)


def past_asked(past: str | None) -> None:
    """Refuse a way to put the record in that is none."""
    if past is not None and past not in PASTS:
        message = (
            f"--past {past!r} is none; allowed are {one_of(PASTS)}"
            f"{nearest(past, PASTS)}"
        )
        raise StudyError(message)


def offered_by(
    plugin: str | Sequence[str] | None,
) -> tuple[Mapping[str, Kind], Mapping[str, OwnOutcome]]:
    """Return kinds of actor and outcomes, those that modules offer among them."""
    from sim.scenario.plugins import known_kinds, own_outcomes

    modules = several(plugin)
    kinds = known_kinds(modules, installed=True, or_outcomes=True)
    return kinds, own_outcomes(modules)


def kinds_of(plugin: str | Sequence[str] | None) -> Mapping[str, Kind]:
    """Return the kinds of actor that there are, those of modules among them."""
    from sim.scenario.plugins import known_kinds

    return known_kinds(several(plugin), installed=True)


def folder_asked(
    out: str | os.PathLike[str] | bool | None, default: Path
) -> Path | None:
    """Return the folder of a study: none, one that is named, or its own."""
    if out is None or out is False:
        return None
    return default if out is True else Path(out)


def header(scenario: Scenario) -> dict[str, Any]:
    """Return what a scenario is, as every JSON answer begins."""
    end = scenario.start + timedelta(days=scenario.horizon)
    return {
        "id": scenario.name,
        "title": scenario.title,
        "status": scenario.status,
        "start": scenario.start.isoformat(),
        "end": end.isoformat(),
        "horizon_days": scenario.horizon,
        "digest": scenario.digest,
        "file": scenario.path,
    }


def in_python(text: str) -> str:
    """Name arguments where a refusal names options; a whole command stays.

    >>> in_python("--at-most 0 is out of range; leave --set")
    'at_most 0 is out of range; leave changes'
    """

    def renamed(option: re.Match[str]) -> str:
        return RENAMED.get(option[1], option[1].replace("-", "_"))

    return "\n".join(
        line
        if "escalade " in line
        else re.sub(r"(?<!\S)--([a-z][a-z-]*)", renamed, line)
        for line in text.split("\n")
    )

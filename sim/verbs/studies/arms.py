"""What a comparison is asked: arms, length, outcomes, precision."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from sim.comparison.arms import refuse_names
from sim.errors import StudyError
from sim.scenario.scenario import Scenario
from sim.verbs.arguments import (
    days_until,
    listed,
    on_past,
    refuse_changed_object,
)

if TYPE_CHECKING:
    from datetime import date

    from sim.ensemble.draw_set import ArmSource
    from sim.experiment.experiment import Experiment
    from sim.rules.behaviour import Kind

COMPARED: Final = (
    "n_rocket_attacks_true", "n_coalition_deaths_true", "n_killed_civilian_true",
    "n_killed_militia_true", "n_strikes_true", "n_direct_strikes_true",
    "n_raids_true", "n_persons_arrested_true", "n_accusations_true",
    "n_demands_to_leave_true", "peak_rung_true", "time_to_first_strike_days_true",
    "time_to_first_coalition_death_days_true", "first_strike_happened_true",
    "direct_exchange_happened_true",
)  # fmt: skip
"""Outcomes that are compared unless others are asked for: few, chosen beforehand."""


@dataclass(frozen=True)
class Arms:
    """What is compared, the reference first."""

    scenarios: Mapping[str, Scenario]
    sources: Mapping[str, ArmSource]
    """What each is made of, by arm; empty of scenarios that were loaded already."""
    experiment: Experiment | None = None
    """Where they come from, if it is an experiment."""
    labels: Mapping[str, str] = field(default_factory=dict[str, str])
    """What sentences call the arms, by name; those called by their names left out."""


def arms_asked(
    given: Sequence[Any],
    changes: Mapping[str, Any],
    kinds: Mapping[str, Kind],
    free_from: date | None = None,
    past: str | None = None,
    particles: int | None = None,
) -> Arms:
    """Return the arms that a comparison is given.

    Parameters
    ----------
    given
        Files or ids of scenarios, or scenarios that are loaded; one with changes; one
        experiment with arms; or one mapping from the names of arms to any of them,
        or to what an arm changes in the first.
    changes
        New values by path.
    kinds
        Kinds of actor by name.
    free_from
        Day on which the arms part, which the experiment may name too: each then has
        the past of the first.
    past, particles
        How the record is put in; as the experiment or the scenario says when None.

    Raises
    ------
    StudyError
        If there is nothing to compare with, or an arm is no scenario.
    """
    named: list[tuple[str, Any]] = [("", one) for one in given]
    if len(given) == 1 and isinstance(given[0], Mapping):
        arms = {str(n): one for n, one in cast("Mapping[Any, Any]", given[0]).items()}
        refuse_names(arms)
        named = list(arms.items())
    if not named:
        message = "compare needs scenarios: two, one with changes, or an experiment"
        raise StudyError(message)
    allowed: Any = (str, os.PathLike, Scenario)
    own: dict[str, Mapping[str, Any]] = {
        name: one for name, one in named[1:] if name and isinstance(one, Mapping)
    }
    named = [(name, named[0][1] if name in own else one) for name, one in named]
    for name, one in named:
        if not isinstance(one, allowed):
            text = f"arm {name}: " if name else ""
            message = (
                f"{text}{one!r} is no scenario; allowed are files, ids, scenarios that "
                "are loaded, or one dict of them by the names of arms, where arms "
                "after the first may be dicts of what they change in it"
            )
            raise StudyError(message)
    if any(isinstance(one, Scenario) for _, one in named):
        arms = _loaded_arms(named, own, changes, kinds, free_from)
        scenarios = {
            name: on_past(one, past, particles) for name, one in arms.scenarios.items()
        }
        return replace(arms, scenarios=scenarios)
    files = [(name, _file(one)) for name, one in named]
    sources, experiment = _sources(files, own, changes, kinds)
    day = free_from or (experiment and experiment.free_from)
    if experiment is not None:
        past, particles = past or experiment.past, particles or experiment.particles
    if day is not None:
        sources = _parted(sources, day, past, particles)
    scenarios = {name: source.scenario() for name, source in sources.items()}
    labels = {} if experiment is None else experiment.labels
    if experiment is None and len(files) == 1:
        labels = _changed_labels(scenarios)
    return Arms(scenarios, sources, experiment, labels)


def _changed_labels(scenarios: Mapping[str, Scenario]) -> dict[str, str]:
    """Return what a scenario, and the same with changes, are called in words."""
    from sim.reports.arms import short_words

    (name, first), (changed, arm) = scenarios.items()
    words = short_words(first, arm)
    return {name: "the scenario as it stands", changed: words} if words else {}


def _file(one: str | os.PathLike[str]) -> str:
    return os.fspath(one)


def _loaded_arms(
    named: Sequence[tuple[str, Any]],
    own: Mapping[str, Mapping[str, Any]],
    changes: Mapping[str, Any],
    kinds: Mapping[str, Kind],
    free_from: date | None,
) -> Arms:
    """Return arms some of which have been loaded."""
    from sim.scenario.load import load

    refuse_changed_object(changes, free_from)
    if own and isinstance(named[0][1], Scenario):
        message = (
            f"arm {next(iter(own))} is a dict of changes, which go with a scenario's "
            "file or id; the first has been loaded already: give its file or id, or "
            "load each arm with sim.load"
        )
        raise StudyError(message)
    scenarios = [
        one
        if isinstance(one, Scenario)
        else load(_file(one), own.get(name), kinds=kinds)
        for name, one in named
    ]
    if len(scenarios) < 2:
        message = f"{scenarios[0].name} alone has nothing to be compared with"
        raise StudyError(message)
    names = [name for name, _ in named if name] or _told_apart(
        [scenario.name for scenario in scenarios]
    )
    return Arms(dict(zip(names, scenarios, strict=True)), {})


def _parted(
    sources: Mapping[str, ArmSource],
    day: date,
    past: str | None,
    particles: int | None,
) -> dict[str, ArmSource]:
    """Return arms that all have the past of the first up to a day."""
    parted: dict[str, ArmSource] = {}
    first: ArmSource | None = None
    for name, source in sources.items():
        variant = replace(source.variant, free_from=day, past=past, particles=particles)
        parted[name] = replace(source, variant=variant, first=first)
        first = first or parted[name]
    return parted


def _told_apart(names: Sequence[str]) -> list[str]:
    """Return names with a number behind each, if two are the same."""
    if len(set(names)) == len(names):
        return [*names]
    return [f"{name}_{k + 1}" for k, name in enumerate(names)]


def _sources(
    files: Sequence[tuple[str, str]],
    own: Mapping[str, Mapping[str, Any]],
    changes: Mapping[str, Any],
    kinds: Mapping[str, Kind],
) -> tuple[dict[str, ArmSource], Experiment | None]:
    """Return what each arm is made of, with a past of its own."""
    from sim.ensemble.draw_set import ArmSource
    from sim.experiment.load import load_experiment
    from sim.experiment.named import is_experiment
    from sim.experiment.variant import Variant
    from sim.scenario.form import read_scenario
    from sim.scenario.load import find

    if len(files) == 1 and is_experiment(files[0][1]):
        experiment = load_experiment(files[0][1], kinds)
        if len(experiment.arms) < 2:
            message = (
                f"{experiment.path} has {len(experiment.arms)} arms; a comparison "
                "needs at least 2"
            )
            raise StudyError(message)
        sources: dict[str, ArmSource] = {}
        for arm in experiment.arms:
            mine = {**experiment.changes, **arm.variant.changes, **changes}
            variant = replace(arm.variant, changes=mine)
            sources[arm.name] = ArmSource(experiment.document, variant, kinds)
        return sources, experiment
    documents = [read_scenario(find(file), kinds) for _, file in files]
    if len(files) == 1:
        if not changes:
            message = (
                f"{files[0][1]} alone has nothing to be compared with; name a second "
                "file, an experiment with arms, or what to change with --set"
            )
            raise StudyError(message)
        changed = ", ".join(
            f"{path.removeprefix('actors.')}={value}" for path, value in changes.items()
        )
        name = changed if len(changed) <= 60 and "/" not in changed else "changed"
        return {
            Path(documents[0].path).stem: ArmSource(documents[0], Variant(), kinds),
            name: ArmSource(documents[0], Variant(changes), kinds),
        }, None
    names = [name for name, _ in files if name] or _told_apart(
        [Path(document.path).stem for document in documents]
    )
    return {
        name: ArmSource(document, Variant({**changes, **own.get(name, {})}), kinds)
        for name, document in zip(names, documents, strict=True)
    }, None


def length_asked(
    until: str | float | date | None,
    scenarios: Mapping[str, Scenario],
    experiment: Experiment | None,
) -> float:
    """Return the days that every arm is simulated."""
    if until is not None:
        lengths = {days_until(until, scenario) for scenario in scenarios.values()}
        if len(lengths) == 1:
            return lengths.pop()
        message = (
            f"--until {until} is another length in each scenario, since they start on "
            "other days; give a number of days"
        )
        raise StudyError(message)
    if experiment is not None:
        return experiment.until
    horizons = {name: scenario.horizon for name, scenario in scenarios.items()}
    if len(set(horizons.values())) > 1:
        listed = ", ".join(f"{name} {days:g}" for name, days in horizons.items())
        message = (
            f"the scenarios have different horizons in days ({listed}): counts and "
            "times over different lengths cannot be compared; give --until"
        )
        raise StudyError(message)
    return next(iter(horizons.values()))


def outcomes_asked(
    outcomes: str | Sequence[str] | None, experiment: Experiment | None
) -> list[str]:
    """Return the names of the outcomes to compare."""
    if outcomes is not None:
        return list(listed(outcomes))
    if experiment is not None and experiment.outcomes:
        return list(experiment.outcomes)
    return list(COMPARED)


def target_asked(
    text: str | None,
    at_most: int,
    experiment: Experiment | None,
    replications: int | None,
) -> tuple[str, float, int] | None:
    """Return the outcome, half-width and cap to reach, if any are asked for."""
    if text is None:
        precision = experiment.precision if experiment else None
        if precision is None or replications is not None:
            return None
        return precision.outcome, precision.half_width, precision.at_most
    name, equals, value = text.partition("=")
    try:
        half_width = float(value)
    except ValueError:
        half_width = 0.0
    if not equals or not half_width > 0.0:
        message = (
            f"--until-half-width {text!r} is not of the form outcome=value, with a "
            "value above 0"
        )
        raise StudyError(message)
    return name.strip(), half_width, at_most

"""What ``escalade compare`` is asked: arms, length, outcomes, precision."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sim.cli.present import days_until, names_in

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from sim.ensemble.draw_set import ArmSource
    from sim.experiment.experiment import Experiment
    from sim.rules.behaviour import Kind
    from sim.scenario.scenario import Scenario

COMPARED: Final = (
    "n_rocket_attacks_true", "n_coalition_deaths_true", "n_killed_civilian_true",
    "n_killed_militia_true", "n_strikes_true", "n_direct_strikes_true",
    "n_raids_true", "n_persons_arrested_true", "n_accusations_true",
    "n_demands_to_leave_true", "peak_rung_true", "time_to_first_strike_days_true",
    "time_to_first_coalition_death_days_true", "first_strike_happened_true",
    "direct_exchange_happened_true",
)  # fmt: skip
"""Outcomes that are compared unless others are asked for: few, chosen beforehand."""


def arms_asked(
    files: list[str],
    changes: dict[str, Any],
    kinds: Mapping[str, Kind],
    free_from: date | None = None,
    past: str | None = None,
    particles: int | None = None,
) -> tuple[dict[str, ArmSource], Experiment | None]:
    """Return what the arms are made of, and the experiment that they are from.

    Where they part on a day, which `free_from` or the experiment names, each has the
    past of the first, put in as `past` says, or the experiment or the scenario.
    """
    sources, experiment = _arms_asked(files, changes, kinds)
    day = free_from or (experiment and experiment.free_from)
    if experiment is not None:
        past, particles = past or experiment.past, particles or experiment.particles
    if day is None:
        return sources, experiment
    parted: dict[str, ArmSource] = {}
    first: ArmSource | None = None
    for name, source in sources.items():
        variant = replace(source.variant, free_from=day, past=past, particles=particles)
        parted[name] = replace(source, variant=variant, first=first)
        first = first or parted[name]
    return parted, experiment


def _arms_asked(
    files: list[str], changes: dict[str, Any], kinds: Mapping[str, Kind]
) -> tuple[dict[str, ArmSource], Experiment | None]:
    """Return the arms, each with a past of its own."""
    from sim.ensemble.draw_set import ArmSource
    from sim.errors import StudyError
    from sim.experiment.load import load_experiment
    from sim.experiment.named import is_experiment
    from sim.experiment.variant import Variant
    from sim.scenario.form import read_scenario
    from sim.scenario.load import find

    if len(files) == 1 and is_experiment(files[0]):
        experiment = load_experiment(files[0], kinds)
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
    documents = [read_scenario(find(file), kinds) for file in files]
    if len(files) == 1:
        if not changes:
            message = (
                f"{files[0]} alone has nothing to be compared with; name a second "
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
    names = [Path(document.path).stem for document in documents]
    if len(set(names)) < len(names):
        names = [f"{name}_{k + 1}" for k, name in enumerate(names)]
    return {
        name: ArmSource(document, Variant(changes), kinds)
        for name, document in zip(names, documents, strict=True)
    }, None


def length_asked(
    until: str | None,
    scenarios: dict[str, Scenario],
    experiment: Experiment | None,
) -> float:
    """Return the days that every arm is simulated."""
    from sim.errors import StudyError

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


def outcomes_asked(text: str | None, experiment: Experiment | None) -> list[str]:
    """Return the names of the outcomes to compare."""
    if text is not None:
        return list(names_in(text))
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
    from sim.errors import StudyError

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

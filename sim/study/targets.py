"""Statistics of the record that the model is held against: fitted, or only checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sim.data_files import data_folder
from sim.errors import SourceError, StudyError, nearest, one_of
from sim.scenario.calibrated import calibrated_paths
from sim.scenario.strict_yaml import read

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sim.scenario.scenario import Scenario

ROLES = ("fitted", "checked")


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


def targets_for(
    scenario: Scenario, until: float | None = None, seeds: Path | None = None
) -> tuple[Target, ...]:
    """Return the record's statistics for a scenario; none where it has no record.

    Parameters
    ----------
    scenario
        The scenario. It has a record when ``targets.yaml`` names its id under
        ``scenario``, or, where that file names none, when the record holds incidents
        under its id. The record speaks of the whole period only.
    until
        Days simulated; less than the horizon has no record.
    seeds
        Folder of the record; the one that ships with escalade when None.
    """
    if until is not None and until != scenario.horizon:
        return ()
    if scenario.history is not None:  # what is left to simulate is a part of it
        return ()
    folder = data_folder("seeds") if seeds is None else seeds
    file = folder / "targets.yaml"
    if not file.is_file():
        return ()
    data: Any = read(file).data
    # A fitted scenario speaks of what it was fitted to.
    name = scenario.record if calibrated_paths(scenario) else scenario.name
    if not _speaks_of(name, data, folder):
        return ()
    found: list[Target] = []
    for name, entry in data["targets"].items():
        try:
            found.append(
                Target(
                    name=name,
                    meaning=entry["meaning"],
                    outcome=entry["outcome"],
                    unit=entry["unit"],
                    value=float(entry["value"]),
                    low=float(entry["low"]),
                    high=float(entry["high"]),
                    used_to_set=tuple(entry.get("used_to_set", ())),
                    note=entry.get("note", ""),
                    role=entry.get("role", "checked"),
                )
            )
        except (KeyError, TypeError, ValueError) as error:
            message = f"{file}: target {name!r} is incomplete: {error}"
            raise SourceError(message) from error
    return _with_fitted(tuple(found), scenario)


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


def _speaks_of(name: str, data: Any, folder: Path) -> bool:
    named = data.get("scenario", data.get("scenarios"))
    if named is None:
        return (folder / "incidents" / f"{name}.csv").is_file()
    return name in ([named] if isinstance(named, str) else named)


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

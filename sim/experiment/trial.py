"""Try an experiment's arms before anything runs, so that each is a legal scenario.

The arms are made at the low and the high end of every factor. What is wrong there is
told at the line of the experiment that brought it about.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.errors import ScenarioError
from sim.experiment.variant import Variant

if TYPE_CHECKING:
    from sim.experiment.experiment import Arm, Experiment
    from sim.experiment.factor import Level
    from sim.reading.faults import FaultList
    from sim.reading.tree import Keys
    from sim.scenario.scenario import Scenario


def try_arms(faults: FaultList, experiment: Experiment) -> Scenario | None:
    """Note what is wrong with any arm; return the last scenario that was made."""
    last: Scenario | None = None
    for arm in experiment.arms:
        for values in corners(experiment):
            try:
                last = experiment.scenario_at(arm, values)
            except ScenarioError as error:
                for fault in error.faults:
                    keys, is_own = _culprit(experiment, arm, values, fault.where)
                    message = fault.message
                    if not is_own:
                        who = "" if arm.name == "base" else f"arm {arm.name}: "
                        message = f"{who}{fault.where}: {message}"
                    faults.add(keys, message)
    return last


def corners(experiment: Experiment) -> list[tuple[Level, ...]]:
    """Return the points to try: all low, all high, and each actor absent once."""
    factors = experiment.factors
    if not factors:
        return [()]
    found = [
        tuple(factor.value(1.0 if factor.kind == "presence" else place)
              for factor in factors)
        for place in (0.0, 1.0)
    ]  # fmt: skip
    for number, factor in enumerate(factors):
        for level in factor.levels[1:-1]:
            found.append((*found[0][:number], level, *found[0][number + 1 :]))
        if factor.kind == "presence":
            found.append((*found[0][:number], 0.0, *found[0][number + 1 :]))
    return list(dict.fromkeys(found))


def _culprit(
    experiment: Experiment, arm: Arm, values: tuple[Level, ...], where: str
) -> tuple[Keys, bool]:
    """Return the place in the experiment that a scenario's fault comes from.

    The second is whether the place says by itself which value is meant.
    """
    for factor in experiment.factors:
        if factor.kind in ("number", "date") and _is_about(where, factor.paths):
            return ("factors", factor.name), len(factor.paths) == 1
    for keys, paths in (
        (("arms", arm.name, "changes"), arm.variant.changes),
        (("changes",), experiment.changes),
    ):
        for path in paths:
            if _is_about(where, (path,)):
                return (*keys, path), True
    for factor, value in zip(experiment.factors, values, strict=True):
        if factor.kind == "presence" and not value:
            return ("factors", factor.name, "presence"), False
    if arm.variant.absent:
        return ("arms", arm.name, "absent"), False
    return (("arms", arm.name), False) if arm.variant != Variant() else ((), False)


def _is_about(where: str, paths: tuple[str, ...]) -> bool:
    return any(where == path or where.startswith(f"{path}.") for path in paths)
